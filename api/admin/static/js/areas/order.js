// One order: what was bought, what was paid, what is to be done.

import { call, Problem } from "../api.js";
import { h } from "../draw.js";
import { choice, field, form, notice, price, tick } from "../forms.js";
import { amountOf, money, when } from "../format.js";
import { badge, facts } from "../lists.js";
import { loaded, once, say } from "../live.js";
import { session } from "../session.js";
import { inWords, named, w } from "../words.js";

export function order({ id }) {
  const path = `/v1/orders/${id}`;
  const root = loaded(() => "/v1");
  const one = loaded(() => path);
  const payments = loaded(() => `${path}/payments`);
  const refunds = loaded(() => `${path}/refunds`);
  const fulfilments = loaded(() => `${path}/fulfilments`);
  const again = () => Promise.all([one, payments, refunds, fulfilments].map((answer) => answer.load()));
  const post = async (below, body, key, method = "POST") => {
    await call(method, `${path}/${below}`, body, { key });
    await again();
    say(w.done);
  };
  const currency = () => one.body.total.currency;

  const pay = form(({ method, amount, reference }, key) =>
    post("payments", { method, amount: amountOf(amount, currency()), ...(reference && { reference }) }, key));
  const send = form(({ carrier, tracking, ...units }, key) =>
    post("fulfilments", { lines: some(lines(units)), ...(carrier && { carrier }), ...(tracking && { tracking }) }, key));
  const refund = form(({ amount, shipping, reason, restock, ...units }, key) => {
    const back = lines(units).map((line) => ({ ...line, restock: restock === "on" }));
    const sums = Object.entries({ amount, shipping }).filter(([, typed]) => typed).map(([name, typed]) => [name, amountOf(typed, currency())]);
    some([...back, ...sums]); // the API would take nothing for everything
    return post("refunds", { ...Object.fromEntries(sums), ...(back.length && { lines: back }), ...(reason && { reason }) }, key);
  });
  const cancel = form(({ reason, ...units }) => {
    // How many are cancelled in all afterwards, so that a repeat after a lost answer changes nothing.
    const chosen = some(lines(units)).map((line) => ({ ...line, quantity: line.quantity + bySku(line.sku).cancelled }));
    return post("cancellation", { lines: chosen, ...(reason && { reason }) }, undefined, "PUT");
  });
  const noted = { began: null, before: null }; // what the field began with, and what a save replaces
  const note = form(async ({ staff_note }) => {
    await one.load(); // every step changes the order's version
    const theirs = one.body.staff_note ?? "";
    if (![noted.before, staff_note].includes(theirs)) {
      Object.assign(noted, { before: theirs, theirs });
      throw new Problem({ status: 412, code: "precondition-failed" });
    }
    await call("PATCH", path, { staff_note: staff_note || null }, { etag: one.etag });
    await one.load();
    Object.assign(noted, { began: staff_note, before: staff_note, theirs: null });
    say(w.saved);
  }, { keep: true });

  const lines = (units) => Object.entries(units).filter(([, quantity]) => Number(quantity) > 0)
    .map(([name, quantity]) => ({ sku: name.replace(/^units /, ""), quantity: Number(quantity) }));
  const left = (line) => line.quantity - line.fulfilled - line.cancelled;
  const open = () => one.body.lines.filter((line) => left(line) > 0);
  const bySku = (sku) => one.body.lines.find((line) => line.sku === sku);
  const back = (line) => line.fulfilled - line.returned;
  const some = (chosen) => {
    if (!chosen.length) throw new Problem({ status: 0, code: "nothing-chosen" });
    return chosen;
  };
  const units = (rows, most, value = most) => rows.map((line) =>
    field(`units ${line.sku}`, `${line.name} (${w.order.of(most(line))})`, { type: "number", min: 0, max: most(line), value: String(value(line)), class: "number" }));

  const head = () => {
    const it = one.body;
    return [
      h("p", { class: "crumbs" }, h("a", { href: "#/orders" }, `← ${w.areas.orders}`)),
      root.body?.seller && h("p", { class: "printed" }, root.body.seller),
      h("h1", { tabindex: -1 }, `${w.orders.number} № ${it.number}`),
      h("p", { class: "badges" }, badge(it.order_status), badge(it.payment_status), badge(it.fulfilment_status)),
      h("p", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => print() }, w.order.print)),
      facts([w.orders.placed, when(it.placed_at)], [w.orders.buyer, it.buyer.email],
        [w.order.shippingTo, address(it.shipping_address)], [w.order.billingTo, address(it.billing_address)],
        [w.order.shippedBy, it.shipping_method?.name], [w.order.taxId, it.tax_id], [w.order.note, it.note],
        it.expires_at && [w.order.heldUntil, when(it.expires_at)]),
    ];
  };

  const bought = () => {
    const it = one.body;
    const sum = (label, amount, strong) => amount && h("tr", { role: "row", key: label }, h("th", { scope: "row", role: "rowheader", colspan: 2 }, label),
      h("td", { role: "cell", class: "number" }, strong ? h("strong", {}, money(amount)) : money(amount)));
    const nonzero = (amount) => (amount.amount ? amount : null);
    return h("section", { key: "bought" }, h("h2", {}, w.order.bought), h("div", { class: "table" }, h("table", { role: "table" }, h("tbody", { role: "rowgroup" },
      it.lines.map((line) => h("tr", { role: "row", key: line.sku },
        h("th", { scope: "row", role: "rowheader" }, line.name, h("small", {}, line.sku), progress(line)),
        h("td", { role: "cell", class: "number" }, `${line.quantity} × ${money(line.unit_price)}`),
        h("td", { role: "cell", class: "number" }, money(line.total)))),
      sum(w.order.discount, nonzero(it.discount)), sum(w.order.shipping, nonzero(it.shipping)),
      it.taxes.map((tax) => sum(`${tax.name} ${it.prices_include_tax ? w.order.included : ""}`, tax.amount)),
      sum(w.orders.total, it.total, true), sum(w.order.paid, it.paid), sum(w.order.refunded, nonzero(it.refunded)), sum(w.order.due, nonzero(it.due), true)))));
  };
  const progress = (line) => [["fulfilled", line.fulfilled], ["cancelled", line.cancelled], ["returned", line.returned]]
    .filter(([, count]) => count).map(([state, count]) => h("small", { key: state }, `${count} ${named(state)}`));

  const acts = () => {
    const it = one.body;
    const card = (title, label, it2, fields, danger) => h("details", { key: title, class: `card ${danger ? "danger" : ""}` }, h("summary", {}, title), it2.draw({ label }, fields));
    return h("div", { class: "cards" },
      it.due.amount > 0 && it.order_status !== "cancelled" && card(w.order.pay, w.order.pay, pay, () => [
        choice("method", w.order.method, ["transfer", "cash", "card", "other"].map((method) => [method, named(method)])),
        price("amount", w.order.amount, it.due), field("reference", w.order.reference, { hint: w.optional })]),
      open().length > 0 && it.order_status === "open" && card(w.order.send, w.order.send, send, () => [
        units(open(), left), field("carrier", w.order.carrier, { hint: w.optional }), field("tracking", w.order.tracking, { hint: w.optional })]),
      it.paid.amount > it.refunded.amount && card(w.order.refund, w.order.refund, refund, () => [
        h("p", {}, w.order.refundHow), units(it.lines.filter(back), back, () => 0),
        it.lines.some(back) && tick("restock", w.order.restock),
        it.shipping.amount > 0 && price("shipping", w.order.shipping, null, { currency: currency() }),
        price("amount", w.order.refundAmount, null, { currency: currency(), hint: w.order.refundAmountHint }), field("reason", w.order.reason, { hint: w.optional })], true),
      open().length > 0 && it.order_status === "open" && card(w.order.cancel, w.order.cancel, cancel, () => [
        units(open(), left), field("reason", w.order.reason, { hint: w.optional })], true));
  };

  const payment = (it) => h("li", { key: it.id }, `${when(it.created_at)} · ${money(it.amount)} · ${it.method ? named(it.method) : it.provider} `, badge(it.state),
    it.reference && ` ${it.reference}`,
    session.may("orders:write") && it.state === "authorised" && h("button", { type: "button", onclick: () => doing(`payments/${it.id}/captures`, {}) }, w.order.capture),
    session.may("orders:write") && it.state === "open" && h("button", { type: "button", class: "quiet", onclick: () => doing(`payments/${it.id}/cancellation`, {}, "PUT") }, w.order.giveUp));
  const doing = once((below, body, method) => post(below, body, undefined, method).catch((problem) => say(inWords(problem), { bad: true })));

  const log = (title, list, draw, props) => list.body?.data.length > 0 && h("section", { key: title, ...props }, h("h2", {}, title), h("ul", { class: "log" }, list.body.data.map(draw)));

  return {
    dirty: () => [pay, send, refund, cancel, note].some((it) => it.dirty),
    draw: () => {
      if (!one.body) return one.problem ? [h("h1", { tabindex: -1 }, w.sorry), notice(inWords(one.problem), "bad")] : h("p", { class: "waiting", role: "status" }, w.loading);
      noted.began ??= noted.before = one.body.staff_note ?? "";
      return [
        head(), one.problem && notice(inWords(one.problem), "bad"), bought(),
        session.may("orders:write") && acts(),
        log(w.order.payments, payments, payment, { class: "unprinted" }),
        log(w.order.refunds, refunds, (it) => h("li", { key: it.id }, `${when(it.created_at)} · ${money(it.amount)} `, badge(it.state), it.reason && ` ${it.reason}`), { class: "unprinted" }),
        log(w.order.fulfilments, fulfilments, (it) => h("li", { key: it.id }, `${when(it.created_at)} · ${it.lines.map((line) => `${line.quantity} × ${line.sku}`).join(", ")}`, it.tracking && ` · ${[it.carrier, it.tracking].filter(Boolean).join(" ")}`)),
        session.may("orders:write") && h("section", { key: "note", class: "unprinted" }, h("h2", {}, w.order.staffNote), note.draw({ label: w.save }, () => [
          field("staff_note", w.order.staffNoteHint, { tag: "textarea", rows: 3, value: noted.began, hint: noted.theirs && `${w.theirs}: ${noted.theirs}` })])),
        h("section", { key: "history", class: "unprinted" }, h("h2", {}, w.order.history), h("ol", { class: "log" }, one.body.events.map((event, at) =>
          h("li", { key: at }, `${when(event.at)} · ${named(event.kind)} · ${named(event.by)}`, event.note && ` · ${event.note}`)))),
      ];
    },
  };
}

function address(it) {
  return it && [it.name, it.company, it.line1, it.line2, `${it.postcode ?? ""} ${it.city ?? ""}`.trim(), it.region, it.country, it.phone]
    .filter(Boolean).map((line) => [line, h("br")]);
}
