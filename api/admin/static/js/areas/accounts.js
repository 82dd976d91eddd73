// Accounts: found by name or e-mail; their role, whether they may come in, their sessions and keys.

import {
  actions, badge, button, call, calls, choice, crumb, facts, filters, form, goTo, h, link, listOf, loaded, missingPage, say, search, section, session,
  sure, table, title, act, w, when,
} from "../kit.js";

const ROLES = ["customer", "author", "editor", "shopkeeper", "owner"];

export function accounts(route) {
  const list = listOf("/v1/accounts", route);
  return {
    follow: list.follow,
    draw: () => [
      title(w.areas.accounts),
      search(route, w.accounts.search),
      filters(route, ["role", w.accounts.role, ROLES], ["status", w.accounts.status, ["active", "suspended"]]),
      table(list, route, { caption: w.areas.accounts, href: ({ id }) => `#/accounts/${id}`, columns: [
        [w.accounts.name, (one) => one.name || w.accounts.erased],
        [w.email, (one) => one.email ?? ""],
        [w.accounts.role, (one) => w.roles[one.role] ?? one.role],
        [w.accounts.status, (one) => badge(one.status)],
        [w.accounts.since, (one) => when(one.created_at)]] }),
    ],
  };
}

export function account(route) {
  const path = `/v1/accounts/${route.id}`;
  const one = loaded(() => path);
  const sessions = loaded(() => `${path}/sessions?limit=100`);
  const keys = loaded(() => `${path}/api-keys?limit=100`);
  const change = calls([one, sessions, keys], w.done);
  const role = form(async (values) => {
    await call("PATCH", path, values, { etag: one.etag });
    await one.load();
    say(w.saved);
  }, { keep: true });
  const erase = async () => (await sure(w.accounts.eraseSure(one.body.name), w.accounts.erase))
    && act(async () => { await call("DELETE", path); goTo("#/accounts", w.accounts.erasedNow); }, w.accounts.erasedNow);
  const stand = (status) => change("PATCH", path, { status }, { etag: one.etag });

  return {
    dirty: () => role.dirty,
    draw: () => {
      const it = one.body;
      if (!it) return missingPage(one);
      const writes = session.may("accounts:write") && !it.erased_at;
      return [
        crumb("#/accounts", w.areas.accounts),
        title(it.name || w.accounts.erased),
        h("p", { class: "badges" }, badge(it.status), badge(it.role)),
        facts(
          [w.email, it.email],
          [w.accounts.verified, it.email_verified_at ? when(it.email_verified_at) : w.accounts.notVerified],
          [w.accounts.since, when(it.created_at)],
          session.may("orders:read") && it.email && [w.areas.orders,
            link(`#/orders?${new URLSearchParams({ q: it.email })}`, w.accounts.theirOrders)]),
        writes && role.draw({ label: w.save, key: "role" }, () => [
          choice("role", w.accounts.role, ROLES.map((name) => [name, w.roles[name]]), { value: it.role })]),
        writes && actions(
          it.status === "active" ? button(w.accounts.suspend, () => stand("suspended"), "danger")
            : button(w.accounts.admit, () => stand("active"), ""),
          button(w.accounts.erase, erase, "danger")),
        section(w.me.sessions, table(sessions, route, {
          caption: w.me.sessions,
          columns: [[w.me.device, (row) => row.user_agent ?? w.me.unknownDevice], [w.me.lastUsed, (row) => when(row.last_used_at)]],
          acts: writes && (({ id }) => button(w.me.endSession, () => change("DELETE", `${path}/sessions/${id}`))) })),
        section(w.me.keys, table(keys, route, {
          caption: w.me.keys,
          columns: [[w.accounts.name, (row) => [row.name, h("small", {}, `${row.prefix}…`)]], [w.me.scopes, (row) => row.scopes.join(" ")],
            [w.me.lastUsed, (row) => when(row.last_used_at)]],
          acts: writes && (({ id }) => button(w.remove, () => change("DELETE", `${path}/api-keys/${id}`), "danger")) })),
      ];
    },
  };
}
