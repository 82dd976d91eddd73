// The parts of an order that only show: lines and sums, addresses, parcels, refunds, files.

import { addressLines } from "./address.js";
import { sumRows } from "./sums.js";
import { el, inWords, money, notice, time } from "./ui.js";
import { words } from "./words.js";

export function stateTags(order) {
  return el("p", { class: "tags" }, states(order).map((state) => el("span", { class: `state ${state}` }, words.states[state] ?? state)));
}

function states({ order_status: order, payment_status: payment, fulfilment_status: fulfilment }) {
  return ["cancelled", "expired"].includes(order) ? [order] : [order, payment, fulfilment];
}

export function orderTable(order) {
  const { paid, refunded, due, total } = order;
  const row = (name, amount) => el("tr", { class: "part" },
    el("th", { colspan: 2, scope: "row" }, name), el("td", { class: "amount" }, money(amount)));
  return el("table", {},
    el("caption", { class: "unseen" }, words.orderLines),
    el("tbody", {}, order.lines.map((line) => el("tr", {},
      el("td", {}, `${line.quantity} ×`),
      el("td", {}, line.name, el("small", {}, line.sku),
        line.cancelled > 0 && el("small", {}, words.buying.unitsCancelled(line.cancelled)),
        line.returned > 0 && el("small", {}, words.buying.unitsReturned(line.returned))),
      el("td", { class: "amount" }, money(line.total))))),
    el("tfoot", {}, sumRows(order, 3),
      paid.amount > 0 && row(words.buying.paidRow, paid),
      refunded.amount > 0 && row(words.buying.refundedRow, refunded),
      due.amount > 0 && due.amount < total.amount && row(words.buying.dueRow, due)));
}

export function places({ shipping_address: shipped, billing_address: billed }) {
  return (shipped || billed) && el("div", { class: "places" },
    shipped && el("section", {}, el("h2", {}, words.buying.shipTo), addressLines(shipped)),
    billed && el("section", {}, el("h2", {}, words.buying.invoiceTo), addressLines(billed)));
}

export function parcels(fulfilments) {
  return fulfilments.length > 0 && el("section", {},
    el("h2", {}, words.buying.sent),
    el("ul", { class: "sessions" }, fulfilments.map(({ created_at: at, carrier, tracking, lines }) => el("li", {},
      el("span", {}, time(at), carrier && ` · ${carrier}`, tracking && [" · ", el("strong", {}, tracking)]),
      el("small", {}, lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(", "))))));
}

export function refunds(list) {
  return list.length > 0 && el("section", {},
    el("h2", {}, words.buying.refunds),
    el("ul", { class: "sessions" }, list.map(({ created_at: at, amount, state, reason }) => el("li", {},
      el("span", {}, time(at), reason && ` · ${reason}`),
      el("span", {}, money(amount), " · ", words.buying.refundStates[state] ?? state)))));
}

/** Who sells, as the shop has written it, so that the page can be kept as a receipt. */
export function sellerPart(seller) {
  return seller && el("section", {}, el("h2", {}, words.buying.soldBy), el("address", { class: "seller" }, seller));
}

/** `linkTo` makes a link to a file by its id, and so spends one of its downloads. */
export function downloads(files, linkTo) {
  return files.length > 0 && el("section", {},
    el("h2", {}, words.buying.downloads),
    el("ul", { class: "sessions" }, files.map((file) => fileRow(file, linkTo))));
}

function fileRow({ id, name, limit, used, expires_at: expiry }, linkTo) {
  const left = el("span", {}, words.buying.downloadsLeft(limit - used));
  const row = el("li", {},
    el("span", {}, el("strong", {}, name), " · ", left, expiry && [" · ", words.buying.until, " ", time(expiry)]),
    el("button", { type: "button", class: "link", onclick: fetchFile }, words.exportData, el("span", { class: "unseen" }, " ", name)));

  async function fetchFile() {
    row.querySelector(".notice")?.remove();
    try {
      const { url } = await linkTo(id);
      location.assign(url); // an attachment: the page stays
    } catch (error) {
      row.append(notice(inWords(error), "bad"));
    }
  }
  return row;
}
