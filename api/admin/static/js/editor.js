// Editing one thing: saving over nobody's work, and losing nothing of one's own.

import { call, get } from "./api.js";
import { sure } from "./dialogs.js";
import { h } from "./draw.js";
import { button, field, form } from "./forms.js";
import { when } from "./format.js";
import { goTo, redraw, say, sayProblem } from "./live.js";
import { session } from "./session.js";
import { w } from "./words.js";

const WRITE_AFTER_MS = 300;
const SAVE_AFTER_MS = 4_000;

/** The desk of one thing of `collection`; without an `id` it is a new one.
 *
 * `fields(one)` gives what the form's fields begin with, by name (`one` is null for a new thing); `body(values, one)`
 * the API's body of what was typed. Only members that differ are sent. `created(one)` runs after a POST.
 * `autosave(one)` says whether what is stored is saved by itself in a pause of typing.
 */
export function editor(collection, id, { fields, body, created, saved, oninput, autosave = () => false }) {
  let timer = null;
  let pause = null;
  const { id: writer } = session.current.account; // of the draft, also when the session ends meanwhile
  const draft = () => `kiosque-draft ${writer} ${collection}/${it.id || "new"}`;
  const it = {
    one: null, etag: null, problem: null, conflict: null, restored: null, id,
    typed: {}, // what fields begin with instead of what is stored
    get ready() { return !it.id || it.one !== null; },
    get dirty() { return it.form.dirty || it.conflict !== null; },
    get path() { return `${collection}/${it.id}`; },
    /** What the fields begin with: what was typed before the page was left, or what is stored. */
    fields: () => ({ ...fields(it.one), ...it.typed }),
    value: (name) => it.fields()[name] ?? "",
    field: (name, label, props) => field(name, label, { value: it.value(name), ...props }),
    is: (name) => Boolean(it.fields()[name]),
    async load() {
      try {
        arrive(await get(it.path));
        restore();
      } catch (problem) {
        it.problem = problem;
      }
      redraw();
    },
    /** Take an answer of the API as what is stored now. */
    arrive,
    save: () => it.form.submit(),
    /** Delete it after a question, and go to `hash`; `refused(problem)` hears why it stays. */
    async remove(question, hash, done = w.done, refused = () => null) {
      if (!(await sure(question, w.remove))) return;
      try {
        await call("DELETE", it.path, undefined, { etag: it.etag });
        it.discard();
        goTo(hash, done);
      } catch (problem) {
        if (problem.code === "precondition-failed") await it.load();
        refused(problem);
        sayProblem(problem);
      }
    },
    discard() {
      forget();
      it.restored = it.conflict = null;
      it.typed = {};
      it.form.reset();
    },
  };
  it.form = form(send, { keep: true, oninput: (...typed) => { write(); oninput?.(...typed); } });

  async function send(values, key, { quiet }) {
    const wanted = body(values, it.one);
    if (!it.id) {
      const answer = await call("POST", collection, wanted, { key });
      forget();
      it.id = answer.body.id ?? answer.body.sku;
      arrive(answer, values);
      it.form.dirty = it.form.newer;
      created?.(answer.body);
    } else {
      await patch(wanted, values);
    }
    it.restored = null;
    forget();
    if (it.form.newer) write();
    if (!quiet) say(w.saved);
  }

  async function patch(wanted, values) {
    const changes = differing(wanted, body(fields(it.one), it.one));
    if (!Object.keys(changes).length) return null;
    try {
      arrive(await call("PATCH", it.path, changes, { etag: it.etag }), values);
      it.conflict = null;
      return saved?.(it.one);
    } catch (problem) {
      if (problem.code !== "precondition-failed") throw problem;
      const theirs = await get(it.path);
      // Saved before, and the answer was lost.
      if (!Object.keys(differing(wanted, body(fields(theirs.body), theirs.body))).length) return arrive(theirs, values);
      it.conflict = { theirs, mine: values };
      throw problem;
    }
  }

  // What was typed while `sent` was on its way is nobody's to overwrite.
  function arrive({ body: one, etag }, sent) {
    // By its version: a thing is not another one when something is sold or said beside it.
    Object.assign(it, { one, etag: Number.isInteger(one.version) ? `"v${one.version}"` : etag, problem: null });
    if (sent) {
      const now = it.form.values();
      const newer = Object.keys({ ...sent, ...now }).filter((name) => now[name] !== sent[name]);
      it.typed = Object.fromEntries(newer.map((name) => [name, now[name]]));
    }
    redraw();
  }

  function write() {
    clearTimeout(timer);
    clearTimeout(pause);
    pause = setTimeout(() => {
      if (it.id && it.one && autosave(it.one) && it.form.dirty && !it.conflict) it.form.submit(it.form.values(), { quiet: true });
    }, SAVE_AFTER_MS);
    timer = setTimeout(() => {
      try {
        localStorage.setItem(draft(), JSON.stringify({ values: it.form.values(), etag: it.etag, at: new Date().toISOString() }));
      } catch {
        say(w.noRoomForDraft, { bad: true });
      }
    }, WRITE_AFTER_MS);
  }

  function forget() {
    clearTimeout(timer);
    clearTimeout(pause);
    localStorage.removeItem(draft());
  }

  function restore() {
    try {
      it.restored = JSON.parse(localStorage.getItem(draft()));
    } catch {
      it.restored = null;
    }
    if (!it.restored) return;
    // What was typed over an older version is saved over that one, or meets what came in between.
    it.etag = it.restored.etag ?? it.etag;
    it.typed = whole(it.restored.values);
    it.form.dirty = true;
    it.form.turn += 1;
  }

  it.warnings = () => [
    it.restored && h("div", { class: "notice", role: "status", key: "restored" }, h("p", {}, w.restored(when(it.restored.at))),
      h("p", { class: "actions" }, button(w.discard, it.discard, ""))),
    it.conflict && h("section", { class: "notice bad", key: "conflict", "aria-label": w.conflict }, h("p", { role: "alert" }, w.conflict),
      comparison(fields(it.conflict.theirs.body), it.conflict.mine),
      h("p", { class: "actions" },
        button(w.keepMine, keepMine, "strong"),
        button(w.takeTheirs, takeTheirs, ""))),
  ];

  function keepMine() {
    const mine = it.form.values();
    arrive(it.conflict.theirs);
    it.typed = whole(mine);
    it.form.submit(mine);
  }

  // A box that is not ticked is in no form's values.
  function whole(values) {
    return { ...Object.fromEntries(Object.keys(fields(it.one)).map((name) => [name, undefined])), ...values };
  }

  function takeTheirs() {
    arrive(it.conflict.theirs);
    it.discard();
  }

  if (id) it.load();
  else restore();
  return it;
}

/** The members of `wanted` that are not what `stored` has. */
function differing(wanted, stored) {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name])));
}

function comparison(theirs, mine) {
  const names = Object.keys(theirs).filter((name) => name in mine && String(theirs[name] ?? "") !== String(mine[name] ?? ""));
  return h("dl", { class: "comparison" }, names.map((name) => [
    h("dt", {}, w.fields[name] ?? name),
    h("dd", {}, h("strong", {}, w.theirs), h("pre", { tabindex: 0 }, String(theirs[name] ?? ""))),
    h("dd", {}, h("strong", {}, w.mine), h("pre", { tabindex: 0 }, String(mine[name] ?? ""))),
  ]));
}
