// What waits: each number leads to its list.

import { h } from "../draw.js";
import { notice } from "../forms.js";
import { loaded } from "../live.js";
import { session } from "../session.js";
import { inWords, w } from "../words.js";

const WAITING = [
  ["orders_to_send", "#/orders?payment_status=paid&fulfilment_status=none"],
  ["orders_unpaid", "#/orders?order_status=open&payment_status=unpaid"],
];

export function home() {
  const summary = loaded(() => "/v1/summary");
  return {
    draw: () => [
      h("h1", { tabindex: -1 }, w.home.welcome(session.current.account.name)),
      summary.problem && notice(inWords(summary.problem), "bad"),
      summary.body && h("ul", { class: "counts" }, WAITING.filter(([name]) => summary.body[name] !== undefined && summary.body[name] !== null)
        .map(([name, href]) => h("li", { key: name, class: summary.body[name] ? "some" : "none" }, h("a", { href }, h("strong", {}, summary.body[name]), h("span", {}, w.home[name]))))),
    ],
  };
}
