// One order, for its buyer or for whoever has its link: what is true now, what can be paid, and what was sent.

import { call } from "./api.js";
import { accessTo, dropToken, orderOfAddress } from "./guest.js";
import { downloads, orderTable, parcels, places, refunds, sellerPart, stateTags } from "./order-parts.js";
import { page, retitle } from "./page.js";
import { paymentPart } from "./payments.js";
import { el, field, formatTime, inWords, notice, onSubmit, tell, time } from "./ui.js";
import { words } from "./words.js";

const UNDER_WAY = ["open", "processing", "authorised"];
const LOOK_MS = 3000;
const MOST_LOOKS = 20;

const id = orderOfAddress();

page(words.buying.orderTitle, async (main) => {
  const access = id && accessTo(id);
  if (!access) return main.append(linkForm());
  const linkTo = (file) => call(`/v1/downloads/${encodeURIComponent(file)}/links`, { method: "POST", ...access });
  const ask = (path = "", options = {}) => call(`/v1/orders/${encodeURIComponent(id)}${path}`, { ...access, ...options });
  try {
    await show(main, ask, linkTo);
  } catch (error) {
    if (!["invalid-token", "authentication-required"].includes(error.code)) throw error;
    dropToken(id); // it has ended
    main.append(linkForm(words.buying.linkEnded));
  }
});

async function show(main, ask, linkTo) {
  const { data: payments } = await ask("/payments");
  const at = payments.findIndex(({ provider, state }) => provider !== "manual" && UNDER_WAY.includes(state));
  // The buyer may be back from the provider's page: what happened there is asked of the provider, not of the address.
  if (at >= 0) payments[at] = await ask(`/payments/${payments[at].id}/return`, { method: "PUT" });
  const [order, sent, back, shop] = await Promise.all([ask(), ask("/fulfilments"), ask("/refunds"), call("/v1")]);
  const redraw = () => show(main, ask, linkTo);
  const files = await filesOf(order, ask);
  draw(main, { ask, linkTo, redraw, order, payments, sent: sent.data, back: back.data, files, seller: shop.seller });
  if (payments[at]?.state === "processing") lookAgain(payments[at], { main, ask, redraw });
}

async function filesOf(order, ask) {
  if (order.paid.amount === 0 && order.total.amount > 0) return [];
  const { data } = await ask("/downloads").catch((error) => {
    if (error.status === 404) return { data: [] }; // a server without downloads
    throw error;
  });
  return data;
}

function draw(main, { ask, linkTo, redraw, order, payments, sent, back, files, seller }) {
  const acted = async () => {
    await redraw();
    main.querySelector("h1").focus();
  };
  retitle(words.orderNumber(order.number));
  const sheet = el("article", { class: "sheet order" },
    el("header", { class: "section" },
      el("h1", { tabindex: "-1" }, words.orderNumber(order.number)),
      time(order.placed_at)),
    stateTags(order),
    standing(order, payments),
    order.order_status === "open" && paymentPart({ ask, order, payments, redraw: acted }),
    downloads(files, linkTo),
    orderTable(order),
    places(order),
    parcels(sent),
    refunds(back),
    sellerPart(seller),
    order.note && el("p", { class: "small" }, `“${order.note}”`),
    order.order_status === "open" && order.payment_status === "unpaid" && cancellation(ask, acted));
  main.querySelectorAll(".order").forEach((node) => node.remove());
  main.append(sheet);
}

/** In one sentence, where the order stands. */
function standing({ order_status: status, payment_status: paid, expires_at: expiry }, [latest]) {
  if (status === "expired") return notice(words.buying.expired, "bad");
  if (status === "cancelled") return notice(words.buying.cancelled);
  if (paid === "paid") return notice(words.buying.paid);
  if (paid === "authorised") return notice(words.buying.authorised);
  if (paid === "pending" || latest?.state === "processing") return notice(words.buying.pending);
  if (!["unpaid", "partly_paid"].includes(paid)) return null;
  return [
    latest?.state === "failed" && notice(words.buying.declined, "bad"),
    expiry && el("p", {}, words.buying.heldUntil(formatTime(expiry, { dateStyle: "long", timeStyle: "short" }))),
  ];
}

/** The money is on its way: looks again until it has come or not, as long as somebody may be watching. */
function lookAgain(payment, { main, ask, redraw }, looks = 1) {
  setTimeout(async () => {
    const now = await ask(`/payments/${payment.id}/return`, { method: "PUT" }).catch(() => payment);
    if (now.state !== payment.state) await redraw().catch((error) => main.append(notice(inWords(error), "bad")));
    else if (looks < MOST_LOOKS) lookAgain(payment, { main, ask, redraw }, looks + 1);
  }, LOOK_MS);
}

function cancellation(ask, redraw) {
  const form = el("form", {},
    field("reason", words.cancelReason),
    el("p", { class: "actions" }, el("button", {}, words.cancelConfirm)));
  onSubmit(form, async ({ reason }) => {
    await ask("/cancellation", { method: "PUT", body: reason.trim() ? { reason } : {} });
    await redraw();
  });
  return el("details", {}, el("summary", {}, words.cancelOrder), form);
}

/** For whoever has neither account nor link: another link by mail. */
function linkForm(why) {
  const form = el("form", {},
    field("number", words.buying.number, { inputmode: "numeric", autocomplete: "off" }),
    field("email", words.email, { type: "email", autocomplete: "email" }),
    el("p", { class: "actions" }, el("button", { class: "strong" }, words.sendLink)));
  onSubmit(form, async ({ number, email }) => {
    await call("/v1/order-links", { method: "POST", body: { number: Number(number), email: email.trim() } });
    form.reset();
    tell(form, words.buying.linkSent);
  });
  const next = new URLSearchParams({ next: location.pathname + location.search });
  return el("div", { class: "sheet" },
    el("h1", {}, words.buying.findOrder),
    why && notice(why, "bad"),
    el("p", {}, words.buying.findNote),
    form,
    el("p", {}, words.haveAccount, " ", el("a", { href: id ? `/login/?${next}` : "/orders/" }, id ? words.login : words.myOrders)));
}
