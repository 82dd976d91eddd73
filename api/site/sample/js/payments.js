// What a buyer can do to pay an order: go on with the payment that is open, or begin another.

import { call } from "./api.js";
import { MANUAL, providerChoice } from "./providers.js";
import { el, inWords, money, notice, onSubmit } from "./ui.js";
import { words } from "./words.js";

/** `ask` calls the order's own routes, `redraw` shows it as it is then. */
export function paymentPart({ ask, order, payments, redraw }) {
  if (!order.due.amount) return null;
  const open = payments.find(({ state }) => state === "open");
  if (payments.some(({ state }) => ["processing", "authorised"].includes(state))) return null;
  const box = el("section", { class: "pay", "aria-label": words.buying.payment });
  if (open?.provider === MANUAL) box.append(transfer(open, order));
  if (open?.next) box.append(el("p", { class: "actions" }, el("a", { class: "button strong", href: open.next.url }, words.buying.payNow(money(order.due)))));
  box.append(el("p", { class: "status", role: "status" }, words.loading));
  call("/v1/payment-providers").then(
    ({ data }) => {
      const others = open ? data.filter(({ id }) => id !== open.provider || !isGoing(open)) : data;
      const form = others.length > 0 && payForm({ providers: others, latest: payments[0], ask, order, redraw });
      box.lastChild.remove();
      if (form) box.append(open && isGoing(open) ? el("details", {}, el("summary", {}, words.buying.otherwise), form) : form);
    },
    (error) => box.lastChild.replaceWith(notice(inWords(error), "bad")));
  return box;
}

/** Whether the buyer knows what to do; a payment whose provider was away goes on by the same request. */
function isGoing({ provider, next }) {
  return provider === MANUAL || Boolean(next);
}

function transfer({ instructions }, { number, due }) {
  return el("div", { class: "notice" },
    el("p", {}, words.buying.transfer(money(due), number)),
    instructions && el("p", { class: "instructions" }, instructions));
}

function payForm({ providers, latest, ask, order, redraw }) {
  const form = el("form", {},
    providerChoice(providers, latest?.provider),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.buying.payNow(money(order.due)))));
  onSubmit(form, async ({ provider }) => {
    // Without a key: an order has one open payment, and the same request gives that one.
    const payment = await ask("/payments", { method: "POST", body: { provider } });
    if (payment.next) location.assign(payment.next.url);
    else await redraw();
  });
  return form;
}
