// One article, or one item, as it looks in a list.

import { el, foreign, links, money, onItsOwn, picture, time, visible } from "./ui.js";
import { words } from "./words.js";

export const articleCard = onItsOwn(fullArticle, nameOnly);
export const itemCard = onItsOwn(fullItem, nameOnly);

function nameOnly({ title, name, url }) {
  return el("article", { class: "card plain" }, el("h3", {}, el("a", { href: url }, visible(title ?? name))));
}

function fullArticle(article, { lead = false } = {}) {
  return el("article", { class: lead ? "card lead" : article.image ? "card" : "card plain", lang: article.language },
    article.image && el("div", { class: "frame" }, picture(article.image, { loading: lead && "eager" })),
    el("div", { class: "text" },
      kicker(article, lead),
      el(lead ? "h2" : "h3", {}, el("a", { href: links.article(article.slug) }, visible(article.title))),
      article.excerpt && el("p", { class: "excerpt" }, article.excerpt),
      byline(article)));
}

/** Who, when, and in which language if it is not the reader's. */
export function byline({ authors, published_at: published, language }) {
  const names = authors.map(({ name, slug }) => el("a", { href: links.list("articles", { author: slug }) }, visible(name)));
  const parts = [
    names.length > 0 && el("span", {}, words.by, " ", names.flatMap((name, i) => (i ? [", ", name] : [name]))),
    published && time(published),
    foreign(language) && el("span", { class: "badge" }, words.readIn(foreign(language))),
  ];
  return el("p", { class: "byline", lang: document.documentElement.lang }, parts);
}

function fullItem(item) {
  const soldOut = item.kind !== "external" && item.variants.length > 0 && item.variants.every(({ stock }) => isGone(stock));
  const onSale = item.variants.some((variant) => variant.on_sale);
  return el("article", { class: "card item" },
    el("div", { class: "frame square" },
      picture(item.images[0] ?? { url: "/images/shop-nothing.svg" }),
      soldOut ? el("span", { class: "flag gone" }, words.soldOut) : onSale && el("span", { class: "flag" }, words.onSale)),
    el("div", { class: "text" },
      el("p", { class: "kicker" }, words.kinds[item.kind] ?? item.kind),
      el("h3", {}, el("a", { href: links.item(item.slug) }, visible(item.name))),
      item.summary && el("p", { class: "excerpt" }, item.summary),
      lowestPrice(item.variants)));
}

/** A variant's price, with the earlier one struck out when it is reduced. */
export function priceTag({ price, regular_price: regular, compare_at: compared, on_sale: onSale }, text = money(price)) {
  const before = regular.amount > price.amount ? regular : compared;
  if (!onSale) return el("p", { class: "price" }, text);
  return el("p", { class: "price reduced" },
    el("span", { class: "unseen" }, words.nowPrice, " "), el("strong", {}, text), " ",
    el("span", { class: "unseen" }, words.wasPrice, " "), el("s", {}, money(before)));
}

export function isGone(stock) {
  return stock.tracked && stock.available <= 0;
}

function kicker({ featured, categories }, lead) {
  const names = categories.map(({ name, slug }) => el("a", { href: links.list("articles", { category: slug }) }, visible(name)));
  if (lead && featured) names.unshift(el("span", { lang: document.documentElement.lang }, words.featured));
  return names.length > 0 && el("p", { class: "kicker" }, names);
}

function lowestPrice(variants) {
  if (!variants.length) return null;
  const lowest = variants.reduce((a, b) => (b.price.amount < a.price.amount ? b : a));
  const same = variants.every(({ price }) => price.amount === lowest.price.amount);
  return priceTag(lowest, same ? money(lowest.price) : words.from(money(lowest.price)));
}
