// The frame around every page: masthead, menu, footer, and what is shown when a page cannot be.

import { call, joinOtherTabs, session } from "./api.js";
import { basketCount, onBasketChange } from "./basket-lines.js";
import { el, inWords, links, notice, visible } from "./ui.js";
import { language, otherLanguage, site, switchLanguage, tagline, words } from "./words.js";

/** Draws the frame, then the page: `draw` gets <main> and the parameters of the address. */
export async function page(title, draw) {
  document.documentElement.lang = language;
  retitle(title);
  const main = document.getElementById("main");
  const waiting = el("p", { class: "waiting", role: "status" }, words.loading);
  main.append(waiting);
  await joinOtherTabs();
  document.getElementById("masthead").append(...masthead());
  footer();
  try {
    await draw(main, new URLSearchParams(location.search));
  } catch (error) {
    if (!error.code) console.error(error);
    if (error.status === 404) retitle("404");
    if (!main.querySelector("h1")) main.append(el("h1", {}, words.sorry));
    main.append(notice(inWords(error), "bad"));
  }
  waiting.remove();
}

export function retitle(title) {
  document.title = title ? `${title} · ${site}` : [site, tagline].filter(Boolean).join(" · ");
}

/** Only a path of ours: a link made elsewhere must not carry a fresh login off to another site. */
export function onThisSite(next) {
  const address = next ?? "/";
  if (!URL.canParse(address, location.origin)) return "/";
  const { origin, pathname, search } = new URL(address, location.origin);
  // By itself, a path that starts with two slashes is the address of another host.
  return origin === location.origin && /^\/(?!\/)/.test(pathname) ? pathname + search : "/";
}

function masthead() {
  const account = session.current?.account;
  return [
    el("a", { class: "skip", href: "#main" }, words.skip),
    el("div", { class: "bar" },
      el("a", { class: "brand", href: "/" }, el("img", { src: "/favicon.svg", alt: "", width: 44, height: 44 }), el("span", {}, site)),
      el("nav", { "aria-label": words.menu },
        menuLink("/articles/", words.articles),
        menuLink("/shop/", words.shop),
        basketLink(),
        account && menuLink("/orders/", words.orders),
        account ? menuLink("/account/", words.account) : menuLink("/login/", words.login)),
      otherLanguage && el("button", { class: "quiet", type: "button", lang: otherLanguage, onclick: switchLanguage }, words.otherLanguage)),
    el("div", { class: "awning", "aria-hidden": "true" }),
  ];
}

function basketLink() {
  const link = menuLink("/basket/", "");
  const show = () => { link.textContent = words.buying.basketOf(basketCount()); };
  onBasketChange(show);
  show();
  return link;
}

function menuLink(href, text) {
  return el("a", { href, "aria-current": location.pathname === href && "page" }, text);
}

async function footer() {
  const pages = el("span", { class: "links" });
  document.getElementById("footer").append(
    el("p", {}, el("strong", {}, site), tagline && ` · ${tagline}`),
    el("p", {}, pages, el("span", { class: "links" },
      el("a", { href: "/order/" }, words.buying.findOrder), el("a", { href: "/feed.atom" }, words.feed), el("a", { href: "/docs" }, words.api))),
    el("p", { class: "small" }, words.footer));
  const { data } = await call("/v1/articles?type=page&limit=6").catch(() => ({ data: [] }));
  pages.append(...data.map(({ slug, title, language }) => el("a", { href: links.article(slug), lang: language }, visible(title))));
}
