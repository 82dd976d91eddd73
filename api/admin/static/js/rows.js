// Rows of a form that are added, moved and taken away; what is typed in a row goes with it.

import { actions, button, h, redraw, say, w } from "./kit.js";

/** The rows `name` of the form of `desk`; their fields are called `name/0/member`, as the API's pointers are.
 *
 * A row is `{ begin, now }`: what its fields begin with, and what they hold.
 */
export function rows(desk, name) {
  let turn = null;
  let count = 0;
  const fresh = (begin) => ({ key: ++count, begin, now: { ...begin } });
  const changed = (text) => {
    redraw();
    say(text);
    setTimeout(() => desk.form.node?.dispatchEvent(new Event("input")));
  };
  const it = {
    list: [],
    add(begin = {}) {
      it.list.push({ ...fresh(begin), isAdded: true });
      changed(w.rows.added);
    },
    move(at, by) {
      const to = at + by;
      if (to < 0 || to >= it.list.length) return;
      it.list.splice(to, 0, ...it.list.splice(at, 1));
      changed(w.rows.moved(to + 1));
    },
    remove(at) {
      it.list.splice(at, 1);
      changed(w.rows.removed);
      document.getElementById(`add-${name}`)?.focus();
    },
    /** `fields(path, row)` are those of a row; `ordered`: its place matters; `addable`: what its new rows are called;
     * `above`: another way to add one; `tight`: it takes one line. */
    draw(label, fields, { ordered = false, addable = w.add, above = null, removable = () => true, tight = () => false } = {}) {
      if (turn !== desk.form.turn) it.list = listed(desk.fields(), name).map(fresh);
      turn = desk.form.turn;
      const acts = (one, at) => actions(
        ordered && [["↑", -1, w.rows.up], ["↓", 1, w.rows.down]].map(([sign, by, words]) =>
          button(sign, () => it.move(at, by), "quiet", { key: sign, "aria-label": words(at + 1) })),
        removable(one) && button(w.remove, () => it.remove(at), "quiet", { key: "remove", "aria-label": w.rows.remove(at + 1) }));
      return h("fieldset", { key: name }, h("legend", {}, label),
        h("ol", { class: "rows" }, it.list.map((one, at) => h("li", {
          key: one.key, class: tight(one) ? "tight" : null,
          oninput: ({ target }) => { one.now[target.name.split("/")[2]] = target.value; },
          made: (node) => one.isAdded && node.querySelector("input:not([type=hidden])")?.focus(),
        }, fields(`${name}/${at}`, one), (ordered || removable(one)) && acts(one, at)))),
        (above || addable) && actions(above, addable && button(addable, () => it.add(), "quiet", { id: `add-${name}`, key: "add" })));
    },
    reset(list) { it.list = list.map((one) => (one.key ? one : fresh(one))); },
  };
  return it;
}

/** The rows `name` in the values of a form. */
export function listed(values, name) {
  const list = [];
  for (const [path, value] of Object.entries(values)) {
    const [first, at, member] = path.split("/");
    if (first === name && member && value !== undefined) (list[at] ??= {})[member] = value;
  }
  return list.filter(Boolean);
}

/** The other way: rows as the values of a form. */
export const spread = (name, list) => Object.fromEntries(list.flatMap(
  (one, at) => Object.entries(one).map(([member, value]) => [`${name}/${at}/${member}`, value ?? ""])));

/** Words between commas. */
export const words = (text = "") => text.split(",").map((word) => word.trim()).filter(Boolean);
export const whole = (text = "") => (text.trim() === "" ? null : /^[-+]?\d+$/.test(text.trim()) ? Number(text) : text);
