// The basket, with its sums as they are now, and the order below.

import { call } from "./api.js";
import { basketLines, isQuantity, onBasketChange, removeFromBasket, setQuantity } from "./basket-lines.js";
import { checkoutForm } from "./checkout.js";
import { draft } from "./draft.js";
import { lastOrder } from "./guest.js";
import { page } from "./page.js";
import { quoter } from "./quotes.js";
import { el, field, inWords, links, money, notice, onSubmit, picture, visible } from "./ui.js";
import { words } from "./words.js";

const PAUSE_MS = 250;

page(words.buying.basket, async (main) => {
  const title = el("h1", { tabindex: "-1" }, words.buying.basket);
  if (!basketLines().length) return main.append(el("div", { class: "column" }, title, emptiness()));
  const [countries, providers, methods] = await Promise.all(
    ["/v1/countries", "/v1/payment-providers", "/v1/shipping-methods?limit=1"].map((path) => call(path)));
  const rows = new Map(basketLines().map((line) => [line.sku, lineRow(line, changed)]));
  const said = el("div", { role: "status" });
  const coupons = couponForm(ask);
  const checkout = checkoutForm({ countries: countries.data, providers: providers.data, ships: methods.data.length > 0, ask: refresh });
  const quote = quoter({ terms: checkout.terms, show, fail });
  let pause = 0;

  function show(sums, gone) {
    said.replaceChildren();
    for (const [sku, row] of rows) row.show(sums?.lines.find((line) => line.sku === sku), gone.includes(sku));
    coupons.show(sums?.coupons ?? []);
    checkout.show(sums, gone);
  }

  function fail(error) {
    said.replaceChildren(notice(inWords(error), "bad"), el("p", {}, el("button", { type: "button", class: "quiet", onclick: ask }, words.buying.again)));
    checkout.show(null, []);
  }

  function refresh(known) {
    return known ? show(known, []) : quote();
  }

  function ask() {
    return quote();
  }

  function changed(sku, quantity) {
    clearTimeout(pause);
    if (quantity) {
      setQuantity(sku, quantity);
      pause = setTimeout(ask, PAUSE_MS);
      return;
    }
    rows.get(sku).node.remove();
    rows.delete(sku);
    removeFromBasket([sku]);
    if (!rows.size) return location.reload();
    title.focus();
    checkout.fit();
    ask();
  }

  main.append(el("div", { class: "column" },
    title,
    el("ul", { class: "basket" }, [...rows.values()].map(({ node }) => node)),
    coupons.node,
    said,
    checkout.form));
  onBasketChange((elsewhere) => elsewhere && location.reload());
  await quote();
});

// The browser shows a page that was left for the provider's as it was, with what has been ordered by now.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

function emptiness() {
  const last = lastOrder.id;
  return [
    el("p", { class: "status" }, words.buying.empty),
    el("p", {}, el("a", { href: "/shop/" }, words.wholeShop)),
    last && el("p", {}, el("a", { href: links.order(last) }, words.buying.toLastOrder)),
  ];
}

/** A line whose field stays what it is while its sums follow. */
function lineRow({ sku, quantity, slug, name, image }, changed) {
  const id = `quantity-${sku}`;
  const label = el("span", {}, visible(name ?? sku));
  const sum = el("span", { class: "amount" });
  const state = el("small", { class: "stock few", role: "status" });
  const input = el("input", { id, type: "number", min: 1, value: quantity, inputmode: "numeric", oninput: () => isQuantity(Number(input.value)) && changed(sku, Number(input.value)) });
  const remove = el("button", { type: "button", class: "link", onclick: () => changed(sku, 0) }, words.buying.remove, el("span", { class: "unseen" }, " ", label.textContent));
  const node = el("li", {},
    el("div", { class: "frame square" }, picture({ url: image ?? "/images/shop-nothing.svg" })),
    el("div", { class: "text" },
      slug ? el("a", { href: `${links.item(slug)}&${new URLSearchParams({ sku })}` }, label) : label,
      state,
      el("p", { class: "row" },
        el("label", { class: "unseen", for: id }, `${words.quantity}: ${label.textContent}`), input, remove)),
    sum);

  function show(line, isGone) {
    if (line) label.textContent = visible(line.name);
    sum.textContent = line ? money(line.total) : "";
    if (isGone) state.textContent = words.problems["unknown-item"];
    else if (line && line.available !== null && line.quantity > line.available) state.textContent = words.buying.onlyLeft(line.available, 0);
    else state.textContent = "";
  }
  return { node, show };
}

function couponForm(ask) {
  const chosen = el("ul", { class: "coupons" });
  const form = el("form", {},
    el("div", { class: "row" },
      field("code", words.buying.coupon, { autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 60 }),
      el("button", { class: "quiet" }, words.buying.apply)));

  function show(coupons) {
    chosen.replaceChildren(...coupons.map(({ code, applied, reason }) => el("li", {},
      el("strong", {}, code), " ",
      el("span", { class: applied ? "good" : "wrong", role: "status" }, applied ? words.buying.couponApplied : words.buying.couponReasons[reason] ?? words.problems["coupon-not-applicable"]), " ",
      el("button", { type: "button", class: "link", onclick: () => remove(code) }, words.buying.remove, el("span", { class: "unseen" }, " ", code)))));
  }

  function remove(code) {
    draft.change({ coupons: draft.coupons.filter((one) => !isSame(one, code)) });
    form.elements.code.focus();
    return ask();
  }

  onSubmit(form, async ({ code: typed }) => {
    const code = typed.trim();
    if (!code) return;
    const others = draft.coupons.filter((one) => !isSame(one, code));
    draft.change({ coupons: [...others, code].slice(-5) });
    form.reset();
    await ask();
  });
  return { node: el("section", { class: "coupon", "aria-label": words.buying.coupon }, form, chosen), show };
}

function isSame(one, other) {
  return one.toLowerCase() === other.toLowerCase();
}
