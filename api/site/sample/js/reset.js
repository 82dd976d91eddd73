// A new password: by the link of a mail, or the form that asks for that mail.

import { call } from "./api.js";
import { page } from "./page.js";
import { hasToken, withToken } from "./token.js";
import { el, field, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

page(hasToken ? words.newPassword : words.forgotten, (main) => {
  const form = hasToken ? passwordForm() : mailForm();
  main.append(el("div", { class: "sheet" },
    el("h1", {}, hasToken ? words.newPassword : words.forgotten),
    el("p", {}, hasToken ? words.resetNote : words.forgottenNote),
    form,
    el("p", {}, hasToken ? el("a", { href: "/reset/" }, words.otherLink) : el("a", { href: "/login/" }, words.login))));
  form.querySelector("input:not([hidden])").focus();
});

function mailForm() {
  const form = el("form", {},
    field("email", words.email, { type: "email", autocomplete: "username" }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.sendLink)));
  onSubmit(form, async ({ email }) => {
    await call("/v1/password-resets", { method: "POST", body: { email } });
    form.replaceWith(notice(words.resetSent));
  });
  return form;
}

function passwordForm() {
  const form = el("form", {},
    el("input", { type: "email", autocomplete: "username", hidden: true }), // Chromium complains without one
    field("password", words.newPassword, { type: "password", autocomplete: "new-password", hint: words.passwordHint }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.save)));
  onSubmit(form, async ({ password }) => {
    await withToken((token) => call("/v1/password-changes", { method: "POST", body: { token, password } }));
    location.replace("/login/?after=reset");
  });
  return form;
}
