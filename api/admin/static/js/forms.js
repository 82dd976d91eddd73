// Forms: what is sent once, what was refused beside its field, and what nobody may lose.

import { newKey, Problem } from "./api.js";
import { h } from "./draw.js";
import { typed } from "./format.js";
import { redraw } from "./live.js";
import { inWords, w } from "./words.js";

let current = null; // the form whose fields are being drawn
let count = 0;

/** A form whose `send(values, key, options)` runs once at a time; a repeat after a lost answer carries the same key.
 *
 * `keep`: it stays as it is after success, instead of beginning anew; what is asked meanwhile runs afterwards, and
 * what is typed meanwhile is `newer`. `oninput` hears what was typed, by name.
 */
export function form(send, { keep = false, oninput } = {}) {
  const name = `f${++count}`;
  const it = {
    busy: false, again: false, dirty: false, newer: false, problem: null, wrong: {}, key: newKey(), turn: 0, node: null, names: [],
    values: () => (it.node ? Object.fromEntries(new FormData(it.node)) : {}),
    /** Begin anew, with the values that are drawn. */
    reset() {
      Object.assign(it, { dirty: false, problem: null, wrong: {}, key: newKey(), turn: it.turn + 1 });
      redraw();
    },
    /** `quiet`: nobody has asked for it, so a refusal leaves the focus where it is. */
    async submit(values = it.values(), { quiet = false } = {}) {
      if (it.busy) {
        it.again = keep;
        return false;
      }
      Object.assign(it, { busy: true, newer: false, problem: null, wrong: {} });
      redraw();
      try {
        await send(values, it.key, { quiet });
        if (keep) Object.assign(it, { dirty: it.newer, key: newKey() });
        else it.reset();
        return true;
      } catch (problem) {
        refused(problem, quiet);
        return false;
      } finally {
        const { again } = it;
        Object.assign(it, { busy: false, again: false });
        redraw();
        if (again) it.submit();
      }
    },
    /** `label` is that of its button; `fields` gives the parts in it. */
    draw({ label, strong, actions, ...props }, fields = () => []) {
      current = it;
      it.names = [];
      const parts = fields();
      current = null;
      return h("form", {
        novalidate: true, ...props, key: `${name}-${it.turn}`, "aria-busy": String(it.busy),
        made: (node) => { it.node = node; },
        onsubmit: (event) => { event.preventDefault(); it.submit(); },
        oninput: (event) => {
          if (!it.dirty) redraw();
          Object.assign(it, { dirty: true, newer: true, key: it.busy ? it.key : newKey() });
          oninput?.(event.target.name, event.target.value);
        },
      }, parts,
      it.problem && notice(inWords(it.problem), "bad", it.problem.errors.filter((error) => !fieldOf(error))),
      (label || actions) && h("p", { class: "actions" }, label && h("button", { class: strong ? "strong" : null }, label), actions));
    },
  };

  function refused(problem, quiet) {
    if (!(problem instanceof Problem)) console.error(problem);
    it.problem = problem instanceof Problem ? problem : new Problem({ status: 0, code: "internal" });
    for (const error of [...it.problem.errors].reverse()) {
      const field = fieldOf(error);
      const empty = it.values()[field] === "" && ["too-short", "invalid-format", "invalid-type"].includes(error.code);
      if (field) it.wrong[field] = w.problems[empty ? "required" : error.code] ?? error.detail;
    }
    const first = it.names.find((field) => it.wrong[field]);
    if (first && !quiet) setTimeout(() => it.node.elements.namedItem(first)?.focus?.());
  }

  // `/lines/0/sku` belongs to the field `lines/0/sku`, or else to `lines`.
  function fieldOf({ pointer }) {
    for (let path = (pointer ?? "").slice(1); path; path = path.slice(0, Math.max(path.lastIndexOf("/"), 0))) {
      if (it.names.includes(path)) return path;
    }
    return null;
  }

  it.name = name;
  return it;
}

/** A labelled field of the form that is being drawn; `value` is what it begins with. */
export function field(name, label, { tag = "input", hint, key = name, ...props } = {}, ...options) {
  const { id, described, after } = entered(name, hint);
  const value = tag === "input" || tag === "textarea" ? { value: "" } : {};
  return h("p", { class: "field", key },
    h("label", { for: id }, label),
    h(tag, { id, name, ...described, ...value, ...props }, options), after);
}

/** The password of who is in; their e-mail beside it is for password managers. */
export function password(name, label, email, { autocomplete = "current-password", ...props } = {}) {
  return [
    h("input", { key: `${name}-of`, type: "email", autocomplete: "username", value: email, hidden: true }),
    field(name, label, { type: "password", autocomplete, ...props }),
  ];
}

/** One of several: `options` are values, or pairs of a value and its words. */
export function choice(name, label, options, { value, ...props } = {}) {
  const pairs = options.map((one) => (Array.isArray(one) ? one : [one, one]));
  return field(name, label, { tag: "select", value: value ?? pairs[0]?.[0] ?? "", ...props },
    pairs.map(([key, text]) => h("option", { key, value: key }, text)));
}

export function tick(name, label, { checked = false, hint, ...props } = {}) {
  const { id, described, after } = entered(name, hint);
  return h("p", { class: "field", key: name },
    h("label", { class: "tick", for: id }, h("input", { type: "checkbox", id, name, checked, value: "on", ...described, ...props }),
      h("span", {}, label)), after);
}

/** An amount of money, typed in whole units with its decimals; `amountOf` reads it. */
export function price(name, label, amount, { currency = amount?.currency, ...props } = {}) {
  return field(name, currency ? `${label} (${currency})` : label,
    { inputmode: "decimal", autocomplete: "off", class: "number", value: typed(amount), ...props });
}

/** A button that does something where it is; `kind` is how it looks. */
export const button = (words, onclick, kind = "quiet", props = {}) => h("button", { type: "button", class: kind || null, onclick, ...props }, words);

export const actions = (...buttons) => h("p", { class: "actions", key: "actions" }, buttons);

/** Fields beside each other, where there is room. */
export const row = (...fields) => h("div", { class: "row-of-fields" }, fields);

/** What is seen only when somebody wants it. */
export const fold = (label, ...parts) => h("details", { key: label, class: "card" }, h("summary", {}, label), parts);

export function notice(text, kind = "good", errors = []) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, h("p", {}, text),
    errors.length > 0 && h("ul", {}, errors.map((error) => h("li", {}, `${error.pointer ?? error.parameter ?? ""} ${error.detail}`))));
}

// A field's id, and what is said below it, which readers of screens hear with its label.
function entered(name, hint) {
  current?.names.push(name);
  const wrong = current?.wrong[name];
  const id = `${current?.name ?? "field"}-${name.replaceAll("/", "-")}`;
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return {
    id,
    described: { "aria-invalid": wrong && "true", "aria-describedby": described || null },
    after: [hint && h("small", { id: `${id}-hint` }, hint), wrong && h("span", { class: "wrong", id: `${id}-wrong`, role: "alert" }, wrong)],
  };
}
