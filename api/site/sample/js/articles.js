// All articles, with search and tags.

import { call } from "./api.js";
import { articleCard } from "./cards.js";
import { givenFilter, list, searchField } from "./list.js";
import { page } from "./page.js";
import { el } from "./ui.js";
import { words } from "./words.js";

const MOST_USED = 10;

page(words.articles, async (main, parameters) => {
  const form = el("form", { class: "filters", role: "search" },
    searchField(words.searchArticles, parameters.get("q")),
    await tagChoice(parameters.get("tag") ?? ""),
    givenFilter("articles", parameters, "category"),
    givenFilter("articles", parameters, "author"));
  const articles = list({ path: "/v1/articles", form, card: articleCard, empty: words.emptyArticles });
  main.append(el("h1", {}, words.articles), form, ...articles.nodes);
  await articles.refresh();
});

async function tagChoice(chosen) {
  const { data } = await call("/v1/tags?limit=100");
  const tags = data.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count).slice(0, MOST_USED);
  if (chosen && !tags.some(({ slug }) => slug === chosen)) {
    tags.push(data.find(({ slug }) => slug === chosen) ?? { slug: chosen, name: chosen });
  }
  return el("fieldset", { class: "pills" },
    el("legend", { class: "unseen" }, words.filterTag),
    [{ slug: "", name: words.all }, ...tags].map(({ slug, name }) =>
      el("label", {}, el("input", { type: "radio", name: "tag", value: slug, checked: slug === chosen }), el("span", {}, name))));
}
