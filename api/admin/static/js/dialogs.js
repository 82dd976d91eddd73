// What stands over the page: logging in again, saying who one is, and leaving what is not saved.

import { access, call, Problem } from "./api.js";
import { h } from "./draw.js";
import { button, field, form, password } from "./forms.js";
import { redraw } from "./live.js";
import { session } from "./session.js";
import { w } from "./words.js";

const open = []; // the one on top is the last

export const dialogs = () => open.map((it) => h("dialog", {
  key: it.key, "aria-labelledby": `${it.key}-title`, made: (node) => { it.node = node; node.showModal(); },
  oncancel: (event) => {
    if (event.target !== it.node) return; // a chooser of files is left in the same way
    event.preventDefault();
    it.escape?.();
  },
  // A browser closes a dialog at the second Escape, whatever is said at the first.
  onclose: () => open.includes(it) && it.node.showModal(),
}, it.draw()));

/** The fields of a log-in, and of its second step when the account has one. `then` runs when somebody is in. */
export function loginForm(then, email = "") {
  let challenge = null;
  const it = form(async (values) => {
    try {
      const answer = values.code === undefined ? { email: values.email, password: values.password }
        : /^\d{6}$/.test(values.code.trim()) ? { challenge, code: values.code.trim() } : { challenge, recovery_code: values.code.trim() };
      await session.begin(answer);
    } catch (problem) {
      if (problem.code !== "second-factor-required") throw problem;
      challenge = problem.data.challenge;
      return;
    }
    challenge = null; // whoever logs in next begins with an e-mail
    then();
  });
  return () => it.draw({ label: w.logIn, strong: true }, () => (challenge
    ? [h("p", {}, w.secondStep), field("code", w.code, { autocomplete: "one-time-code", inputmode: "numeric", made: (node) => node.focus() })]
    : [field("email", w.email, { type: "email", autocomplete: "username", value: email }),
      field("password", w.password, { type: "password", autocomplete: "current-password" })]));
}

// Several calls may meet the same end of a session: one dialog serves them all.
const waiting = {};

function once(key, ask, { escape = false } = {}) {
  waiting[key] ??= new Promise((resolve, reject) => {
    const close = (settle) => () => {
      const [it] = open.splice(open.findIndex((one) => one.key === key), 1);
      it.node?.close(); // the focus goes back to where it was
      delete waiting[key];
      redraw();
      settle();
    };
    const cancel = close(() => reject(new Problem({ status: 0, code: "cancelled" })));
    open.push({ key, draw: ask(close(resolve), cancel), escape: escape && cancel });
    redraw();
  });
  return waiting[key];
}

access.renew = () => once("renewal", (done) => {
  const account = session.current?.account;
  const login = loginForm(() => (session.current.account.id === account?.id ? done() : location.reload()), account?.email);
  return () => [h("h2", { id: "renewal-title" }, w.logIn), h("p", {}, w.expired), login()];
});

access.confirm = () => once("confirmation", (done, cancel) => {
  const it = form(async (values) => { await call("PUT", "/v1/sessions/current/confirmation", values); done(); });
  return () => [h("h2", { id: "confirmation-title" }, w.confirmTitle), h("p", {}, w.confirmWhy),
    it.draw({ label: w.goOn, strong: true, actions: button(w.cancel, cancel, "") },
      () => password("password", w.password, session.current.account.email))];
}, { escape: true });

/** Ask before something that cannot be undone; resolves to whether to go on. */
export function sure(question, label) {
  return once("sure", (done, cancel) => () => [h("h2", { id: "sure-title" }, question), h("p", { class: "actions" },
    button(label, done, "danger"),
    button(w.cancel, cancel, "", { made: (node) => node.focus() }))], { escape: true }).then(() => true, () => false);
}

/** A dialog of a page's own: `draw(close)` gives the parts below the title. */
export function overlay(key, title, draw) {
  return once(key, (done) => () => [h("h2", { id: `${key}-title` }, title), draw(done),
    h("p", { class: "actions" }, button(w.close, done))], { escape: true }).catch(() => null);
}
