// My own account: name, language, e-mail, password, sessions, API keys.

import { call } from "../api.js";
import { h } from "../draw.js";
import { editor } from "../editor.js";
import { choice, field, form, notice, password, tick } from "../forms.js";
import { when } from "../format.js";
import { facts, table } from "../lists.js";
import { act, loaded, redraw, say } from "../live.js";
import { session } from "../session.js";
import { inWords, languages, w } from "../words.js";
import { factors } from "./factors.js";

export function me(route) {
  const profile = editor("/v1", "me", {
    fields: (one) => ({ name: one?.name, language: one?.language ?? "" }),
    body: ({ name, language }) => ({ name, language: language || null }),
    saved: (one) => session.rename(one),
  });
  const email = form(async ({ email: address, current_password }) => {
    await call("PATCH", "/v1/me", { email: address, current_password });
    await profile.load();
    say(w.me.emailAsked);
  });
  const change = form(async ({ keep_keys, ...body }) => {
    await call("PUT", "/v1/me/password", { ...body, keep_keys: keep_keys === "on" });
    say(w.me.passwordChanged);
    mySessions.load();
    keys.load();
  });
  const mySessions = loaded(() => "/v1/me/sessions?limit=100");
  const keys = loaded(() => "/v1/api-keys?limit=100");
  const factor = factors();
  let secret = null;
  const key = form(async ({ name, expires_in_days, ...scopes }, once) => {
    const days = expires_in_days ? { expires_in_days: Number(expires_in_days) } : {};
    secret = (await call("POST", "/v1/api-keys", { name, scopes: Object.keys(scopes).map((scope) => scope.replace("scopes ", "")), ...days }, { key: once })).body.secret;
    await keys.load();
    say(w.me.keyMade);
  });
  const end = (list, path, done) => act(async () => { await call("DELETE", path); await list.load(); }, done);

  return {
    dirty: () => [profile, email, change, key].some((it) => it.dirty),
    discard: () => profile.discard(),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.me),
      profile.problem && notice(inWords(profile.problem), "bad"),
      profile.warnings(),
      profile.one && [
        facts([w.email, profile.one.email], [w.me.pendingEmail, profile.one.pending_email], [w.me.role, w.roles[profile.one.role] ?? profile.one.role]),
        profile.form.draw({ label: w.save }, () => [
          h("div", { class: "row-of-fields" },
            field("name", w.me.name, { value: profile.value("name"), autocomplete: "name" }),
            choice("language", w.me.language, [["", w.me.anyLanguage], ...languages.map((tag) => [tag, w.languages[tag]])], { value: profile.value("language") }))]),
      ],
      h("div", { class: "cards", key: "credentials" },
        h("details", { class: "card", key: "email" }, h("summary", {}, w.me.changeEmail), email.draw({ label: w.me.changeEmail }, () => [
          field("email", w.me.newEmail, { type: "email", autocomplete: "email", hint: w.me.emailHint }),
          password("current_password", w.me.currentPassword, profile.one?.email)])),
        h("details", { class: "card", key: "password" }, h("summary", {}, w.me.changePassword), change.draw({ label: w.me.changePassword }, () => [
          password("current", w.me.currentPassword, profile.one?.email),
          field("new", w.me.newPassword, { type: "password", autocomplete: "new-password", hint: w.me.passwordHint }),
          tick("keep_keys", w.me.keepKeys)]))),
      h("section", { key: "factor" }, h("h2", {}, w.me.factor), factor.draw()),
      h("section", { key: "sessions" }, h("h2", {}, w.me.sessions), table(mySessions, route, {
        caption: w.me.sessions,
        columns: [[w.me.device, (one) => [one.user_agent ?? w.me.unknownDevice, one.current && h("small", {}, w.me.thisSession)]],
          [w.me.lastUsed, (one) => when(one.last_used_at)], [w.me.expires, (one) => when(one.expires_at)]],
        acts: (one) => !one.current && h("button", { type: "button", class: "quiet", onclick: () => end(mySessions, `/v1/me/sessions/${one.id}`, w.me.sessionEnded) }, w.me.endSession),
      })),
      h("section", { key: "keys" }, h("h2", {}, w.me.keys), h("p", {}, w.me.keysWhy),
        secret && h("div", { class: "notice", role: "status" }, h("p", {}, w.me.secretOnce), h("p", {}, h("code", {}, secret)),
          h("p", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => { secret = null; redraw(); } }, w.me.secretStored))),
        table(keys, route, {
          caption: w.me.keys, empty: w.me.noKeys,
          columns: [[w.me.name, (one) => [one.name, h("small", {}, `${one.prefix}…`)]], [w.me.scopes, (one) => one.scopes.join(" ")],
            [w.me.lastUsed, (one) => when(one.last_used_at) || w.me.never], [w.me.expires, (one) => when(one.expires_at) || w.me.never]],
          acts: (one) => h("button", { type: "button", class: "danger", onclick: () => end(keys, `/v1/api-keys/${one.id}`, w.me.keyEnded) }, w.remove),
        }),
        h("details", { class: "card" }, h("summary", {}, w.me.newKey), key.draw({ label: w.me.newKey }, () => [
          h("div", { class: "row-of-fields" }, field("name", w.me.keyName), field("expires_in_days", w.me.days, { type: "number", min: 1, hint: w.optional })),
          h("fieldset", { class: "columns" }, h("legend", {}, w.me.scopes), session.current.permissions.map((scope) => tick(`scopes ${scope}`, scope)))]))),
    ],
  };
}
