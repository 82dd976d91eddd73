// Orders: the list, found by state, by number, by name or mail.

import { badge, filters, listOf, money, queueKeys, search, table, title, w, when } from "../kit.js";

const STATES = [
  ["payment_status", w.orders.payment, ["unpaid", "pending", "authorised", "partly_paid", "paid", "partly_refunded", "refunded"]],
  ["fulfilment_status", w.orders.fulfilment, ["none", "partial", "fulfilled"]],
  ["order_status", w.orders.state, ["open", "completed", "cancelled", "expired"]],
  ["to_send", w.orders.toDo, [["true", w.orders.toSend]]],
  ["refund", w.order.refunds, ["pending", "failed"]],
];

export function orders(route) {
  const list = listOf("/v1/orders", route);
  return {
    follow: list.follow,
    keys: queueKeys({}),
    draw: () => [
      title(w.areas.orders),
      search(route, w.orders.search),
      filters(route, ...STATES),
      table(list, route, { caption: w.areas.orders, href: ({ id }) => `#/orders/${id}`, none: w.orders.none, columns: [
        [w.orders.number, (one) => `№ ${one.number}`],
        [w.orders.placed, (one) => when(one.placed_at), "date"],
        [w.orders.buyer, (one) => one.shipping_address?.name ?? one.buyer.email],
        [w.orders.payment, (one) => badge(one.payment_status)],
        [w.orders.fulfilment, (one) => badge(one.fulfilment_status)],
        [w.orders.total, (one) => money(one.total), "number"]] }),
    ],
  };
}
