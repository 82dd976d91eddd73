// My second factor: adding an app by a QR code, the recovery codes once, and its end.

import { actions, button, call, calls, field, form, h, link, loaded, missing, password, redraw, say, session, w } from "../kit.js";
import { qrPicture } from "../qr.js";

const PATH = "/v1/me/second-factors";

export function factors() {
  const list = loaded(() => PATH);
  let fresh = null; // the new one, which is shown once
  let codes = null;
  const add = form(async (proof) => {
    fresh = (await call("POST", PATH, proof)).body;
    say(w.factors.begun);
  });
  const activate = form(async ({ code }) => {
    await call("PUT", `${PATH}/${fresh.id}/activation`, { code: code.trim() });
    [codes, fresh] = [fresh.recovery_codes, null];
    await list.load();
    say(w.factors.active);
  });
  const remove = calls([list], w.factors.removed);

  return () => {
    const active = list.body?.data.find(({ status }) => status === "active");
    if (codes) {
      return [h("p", {}, w.factors.codesWhy), h("ul", { class: "codes" }, codes.map((code) => h("li", {}, h("code", {}, code)))),
        actions(button(w.factors.codesStored, () => { codes = null; redraw(); }, ""))];
    }
    if (fresh) {
      return [h("p", {}, w.factors.scan),
        h("div", { class: "qr", key: "qr", foreign: true, made: (node) => node.append(qrPicture(fresh.uri, w.factors.qr)) }),
        h("p", {}, w.factors.type, " ", h("code", {}, fresh.secret.match(/.{1,4}/g).join(" "))),
        h("p", {}, link(fresh.uri, w.factors.openApp)),
        activate.draw({ label: w.factors.activate }, () => [
          field("code", w.code, { inputmode: "numeric", autocomplete: "one-time-code", made: (node) => node.focus() })])];
    }
    if (!list.body) return missing(list);
    if (active) {
      return [h("p", {}, w.factors.on(active.recovery_codes_left)),
        actions(button(w.factors.remove, () => remove("DELETE", `${PATH}/${active.id}`), "danger"))];
    }
    return [h("p", {}, w.factors.why), add.draw({ label: w.factors.add }, () => password("password", w.password, session.current.account.email))];
  };
}
