// A list of names of which some are ticked, and a field that adds to it.

import { field, h, redraw, w } from "./kit.js";

/** Names of the form of an editor, in fields `name/…`; `known` are pairs of what may be added and its words. */
export function names(it, name, label, known) {
  const stored = Object.keys(it.fields()).filter((one) => one.startsWith(`${name}/`)).map((one) => one.slice(name.length + 1));
  it.added ??= {};
  const added = (it.added[`${name} ${it.form.turn}`] ??= []);
  const words = new Map(known);

  function add(node) {
    const text = node.value.trim();
    if (!text) return;
    const box = node.form.elements.namedItem(`${name}/${text}`);
    if (box) box.checked = true;
    else added.push(text);
    node.value = "";
    redraw();
    setTimeout(() => node.dispatchEvent(new Event("input", { bubbles: true }))); // with its box, it is a change
  }

  return h("fieldset", { key: name, class: "names" }, h("legend", {}, label),
    [...new Set([...stored, ...added])].map((one) => h("label", { key: one, class: "tick" },
      h("input", { type: "checkbox", name: `${name}/${one}`, value: "on", checked: added.includes(one) || it.is(`${name}/${one}`) }),
      h("span", {}, words.get(one) ?? one))),
    field(name, w.addOne(label), {
      list: `known-${name}`, autocomplete: "off",
      onchange: ({ target }) => add(target),
      onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(event.target); } },
    }),
    h("datalist", { key: "known", id: `known-${name}` }, known.map(([value, text]) => h("option", { key: value, value }, text))));
}

/** As fields: those that a thing has. */
export const tickedNames = (name, list) => Object.fromEntries(list.map((one) => [`${name}/${one}`, "on"]));

/** What is ticked in the values of a form. */
export const chosenNames = (values, name) => Object.keys(values).filter((one) => one.startsWith(`${name}/`) && values[one])
  .map((one) => one.slice(name.length + 1));
