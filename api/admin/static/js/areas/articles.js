// Articles and pages: the list, found by status, words and category, and done with many at once.

import { call, every } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { when } from "../format.js";
import { badge, bulk, filters, queueKeys, search, table, tabs } from "../lists.js";
import { loaded, redraw } from "../live.js";
import { w } from "../words.js";

export function articles(route) {
  const list = loaded(() => `/v1/articles?${new URLSearchParams({ limit: "25", status: "all", ...Object.fromEntries(route.query) })}`);
  let categories = [];
  let authors = [];
  const pairs = (rows) => rows.map(({ slug, name }) => [slug, name]);
  every("/v1/categories?limit=100").then((rows) => { categories = pairs(rows); redraw(); }, () => null);
  every("/v1/authors?limit=100").then((rows) => { authors = pairs(rows); redraw(); }, () => null);

  const on = (method, below = "") => ({ id, version }) => call(method, `/v1/articles/${id}${below}`, method === "PUT" ? {} : undefined, { etag: `"v${version}"` });
  const many = bulk(list, ({ title }) => title, [
    [w.article.publish, on("PUT", "/publication")],
    [w.article.unpublish, on("DELETE", "/publication")],
    [w.remove, on("DELETE"), (count) => sure(w.articles.removeSure(count), w.remove)],
  ]);

  return {
    follow: list.follow,
    keys: queueKeys({ x: "mark" }),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.articles),
      h("p", { class: "actions" }, h("a", { class: "button", href: "#/articles/new" }, w.articles.write)),
      tabs(route, "status", ["all", "draft", "scheduled", "published"], w.articles.status),
      search(route, w.articles.search),
      tabs(route, "type", Object.entries(w.article.types), w.article.type),
      filters(route, ["category", w.article.categories, categories], ["author", w.article.authors, authors]),
      many.draw(),
      table(list, route, {
        caption: w.areas.articles, mark: many.mark, href: (one) => `#/articles/${one.id}`,
        empty: route.query.size ? w.articles.notFound : w.articles.none,
        columns: [
          [w.article.title, (one) => one.title],
          many.column,
          [w.articles.status, (one) => badge(one.status)],
          [w.article.authors, (one) => one.authors.map(({ name }) => name).join(", ")],
          [w.article.categories, (one) => one.categories.map(({ name }) => name).join(", ")],
          [w.articles.date, (one) => when(one.publish_at ?? one.updated_at, { dateStyle: "medium" })],
          [w.areas.comments, (one) => (one.comment_count ? h("a", { href: `#/comments?status=approved&article=${one.id}` }, one.comment_count) : 0), "number"],
        ],
      }),
    ],
  };
}
