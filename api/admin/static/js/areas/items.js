// Items: the list by status, by words, by what is left; and the shelf, where prices and stock are changed in place.

import {
  actions, badge, bulk, call, empty, filters, h, listOf, missing, money, pages, queueKeys, search, session, sure, table, tabs, title, w,
} from "../kit.js";
import { grid } from "../grid.js";

const LEFT = [["in_stock", w.items.inStock, ["true"]], ["stock_below", w.items.below, ["1", "6", "11"]]];
const FEW = 5;

export function items(route) {
  const list = listOf("/v1/items", route);
  const on = (method, body) => ({ id, version }) => call(method, `/v1/items/${id}`, body, { etag: `"v${version}"` });
  const many = bulk(list, ({ name }) => name, [
    ...["published", "unlisted", "archived"].map((status) => [w.item.to[status], on("PATCH", { status })]),
    [w.remove, on("DELETE"), (count) => sure(w.items.removeSure(count), w.remove)],
  ]);
  return {
    follow: list.follow,
    keys: queueKeys({ x: "mark" }),
    draw: () => [
      title(w.areas.items),
      actions(h("a", { class: "button strong", href: "#/items/new" }, w.item.fresh)),
      tabs(route, "status", ["published", "draft", "unlisted", "archived", "all"], w.items.states),
      search(route, w.items.search),
      filters(route, ...LEFT),
      many.draw(),
      table(list, route, {
        caption: w.areas.items, mark: many.mark, href: ({ id }) => `#/items/${id}`, none: route.query.size ? w.items.notFound : w.items.none,
        columns: [
          [w.fields.name, ({ name, variants }) => [name, h("small", {}, variants.slice(0, FEW).map(({ sku }) => sku).join(", "))]],
          many.column,
          [w.items.state, (one) => badge(one.status)],
          [w.grid.stock, stockOf, "number"],
          [w.grid.price, priceOf, "number"],
        ],
      }),
    ],
  };
}

export function shelf(route) {
  const list = listOf("/v1/items", route, { limit: 10, status: "all" });
  const prices = grid();
  const entries = () => list.body.data.flatMap((one) => one.variants.map((variant) => [
    variant, one.variants.length > 1 ? `${one.name}, ${variant.name}` : one.name, session.may("items:write") && `#/items/${one.id}`,
  ]));
  const columns = session.may("items:write") ? ["price", "compare_at", "stock"] : ["stock"];
  return {
    follow: list.follow,
    dirty: () => prices.dirty,
    draw: () => [
      title(w.areas.stock),
      search(route, w.items.search),
      filters(route, ...LEFT),
      (list.problem || !list.body) && missing(list),
      list.body && [list.body.data.length ? prices.draw(entries(), { columns }) : empty(w.items.notFound), pages(list.body, route)],
    ],
  };
}

const stockOf = ({ variants }) => (variants.some(({ stock }) => !stock.tracked) ? w.grid.uncounted
  : variants.reduce((sum, { stock }) => sum + stock.available, 0));

function priceOf({ variants }) {
  const [least, ...others] = variants.map(({ price }) => price).sort((one, other) => one.amount - other.amount);
  return others.some(({ amount }) => amount > least.amount) ? w.items.from(money(least)) : money(least);
}
