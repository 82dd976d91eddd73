// The sums below the lines of a basket or an order, in the same words for both.

import { el, money } from "./ui.js";
import { words } from "./words.js";

/** Rows of a table of `columns` columns; `sums` is a quote or an order. */
export function sumRows(sums, columns) {
  const { subtotal, coupons, shipping, shipping_method: method, taxes, prices_include_tax: included, total } = sums;
  const taken = coupons.filter(({ amount }) => amount.amount > 0);
  const isPlain = !taken.length && !method && (included || !taxes.length);
  const row = (name, amount, attributes = {}) => el("tr", attributes,
    el("th", { colspan: columns - 1, scope: "row" }, name), el("td", { class: "amount" }, amount));
  return [
    !isPlain && row(words.buying.subtotal, money(subtotal), { class: "part" }),
    taken.map(({ code, amount }) => row(words.buying.couponRow(code), money({ ...amount, amount: -amount.amount }), { class: "part" })),
    method && row(method.name, shipping.amount ? money(shipping) : words.buying.free, { class: "part" }),
    !included && taxes.map((tax) => row(words.buying.taxAdded(tax.name, tax.rate), money(tax.amount), { class: "part" })),
    row(words.total, money(total)),
    included && taxes.map((tax) => row(words.buying.taxIncluded(tax.name, tax.rate), money(tax.amount), { class: "part" })),
  ].flat().filter(Boolean);
}
