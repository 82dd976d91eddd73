// The shell: who is in, where they are, and the way to everywhere else.

import { setupForm, setupToken } from "./areas/setup.js";
import { answered } from "./api.js";
import { dialogs, loginForm, sure } from "./dialogs.js";
import { draw, h } from "./draw.js";
import { arrived, onRedraw, redraw, say, status } from "./live.js";
import { session } from "./session.js";
import { language, languages, speak, w } from "./words.js";

/** What there is: `list` is the page of the area, `one` that of a thing in it, each `[module, function]`; `may` any
 * of the permissions. */
const AREAS = [
  { name: "home", may: [], list: ["home", "home"] },
  { name: "orders", may: ["orders:read"], list: ["orders", "orders"], one: ["order", "order"] },
  { name: "items", may: ["items:write"], list: ["items", "items"], one: ["item", "item"] },
  { name: "stock", may: ["stock:write"], list: ["items", "shelf"] },
  { name: "articles", may: ["articles:write"], list: ["articles", "articles"], one: ["article", "article"] },
  { name: "comments", may: ["comments:moderate", "articles:write"], list: ["comments", "comments"] },
  { name: "media", may: ["media:write"], list: ["media", "media"], one: ["media", "medium"] },
  { name: "shop", may: ["shop:write"], list: ["shop", "shop"], one: ["shop", "rule"] },
  { name: "site", may: ["articles:edit", "items:write", "redirects:write"], list: ["site", "site"] },
  { name: "accounts", may: ["accounts:read"], list: ["accounts", "accounts"], one: ["accounts", "account"] },
  { name: "imports", may: ["imports:write"], list: ["imports", "imports"] },
  { name: "webhooks", may: ["webhooks:write"], list: ["webhooks", "webhooks"], one: ["webhooks", "webhook"] },
  { name: "log", may: ["events:read", "mails:read", "jobs:write", "audit:read"], list: ["log", "log"] },
  { name: "settings", may: ["settings:read"], list: ["settings", "settings"] },
  { name: "me", may: [], list: ["me", "me"] },
];

// The page before stays until the next one has what it shows, but not longer.
const PATIENCE_MS = 300;

let route = null;
let page = null;
let coming = null; // the route to the page that is being loaded

const modules = new Map();
let failures = 0;

/** The module of an area, which is loaded when it is first needed. A browser may remember that it was not there: it
 * is asked for by another address then. */
function module(name) {
  if (!modules.has(name)) {
    modules.set(name, import(`./areas/${name}.js${failures ? `?${failures}` : ""}`).catch((error) => {
      modules.delete(name);
      failures += 1;
      throw error;
    }));
  }
  return modules.get(name);
}

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
  coming = null;
  if (next.hash === route?.hash) return redraw();
  if (sameThing(next)) {
    Object.assign(route, { hash: next.hash, query: next.query });
    page.follow?.();
    return redraw();
  }
  coming = next;
  redraw();
  const [name, drawn] = (next.id && next.area.one) || next.area.list;
  const found = await module(name).catch(() => null);
  if (coming !== next) return null;
  if (!found) return stay(next);
  if (page?.dirty?.()) return leaving(next);
  const made = found[drawn](next);
  await answered(PATIENCE_MS);
  const isTyped = page?.dirty?.(); // meanwhile
  if (coming !== next || isTyped) made.leave?.();
  if (coming !== next) return null;
  if (isTyped) return leaving(next);
  page?.leave?.();
  [route, page, coming] = [next, made, null];
  arrived();
  document.querySelector("main")?.focus();
  scrollTo(0, 0);
  redraw();
  // On a phone the areas are a strip, which may be longer than the screen is wide.
  return queueMicrotask(() => document.querySelector("header [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }));
}

const sameThing = (next) => route && next.area === route.area && next.id === route.id;

/** Back to the address that is still on the screen, until the person has said what shall become of their text. */
async function leaving(next) {
  back();
  if (!(await sure(w.leaveUnsaved, w.leave))) return;
  page.discard?.();
  page = { draw: page.draw };
  location.hash = next.hash;
}

/** The page that should come cannot be loaded: the one that is there stays, with what is typed on it. */
function stay(next) {
  if (page) back();
  else [route, page] = [{ ...next, hash: null, id: null }, { draw: () => h("h1", { tabindex: -1 }, w.areas[next.area.name]) }];
  coming = null;
  const again = () => { history.replaceState(null, "", next.hash); navigate(); };
  say(w.notLoaded(w.areas[next.area.name]), { bad: true, again });
}

function back() {
  coming = null;
  history.replaceState(null, "", route.hash || "#/");
}

function paint() {
  if (!session.current) {
    route = page = coming = null;
    const form = setupToken() ? setup() : gate();
    return draw(document.body, [h("main", { key: "gate", class: "gate", tabindex: -1 }, h("h1", {}, w.office), form, said()), ...dialogs()]);
  }
  if (!page) return coming ? null : navigate();
  const focused = document.activeElement !== document.body;
  draw(document.body, [
    h("a", { class: "skip", href: "#main", key: "skip", onclick: skip }, w.skip),
    masthead(),
    h("main", { key: "main", id: "main", tabindex: -1, "aria-busy": coming && "true" }, said(), page.draw()),
    ...dialogs(),
  ]);
  document.title = `${document.querySelector("h1")?.textContent ?? w.office} · ${w.office}`;
  // What had the focus is gone with its form: the heading says where one is.
  if (focused && document.activeElement === document.body) document.querySelector("h1")?.focus();
  return null;
}

const gate = loginForm(() => navigate());
const setup = setupForm(() => { location.hash = "#/home"; });
const said = () => h("p",
  { key: "status", class: status.text ? `said ${status.bad ? "bad" : ""}` : "unseen", role: "status", "aria-live": "polite" },
  status.text,
  status.again && h("button", { type: "button", class: "quiet", onclick: status.again }, w.media.again));

function masthead() {
  const open = AREAS.filter(({ name, may }) => name !== "me" && (may.length === 0 || session.may(...may)));
  return h("header", { key: "masthead" },
    h("a", { class: "brand", href: "#/home" }, h("img", { src: "favicon.svg", alt: "", width: 32, height: 32 }), h("span", {}, w.office)),
    h("nav", { "aria-label": w.areasLabel }, open.map(({ name, list }) =>
      h("a", { key: name, href: `#/${name}`, "aria-current": name === route.area.name ? "page" : null,
        onpointerenter: () => module(list[0]).catch(() => null) }, w.areas[name]))),
    h("div", { class: "me" },
      languages.filter((tag) => tag !== language).map((tag) =>
        h("button", { key: tag, class: "quiet", lang: tag, onclick: () => speak(tag) }, w.languages[tag])),
      h("a", { href: "#/me" }, session.current.account.name),
      h("button", { class: "quiet", onclick: leave }, w.logOut)));
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
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
