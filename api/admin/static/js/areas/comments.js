// Comments: the queue of those that wait, and what was decided about the others.

import { call } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { when } from "../format.js";
import { bulk, queueKeys, table, tabs } from "../lists.js";
import { loaded, say, sayProblem } from "../live.js";
import { session } from "../session.js";
import { w } from "../words.js";

const STATUSES = ["pending", "approved", "spam", "trash"];
// A button and its key: the class of the button, and what the comment becomes.
const DECISIONS = [["approve", "approved"], ["spam", "spam"], ["trash", "trash"]];

export function comments(route) {
  const list = loaded(() => `/v1/comments?${new URLSearchParams({ limit: "25", status: "pending", ...Object.fromEntries(route.query) })}`);
  const patch = (status) => ({ id, version }) => call("PATCH", `/v1/comments/${id}`, { status }, { etag: `"v${version}"` });
  const erase = ({ id, version }) => call("DELETE", `/v1/comments/${id}`, undefined, { etag: `"v${version}"` });
  const status = () => route.query.get("status") ?? "pending";
  const open = () => DECISIONS.filter(([, next]) => next !== status());

  async function decide(one, work, done) {
    try {
      await work(one);
      aside(one.id);
      await list.load();
      say(done);
    } catch (problem) {
      if (problem.code === "precondition-failed") list.load();
      sayProblem(problem);
    }
  }

  const many = () => bulks[status()] ??= bulk(list, ({ author }) => author.name, [
    ...open().map(([act, next]) => [w.comments[act], patch(next)]),
    ...(status() === "trash" ? [[w.remove, erase, (count) => sure(w.comments.removeSure(count), w.remove)]] : []),
  ]);
  const bulks = {};

  return {
    follow: list.follow,
    keys: queueKeys({ a: "approve", s: "spam", t: "trash", x: "mark" }),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.comments),
      tabs(route, "status", STATUSES, w.comments.status),
      route.query.get("article") && h("p", { class: "actions" }, h("span", {}, w.comments.ofOne(list.body?.data[0]?.article.title ?? "")), h("a", { href: route.to({ article: null, after: null }) }, w.comments.ofAll)),
      h("p", { class: "unprinted" }, h("small", {}, w.comments.keys)),
      many().draw(),
      table(list, route, {
        caption: w.areas.comments, mark: many().mark,
        empty: status() === "pending" ? w.comments.noneWait : w.comments.none,
        columns: [
          [w.comments.author, (one) => [one.author.name, one.author.staff && ` · ${w.values.staff}`, h("small", {}, when(one.created_at))]],
          many().column,
          [w.comments.text, (one) => h("div", { html: one.body_html, onclick: elsewhere }), "prose"],
          [w.comments.article, (one) => (one.article.title && session.may("articles:write") ? h("a", { href: `#/articles/${one.article.id}` }, one.article.title) : one.article.title ?? "—")],
        ],
        acts: (one) => [
          open().map(([act, next]) => h("button", { key: act, type: "button", class: `${act} ${act === "approve" ? "" : "quiet"}`, onclick: () => decide(one, patch(next), w.comments.done[next]) }, w.comments[act])),
          status() === "trash" && h("button", { key: "remove", type: "button", class: "danger", onclick: async () => (await sure(w.comments.removeSure(1), w.remove)) && decide(one, erase, w.comments.removed) }, w.remove)],
      }),
    ],
  };
}

// The row goes: who is in it goes on with the next one.
function aside(id) {
  const row = document.activeElement?.closest("tbody tr");
  if (row?.identity?.endsWith(id)) (row.nextElementSibling ?? row.previousElementSibling)?.querySelector(".row").focus();
}

// A link in a comment is somebody else's: it opens beside the office, and knows nothing of it.
function elsewhere(event) {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.preventDefault();
  window.open(link.href, "_blank", "noopener,noreferrer");
}
