// Logging in, with the second step of those who have a second factor: a code of their app, or a recovery code.

import { session } from "./api.js";
import { codeField, withCode } from "./codes.js";
import { el, field, onSubmit } from "./ui.js";
import { words } from "./words.js";

/** Logs in by the proof and goes to `next`, or puts the second step in place of the form. */
export async function logIn(form, proof, next) {
  try {
    await session.begin(proof);
  } catch (error) {
    if (error.code !== "second-factor-required") throw error;
    const second = secondForm(error.data.challenge, next);
    form.replaceWith(second);
    second.elements.code.focus();
    return;
  }
  location.replace(next);
}

function secondForm(challenge, next) {
  const proof = el("div", {}, codeField({ hint: words.appCodeHint }));
  const byRecovery = el("button", { type: "button", class: "link", onclick: change }, words.recoveryInstead);
  const form = el("form", {},
    el("p", {}, words.secondStep),
    proof,
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.login), byRecovery));

  function change() {
    proof.replaceChildren(field("recovery_code", words.recoveryCode, { autocomplete: "off", autocapitalize: "none", spellcheck: "false", hint: words.recoveryHint }));
    byRecovery.remove();
    form.elements.recovery_code.focus();
  }

  onSubmit(form, async (values) => {
    await withCode({ challenge, ...values }, session.begin, "wrong-app-code");
    location.replace(next);
  });
  return form;
}
