// Make an account and log in with it.

import { call, session } from "./api.js";
import { onThisSite, page } from "./page.js";
import { el, field, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

page(words.signup, (main, parameters) => {
  const next = onThisSite(parameters.get("next"));
  const form = el("form", {},
    field("name", words.name, { autocomplete: "name" }),
    field("email", words.email, { type: "email", autocomplete: "username" }),
    field("password", words.password, { type: "password", autocomplete: "new-password", hint: words.passwordHint }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.signup)));
  onSubmit(form, async ({ name, email, password }) => {
    const { status } = await call("/v1/accounts", { method: "POST", body: { name, email, password } });
    if (status === "check-mail") return form.replaceWith(notice(words.checkMail));
    await session.begin({ email, password });
    location.replace(next);
  });
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.signup),
    form,
    el("p", {}, words.haveAccount, " ", el("a", { href: `/login/?${new URLSearchParams({ next })}` }, words.login))));
  form.elements.name.focus();
});
