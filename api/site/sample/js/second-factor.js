// My second factor: adding an app by a QR code, the recovery codes once, and its end.

import { call, session } from "./api.js";
import { codeField, withCode } from "./codes.js";
import { page } from "./page.js";
import { confirm, proofForm } from "./proof.js";
import { qrPicture } from "./qr.js";
import { download, el, field, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

const PATH = "/v1/me/second-factors";

page(words.secondFactor, async (main, parameters) => {
  const { data } = await call(PATH, { signedIn: true });
  const active = data.find(({ status }) => status === "active");
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.secondFactor),
    !active && parameters.has("required") && notice(words.factorRequired),
    active ? whatIsOn(active) : [el("p", {}, words.factorNote), addForm(words.addFactor)],
    el("p", {}, el("a", { href: "/account/" }, words.account))));
});

function whatIsOn(active) {
  return [
    notice(words.factorOn(active.recovery_codes_left)),
    el("details", {}, el("summary", {}, words.replaceFactor), el("p", {}, words.replaceNote), addForm(words.replaceFactor)),
    el("h2", {}, words.removeFactor),
    el("p", {}, words.removeNote),
    removalForm(active),
  ];
}

function addForm(action) {
  const form = el("form", {},
    el("input", { type: "email", autocomplete: "username", value: session.current.account.email, hidden: true }), // for password managers
    field("password", words.currentPassword, { type: "password", autocomplete: "current-password" }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, action)));
  onSubmit(form, async ({ password }) => {
    await confirm({ password }); // the session may have been open for long
    const made = await call(PATH, { method: "POST", body: { password }, signedIn: true });
    const scan = scanForm(made);
    form.closest(".sheet").replaceChildren(el("h1", {}, words.secondFactor), scan);
    scan.elements.code.focus();
  });
  return form;
}

function scanForm({ id, secret, uri, recovery_codes: codes }) {
  const form = el("form", {},
    el("p", {}, words.scanNote),
    qrPicture(uri, words.qrLabel),
    el("p", {}, words.typeNote, " ", el("code", {}, secret.match(/.{1,4}/g).join(" "))),
    el("p", {}, el("a", { href: uri }, words.openApp)),
    codeField({ hint: words.appCodeHint }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.activateFactor)));
  onSubmit(form, async (values) => {
    await withCode(values, (body) => call(`${PATH}/${id}/activation`, { method: "PUT", body, signedIn: true }), "wrong-app-code");
    const shown = recoveryCodes(codes);
    form.replaceWith(...shown);
    shown[0].focus();
  });
  return form;
}

function recoveryCodes(codes) {
  return [
    el("h2", { tabindex: "-1" }, words.recoveryCodes),
    el("p", {}, words.recoveryNote),
    el("ul", { class: "codes" }, codes.map((code) => el("li", {}, el("code", {}, code)))),
    el("p", { class: "actions" },
      el("button", { type: "button", onclick: () => download("recovery-codes.txt", `${codes.join("\n")}\n`, "text/plain") }, words.exportData),
      el("a", { href: "/account/" }, words.codesStored)),
  ];
}

function removalForm({ id }) {
  const { form, prove } = proofForm(session.current.account, "removal", el("button", {}, words.removeFactor));
  onSubmit(form, async (values) => {
    await prove(values);
    await call(`${PATH}/${id}`, { method: "DELETE", signedIn: true });
    location.reload();
  });
  return form;
}
