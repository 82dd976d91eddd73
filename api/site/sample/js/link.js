// A page that does one thing with the token of a mailed link, when its button is pressed and no sooner: many
// mail programs open links to inspect them.

import { call } from "./api.js";
import { page } from "./page.js";
import { hasToken, withToken } from "./token.js";
import { el, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

/** `path` takes the token; `done` draws what follows. */
export function linkPage({ title, note, action, path, done }) {
  page(title, (main) => {
    const form = el("form", {}, el("p", { class: "actions" }, el("button", { class: "strong" }, action)));
    onSubmit(form, async () => {
      await withToken((token) => call(path, { method: "POST", body: { token } }));
      form.replaceWith(...done());
    });
    main.append(el("div", { class: "sheet" },
      el("h1", {}, title),
      hasToken ? [el("p", {}, note), form] : notice(words.linkMissing, "bad")));
    form.querySelector("button").focus(); // without effect when the form is not shown
  });
}
