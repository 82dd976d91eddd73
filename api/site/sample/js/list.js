// A list that follows its filter form, keeps the filter in the address, and grows by the API's `next` cursor.

import { call } from "./api.js";
import { el, inWords, links } from "./ui.js";
import { words } from "./words.js";

const MANY = { author: "authors", category: "categories", tag: "tags" };

/** The list for `form`. `path` is the API's collection, `card` draws a row, `empty` is said when there is nothing at all. */
export function list({ path, form, card, empty }) {
  const rows = el("div", { class: "cards" });
  const status = el("p", { class: "status", role: "status" });
  const more = el("button", { type: "button", class: "quiet wide", hidden: true }, words.more);
  let asked = new AbortController();
  let next = null;
  let pause = 0;

  async function load(address, fresh) {
    asked.abort(); // a slow answer to an earlier letter must not overwrite a later one
    asked = new AbortController();
    try {
      const answer = await call(address, { signal: asked.signal });
      const cards = answer.data.map((row) => card(row));
      if (fresh) rows.replaceChildren(...cards);
      else rows.append(...cards);
      if (!fresh) cards[0]?.querySelector("h3 a")?.focus();
      nameGiven(form, answer.data);
      next = answer.next;
      more.hidden = !next;
      status.textContent = rows.childElementCount
        ? words.shown(rows.childElementCount, !next)
        : filter().size ? words.nothing : empty;
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = inWords(error);
    }
  }

  function filter() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
  }

  function refresh() {
    const query = filter().toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    return load(query ? `${path}?${query}` : path, true);
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); refresh(); });
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(refresh, 200); });
  more.addEventListener("click", () => load(next, false));
  return { nodes: [status, rows, more], refresh };
}

export function searchField(label, value) {
  return el("p", { class: "search" },
    el("label", { class: "unseen", for: "q" }, label),
    el("input", { id: "q", name: "q", type: "search", placeholder: label, value, maxlength: 200, autocomplete: "off" }));
}

/** A filter that came with the address (a link from an article or an item): shown, kept, and removable. */
export function givenFilter(page, parameters, name) {
  const value = parameters.get(name);
  if (!value) return null;
  return el("p", { class: "given" },
    el("input", { type: "hidden", name, value }),
    el("span", {}, words.filteredBy(value)), " ", el("a", { href: links.list(page, {}) }, words.removeFilter));
}

/** The address has slugs; the rows know the names. */
function nameGiven(form, rows) {
  for (const given of form.querySelectorAll(".given")) {
    const { name, value } = given.querySelector("input");
    const known = rows.flatMap((row) => row[MANY[name]]).find(({ slug }) => slug === value);
    if (known) given.querySelector("span").textContent = words.filteredBy(known.name);
  }
}
