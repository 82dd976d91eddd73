// What happened and what is under way: events, the audit, mails as they looked, jobs.

import { badge, button, calls, filters, h, link, loaded, missing, named, overlay, session, table, tabs, title, w, when } from "../kit.js";

const AUDITED = ["login", "login-failed", "logout", "password", "email", "key-made", "key-ended", "second-factor", "role", "status", "erasure",
  "cancellation", "refund", "import", "settings", "restore"];
const MOST = 5; // facts that are shown at once
const PLACES = { order: "orders", article: "articles", item: "items", account: "accounts", media: "media" };

const state = [w.log.state, (one) => [badge(one.state), one.error && h("small", {}, one.error)]];
const kind = [w.log.what, (one) => named(one.kind)];
const at = [w.log.when, (one) => when(one.at), "date"];
const LISTS = {
  events: {
    may: "events:read", path: "/v1/events",
    columns: [[w.log.what, (one) => named(one.type)], at, [w.log.about, subject], [w.log.by, (one) => named(one.actor)]],
  },
  mails: {
    may: "mails:read", path: "/v1/mails", filters: [["state", w.log.state, ["waiting", "sent", "failed", "kept"]]],
    columns: [[w.log.what, (one) => one.subject ?? named(one.kind)], [w.log.to, (one) => one.to ?? ""], at, state],
    acts: (one, change) => [button(w.log.read, () => showMail(one)),
      one.state === "failed" && button(w.log.sendAgain, () => change("PUT", `/v1/mails/${one.id}/sending`, {}), "")],
  },
  jobs: {
    may: "jobs:write", path: "/v1/jobs", filters: [["state", w.log.state, ["waiting", "failed"]]],
    columns: [kind, [w.log.due, (one) => when(one.due_at), "date"], [w.log.attempts, (one) => one.attempts, "number"], state],
    acts: (one, change) => one.state === "failed" && button(w.log.tryAgain, () => change("PUT", `/v1/jobs/${one.id}/attempt`, {}), ""),
  },
  audit: {
    may: "audit:read", path: "/v1/audit-events", filters: [["kind", w.log.what, AUDITED]],
    columns: [kind, at, [w.log.by, (one) => one.account_id && link(`#/accounts/${one.account_id}`, w.log.account)],
      [w.log.from, (one) => one.network ?? ""], [w.log.facts, facts]],
  },
};

export function log(route) {
  const open = Object.keys(LISTS).filter((name) => session.may(LISTS[name].may));
  const chosen = () => (open.includes(route.query.get("list")) ? route.query.get("list") : open[0]);
  const list = loaded(() => {
    const query = new URLSearchParams([["limit", "25"], ...route.query]);
    query.delete("list");
    if (chosen() === "events") { // its cursors are numbers, and lead back from the latest
      query.set("before", query.get("after") ?? "now");
      query.delete("after");
    }
    return `${LISTS[chosen()].path}?${query}`;
  });
  const change = calls([list], w.done);
  let before = chosen();
  return {
    follow() {
      if (before !== chosen()) list.body = null; // other columns
      before = chosen();
      list.follow();
    },
    draw: () => {
      const shown = LISTS[chosen()];
      return [
        title(w.areas.log),
        tabs(route, "list", open.map((name) => [name, w.log[name]]), w.areas.log, { chosen: chosen(), alone: true }),
        shown.filters && filters(route, ...shown.filters),
        table(list, route, { caption: w.log[chosen()], columns: shown.columns, acts: shown.acts && ((one) => shown.acts(one, change)) }),
      ];
    },
  };
}

function subject({ subject: { kind, id } }) {
  return PLACES[kind] ? link(`#/${PLACES[kind]}/${id}`, named(kind)) : named(kind);
}

function facts(one) {
  const known = Object.entries(one.facts).filter(([, value]) => value !== null && value !== "").map(([name, value]) =>
    h("small", { key: name }, `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`));
  return known.length > MOST ? h("details", {}, h("summary", {}, w.log.count(known.length)), known) : known;
}

function showMail({ id, subject: heading, kind }) {
  const mail = loaded(() => `/v1/mails/${id}`);
  overlay("mail", heading ?? named(kind), () =>
    (mail.body ? h("pre", { class: "text", tabindex: 0 }, mail.body.text ?? w.log.textGone) : missing(mail)));
}
