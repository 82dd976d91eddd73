// What happened and what is under way: events, the audit, mails as they looked, jobs.

import { call } from "../api.js";
import { overlay } from "../dialogs.js";
import { h } from "../draw.js";
import { notice } from "../forms.js";
import { when } from "../format.js";
import { badge, filters, table } from "../lists.js";
import { act, loaded } from "../live.js";
import { session } from "../session.js";
import { inWords, named, w } from "../words.js";

const LISTS = {
  events: {
    may: "events:read", path: "/v1/events",
    columns: [[w.log.what, (one) => named(one.type)], [w.log.when, (one) => when(one.at)], [w.log.about, (one) => subject(one)], [w.log.by, (one) => named(one.actor)]],
  },
  mails: {
    may: "mails:read", path: "/v1/mails", filters: [["state", w.log.state, ["waiting", "sent", "failed", "kept"]]],
    columns: [[w.log.what, (one) => one.subject ?? named(one.kind)], [w.log.to, (one) => one.to ?? ""], [w.log.when, (one) => when(one.at)], [w.log.state, (one) => [badge(one.state), one.error && h("small", {}, one.error)]]],
    acts: (one, again) => [
      h("button", { type: "button", class: "quiet", onclick: () => showMail(one) }, w.log.read),
      one.state === "failed" && h("button", { type: "button", onclick: () => act(async () => { await call("PUT", `/v1/mails/${one.id}/sending`, {}); await again(); }, w.done) }, w.log.sendAgain)],
  },
  jobs: {
    may: "jobs:write", path: "/v1/jobs", filters: [["state", w.log.state, ["waiting", "failed"]]],
    columns: [[w.log.what, (one) => named(one.kind)], [w.log.due, (one) => when(one.due_at)], [w.log.attempts, (one) => one.attempts, "number"], [w.log.state, (one) => [badge(one.state), one.error && h("small", {}, one.error)]]],
    acts: (one, again) => one.state === "failed" && h("button", { type: "button", onclick: () => act(async () => { await call("PUT", `/v1/jobs/${one.id}/attempt`, {}); await again(); }, w.done) }, w.log.tryAgain),
  },
  audit: {
    may: "audit:read", path: "/v1/audit-events",
    filters: [["kind", w.log.what, ["login", "login-failed", "logout", "password", "email", "key-made", "key-ended", "second-factor", "role", "status", "erasure", "cancellation", "refund", "import", "settings", "restore"]]],
    columns: [[w.log.what, (one) => named(one.kind)], [w.log.when, (one) => when(one.at)],
      [w.log.by, (one) => one.account_id && h("a", { href: `#/accounts/${one.account_id}` }, w.log.account)], [w.log.from, (one) => one.network ?? ""],
      [w.log.facts, (one) => Object.entries(one.facts).filter(([, value]) => value !== null && value !== "").map(([name, value]) => h("small", { key: name }, `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`))]],
  },
};
const PLACES = { order: "orders", article: "articles", item: "items", account: "accounts", media: "media" };

export function log(route) {
  const open = Object.keys(LISTS).filter((name) => session.may(LISTS[name].may));
  const chosen = () => (open.includes(route.query.get("list")) ? route.query.get("list") : open[0]);
  const path = () => {
    const query = new URLSearchParams([["limit", "25"], ...route.query]);
    query.delete("list");
    if (chosen() === "events") { // its cursors are numbers, and lead back from the latest
      query.set("before", query.get("after") ?? "now");
      query.delete("after");
    }
    return `${LISTS[chosen()].path}?${query}`;
  };
  const list = loaded(path);
  let shown = chosen();
  return {
    follow() {
      if (shown !== chosen()) list.body = null; // other columns
      shown = chosen();
      list.follow();
    },
    draw: () => {
      const kind = LISTS[chosen()];
      return [
        h("h1", { tabindex: -1 }, w.areas.log),
        h("nav", { class: "tabs", "aria-label": w.areas.log }, open.map((name) => h("a", { key: name, href: `#/log?list=${name}`, "aria-current": name === chosen() ? "true" : null }, w.log[name]))),
        kind.filters && filters(route, ...kind.filters),
        table(list, route, { caption: w.log[chosen()], columns: kind.columns, acts: kind.acts && ((one) => kind.acts(one, list.load)) }),
      ];
    },
  };
}

function subject({ subject: { kind, id } }) {
  const place = PLACES[kind];
  return place ? h("a", { href: `#/${place}/${id}` }, named(kind)) : `${named(kind)}`;
}

function showMail({ id, subject: title, kind }) {
  const mail = loaded(() => `/v1/mails/${id}`);
  overlay("mail", title ?? named(kind), () => (mail.body
    ? h("pre", { class: "text", tabindex: 0 }, mail.body.text ?? w.log.textGone)
    : mail.problem ? notice(inWords(mail.problem), "bad") : h("p", { class: "waiting" }, w.loading)));
}
