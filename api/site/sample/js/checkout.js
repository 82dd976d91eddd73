// The order form below the basket: who, where to, how it is shipped and paid, the sums, and the button.

import { call, newKey, session } from "./api.js";
import { addressFields, addressOf, isBlank } from "./address.js";
import { basketLines, removeFromBasket } from "./basket-lines.js";
import { draft, fill, follow } from "./draft.js";
import { keepToken, lastOrder } from "./guest.js";
import { providerChoice } from "./providers.js";
import { sumRows } from "./sums.js";
import { el, field, links, money, notice, onSubmit, tell } from "./ui.js";
import { words } from "./words.js";

const KEY = "kiosque-order-key";
const OUTDATED = ["out-of-stock", "too-many-units", "unknown-item", "coupon-not-applicable", "shipping-unavailable"];

/** `ships`: whether the shop has shipping methods, and so needs an address. `ask` draws fresh sums, or those given. */
export function checkoutForm({ countries, providers, ships, ask }) {
  const address = el("div");
  const invoice = el("div");
  const options = el("fieldset", { class: "pills", hidden: true });
  const payment = el("div", {}, providerChoice(providers));
  const sums = el("tbody");
  const button = el("button", { class: "strong", disabled: true }, words.buying.order);
  const form = el("form", { class: "checkout" },
    el("h2", {}, words.buying.checkout),
    contact(),
    address,
    el("label", { class: "tick" }, el("input", { type: "checkbox", name: "invoice", onchange: fit }), words.buying.invoice),
    invoice,
    options,
    payment,
    el("table", { class: "sums", "aria-live": "polite" }, el("caption", { class: "unseen" }, words.buying.sums), sums),
    el("p", { class: "actions" }, button));
  let quote = null;
  let gone = [];

  function isShipped() {
    return basketLines().some(({ physical }) => physical !== false);
  }

  /** Shows the addresses that this basket asks for; what was typed is still there. */
  function fit() {
    const places = countries.filter((country) => country.ships);
    place(address, isShipped(), () => [
      addressFields("shipping_address", places, words.buying.shipTo),
      !ships && el("p", { class: "small" }, words.buying.shipToNote),
    ]);
    place(invoice, form.elements.invoice.checked, () => [
      addressFields("billing_address", countries, words.buying.invoiceTo),
      field("tax_id", words.buying.taxId, { autocomplete: "off", maxlength: 40 }),
    ]);
    fill(form);
  }

  function terms() {
    const values = Object.fromEntries(new FormData(form));
    const goesTo = isShipped() ? "shipping_address" : "billing_address";
    const country = values[`${goesTo}/country`] || undefined;
    return {
      coupons: draft.coupons,
      country,
      region: country && values[`${goesTo}/region`]?.trim() || undefined,
      shipping_method: values.shipping_method ?? draft.values.shipping_method,
    };
  }

  function show(sent, missing) {
    quote = sent;
    gone = missing;
    button.disabled = !quote;
    sums.replaceChildren(...(quote ? sumRows(quote, 2) : []));
    button.textContent = quote?.total.amount ? words.buying.orderFor(money(quote.total)) : words.buying.order;
    payment.hidden = !quote?.total.amount;
    showOptions(quote);
  }

  function showOptions(sent) {
    const offered = sent?.shipping_options ?? [];
    const focused = options.contains(document.activeElement) && document.activeElement.value;
    const isServed = offered.length > 0 || !sent || !ships || !isShipped();
    options.hidden = isServed && !offered.length;
    options.replaceChildren(el("legend", {}, words.buying.shipping),
      ...offered.map(({ method, name, price }) => el("label", {},
        el("input", { type: "radio", name: "shipping_method", value: method, checked: method === sent.shipping_method?.id }),
        el("span", {}, `${name} · ${price.amount ? money(price) : words.buying.free}`))));
    if (!isServed) options.append(notice(words.problems["shipping-unavailable"], "bad"));
    if (focused) options.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
  }

  function bodyOf(values) {
    const shipTo = isShipped() ? addressOf(values, "shipping_address") : null;
    const wanted = basketLines().filter(({ sku }) => !gone.includes(sku));
    return {
      lines: wanted.map(({ sku, quantity }) => ({ sku, quantity })),
      email: session.current ? undefined : values.email.trim(),
      shipping_address: shipTo && (ships || !isBlank(shipTo)) ? shipTo : undefined,
      billing_address: values.invoice ? addressOf(values, "billing_address") : undefined,
      tax_id: values.tax_id?.trim() || undefined,
      shipping_method: quote.shipping_method?.id,
      coupons: quote.coupons.filter(({ applied }) => applied).map(({ code }) => code),
      expected_total: quote.total,
      payment: quote.total.amount ? { provider: values.provider } : undefined,
    };
  }

  async function react(problem) {
    if (problem.code === "authentication-required") return session.ask(); // this shop takes no guests
    if (problem.code === "price-changed" && problem.data.quote) {
      ask(problem.data.quote);
      return tell(form, words.buying.newTotal(money(problem.data.quote.total)), "bad");
    }
    if (OUTDATED.includes(problem.code)) {
      await ask();
      return tell(form, problem.code === "too-many-units" ? words.buying.atMost(problem.data.max) : words.problems[problem.code], "bad");
    }
    throw problem;
  }

  fit();
  fit(); // the draft may have asked for an invoice to another address
  follow(form);
  form.addEventListener("change", ({ target }) => {
    if (["invoice", "shipping_method"].includes(target.name) || /_address\/(country|region)$/.test(target.name)) ask();
  });
  onSubmit(form, async (values) => {
    const body = bodyOf(values);
    try {
      const order = await call("/v1/orders", { method: "POST", body, signedIn: Boolean(session.current), key: keyFor(body) });
      leave(order);
    } catch (problem) {
      await react(problem);
    }
  });
  return { form, terms, show, fit };
}

function place(box, isShown, draw) {
  if (!isShown) box.replaceChildren();
  else if (!box.childElementCount) box.append(...draw().filter(Boolean));
}

function contact() {
  if (session.current) return el("p", {}, words.buying.orderAs, " ", el("strong", {}, session.current.account.email));
  return [
    field("email", words.email, { type: "email", autocomplete: "email", required: true, hint: words.buying.emailHint }),
    el("p", { class: "small" }, words.haveAccount, " ", el("a", { href: "/login/?next=%2Fbasket%2F" }, words.login)),
  ];
}

/** One key for one wish, until it is answered: sent again after a lost answer it gives the same order. */
function keyFor(body) {
  const wish = JSON.stringify(body);
  const [last, key] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  if (last === wish) return key;
  const fresh = newKey();
  sessionStorage.setItem(KEY, JSON.stringify([wish, fresh]));
  return fresh;
}

/** The order stands: to the provider's page if the buyer pays there, else to the order. */
function leave({ id, access_token: token, lines, payment }) {
  sessionStorage.removeItem(KEY);
  if (token) keepToken(id, token);
  lastOrder.id = id;
  draft.change({ coupons: [] });
  removeFromBasket(lines.map(({ sku }) => sku));
  location.assign(payment?.next?.url ?? links.order(id));
}
