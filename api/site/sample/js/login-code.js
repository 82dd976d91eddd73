// Log in by a code that is mailed, without a password.

import { askForCode, codeField, withCode } from "./codes.js";
import { onThisSite, page } from "./page.js";
import { logIn } from "./second-step.js";
import { el, field, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

page(words.byCode, (main, parameters) => {
  const next = onThisSite(parameters.get("next"));
  const form = el("form", {},
    el("p", {}, words.byCodeNote),
    field("email", words.email, { type: "email", autocomplete: "username" }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.sendCode)));
  onSubmit(form, async ({ email }) => {
    const second = codeForm(await askForCode(email), next);
    form.replaceWith(notice(words.codeSent), second);
    second.elements.code.focus();
  });
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.byCode),
    form,
    el("p", {}, el("a", { href: `/login/?${new URLSearchParams({ next })}` }, words.byPassword))));
  form.elements.email.focus();
});

function codeForm(id, next) {
  const form = el("form", {},
    codeField(),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.login)));
  onSubmit(form, async ({ code }) => {
    await withCode({ login_code: id, code }, (proof) => logIn(form, proof, next));
  });
  return form;
}
