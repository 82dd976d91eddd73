// Orders: the list, found by state, by number, by name or mail.

import { h } from "../draw.js";
import { money, when } from "../format.js";
import { badge, filters, queueKeys, search, table } from "../lists.js";
import { loaded } from "../live.js";
import { w } from "../words.js";

const STATES = [
  ["payment_status", w.orders.payment, ["unpaid", "pending", "authorised", "partly_paid", "paid", "partly_refunded", "refunded"]],
  ["fulfilment_status", w.orders.fulfilment, ["none", "partial", "fulfilled"]],
  ["order_status", w.orders.state, ["open", "completed", "cancelled", "expired"]],
  ["to_send", w.order.send, [["true", w.orders.toSend]]],
  ["refund", w.order.refunds, ["pending", "failed"]],
];

export function orders(route) {
  const list = loaded(() => `/v1/orders?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  return {
    follow: list.follow,
    keys: queueKeys({}),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.orders),
      search(route, w.orders.search),
      filters(route, ...STATES),
      table(list, route, {
        caption: w.areas.orders,
        href: (one) => `#/orders/${one.id}`,
        empty: w.orders.none,
        columns: [
          [w.orders.number, (one) => `№ ${one.number}`],
          [w.orders.placed, (one) => when(one.placed_at)],
          [w.orders.buyer, (one) => one.shipping_address?.name ?? one.buyer.email],
          [w.orders.payment, (one) => badge(one.payment_status)],
          [w.orders.fulfilment, (one) => badge(one.fulfilment_status)],
          [w.orders.total, (one) => money(one.total), "number"],
        ],
      }),
    ],
  };
}
