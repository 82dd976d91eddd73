// My second factor: adding an app by a QR code, the recovery codes once, and its end.

import { call } from "../api.js";
import { h } from "../draw.js";
import { field, form, password } from "../forms.js";
import { act, loaded, once, redraw, say } from "../live.js";
import { qrPicture } from "../qr.js";
import { session } from "../session.js";
import { w } from "../words.js";

const PATH = "/v1/me/second-factors";

export function factors() {
  const list = loaded(() => PATH);
  let fresh = null; // the new one, which is shown once
  let codes = null;
  const add = form(async ({ password }) => {
    fresh = (await call("POST", PATH, { password })).body;
    say(w.factors.begun);
  });
  const activate = form(async ({ code }) => {
    await call("PUT", `${PATH}/${fresh.id}/activation`, { code: code.trim() });
    codes = fresh.recovery_codes;
    fresh = null;
    await list.load();
    say(w.factors.active);
  });
  const remove = once((one) => act(async () => { await call("DELETE", `${PATH}/${one.id}`); await list.load(); }, w.factors.removed));

  function scan() {
    return [h("p", {}, w.factors.scan),
      h("div", { class: "qr", key: "qr", foreign: true, made: (node) => node.append(qrPicture(fresh.uri, w.factors.qr)) }),
      h("p", {}, w.factors.type, " ", h("code", {}, fresh.secret.match(/.{1,4}/g).join(" "))),
      h("p", {}, h("a", { href: fresh.uri }, w.factors.openApp)),
      activate.draw({ label: w.factors.activate }, () => [field("code", w.code, { inputmode: "numeric", autocomplete: "one-time-code", made: (node) => node.focus() })])];
  }

  return {
    draw() {
      const active = list.body?.data.find(({ status }) => status === "active");
      if (codes) {
        return [h("p", {}, w.factors.codesWhy), h("ul", { class: "codes" }, codes.map((code) => h("li", {}, h("code", {}, code)))),
          h("p", { class: "actions" }, h("button", { type: "button", onclick: () => { codes = null; redraw(); } }, w.factors.codesStored))];
      }
      if (fresh) return scan();
      if (!list.body) return h("p", { class: "waiting" }, w.loading);
      return active
        ? [h("p", {}, w.factors.on(active.recovery_codes_left)), h("p", { class: "actions" }, h("button", { type: "button", class: "danger", onclick: () => remove(active) }, w.factors.remove))]
        : [h("p", {}, w.factors.why), add.draw({ label: w.factors.add }, () => password("password", w.password, session.current.account.email))];
    },
  };
}
