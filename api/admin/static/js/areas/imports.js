// Imports: a file of another system, tried first, then taken in.

import { call } from "../api.js";
import { h } from "../draw.js";
import { notice } from "../forms.js";
import { when } from "../format.js";
import { badge, table } from "../lists.js";
import { act, loaded, once, redraw, say } from "../live.js";
import { named, w } from "../words.js";

const LOOK_AGAIN_MS = 1_000;

export function imports(route) {
  const list = loaded(() => `/v1/imports?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  let file = null;
  let timer = null;
  let waits = false; // for the end of one
  const under = () => list.body?.data.some(({ state }) => state === "waiting" || state === "running");
  const watch = async () => {
    await list.load();
    if (under()) timer = setTimeout(watch, LOOK_AGAIN_MS);
    else if (waits) say(`${latest().dry_run ? w.imports.lastTry : w.imports.last}: ${named(latest().state)}.`, { bad: latest().state !== "done" });
    waits = under();
  };
  const send = once(async (dry) => {
    await act(() => call("POST", `/v1/imports?dry_run=${dry}`, file), dry ? w.imports.trying : w.imports.started);
    clearTimeout(timer);
    await watch();
  });
  const latest = () => list.body?.data[0];

  watch();
  return {
    follow: list.follow,
    leave: () => clearTimeout(timer),
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.imports),
      h("p", {}, w.imports.why),
      h("p", { class: "field" }, h("label", { for: "import-file" }, w.imports.file),
        h("input", { id: "import-file", type: "file", accept: ".xml,.csv,.json,.zip,text/csv,application/json", onchange: (event) => { file = event.target.files[0] ?? null; redraw(); } })),
      h("p", { class: "actions" },
        h("button", { type: "button", class: "strong", disabled: !file, onclick: () => send(true) }, w.imports.tryIt),
        file && tried(latest()) && h("button", { type: "button", onclick: () => send(false) }, w.imports.takeIn)),
      latest() && h("section", { key: latest().id }, h("h2", {}, latest().dry_run ? w.imports.lastTry : w.imports.last), report(latest())),
      h("h2", {}, w.imports.before),
      table(list, route, {
        caption: w.imports.before, empty: w.imports.none,
        columns: [[w.log.when, (one) => when(one.created_at)], [w.imports.format, (one) => one.format ?? ""], [w.imports.kind, (one) => (one.dry_run ? w.imports.dry : w.imports.real)],
          [w.log.state, (one) => badge(one.state)], [w.imports.counts, (one) => counts(one)]],
      }),
    ],
  };
}

const tried = (one) => one?.dry_run && one.state === "done";

function counts(one) {
  return Object.entries(one.counts).map(([kind, numbers]) => h("small", { key: kind },
    `${named(kind)}: ${Object.entries(numbers).map(([name, count]) => `${count} ${named(name)}`).join(", ")}`));
}

function report(one) {
  return [
    h("p", { class: "badges" }, badge(one.state), one.format, one.progress && progress(one.progress)),
    one.error && notice(`${one.error.line ? `${w.imports.line(one.error.line)} ` : ""}${one.error.detail} ${one.error.remedy}`, "bad"),
    one.state === "done" && one.dry_run && notice(w.imports.nothingChanged),
    counts(one),
    one.notes.length > 0 && h("details", { open: true }, h("summary", {}, w.imports.notes(one.notes.length)),
      h("ul", { class: "log" }, one.notes.map((note, at) => h("li", { key: at }, `${named(note.kind)} · ${note.count} × ${note.detail}`, note.labels.length > 0 && h("small", {}, note.labels.join(", ")))))),
  ];
}

function progress(it) {
  return `${named(it.step)} ${it.total === null ? it.done : `${it.done} / ${it.total}`}`;
}
