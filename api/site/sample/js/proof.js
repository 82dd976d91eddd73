// A form that asks who it is before it does something grave: by the password, or by a code for who has none.

import { call } from "./api.js";
import { askForCode, codeField, withCode } from "./codes.js";
import { el, field, inWords, tell } from "./ui.js";
import { words } from "./words.js";

/** The form, and what sends the proof that was typed: `name` tells several forms of a page apart. */
export function proofForm(me, name, button) {
  const id = `field-${name}`;
  const proof = el("div", {}, field("password", words.currentPassword, { id, type: "password", autocomplete: "current-password" }));
  const byCode = el("button", { type: "button", class: "link", onclick: change }, words.codeInstead);
  const form = el("form", {},
    el("input", { type: "email", autocomplete: "username", value: me.email, hidden: true }), // for password managers
    proof,
    el("p", { class: "actions" }, button, me.role === "customer" && byCode)); // staff may have no codes
  let code = null;

  async function change() {
    try {
      code = await askForCode(me.email);
      proof.replaceChildren(codeField({ id }));
      byCode.remove();
      tell(form, words.codeSent);
      form.elements.code.focus();
    } catch (error) {
      tell(form, inWords(error), "bad");
    }
  }

  return {
    form,
    prove: (values) => code ? withCode({ login_code: code, code: values.code }, confirm) : confirm({ password: values.password }),
  };
}

export function confirm(body) {
  return call("/v1/sessions/current/confirmation", { method: "PUT", body, signedIn: true });
}
