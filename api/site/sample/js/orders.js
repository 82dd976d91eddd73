// My orders, newest first; each has a page of its own.

import { call } from "./api.js";
import { orderTable, stateTags } from "./order-parts.js";
import { page } from "./page.js";
import { el, links, onItsOwn, time } from "./ui.js";
import { words } from "./words.js";

page(words.myOrders, async (main) => {
  const rows = el("div", { class: "orders" });
  const more = el("button", { type: "button", class: "quiet wide", onclick: () => load(more.value) }, words.more);

  async function load(address) {
    const { data, next } = await call(address, { signedIn: true });
    rows.append(...data.map((order) => orderCard(order)));
    more.value = next ?? "";
    more.hidden = !next;
    return data;
  }

  const orders = await load("/v1/me/orders");
  main.append(el("div", { class: "column" },
    el("h1", {}, words.myOrders),
    orders.length ? rows : el("p", { class: "status" }, words.ordersEmpty),
    more));
});

const orderCard = onItsOwn(fullOrder, (order) => el("article", { class: "sheet order" },
  el("h2", {}, el("a", { href: links.order(order.id) }, words.orderNumber(order.number))),
  el("p", { class: "status" }, words.cannotShow)));

function fullOrder(order) {
  return el("article", { class: "sheet order" },
    el("header", { class: "section" },
      el("h2", {}, el("a", { href: links.order(order.id) }, words.orderNumber(order.number))),
      time(order.placed_at)),
    stateTags(order),
    orderTable(order),
    order.note && el("p", { class: "small" }, `“${order.note}”`));
}
