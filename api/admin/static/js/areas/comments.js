// Comments: the queue of those that wait, and what was decided about the others.

import {
  actions, bulk, button, call, elsewhere, h, link, listOf, queueKeys, say, sayProblem, session, sure, table, tabs, title, w, when,
} from "../kit.js";

// A button, which is a class for its key, and what the comment becomes.
const DECISIONS = [["approve", "approved"], ["spam", "spam"], ["trash", "trash"]];

export function comments(route) {
  const list = listOf("/v1/comments", route, { status: "pending" });
  const on = (method, body) => ({ id, version }) => call(method, `/v1/comments/${id}`, body, { etag: `"v${version}"` });
  const status = () => route.query.get("status") ?? "pending";
  const open = () => DECISIONS.filter(([, next]) => next !== status());
  const removeSure = (count) => sure(w.comments.removeSure(count), w.remove);

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

  const bulks = {};
  const many = () => bulks[status()] ??= bulk(list, ({ author }) => author.name, [
    ...open().map(([act, next]) => [w.comments[act], on("PATCH", { status: next })]),
    ...(status() === "trash" ? [[w.remove, on("DELETE"), removeSure]] : []),
  ]);
  const acts = (one) => [
    open().map(([act, next]) => button(w.comments[act], () => decide(one, on("PATCH", { status: next }), w.comments.done[next]),
      act === "approve" ? act : `${act} quiet`, { key: act })),
    status() === "trash" && button(w.remove, async () => (await removeSure(1)) && decide(one, on("DELETE"), w.comments.removed), "danger",
      { key: "remove" })];

  return {
    follow: list.follow,
    keys: queueKeys({ a: "approve", s: "spam", t: "trash", x: "mark" }),
    draw: () => [
      title(w.areas.comments),
      tabs(route, "status", ["pending", "approved", "spam", "trash"], w.comments.status),
      route.query.get("article") && actions(h("span", {}, w.comments.ofOne(list.body?.data[0]?.article.title ?? "")),
        link(route.to({ article: null, after: null }), w.comments.ofAll)),
      h("p", { class: "keys unprinted" }, h("small", {}, w.comments.keys)),
      many().draw(),
      table(list, route, {
        caption: w.areas.comments, mark: many().mark, acts, none: status() === "pending" ? w.comments.noneWait : w.comments.none,
        columns: [
          [w.comments.author, (one) => [one.author.name, one.author.staff && ` · ${w.values.staff}`, h("small", {}, when(one.created_at))]],
          many().column,
          [w.comments.text, (one) => h("div", { html: one.body_html, onclick: elsewhere }), "prose"],
          [w.comments.article, ({ article: { id, title: name } }) =>
            (name && session.may("articles:write") ? link(`#/articles/${id}`, name) : name ?? "—")],
        ],
      }),
    ],
  };
}

// The row goes: who is in it goes on with the next one.
function aside(id) {
  const row = document.activeElement?.closest("tbody tr");
  if (row?.identity?.endsWith(id)) (row.nextElementSibling ?? row.previousElementSibling)?.querySelector(".row").focus();
}
