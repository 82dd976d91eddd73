// My account: name, password, and the sessions that are open.

import { call, session } from "./api.js";
import { page } from "./page.js";
import { el, field, formatTime, inWords, notice, onSubmit, tell } from "./ui.js";
import { words } from "./words.js";

page(words.account, async (main) => {
  const [me, sessions] = await Promise.all([
    call("/v1/me", { signedIn: true }),
    call("/v1/me/sessions", { signedIn: true }),
  ]);
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.account),
    el("p", {}, el("strong", {}, me.email), " · ", words.roles[me.role] ?? me.role),
    me.pending_email ? notice(words.emailPending(me.pending_email)) : !me.email_verified_at && verificationForm(),
    nameForm(me),
    emailForm(),
    passwordForm(me),
    el("h2", {}, words.sessions),
    el("ul", { class: "sessions" }, sessions.data.map(sessionRow)),
    el("p", {}, el("a", { href: "/account/second-factor/" }, words.secondFactor), " · ", el("a", { href: "/account/data/" }, words.myData)),
    el("p", { class: "actions" }, el("button", { type: "button", onclick: leave }, words.logout))));
});

async function leave({ target }) {
  try {
    await session.end();
    location.assign("/");
  } catch (error) {
    target.before(notice(inWords(error), "bad"));
  }
}

function verificationForm() {
  const form = el("form", {},
    el("p", {}, words.unconfirmed),
    el("p", { class: "actions" }, el("button", {}, words.confirmAgain)));
  onSubmit(form, async () => {
    await call("/v1/me/email-verifications", { method: "POST", signedIn: true });
    form.replaceWith(notice(words.confirmSent));
  });
  return form;
}

function nameForm(me) {
  const form = el("form", {},
    field("name", words.yourName, { value: me.name, autocomplete: "name" }),
    el("p", { class: "actions" }, el("button", {}, words.save)));
  onSubmit(form, async ({ name }) => {
    session.rename(await call("/v1/me", { method: "PATCH", body: { name }, signedIn: true }));
    tell(form, words.saved);
  });
  return form;
}

function emailForm() {
  const form = el("form", {},
    field("email", words.newEmail, { type: "email", autocomplete: "email" }),
    field("current_password", words.currentPassword, { type: "password", autocomplete: "current-password" }),
    el("p", { class: "actions" }, el("button", {}, words.changeEmail)));
  onSubmit(form, async (body) => {
    await call("/v1/me", { method: "PATCH", body, signedIn: true });
    form.reset();
    tell(form, words.emailAsked(body.email));
  });
  return el("details", {}, el("summary", {}, words.changeEmail), form);
}

function passwordForm(me) {
  const form = el("form", {},
    el("input", { type: "email", autocomplete: "username", value: me.email, hidden: true }), // for password managers
    field("current", words.currentPassword, { type: "password", autocomplete: "current-password" }),
    field("new", words.newPassword, { type: "password", autocomplete: "new-password", hint: words.passwordHint }),
    el("p", { class: "actions" }, el("button", {}, words.changePassword)));
  onSubmit(form, async (body) => {
    await call("/v1/me/password", { method: "PUT", body, signedIn: true });
    form.reset();
    tell(form, words.passwordChanged);
  });
  return el("details", {}, el("summary", {}, words.changePassword), form);
}

function sessionRow({ id, user_agent: agent, last_used_at: used, current }) {
  const row = el("li", {},
    el("span", {}, el("strong", {}, browser(agent)), " · ", current ? words.thisSession : words.lastUsed(formatTime(used, { dateStyle: "medium", timeStyle: "short" }))),
    !current && el("button", { type: "button", class: "link", onclick: end }, words.endSession));
  async function end() {
    try {
      await call(`/v1/me/sessions/${id}`, { method: "DELETE", signedIn: true });
      row.remove();
    } catch (error) {
      row.append(notice(inWords(error), "bad"));
    }
  }
  return row;
}

function browser(agent) {
  return agent?.match(/Firefox|Edg|OPR|Chrome|Safari|curl/)?.[0].replace("Edg", "Edge").replace("OPR", "Opera") ?? words.unknownBrowser;
}
