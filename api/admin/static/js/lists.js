// Lists: filters in the address, tables that are cards on a phone, pages, and keys for going through a queue.

import { every } from "./api.js";
import { h } from "./draw.js";
import { button, notice } from "./forms.js";
import { loaded, redraw, say } from "./live.js";
import { inWords, named, w } from "./words.js";

export const title = (text) => h("h1", { tabindex: -1 }, text);
export const crumb = (href, text) => h("p", { class: "crumbs" }, h("a", { href }, `← ${text}`));
export const section = (heading, ...parts) => h("section", { key: heading }, h("h2", {}, heading), parts);
export const empty = (text) => h("div", { class: "empty" }, h("p", {}, text));
export const link = (href, text) => h("a", { href }, text);
export const beside = (href, text) => h("a", { href, target: "_blank", rel: "noopener" }, text);

/** In the place of what is not there: that it is on its way, or why it does not come. */
export const missing = ({ problem }) => (problem ? notice(inWords(problem), "bad") : h("p", { class: "waiting", role: "status" }, w.loading));

/** The same as a whole page. */
export const missingPage = (it) => [it.problem && title(w.sorry), missing(it)];

/** A list at `path`, narrowed to what the address says and else to `defaults`. */
export const listOf = (path, route, defaults = {}) =>
  loaded(() => `${path}?${new URLSearchParams({ limit: 25, ...defaults, ...Object.fromEntries(route.query) })}`);

/** Rows that are cards on a phone, where only its roles make a table of it. `columns` are `[label, (row) => parts,
 * kind?]`: the first is the row's name, and its link to `href(row)`; `acts(row)` are buttons. */
export function sheet(rows, { caption, columns, href, acts, mark, kind }) {
  const name = (row, parts) => {
    const to = href?.(row);
    return to ? h("a", { href: to, class: "row" }, parts) : h("span", { class: "row", tabindex: acts && !kind ? 0 : null }, parts);
  };
  const cells = (row) => columns.map(([label, show, look], at) => (at === 0
    ? h("th", { scope: "row", role: "rowheader" }, name(row, show(row)))
    : h("td", { role: "cell", key: label, class: look, "data-label": label }, show(row))));
  const heads = columns.map(([label, , look]) => h("th", { key: label, scope: "col", role: "columnheader", class: look }, label));
  return h("table", { role: "table", class: kind }, h("caption", { class: "unseen" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads,
      acts && h("th", { scope: "col", role: "columnheader", key: "acts" }, h("span", { class: "unseen" }, w.acts)))),
    h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row", key: row.id ?? row.code ?? row.slug, class: mark?.(row) && "marked" },
      cells(row), acts && h("td", { role: "cell", class: "acts", key: "acts" }, acts(row))))));
}

/** All of a short list as `pair(row)`, for a choice: there are none until they have arrived. */
export function pairsOf(path, pair) {
  const pairs = [];
  every(path).then((rows) => { pairs.push(...rows.map(pair)); redraw(); }, () => null);
  return pairs;
}

/** The page of a thing that `desk`, an editor, edits: `back` to its list by address and words, its `heading()`, and
 * the parts that `draw(thing)` gives below. `isReady`: what else it needs is there. `more` is said of the page. */
export const deskPage = (desk, back, heading, draw, { isReady = () => true, badges = () => null, ...more } = {}) => ({
  dirty: () => desk.dirty,
  discard: desk.discard,
  draw: () => (desk.ready && isReady()
    ? [crumb(...back), title(heading(desk.one)), desk.one && badges(desk.one), desk.warnings(), draw(desk.one)] : missingPage(desk)),
  ...more,
});

/** A list as it arrives, as a sheet, and the ways to its other pages. `none` says what to do where there is nothing. */
export function table(list, route, { none = w.nothing, ...looks }) {
  if (!list.body) return missing(list);
  const rows = list.body.data;
  return [
    list.problem && missing(list),
    rows.length === 0 ? empty(none) : h("div", { class: "table", "aria-busy": String(list.busy) }, sheet(rows, looks)),
    route && pages(list.body, route),
  ];
}

/** Older and newest of a list that no address leads through: `look(after)` shows what comes after that. */
export const turns = ({ body }, after, look) => [
  after && button(`← ${w.first}`, () => look(""), "quiet", { key: "first" }),
  body?.next && button(`${w.next} →`, () => look(new URL(body.next, location).searchParams.get("after")), "quiet", { key: "next" }),
];

/** Older and newest: the browser's Back is the way to the page before. */
export function pages({ next, cursor, data }, route) {
  const after = next ? new URL(next, location).searchParams.get("after") : data.length ? cursor : null;
  if (!after && !route.query.get("after")) return null;
  return h("nav", { class: "pages", "aria-label": w.pages },
    route.query.get("after") && h("a", { href: route.to({ after: null }) }, `← ${w.first}`),
    after && h("a", { href: route.to({ after }) }, `${w.next} →`));
}

/** Filters, which live in the address: `[name, label, values]`, each value said in words, or a pair with its words. */
export function filters(route, ...selects) {
  return h("form", { class: "filters", role: "search", "aria-label": w.filter, onsubmit: (event) => event.preventDefault() },
    selects.map(([name, label, values]) => h("p", { class: "field", key: name },
      h("label", { for: `filter-${name}` }, label),
      h("select", { id: `filter-${name}`, value: route.query.get(name) ?? "",
        onchange: (event) => route.go({ [name]: event.target.value, after: null }) },
        h("option", { key: "", value: "" }, w.all),
        values.map(pair).map(([value, text]) => h("option", { key: value, value }, text))))));
}

/** A search by `q`; `/` leads to it from everywhere on the page. */
export function search(route, label, name = "q") {
  return h("form", { class: "search", role: "search", key: `search-${name}`, onsubmit: (event) => {
    event.preventDefault();
    route.go({ [name]: event.target.elements[name].value.trim(), after: null });
  } },
  h("label", { for: `search-${name}`, class: "unseen" }, label),
  h("input", { id: `search-${name}`, name, type: "search", placeholder: label, value: route.query.get(name) ?? "", enterkeyhint: "search" }),
  h("button", {}, w.find));
}

/** Tabs of which one is chosen by `name` in the address; `alone`: nothing else of the address stays. */
export function tabs(route, name, values, label, { chosen = route.query.get(name) ?? pair(values[0])[0], alone = false } = {}) {
  const to = (value) => (alone ? `#/${route.area.name}?${name}=${value}` : route.to({ [name]: value, after: null }));
  return h("nav", { class: "tabs", "aria-label": label }, values.map(pair).map(([value, text]) =>
    h("a", { key: value, href: to(value), "aria-current": value === chosen ? "true" : null }, text)));
}

/** A link in what somebody else has written opens beside the office, and knows nothing of it. */
export function elsewhere(event) {
  const anchor = event.target.closest("a[href]");
  if (!anchor) return;
  event.preventDefault();
  open(anchor.href, "_blank", "noopener,noreferrer");
}

const pair = (one) => (Array.isArray(one) ? one : [one, named(one)]);

// A job that waits is not a page that does, whose class that word is.
export const badge = (value) => h("span", { class: value === "waiting" ? "badge" : `badge ${value}` }, named(value));

/** Names and what they are: `[term, parts]`; those without are left out. */
export function facts(...pairs) {
  return h("dl", {}, pairs.filter((pair) => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== "")
    .map(([term, said]) => [h("dt", {}, term), h("dd", {}, said)]));
}

/** Boxes in front of the rows, and what is done to all that are ticked: `acts` are `[label, work(row), ask?]`.
 *
 * `name(row)` is the name of a row; `ask(count)`, if any, resolves to whether to go on.
 */
export function bulk(list, name, acts) {
  const ticked = new Set();
  let busy = false;
  const chosen = () => (list.body?.data ?? []).filter(({ id }) => ticked.has(id));

  async function run(work, ask) {
    const rows = chosen();
    if (busy || (ask && !(await ask(rows.length)))) return;
    busy = true;
    const refused = [];
    for (const row of rows) {
      say(w.bulk.left(rows.indexOf(row) + 1, rows.length));
      await work(row).then(() => ticked.delete(row.id), (problem) => refused.push(`${name(row)}: ${inWords(problem)}`));
    }
    busy = false;
    await list.load();
    say([w.bulk.done(rows.length - refused.length), ...refused].join(" "), { bad: refused.length > 0 });
  }

  return {
    column: [w.bulk.tick, (row) => h("input", { type: "checkbox", class: "mark", "aria-label": w.bulk.tickOne(name(row)), checked: ticked.has(row.id),
      onchange: ({ target }) => { target.checked ? ticked.add(row.id) : ticked.delete(row.id); redraw(); } })],
    mark: (row) => ticked.has(row.id),
    draw: () => h("p", { key: "bulk", class: "actions bulk", "aria-busy": String(busy) },
      list.body?.data.length > 0 && button(w.bulk.all, () => {
        const all = chosen().length === list.body.data.length;
        list.body.data.forEach(({ id }) => (all ? ticked.delete(id) : ticked.add(id)));
        redraw();
      }),
      chosen().length > 0 && [h("span", {}, w.bulk.count(chosen().length)),
        acts.map(([label, work, ask]) => button(label, () => run(work, ask), ask ? "danger" : null, { key: label }))]),
  };
}

/** `j` and `k` go through the rows; any other key of `keys` presses the button of that class in the row. */
export function queueKeys(keys) {
  return (event) => {
    const row = document.activeElement.closest("tbody tr");
    if (event.key === "j" || event.key === "k") {
      const rows = [...document.querySelectorAll("main tbody tr")];
      const at = rows.indexOf(row) + (event.key === "j" ? 1 : -1);
      rows[Math.max(0, Math.min(at, rows.length - 1))]?.querySelector(".row").focus();
    } else if (keys[event.key]) {
      row?.querySelector(`:is(button, input).${keys[event.key]}`)?.click();
    } else {
      return;
    }
    event.preventDefault();
  };
}
