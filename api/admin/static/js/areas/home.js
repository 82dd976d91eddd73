// What waits: each number leads to its list. In a new installation: what to begin with.

import { get, h, link, loaded, missing, redraw, session, title, w } from "../kit.js";

// The lists that have as many rows as these numbers of the summary say.
const WAITING = [
  ["orders_to_send", "#/orders?to_send=true"],
  ["orders_unpaid", "#/orders?order_status=open&payment_status=unpaid"],
  ["refunds_pending", "#/orders?refund=pending"],
  ["refunds_failed", "#/orders?refund=failed"],
  ["comments_pending", "#/comments?status=pending"],
  ["stock_out", "#/items?status=all&stock_below=1"],
  ["stock_low", "#/items?status=all&stock_below=6"],
  ["articles_draft", "#/articles?status=draft"],
  ["articles_scheduled", "#/articles?status=scheduled"],
  ["mails_failed", "#/log?list=mails&state=failed"],
  ["jobs_failed", "#/log?list=jobs&state=failed"],
  ["webhooks_disabled", "#/webhooks?status=disabled"],
];
const FIRST = [
  ["article", "articles:write", "#/articles/new"], ["item", "items:write", "#/items/new"], ["imports", "imports:write", "#/imports"],
  ["shop", "shop:write", "#/shop"], ["settings", "settings:read", "#/settings"], ["factor", "me:write", "#/me"],
];

export function home() {
  const summary = loaded(() => "/v1/summary");
  let empty = false; // nothing was written or sold yet
  Promise.all(["articles", "items"].map((kind) => get(`/v1/${kind}?limit=1`)))
    .then((lists) => { empty = lists.every(({ body }) => !body.data.length); redraw(); }, () => null);
  const counted = () => WAITING.filter(([name]) => typeof summary.body[name] === "number");
  return {
    draw: () => [
      title(w.home.welcome(session.current.account.name)),
      summary.problem && (summary.problem.code === "forbidden" ? h("p", {}, w.home.nothing) : missing(summary)),
      empty && session.may("articles:write", "items:write") && h("section", { key: "first" }, h("h2", {}, w.home.begin), h("ul", { class: "steps" },
        FIRST.filter(([, permission]) => session.may(permission)).map(([name, , href]) => h("li", { key: name }, link(href, w.home.first[name]))))),
      summary.body && h("ul", { class: "counts", key: "counts" }, counted().map(([name, href]) =>
        h("li", { key: name, class: summary.body[name] ? "some" : "none" },
          link(href, [h("strong", {}, summary.body[name]), h("span", {}, w.home[name])])))),
    ],
  };
}
