// Prices and stock in place: a cell is saved by itself, with its own refusal beside it.

import { amountOf, button, call, get, h, inWords, money, named, newKey, Problem, redraw, say, sheet, typed, w } from "./kit.js";
import { whole } from "./rows.js";
import { ledger, more, pathOf } from "./variant.js";

const REASONS = ["adjust", "receive", "return", "loss"];
const COLUMNS = {
  price: { stored: (one) => typed(one.regular_price), body: (text, { currency }) => ({ price: amountOf(text, currency) ?? { amount: "" } }) },
  compare_at: { stored: (one) => typed(one.compare_at), body: (text, { currency }) => ({ compare_at: amountOf(text, currency) }) },
  stock: { stored: (one) => String(one.stock.available ?? ""), save: count },
  weight_g: { stored: (one) => String(one.weight_g ?? ""), body: (text) => ({ weight_g: whole(text) }) },
  max_per_order: { stored: (one) => String(one.max_per_order ?? ""), body: (text) => ({ max_per_order: whole(text) }) },
};

/** `saved()` runs after each cell that was saved. */
export function grid({ saved = () => null } = {}) {
  const cells = new Map(); // what is typed and not saved
  const queues = new Map(); // what is saved of one variant goes one after the other
  const why = { reason: "adjust", note: "" };

  function save(one, column) {
    const id = `${one.sku} ${column}`;
    const cell = cells.get(id);
    if (!cell || cell.sent === cell.text) return;
    cell.sent = cell.text;
    queues.set(one.sku, (queues.get(one.sku) ?? Promise.resolve()).then(async () => {
      const { text } = cell;
      try {
        if (text.trim() !== COLUMNS[column].stored(one)) {
          cell.key ??= newKey();
          await (COLUMNS[column].save ?? patch)(one, text, { ...why, key: cell.key, column });
          say(w.grid.saved(one.name, w.grid[column]));
        }
        if (cell.text === text) cells.delete(id);
        await saved();
      } catch (problem) {
        Object.assign(cell, { wrong: wordsOf(problem, text), sent: null });
        if (problem.code === "precondition-failed") Object.assign(one, (await get(pathOf(one))).body);
      }
      redraw();
    }));
  }

  function type(one, column, text) {
    const id = `${one.sku} ${column}`;
    cells.set(id, Object.assign(cells.get(id) ?? {}, { text, wrong: null, key: null }));
    redraw();
  }

  function keys(event, one, column) {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (event.key === "Escape") { cells.delete(`${one.sku} ${column}`); redraw(); }
    if (!step) return;
    event.preventDefault();
    save(one, column);
    const inputs = [...document.querySelectorAll(`main input[data-column="${column}"]`)];
    const next = inputs[inputs.indexOf(event.target) + step];
    next?.focus();
    next?.select();
  }

  function cell(one, label, column) {
    const { text, wrong } = cells.get(`${one.sku} ${column}`) ?? {};
    const id = `cell-${one.id}-${column}`;
    return h("span", { class: "cell" },
      h("input", {
        "aria-label": `${w.grid[column]}, ${label}`, "data-column": column, class: "number", autocomplete: "off",
        inputmode: column === "price" || column === "compare_at" ? "decimal" : "numeric",
        "aria-invalid": wrong && "true", "aria-describedby": wrong && id,
        value: text ?? COLUMNS[column].stored(one), placeholder: column === "stock" && !one.stock.tracked ? w.grid.uncounted : null,
        oninput: (event) => type(one, column, event.target.value), onchange: () => save(one, column), onkeydown: (event) => keys(event, one, column),
      }),
      wrong && h("span", { class: "wrong", id, role: "alert" }, wrong));
  }

  const reasons = () => h("div", { class: "filters", key: "why" },
    h("p", { class: "field", key: "reason" }, h("label", { for: "why-reason" }, w.grid.why),
      h("select", { id: "why-reason", value: why.reason, onchange: ({ target }) => { why.reason = target.value; } },
        REASONS.map((one) => h("option", { key: one, value: one }, named(one))))),
    h("p", { class: "field", key: "note" }, h("label", { for: "why-note" }, w.grid.note),
      h("input", { id: "why-note", value: "", oninput: ({ target }) => { why.note = target.value; } })));

  return {
    get dirty() { return cells.size > 0; },
    /** `entries` are a variant, what its row is called, and where that leads; without `columns` it has all. */
    draw(entries, { columns = Object.keys(COLUMNS) } = {}) {
      const isCounted = columns.includes("stock");
      const rows = entries.map(([one, label, href]) => ({ id: one.sku, one, label, href }));
      const name = ({ one, label }) => [label, h("small", {}, one.sku), one.sale && h("small", {}, `${w.grid.sale} ${money(one.sale.price)}`)];
      const act = ({ one, label }, word, run) => button(w.grid[word], () => run(one, saved), "quiet",
        { key: word, "aria-label": `${w.grid[word]}, ${label}` });
      return [
        isCounted && reasons(),
        h("p", { class: "soft", key: "how" }, w.grid.how),
        h("div", { class: "table", key: "grid" }, sheet(rows, {
          caption: w.areas.stock, kind: "cells", href: ({ href }) => href,
          columns: [[w.grid.variant, name], ...columns.map((column) => [w.grid[column], ({ one, label }) => cell(one, label, column), "number"])],
          acts: (row) => [isCounted && act(row, "ledger", ledger), act(row, "more", more)],
        })),
      ];
    },
  };
}

async function patch(one, text, { column }) {
  const { currency } = one.regular_price;
  Object.assign(one, (await call("PATCH", pathOf(one), COLUMNS[column].body(text, { currency }), { etag: `"v${one.version}"` })).body);
}

/** What was counted, or with a sign what came or went. What is not counted yet is from now on. */
async function count(one, text, { reason, note, key }) {
  const number = whole(text);
  if (!Number.isInteger(number)) throw new Problem({ status: 422, code: text.trim() ? "invalid-format" : "required" });
  if (!one.stock.tracked) {
    Object.assign(one, (await call("PUT", pathOf(one, "/tracking"), { available: number })).body);
    return;
  }
  const delta = /^\s*[-+]/.test(text) ? number : number - one.stock.available;
  if (delta) await call("POST", pathOf(one, "/stock-movements"), { delta, reason, ...(note && { note }) }, { key });
  Object.assign(one, (await get(pathOf(one))).body);
}

function wordsOf(problem, text) {
  if (!(problem instanceof Problem)) console.error(problem);
  const [error] = problem.errors ?? [];
  if (error) return text.trim() ? w.problems[error.code] ?? error.detail : w.problems.required;
  return inWords(problem);
}
