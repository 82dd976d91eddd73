// Small pieces that every page uses: elements, money, dates, links, forms.

import { Problem } from "./api.js";
import { language, locale, words } from "./words.js";

/** An element. Children are nodes or text, never HTML; null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Browsers that know Trusted Types take HTML from nowhere else.
const sanitised = globalThis.trustedTypes?.createPolicy("kiosque", { createHTML: (html) => html });

/** The only place where HTML goes in: `body_html` and `description_html`, which the server has sanitised. */
export function prose(html, attributes = {}) {
  const node = el("div", { class: "prose", ...attributes });
  node.innerHTML = sanitised ? sanitised.createHTML(html ?? "") : html ?? "";
  return node;
}

/** A drawing whose failure costs the page nothing else: what `draw` cannot draw is drawn by `plainly`. */
export function onItsOwn(draw, plainly) {
  return (thing, ...others) => {
    try {
      return draw(thing, ...others);
    } catch (error) {
      console.error(error);
      return plainly(thing, ...others);
    }
  };
}

/** A title or name as text that can be seen, and so clicked: it may consist of characters that show nothing. */
export function visible(text) {
  return /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{Cc}\p{Cf}\p{M}\u2800]/u.test(text) ? text : words.untitled;
}

// ISO 4217's decimals, as the API counts, where they are not two. Browsers go by what is customary, which is
// none for HUF or IDR: an amount of hundredths would look a hundred times as high.
const DECIMALS = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
};

/** Amounts are integer minor units: how many make one unit depends on the currency. */
export function money({ amount, currency }) {
  const decimals = DECIMALS[currency] ?? 2;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: decimals });
  return format.format(amount / 10 ** decimals);
}

export function time(instant, style = { dateStyle: "long" }) {
  return el("time", { datetime: instant }, formatTime(instant, style));
}

export function formatTime(instant, style = { dateStyle: "long" }) {
  return new Intl.DateTimeFormat(locale, style).format(new Date(instant));
}

/** The name of a language other than the page's own, in the page's words (its tag, if it has no name); else null. */
export function foreign(tag) {
  if (!tag || tag.toLowerCase().split("-")[0] === language) return null;
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag);
  } catch {
    return tag; // the API, and imports even more, accept tags that browsers do not
  }
}

/** Where things live on this site. The API's `url` fields have the same form, on its public address. */
export const links = {
  article: (slug) => `/article/?slug=${encodeURIComponent(slug)}`,
  item: (slug) => `/item/?slug=${encodeURIComponent(slug)}`,
  order: (order) => `/order/?${new URLSearchParams({ order })}`,
  list: (page, filter) => `/${page}/?${new URLSearchParams(filter)}`,
};

export function picture(image, attributes = {}) {
  if (!image) return image;
  const sizes = image.sizes ?? [];
  const uploaded = sizes.length && {
    srcset: sizes.map((size) => `${size.url} ${size.width}w`).join(", "),
    sizes: "(min-width: 50rem) 48rem, 100vw",
    width: sizes[0].width,
    height: sizes[0].height,
  };
  return el("img", { src: image.url, alt: image.alt ?? "", loading: "lazy", ...uploaded, ...attributes });
}

export function field(name, label, { hint, tag = "input", id = `field-${name}`, ...attributes } = {}) {
  return el("p", { class: "field" },
    el("label", { for: id }, label),
    el(tag, { id, name, "aria-describedby": hint && `${id}-hint`, ...attributes }),
    hint && el("small", { id: `${id}-hint` }, hint));
}

/** Saves the text as a file, as if it had been a link. */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** Calls `send` with what was typed, once at a time, and shows what went wrong beside the field it is about. */
export function onSubmit(form, send) {
  form.noValidate = true; // the server's answer is the one that counts, and it speaks the page's language
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    clearErrors(form);
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (error) {
      showErrors(form, error);
    } finally {
      form.ariaBusy = "false";
    }
  });
}

/** A refusal in words of the reader's language where we have them, else in the server's own. */
export function inWords(error) {
  if (!(error instanceof Problem)) return words.problems.internal;
  const wait = error.retryAfter && error.status === 429 ? ` ${words.waitSeconds(error.retryAfter)}` : "";
  return (words.problems[error.code] ?? error.message) + wait;
}

/** `text` may have links in it, as a list of nodes. */
export function notice(text, kind = "good") {
  return el("p", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, text);
}

/** Says it right above the form's button: that is where the person is looking, on a phone too. */
export function tell(form, text, kind) {
  form.querySelector(".actions, .row").before(notice(text, kind));
}

function clearErrors(form) {
  form.querySelectorAll(".notice, .wrong").forEach((node) => node.remove());
  form.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  });
}

const EMPTY = ["too-short", "invalid-format"];

function showErrors(form, error) {
  if (!(error instanceof Problem)) console.error(error);
  const beside = (error.errors ?? []).filter((one) => one.pointer && inputFor(form, one.pointer));
  for (const { pointer, code, detail } of beside) {
    const input = inputFor(form, pointer);
    const id = `${input.id}-wrong`;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", id);
    const said = words.problems[!input.value && EMPTY.includes(code) ? "required" : code] ?? detail;
    input.after(el("span", { class: "wrong", id, role: "alert" }, said));
  }
  if (beside.length) inputFor(form, beside[0].pointer).focus();
  else tell(form, inWords(error), "bad");
}

function inputFor(form, pointer) {
  const input = form.elements.namedItem(pointer.slice(1)) ?? form.elements.namedItem(pointer.split("/").pop());
  return input instanceof HTMLElement && input.type !== "hidden" ? input : null;
}
