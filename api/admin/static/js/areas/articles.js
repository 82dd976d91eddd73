// Articles and pages: the list, found by status, words and category, and done with many at once.

import { actions, badge, bulk, call, filters, h, link, listOf, pairsOf, queueKeys, search, sure, table, tabs, title, w, when } from "../kit.js";

export function articles(route) {
  const list = listOf("/v1/articles", route, { status: "all" });
  const [categories, authors] = ["categories", "authors"].map((kind) => pairsOf(`/v1/${kind}?limit=100`, ({ slug, name }) => [slug, name]));
  const on = (method, below = "", body) => ({ id, version }) => call(method, `/v1/articles/${id}${below}`, body, { etag: `"v${version}"` });
  const many = bulk(list, (one) => one.title, [
    [w.article.publish, on("PUT", "/publication", {})],
    [w.article.unpublish, on("DELETE", "/publication")],
    [w.remove, on("DELETE"), (count) => sure(w.articles.removeSure(count), w.remove)],
  ]);
  const namesOf = (rows) => rows.map(({ name }) => name).join(", ");

  return {
    follow: list.follow,
    keys: queueKeys({ x: "mark" }),
    draw: () => [
      title(w.areas.articles),
      actions(h("a", { class: "button strong", href: "#/articles/new" }, w.articles.write)),
      tabs(route, "type", Object.entries(w.article.types), w.article.type),
      tabs(route, "status", ["all", "draft", "scheduled", "published"], w.articles.status),
      search(route, w.articles.search),
      filters(route, ["category", w.article.categories, categories], ["author", w.article.authors, authors]),
      many.draw(),
      table(list, route, {
        caption: w.areas.articles, mark: many.mark, href: ({ id }) => `#/articles/${id}`,
          none: route.query.size ? w.articles.notFound : w.articles.none,
        columns: [
          [w.article.title, (one) => one.title],
          many.column,
          [w.articles.status, (one) => badge(one.status)],
          [w.article.authors, (one) => namesOf(one.authors)],
          [w.article.categories, (one) => namesOf(one.categories)],
          [w.articles.date, (one) => when(one.publish_at ?? one.updated_at, { dateStyle: "medium" }), "date"],
          [w.areas.comments, (one) => (one.comment_count ? link(`#/comments?status=approved&article=${one.id}`, one.comment_count) : 0), "number"],
        ],
      }),
    ],
  };
}
