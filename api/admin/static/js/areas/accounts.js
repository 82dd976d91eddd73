// Accounts: found by name or e-mail; their role, whether they may come in, their sessions and keys.

import { call } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { choice, form, notice } from "../forms.js";
import { when } from "../format.js";
import { badge, facts, filters, search, table } from "../lists.js";
import { act, goTo, loaded, once, say } from "../live.js";
import { session } from "../session.js";
import { inWords, w } from "../words.js";

const ROLES = ["customer", "author", "editor", "shopkeeper", "owner"];

export function accounts(route) {
  const list = loaded(() => `/v1/accounts?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  return {
    follow: list.follow,
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.accounts),
      search(route, w.accounts.search),
      filters(route, ["role", w.accounts.role, ROLES], ["status", w.accounts.status, ["active", "suspended"]]),
      table(list, route, {
        caption: w.areas.accounts,
        href: (one) => `#/accounts/${one.id}`,
        columns: [[w.accounts.name, (one) => one.name || w.accounts.erased], [w.email, (one) => one.email ?? ""],
          [w.accounts.role, (one) => w.roles[one.role] ?? one.role], [w.accounts.status, (one) => badge(one.status)], [w.accounts.since, (one) => when(one.created_at)]],
      }),
    ],
  };
}

export function account(route) {
  const { id } = route;
  const path = `/v1/accounts/${id}`;
  const one = loaded(() => path);
  const sessions = loaded(() => `${path}/sessions?limit=100`);
  const keys = loaded(() => `${path}/api-keys?limit=100`);
  const again = () => Promise.all([one, sessions, keys].map((answer) => answer.load()));
  const change = form(async ({ role }) => {
    await call("PATCH", path, { role }, { etag: one.etag });
    await again();
    say(w.saved);
  }, { keep: true });
  const suspend = once((status) => act(async () => { await call("PATCH", path, { status }, { etag: one.etag }); await again(); }, w.done));
  const end = (below) => act(async () => { await call("DELETE", `${path}/${below}`); await again(); }, w.done);
  const erase = async () => {
    if (await sure(w.accounts.eraseSure(one.body.name), w.accounts.erase)) await act(async () => { await call("DELETE", path); goTo("#/accounts", w.accounts.erasedNow); }, w.accounts.erasedNow);
  };

  return {
    dirty: () => change.dirty,
    draw: () => {
      const it = one.body;
      if (!it) return [h("h1", { tabindex: -1 }, w.areas.accounts), one.problem ? notice(inWords(one.problem), "bad") : h("p", { class: "waiting", role: "status" }, w.loading)];
      const writes = session.may("accounts:write") && !it.erased_at;
      return [
        h("p", { class: "crumbs" }, h("a", { href: "#/accounts" }, `← ${w.areas.accounts}`)),
        h("h1", { tabindex: -1 }, it.name || w.accounts.erased),
        h("p", { class: "badges" }, badge(it.status), badge(it.role)),
        facts([w.email, it.email], [w.accounts.verified, it.email_verified_at ? when(it.email_verified_at) : w.accounts.notVerified], [w.accounts.since, when(it.created_at)],
          session.may("orders:read") && it.email && [w.areas.orders, h("a", { href: `#/orders?${new URLSearchParams({ q: it.email })}` }, w.accounts.theirOrders)]),
        writes && change.draw({ label: w.save, key: "role" }, () => [choice("role", w.accounts.role, ROLES.map((role) => [role, w.roles[role]]), { value: it.role })]),
        writes && h("p", { class: "actions" },
          it.status === "active"
            ? h("button", { type: "button", class: "danger", onclick: () => suspend("suspended") }, w.accounts.suspend)
            : h("button", { type: "button", onclick: () => suspend("active") }, w.accounts.admit),
          h("button", { type: "button", class: "danger", onclick: erase }, w.accounts.erase)),
        h("section", { key: "sessions" }, h("h2", {}, w.me.sessions), table(sessions, route, {
          caption: w.me.sessions, columns: [[w.me.device, (row) => row.user_agent ?? w.me.unknownDevice], [w.me.lastUsed, (row) => when(row.last_used_at)]],
          acts: writes && ((row) => h("button", { type: "button", class: "quiet", onclick: () => end(`sessions/${row.id}`) }, w.me.endSession)) })),
        h("section", { key: "keys" }, h("h2", {}, w.me.keys), table(keys, route, {
          caption: w.me.keys, columns: [[w.accounts.name, (row) => [row.name, h("small", {}, `${row.prefix}…`)]], [w.me.scopes, (row) => row.scopes.join(" ")], [w.me.lastUsed, (row) => when(row.last_used_at)]],
          acts: writes && ((row) => h("button", { type: "button", class: "danger", onclick: () => end(`api-keys/${row.id}`) }, w.remove)) })),
      ];
    },
  };
}
