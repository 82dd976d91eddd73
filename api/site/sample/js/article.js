// One article or page, with its comments.

import { call } from "./api.js";
import { byline } from "./cards.js";
import { comments } from "./comments.js";
import { page, retitle } from "./page.js";
import { el, formatTime, links, picture, prose, visible } from "./ui.js";
import { words } from "./words.js";

const WORDS_A_MINUTE = 220;

page(words.articles, async (main, parameters) => {
  const article = await call(`/v1/articles/${encodeURIComponent(parameters.get("slug") ?? "")}`);
  // An old slug was redirected: let the address bar, and what is copied from it, say the new one.
  if (article.slug !== parameters.get("slug")) history.replaceState(null, "", links.article(article.slug));
  retitle(visible(article.title));
  main.append(el("article", { class: "reading", lang: article.language },
    article.type === "article" && kicker(article),
    el("h1", {}, visible(article.title)),
    article.type === "article" && byline(article),
    article.image && el("div", { class: "frame wide" }, picture(article.image, { loading: "eager" })),
    prose(article.body_html),
    article.tags.length > 0 && el("p", { class: "tags" },
      article.tags.map(({ name, slug }) => el("a", { href: links.list("articles", { tag: slug }), rel: "tag" }, visible(name))))));
  if (article.type === "article") main.append(await comments(article));
  else main.append(el("p", { class: "reading byline" }, words.updated(formatTime(article.updated_at))));
});

function kicker({ categories, body_html: html }) {
  const wordCount = html.replace(/<[^>]*>/g, " ").split(/\s+/).length;
  return el("p", { class: "kicker", lang: document.documentElement.lang },
    categories.map(({ name, slug }) => el("a", { href: links.list("articles", { category: slug }) }, visible(name))),
    el("span", {}, words.minutes(Math.ceil(wordCount / WORDS_A_MINUTE))));
}
