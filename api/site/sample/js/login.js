// Log in, then go back to where the person came from.

import { onThisSite, page } from "./page.js";
import { logIn } from "./second-step.js";
import { el, field, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

const AFTER = { deletion: words.accountDeleted, reset: words.passwordReset };

page(words.login, (main, parameters) => {
  const next = onThisSite(parameters.get("next"));
  const form = el("form", {},
    field("email", words.email, { type: "email", autocomplete: "username" }),
    field("password", words.password, { type: "password", autocomplete: "current-password" }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.login)));
  onSubmit(form, async ({ email, password }) => {
    await logIn(form, { email, password }, next);
  });
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.login),
    parameters.has("next") && notice(words.loginFirst),
    AFTER[parameters.get("after")] && notice(AFTER[parameters.get("after")]),
    form,
    el("p", {}, el("a", { href: "/reset/" }, words.forgotten), " · ", el("a", { href: `/login/code/?${new URLSearchParams({ next })}` }, words.byCode)),
    el("p", {}, words.noAccount, " ", el("a", { href: `/signup/?${new URLSearchParams({ next })}` }, words.signup))));
  form.elements.email.focus();
});
