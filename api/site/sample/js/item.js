// One item: choose a variant, put it into the basket.

import { call } from "./api.js";
import { addToBasket, basketLines, isQuantity, MOST_LINES } from "./basket-lines.js";
import { isGone, priceTag } from "./cards.js";
import { page, retitle } from "./page.js";
import { el, field, links, notice, onSubmit, picture, prose, tell, visible } from "./ui.js";
import { words } from "./words.js";

const FEW = 5;

page(words.shop, async (main, parameters) => {
  const [item, shop] = await Promise.all([call(`/v1/items/${encodeURIComponent(parameters.get("slug") ?? "")}`), call("/v1")]);
  if (item.slug !== parameters.get("slug")) history.replaceState(null, "", links.item(item.slug));
  retitle(visible(item.name));
  const images = item.images.length ? item.images : [{ url: "/images/shop-nothing.svg" }];
  main.append(el("article", { class: "item-page" },
    el("div", { class: "gallery" },
      images.map((image) => el("div", { class: "frame square" }, picture(image, { loading: "eager" })))),
    el("div", { class: "about" },
      el("p", { class: "kicker" }, el("span", {}, words.kinds[item.kind] ?? item.kind),
        item.categories.map(({ name, slug }) => el("a", { href: links.list("shop", { category: slug }) }, visible(name)))),
      el("h1", {}, visible(item.name)),
      item.summary && el("p", { class: "summary" }, item.summary),
      item.kind === "external" ? elsewhere(item) : buyForm(item, parameters, shop.prices_include_tax ? words.taxIncluded : words.taxOnTop),
      prose(item.description_html),
      details(item),
      item.tags.length > 0 && el("p", { class: "tags" },
        item.tags.map(({ name, slug }) => el("a", { href: links.list("shop", { tag: slug }) }, visible(name)))))));
});

function elsewhere({ external_url: url, variants }) {
  const host = url?.match(/\/\/([^/?#]+)/)?.[1];
  return el("div", { class: "buy" }, variants[0] && priceTag(variants[0]),
    host
      ? el("p", {}, el("a", { href: url, rel: "noopener" }, words.externalLink(host)))
      : el("p", { class: "small" }, words.externalNote));
}

function details({ properties }) {
  return properties.length > 0 && el("dl", { class: "properties" },
    properties.map(({ name, value }) => [el("dt", {}, visible(name)), el("dd", {}, visible(value))]));
}

function buyForm(item, parameters, taxes) {
  const variants = withOptions(item);
  const first = variants.find((one) => one.sku === parameters.get("sku")) ?? variants.find((one) => !isGone(one.stock)) ?? variants[0];
  const offer = el("div", { class: "offer", "aria-live": "polite" });
  const button = el("button", { class: "strong" }, words.buying.add);
  const form = el("form", { class: "buy" },
    optionsOf(item).map((option) => choice(option, first?.options[option.name])),
    offer,
    el("div", { class: "row" },
      field("quantity", words.quantity, { type: "number", min: 1, value: parameters.get("quantity") ?? 1, inputmode: "numeric" }), button));

  function chosen() {
    const picked = Object.fromEntries(optionsOf(item).map(({ name }) => [name, form.elements[`option:${name}`].value]));
    return variants.find(({ options }) => Object.entries(picked).every(([name, value]) => options[name] === value));
  }

  function show() {
    const variant = chosen();
    button.disabled = !variant || isGone(variant.stock);
    offer.replaceChildren(...(variant ? [priceTag(variant), stockLine(variant.stock), el("p", { class: "small" }, taxes)] : [el("p", {}, words.noSuchVariant)]));
  }

  form.addEventListener("change", ({ target }) => {
    if (target.type === "radio") show();
    // So that the choice survives a reload, and can be sent to a friend.
    const choice = { sku: chosen()?.sku ?? "", quantity: form.elements.quantity.value };
    history.replaceState(null, "", `${links.item(item.slug)}&${new URLSearchParams(choice)}`);
  });

  onSubmit(form, ({ quantity: typed }) => {
    const { sku, stock } = chosen();
    const quantity = Number(typed);
    const before = basketLines().find((line) => line.sku === sku)?.quantity ?? 0;
    if (!isQuantity(quantity)) return tell(form, words.problems["out-of-range"], "bad");
    if (stock.tracked && before + quantity > stock.available) return tell(form, words.buying.onlyLeft(stock.available, before), "bad");
    const { slug, name, kind, images } = item;
    const line = { sku, quantity, slug, name, image: images[0]?.url, physical: kind === "physical" };
    if (!addToBasket(line)) return tell(form, words.buying.full(MOST_LINES), "bad");
    const said = notice([words.buying.added, " ", el("a", { href: "/basket/" }, words.buying.toBasket)]);
    form.querySelector(".row").before(said);
  });

  show();
  return form;
}

// An item may have several variants and no named options (an import can bring one): then the sku is the option.
function optionsOf({ options, variants }) {
  if (options.length || variants.length < 2) return options;
  return [{ name: words.variant, values: variants.map(({ sku }) => sku) }];
}

function withOptions(item) {
  if (item.options.length) return item.variants;
  return item.variants.map((variant) => ({ ...variant, options: { [words.variant]: variant.sku } }));
}

function choice({ name, values }, chosen) {
  return el("fieldset", { class: "pills" },
    el("legend", {}, name),
    values.map((value) => el("label", {},
      el("input", { type: "radio", name: `option:${name}`, value, checked: value === chosen }), el("span", {}, value))));
}

function stockLine(stock) {
  if (isGone(stock)) return el("p", { class: "stock gone" }, words.soldOut);
  if (!stock.tracked) return el("p", { class: "stock" }, words.notCounted);
  return stock.available <= FEW
    ? el("p", { class: "stock few" }, words.left(stock.available))
    : el("p", { class: "stock" }, words.inStock);
}
