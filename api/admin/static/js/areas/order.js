// One order: what was bought, what was paid, what is to be done.

import {
  actions, amountOf, badge, button, call, choice, crumb, facts, field, fold, form, h, inWords, loaded, missingPage, money, named, notice, once, price,
  Problem, say, section, session, tick, title, w, when,
} from "../kit.js";

export function order({ id }) {
  const path = `/v1/orders/${id}`;
  const root = loaded(() => "/v1");
  const one = loaded(() => path);
  const [payments, refunds, fulfilments] = ["payments", "refunds", "fulfilments"].map((part) => loaded(() => `${path}/${part}`));
  const post = async (below, body, key, method = "POST") => {
    await call(method, `${path}/${below}`, body, { key });
    await Promise.all([one, payments, refunds, fulfilments].map((answer) => answer.load()));
    say(w.done);
  };
  const doing = once((below, body, method) => post(below, body, undefined, method).catch((problem) => say(inWords(problem), { bad: true })));
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
    const cancelled = ({ sku }) => one.body.lines.find((line) => line.sku === sku).cancelled;
    const chosen = some(lines(units)).map((line) => ({ ...line, quantity: line.quantity + cancelled(line) }));
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

  const head = (it) => [
    crumb("#/orders", w.areas.orders),
    root.body?.seller && h("p", { class: "printed" }, root.body.seller),
    title(`${w.orders.number} № ${it.number}`),
    h("p", { class: "badges" }, badge(it.order_status), badge(it.payment_status), badge(it.fulfilment_status)),
    actions(button(w.order.print, () => print())),
    facts(
      [w.orders.placed, when(it.placed_at)], [w.orders.buyer, it.buyer.email],
      [w.order.shippingTo, address(it.shipping_address)], [w.order.billingTo, address(it.billing_address)],
      [w.order.shippedBy, it.shipping_method?.name], [w.order.taxId, it.tax_id], [w.order.note, it.note],
      it.expires_at && [w.order.heldUntil, when(it.expires_at)]),
  ];

  const acts = (it) => {
    const open = it.order_status === "open" ? it.lines.filter(left) : [];
    const sent = it.lines.filter(back);
    const hasParts = sent.length > 0 || it.shipping.amount > 0; // that may come back instead of an amount
    return h("div", { class: "cards" },
      it.due.amount > 0 && it.order_status !== "cancelled" && fold(w.order.pay, pay.draw({ label: w.order.pay }, () => [
        choice("method", w.order.method, ["transfer", "cash", "card", "other"].map((method) => [method, named(method)])),
        price("amount", w.order.amount, it.due), field("reference", w.order.reference, { hint: w.optional })])),
      open.length > 0 && fold(w.order.send, send.draw({ label: w.order.send }, () => [
        units(open, left), field("carrier", w.order.carrier, { hint: w.optional }), field("tracking", w.order.tracking, { hint: w.optional })])),
      it.paid.amount > it.refunded.amount && fold(w.order.refund, refund.draw({ label: w.order.refund, class: "danger" }, () => [
        sent.length > 0 && [h("p", {}, w.order.refundHow), units(sent, back, () => 0), tick("restock", w.order.restock)],
        it.shipping.amount > 0 && price("shipping", w.order.shipping, null, { currency: currency() }),
        price("amount", hasParts ? w.order.refundAmount : w.order.amount, null,
          { currency: currency(), hint: hasParts && w.order.refundAmountHint }),
        field("reason", w.order.reason, { hint: w.optional })])),
      open.length > 0 && fold(w.order.cancel, cancel.draw({ label: w.order.cancel, class: "danger" }, () => [
        units(open, left), field("reason", w.order.reason, { hint: w.optional })])));
  };

  const payment = (it) => [
    `${money(it.amount)} · ${it.method ? named(it.method) : it.provider} `, badge(it.state), it.reference && ` ${it.reference}`,
    session.may("orders:write") && it.state === "authorised" && button(w.order.capture, () => doing(`payments/${it.id}/captures`, {}), ""),
    session.may("orders:write") && it.state === "open" && button(w.order.giveUp, () => doing(`payments/${it.id}/cancellation`, {}, "PUT")),
  ];
  const refunded = (it) => [`${money(it.amount)} `, badge(it.state), it.reason && ` ${it.reason}`];
  const fulfilled = ({ lines: some, carrier, tracking }) =>
    [some.map((line) => `${line.quantity} × ${line.sku}`).join(", "), tracking && ` · ${[carrier, tracking].filter(Boolean).join(" ")}`];
  const log = (heading, { body }, draw, props) => body?.data.length > 0 && h("section", { key: heading, ...props }, h("h2", {}, heading),
    h("ul", { class: "log" }, body.data.map((it) => h("li", { key: it.id }, `${when(it.created_at)} · `, draw(it)))));

  return {
    dirty: () => [pay, send, refund, cancel, note].some((it) => it.dirty),
    draw: () => {
      const it = one.body;
      if (!it) return missingPage(one);
      noted.began ??= noted.before = it.staff_note ?? "";
      return [
        head(it), one.problem && notice(inWords(one.problem), "bad"), bought(it),
        session.may("orders:write") && acts(it),
        log(w.order.payments, payments, payment, { class: "unprinted" }),
        log(w.order.refunds, refunds, refunded, { class: "unprinted" }),
        log(w.order.fulfilments, fulfilments, fulfilled),
        session.may("orders:write") && h("section", { key: "note", class: "unprinted" }, h("h2", {}, w.order.staffNote),
          note.draw({ label: w.save }, () => [
          field("staff_note", w.order.staffNoteHint,
            { tag: "textarea", rows: 3, value: noted.began, hint: noted.theirs && `${w.theirs}: ${noted.theirs}` })])),
        h("section", { key: "history", class: "unprinted" }, h("h2", {}, w.order.history), h("ol", { class: "log" }, it.events.map((event, at) =>
          h("li", { key: at }, `${when(event.at)} · ${named(event.kind)} · ${named(event.by)}`, event.note && ` · ${event.note}`)))),
      ];
    },
  };
}

const left = (line) => line.quantity - line.fulfilled - line.cancelled;
const back = (line) => line.fulfilled - line.returned;

/** Fields for how many of each line: at most `most(line)`, to begin with `value(line)`. */
const units = (rows, most, value = most) => rows.map((line) => field(`units ${line.sku}`, `${line.name} (${w.order.of(most(line))})`,
  { type: "number", min: 0, max: most(line), value: String(value(line)), class: "number" }));
const lines = (values) => Object.entries(values).filter(([, quantity]) => Number(quantity) > 0)
  .map(([name, quantity]) => ({ sku: name.replace(/^units /, ""), quantity: Number(quantity) }));

function some(chosen) {
  if (!chosen.length) throw new Problem({ status: 0, code: "nothing-chosen" });
  return chosen;
}

function bought(it) {
  const cell = (...parts) => h("td", { role: "cell", class: "number" }, parts);
  const name = (props, ...parts) => h("th", { scope: "row", role: "rowheader", ...props }, parts);
  const progress = (line) => ["fulfilled", "cancelled", "returned"].map((state) =>
    line[state] > 0 && h("small", { key: state }, `${line[state]} ${named(state)}`));
  const sum = (label, amount, { always = false, strong = false } = {}) => (always || amount.amount !== 0)
    && h("tr", { role: "row", key: label, class: "sum" }, name({ colspan: 2 }, label), cell(strong ? h("strong", {}, money(amount)) : money(amount)));
  return section(w.order.bought, h("div", { class: "table" }, h("table", { role: "table" }, h("tbody", { role: "rowgroup" },
    it.lines.map((line) => h("tr", { role: "row", key: line.sku }, name({}, line.name, h("small", {}, line.sku), progress(line)),
      cell(`${line.quantity} × ${money(line.unit_price)}`), cell(money(line.total)))),
    sum(w.order.discount, it.discount), sum(w.order.shipping, it.shipping),
    it.taxes.map((tax) => sum(`${tax.name} ${it.prices_include_tax ? w.order.included : ""}`, tax.amount, { always: true })),
    sum(w.orders.total, it.total, { always: true, strong: true }), sum(w.order.paid, it.paid, { always: true }), sum(w.order.refunded, it.refunded),
    sum(w.order.due, it.due, { strong: true })))));
}

function address(it) {
  return it && [it.name, it.company, it.line1, it.line2, `${it.postcode ?? ""} ${it.city ?? ""}`.trim(), it.region, it.country, it.phone]
    .filter(Boolean).map((line) => [line, h("br")]);
}
