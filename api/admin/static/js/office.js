// The shell: who is in, where they are, and the way to everywhere else.

import { account, accounts } from "./areas/accounts.js";
import { article } from "./areas/article.js";
import { articles } from "./areas/articles.js";
import { comments } from "./areas/comments.js";
import { home } from "./areas/home.js";
import { imports } from "./areas/imports.js";
import { log } from "./areas/log.js";
import { item } from "./areas/item.js";
import { items, shelf } from "./areas/items.js";
import { me } from "./areas/me.js";
import { media, medium } from "./areas/media.js";
import { order } from "./areas/order.js";
import { orders } from "./areas/orders.js";
import { settings } from "./areas/settings.js";
import { setupForm, setupToken } from "./areas/setup.js";
import { site } from "./areas/site.js";
import { webhook, webhooks } from "./areas/webhooks.js";
import { rule, shop } from "./areas/shop.js";
import { dialogs, loginForm, sure } from "./dialogs.js";
import { draw, h } from "./draw.js";
import { arrived, onRedraw, redraw, status } from "./live.js";
import { session } from "./session.js";
import { language, languages, speak, w } from "./words.js";

/** What there is: `list` is the page of the area, `one` that of a thing in it, `may` any of the permissions. */
const AREAS = [
  { name: "home", may: [], list: home },
  { name: "orders", may: ["orders:read"], list: orders, one: order },
  { name: "items", may: ["items:write"], list: items, one: item },
  { name: "stock", may: ["stock:write"], list: shelf },
  { name: "articles", may: ["articles:write"], list: articles, one: article },
  { name: "comments", may: ["comments:moderate", "articles:write"], list: comments },
  { name: "media", may: ["media:write"], list: media, one: medium },
  { name: "shop", may: ["shop:write"], list: shop, one: rule },
  { name: "site", may: ["articles:edit", "items:write", "redirects:write"], list: site },
  { name: "accounts", may: ["accounts:read"], list: accounts, one: account },
  { name: "imports", may: ["imports:write"], list: imports },
  { name: "webhooks", may: ["webhooks:write"], list: webhooks, one: webhook },
  { name: "log", may: ["events:read", "mails:read", "jobs:write", "audit:read"], list: log },
  { name: "settings", may: ["settings:read"], list: settings },
  { name: "me", may: [], list: me },
];

let route = null;
let page = null;

/** Where the address says that the person is. A page reads `id` and `query`, and moves by `go` and `to`. */
function routeOf(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  const open = AREAS.filter(({ may }) => may.length === 0 || session.may(...may));
  const area = open.find((one) => one.name === name) ?? open[0];
  return {
    area, hash, query: new URLSearchParams(query), id: area.name === name ? rest.map(decodeURIComponent).join("/") : "",
    /** The address of this page with other parameters; null and empty ones are left out. */
    to(changes) {
      const next = new URLSearchParams(this.query);
      for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key);
      return `#/${path}${next.size ? `?${next}` : ""}`;
    },
    /** What was new is stored: the page stays, at the address of `id`. */
    become(id) {
      Object.assign(this, { id, hash: `#/${area.name}/${encodeURIComponent(id)}` });
      history.replaceState(null, "", this.hash);
    },
    go(changes) { location.hash = this.to(changes); },
  };
}

async function navigate() {
  if (!session.current) return redraw();
  const next = routeOf(location.hash);
  if (route && next.hash === route.hash) return null;
  if (page?.dirty?.() && !sameThing(next) && !(await leaving(next))) return null;
  if (route && sameThing(next)) {
    route = Object.assign(route, { hash: next.hash, query: next.query });
    page.follow?.();
  } else {
    page?.leave?.();
    route = next;
    page = (route.id && route.area.one ? route.area.one : route.area.list)(route);
    arrived();
    document.querySelector("main")?.focus();
    scrollTo(0, 0);
  }
  return redraw();
}

const sameThing = (next) => route && next.area === route.area && next.id === route.id;

/** Back to the address that is still on the screen, until the person has said what shall become of their text. */
async function leaving(next) {
  history.replaceState(null, "", route.hash || "#/");
  if (!(await sure(w.leaveUnsaved, w.leave))) return false;
  page.discard?.();
  page = { draw: page.draw };
  location.hash = next.hash;
  return true;
}

function paint() {
  if (!session.current) {
    route = page = null;
    return draw(document.body, [h("main", { key: "gate", class: "gate", tabindex: -1 }, h("h1", {}, w.office), setupToken() ? setup() : gate(), said()), ...dialogs()]);
  }
  if (!page) return navigate();
  const focused = document.activeElement !== document.body;
  draw(document.body, [
    h("a", { class: "skip", href: "#main", key: "skip", onclick: (event) => { event.preventDefault(); document.getElementById("main").focus(); } }, w.skip),
    masthead(),
    h("main", { key: "main", id: "main", tabindex: -1 }, said(), page.draw()),
    ...dialogs(),
  ]);
  document.title = `${document.querySelector("h1")?.textContent ?? w.office} · ${w.office}`;
  // What had the focus is gone with its form: the heading says where one is.
  if (focused && document.activeElement === document.body) document.querySelector("h1")?.focus();
  return null;
}

const gate = loginForm(() => navigate());
const setup = setupForm(() => { location.hash = "#/home"; });
const said = () => h("p", { key: "status", class: status.text ? `said ${status.bad ? "bad" : ""}` : "unseen", role: "status", "aria-live": "polite" }, status.text);

function masthead() {
  const open = AREAS.filter(({ name, may }) => name !== "me" && (may.length === 0 || session.may(...may)));
  return h("header", { key: "masthead" },
    h("a", { class: "brand", href: "#/home" }, h("img", { src: "favicon.svg", alt: "", width: 32, height: 32 }), h("span", {}, w.office)),
    h("nav", { "aria-label": w.areasLabel }, open.map(({ name }) =>
      h("a", { key: name, href: `#/${name}`, "aria-current": name === route.area.name ? "page" : null }, w.areas[name]))),
    h("div", { class: "me" },
      languages.filter((tag) => tag !== language).map((tag) => h("button", { key: tag, class: "quiet", lang: tag, onclick: () => speak(tag) }, w.languages[tag])),
      h("a", { href: "#/me" }, session.current.account.name),
      h("button", { class: "quiet", onclick: leave }, w.logOut)));
}

async function leave() {
  if (page?.dirty?.() && !(await sure(w.leaveUnsaved, w.leave))) return;
  await session.end();
  location.hash = "";
  redraw();
}

function keys(event) {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("main input[type=search]")?.focus();
  } else {
    page?.keys?.(event);
  }
}

document.documentElement.lang = language;
onRedraw(paint);
addEventListener("hashchange", navigate);
addEventListener("keydown", keys);
addEventListener("beforeunload", (event) => page?.dirty?.() && event.preventDefault());
navigate();
