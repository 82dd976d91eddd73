// My data: all of it as a file, and the end of the account. Both ask who it is.

import { call, session } from "./api.js";
import { page } from "./page.js";
import { proofForm } from "./proof.js";
import { download, el, onSubmit, tell } from "./ui.js";
import { words } from "./words.js";

page(words.myData, async (main) => {
  const me = await call("/v1/me", { signedIn: true });
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.myData),
    el("h2", {}, words.exportTitle),
    el("p", {}, words.exportNote),
    exportForm(me),
    el("h2", {}, words.deleteAccount),
    el("p", {}, words.deleteNote),
    deletionForm(me)));
});

function exportForm(me) {
  const { form, prove } = proofForm(me, "export", el("button", {}, words.exportData));
  onSubmit(form, async (values) => {
    await prove(values);
    const data = await call("/v1/me/export", { signedIn: true });
    download("export.json", JSON.stringify(data, null, 2), "application/json");
    form.reset();
    tell(form, words.exportDone);
  });
  return form;
}

function deletionForm(me) {
  const { form, prove } = proofForm(me, "deletion", el("button", { class: "strong" }, words.deleteConfirm));
  onSubmit(form, async (values) => {
    await prove(values);
    await call("/v1/me", { method: "DELETE", signedIn: true });
    session.forget();
    location.replace("/login/?after=deletion");
  });
  return form;
}
