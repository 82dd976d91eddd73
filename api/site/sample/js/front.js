// Front page: one article large, the latest small, some things from the shop.

import { call } from "./api.js";
import { articleCard, itemCard } from "./cards.js";
import { page } from "./page.js";
import { el } from "./ui.js";
import { site, tagline, words } from "./words.js";

page(null, async (main) => {
  const [articles, items] = await Promise.all([
    call("/v1/articles?limit=7"),
    call("/v1/items?limit=4&in_stock=true"),
  ]);
  const lead = articles.data.find(({ featured }) => featured) ?? articles.data[0];
  const others = articles.data.filter((article) => article !== lead);
  main.append(
    el("h1", { class: "tagline" }, tagline ? [el("span", { class: "unseen" }, site, ": "), tagline] : site),
    lead ? articleCard(lead, { lead: true }) : el("p", { class: "status" }, words.emptyArticles));
  if (others.length) main.append(section(words.latest, "/articles/", words.allArticles, others.map((one) => articleCard(one))));
  if (items.data.length) main.append(section(words.fromShop, "/shop/", words.wholeShop, items.data.map((one) => itemCard(one)), "items"));
});

function section(title, href, all, cards, kind = "") {
  return el("section", {},
    el("header", { class: "section" }, el("h2", {}, title), el("a", { href }, all, " →")),
    el("div", { class: `cards ${kind}` }, cards));
}
