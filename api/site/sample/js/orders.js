// My orders, newest first; one that is not paid yet can be cancelled.

import { call } from "./api.js";
import { page } from "./page.js";
import { el, field, money, notice, onItsOwn, onSubmit, time } from "./ui.js";
import { words } from "./words.js";

page(words.myOrders, async (main, parameters) => {
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
  const placed = orders.find(({ id }) => id === parameters.get("placed"));
  main.append(el("div", { class: "column" },
    el("h1", {}, words.myOrders),
    placed && notice(words.orderPlaced(placed.number)),
    orders.length ? rows : el("p", { class: "status" }, words.ordersEmpty),
    more));
});

const orderCard = onItsOwn(fullOrder, (order) => el("article", { class: "sheet order" },
  el("h2", {}, words.orderNumber(order.number)),
  el("p", { class: "status" }, words.cannotShow)));

function fullOrder(order) {
  const card = el("article", { class: "sheet order" },
    el("header", { class: "section" },
      el("h2", {}, words.orderNumber(order.number)),
      time(order.placed_at)),
    el("p", { class: "tags" }, states(order).map((state) => el("span", { class: `state ${state}` }, words.states[state] ?? state))),
    el("table", {},
      el("caption", { class: "unseen" }, words.orderLines),
      el("tbody", {}, order.lines.map(({ name, sku, quantity, total }) => el("tr", {},
        el("td", {}, `${quantity} ×`), el("td", {}, name, el("small", {}, sku)), el("td", { class: "amount" }, money(total))))),
      el("tfoot", {}, el("tr", {}, el("th", { colspan: 2, scope: "row" }, words.total), el("td", { class: "amount" }, money(order.total))))),
    order.note && el("p", { class: "small" }, `“${order.note}”`));
  if (order.order_status === "open" && order.payment_status === "unpaid") card.append(cancellation(order, card));
  return card;
}

function states({ order_status: order, payment_status: payment, fulfilment_status: fulfilment }) {
  return ["cancelled", "expired"].includes(order) ? [order] : [order, payment, fulfilment];
}

function cancellation(order, card) {
  const form = el("form", {},
    field("reason", words.cancelReason),
    el("p", { class: "actions" }, el("button", {}, words.cancelConfirm)));
  form.querySelectorAll("[id], [for]").forEach((node) => { // several of these forms are on one page
    for (const name of ["id", "for"]) if (node.hasAttribute(name)) node.setAttribute(name, `${node.getAttribute(name)}-${order.id}`);
  });
  onSubmit(form, async ({ reason }) => {
    const body = reason.trim() ? { reason } : {};
    const changed = orderCard(await call(`/v1/orders/${order.id}/cancellation`, { method: "PUT", body, signedIn: true }));
    card.replaceWith(changed);
    changed.tabIndex = -1;
    changed.focus();
  });
  return el("details", {}, el("summary", {}, words.cancelOrder), form);
}
