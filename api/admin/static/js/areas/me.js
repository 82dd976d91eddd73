// My own account: name, language, e-mail, password, sessions, API keys.

import {
  actions, button, call, calls, choice, editor, facts, field, fold, form, h, languages, loaded, missing, password, redraw, row, say, section, session,
  table, tick, title, w, when,
} from "../kit.js";
import { factors } from "./factors.js";

export function me(route) {
  const profile = editor("/v1", "me", {
    fields: (one) => ({ name: one?.name, language: one?.language ?? "" }),
    body: ({ name, language }) => ({ name, language: language || null }),
    saved: (one) => session.rename(one),
  });
  const email = form(async (values) => {
    await call("PATCH", "/v1/me", values);
    await profile.load();
    say(w.me.emailAsked);
  });
  const change = form(async ({ keep_keys, ...body }) => {
    await call("PUT", "/v1/me/password", { ...body, keep_keys: keep_keys === "on" });
    say(w.me.passwordChanged);
    sessions.load();
    keys.load();
  });
  const sessions = loaded(() => "/v1/me/sessions?limit=100");
  const keys = loaded(() => "/v1/api-keys?limit=100");
  const factor = factors();
  let secret = null;
  const key = form(async ({ name, expires_in_days: days, ...ticked }, once) => {
    const scopes = Object.keys(ticked).map((scope) => scope.replace("scopes ", ""));
    secret = (await call("POST", "/v1/api-keys", { name, scopes, ...(days && { expires_in_days: Number(days) }) }, { key: once })).body.secret;
    await keys.load();
    say(w.me.keyMade);
  });
  const endSession = calls([sessions], w.me.sessionEnded);
  const endKey = calls([keys], w.me.keyEnded);

  return {
    dirty: () => [profile, email, change, key].some((it) => it.dirty),
    discard: () => profile.discard(),
    draw: () => [
      title(w.areas.me),
      profile.problem && missing(profile),
      profile.warnings(),
      profile.one && [
        facts([w.email, profile.one.email], [w.me.pendingEmail, profile.one.pending_email],
          [w.me.role, w.roles[profile.one.role] ?? profile.one.role]),
        profile.form.draw({ label: w.save }, () => row(
          profile.field("name", w.me.name, { autocomplete: "name" }),
          choice("language", w.me.language, [["", w.me.anyLanguage], ...languages.map((tag) => [tag, w.languages[tag]])],
            { value: profile.value("language") }))),
      ],
      h("div", { class: "cards", key: "credentials" },
        fold(w.me.changeEmail, email.draw({ label: w.me.changeEmail }, () => [
          field("email", w.me.newEmail, { type: "email", autocomplete: "email", hint: w.me.emailHint }),
          password("current_password", w.me.currentPassword, profile.one?.email)])),
        fold(w.me.changePassword, change.draw({ label: w.me.changePassword }, () => [
          password("current", w.me.currentPassword, profile.one?.email),
          field("new", w.me.newPassword, { type: "password", autocomplete: "new-password", hint: w.me.passwordHint }),
          tick("keep_keys", w.me.keepKeys)]))),
      section(w.me.factor, factor()),
      section(w.me.sessions, table(sessions, route, {
        caption: w.me.sessions,
        columns: [[w.me.device, (one) => [one.user_agent ?? w.me.unknownDevice, one.current && h("small", {}, w.me.thisSession)]],
          [w.me.lastUsed, (one) => when(one.last_used_at)], [w.me.expires, (one) => when(one.expires_at)]],
        acts: (one) => !one.current && button(w.me.endSession, () => endSession("DELETE", `/v1/me/sessions/${one.id}`)),
      })),
      section(w.me.keys, h("p", {}, w.me.keysWhy),
        secret && h("div", { class: "notice", role: "status" }, h("p", {}, w.me.secretOnce), h("p", {}, h("code", {}, secret)),
          actions(button(w.me.secretStored, () => { secret = null; redraw(); }))),
        table(keys, route, {
          caption: w.me.keys, none: w.me.noKeys,
          columns: [[w.me.name, (one) => [one.name, h("small", {}, `${one.prefix}…`)]], [w.me.scopes, (one) => one.scopes.join(" ")],
            [w.me.lastUsed, (one) => when(one.last_used_at) || w.me.never], [w.me.expires, (one) => when(one.expires_at) || w.me.never]],
          acts: (one) => button(w.remove, () => endKey("DELETE", `/v1/api-keys/${one.id}`), "danger"),
        }),
        fold(w.me.newKey, key.draw({ label: w.me.newKey }, () => [
          row(field("name", w.me.keyName), field("expires_in_days", w.me.days, { type: "number", min: 1, hint: w.optional })),
          h("fieldset", { class: "columns" }, h("legend", {}, w.me.scopes),
            session.current.permissions.map((scope) => tick(`scopes ${scope}`, scope)))]))),
    ],
  };
}
