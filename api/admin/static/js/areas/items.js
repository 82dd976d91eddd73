// Items: the list by status, by words, by what is left; and the shelf, where prices and stock are changed in place.

import { call } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { notice } from "../forms.js";
import { money } from "../format.js";
import { grid } from "../grid.js";
import { badge, bulk, filters, pages, queueKeys, search, table, tabs } from "../lists.js";
import { loaded } from "../live.js";
import { session } from "../session.js";
import { inWords, w } from "../words.js";

const STATES = ["published", "draft", "unlisted", "archived", "all"];
const LEFT = [["in_stock", w.items.inStock, ["true"]], ["stock_below", w.items.below, ["1", "6", "11"]]];
const FEW = 5;

export function items(route) {
  const list = loaded(() => `/v1/items?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  const on = (method, body) => ({ id, version }) => call(method, `/v1/items/${id}`, body, { etag: `"v${version}"` });
  const many = bulk(list, ({ name }) => name, [
    ...["published", "unlisted", "archived"].map((status) => [w.item.to[status], on("PATCH", { status })]),
    [w.remove, on("DELETE"), (count) => sure(w.items.removeSure(count), w.remove)],
  ]);
  return {
    follow: list.follow,
    keys: queueKeys({ x: "mark" }),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.items),
      h("p", { class: "actions" }, h("a", { class: "button strong", href: "#/items/new" }, w.item.fresh)),
      tabs(route, "status", STATES, w.items.states),
      search(route, w.items.search),
      filters(route, ...LEFT),
      many.draw(),
      table(list, route, {
        caption: w.areas.items,
        mark: many.mark,
        href: (one) => `#/items/${one.id}`,
        empty: route.query.size ? w.items.notFound : w.items.none,
        columns: [
          [w.fields.name, (one) => [one.name, h("small", {}, one.variants.map(({ sku }) => sku).slice(0, FEW).join(", "))]],
          many.column,
          [w.items.state, (one) => badge(one.status)],
          [w.grid.stock, (one) => stockOf(one), "number"],
          [w.grid.price, (one) => priceOf(one), "number"],
        ],
      }),
    ],
  };
}

export function shelf(route) {
  const list = loaded(() => `/v1/items?${new URLSearchParams({ limit: "10", status: "all", ...Object.fromEntries(route.query) })}`);
  const prices = grid();
  const entries = () => list.body.data.flatMap((one) => one.variants.map((variant) => [
    variant, one.variants.length > 1 ? `${one.name}, ${variant.name}` : one.name, session.may("items:write") && `#/items/${one.id}`,
  ]));
  return {
    follow: list.follow,
    dirty: () => prices.dirty,
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.stock),
      search(route, w.items.search),
      filters(route, ...LEFT),
      list.problem && notice(inWords(list.problem), "bad"),
      list.body ? [list.body.data.length ? prices.draw(entries(),
        { columns: session.may("items:write") ? ["price", "compare_at", "stock"] : ["stock"] })
        : h("div", { class: "empty" }, h("p", {}, w.items.notFound)), pages(list.body, route)]
        : !list.problem && h("p", { class: "waiting", role: "status" }, w.loading),
    ],
  };
}

const stockOf = ({ variants }) => (variants.some(({ stock }) => !stock.tracked) ? w.grid.uncounted
  : variants.reduce((sum, { stock }) => sum + stock.available, 0));

function priceOf({ variants }) {
  const [least, ...others] = variants.map(({ price }) => price).sort((one, other) => one.amount - other.amount);
  return others.some(({ amount }) => amount > least.amount) ? w.items.from(money(least)) : money(least);
}
