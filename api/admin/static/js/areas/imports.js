// Imports: a file of another system, tried first, then taken in.

import { act, actions, badge, button, call, h, listOf, named, notice, once, redraw, say, section, table, title, w, when } from "../kit.js";

const LOOK_AGAIN_MS = 1_000;

export function imports(route) {
  const list = listOf("/v1/imports", route);
  let file = null;
  let timer = null;
  let waits = false; // for the end of one
  const latest = () => list.body?.data[0];
  const nameOf = ({ dry_run }) => (dry_run ? w.imports.lastTry : w.imports.last);
  const watch = async () => {
    await list.load();
    const isUnderWay = list.body?.data.some(({ state }) => state === "waiting" || state === "running");
    if (isUnderWay) timer = setTimeout(watch, LOOK_AGAIN_MS);
    else if (waits) say(`${nameOf(latest())}: ${named(latest().state)}.`, { bad: latest().state !== "done" });
    waits = isUnderWay;
  };
  const send = once(async (dry) => {
    await act(() => call("POST", `/v1/imports?dry_run=${dry}`, file), dry ? w.imports.trying : w.imports.started);
    clearTimeout(timer);
    await watch();
  });

  watch();
  return {
    follow: list.follow,
    leave: () => clearTimeout(timer),
    draw: () => [
      title(w.areas.imports),
      h("p", {}, w.imports.why),
      h("p", { class: "field" }, h("label", { for: "import-file" }, w.imports.file), h("input", {
        id: "import-file", type: "file", accept: ".xml,.csv,.json,.zip,text/csv,application/json",
        onchange: ({ target }) => { file = target.files[0] ?? null; redraw(); },
      })),
      actions(
        button(w.imports.tryIt, () => send(true), "strong", { disabled: !file }),
        file && latest()?.dry_run && latest().state === "done" && button(w.imports.takeIn, () => send(false), "")),
      latest() && section(nameOf(latest()), report(latest())),
      section(w.imports.before, table(list, route, {
        caption: w.imports.before, none: w.imports.none,
        columns: [[w.log.when, (one) => when(one.created_at)], [w.imports.format, (one) => one.format ?? ""],
          [w.imports.kind, (one) => (one.dry_run ? w.imports.dry : w.imports.real)],
          [w.log.state, (one) => badge(one.state)], [w.imports.counts, counts]],
      })),
    ],
  };
}

const counts = (one) => Object.entries(one.counts).map(([kind, numbers]) => h("small", { key: kind },
  `${named(kind)}: ${Object.entries(numbers).map(([name, count]) => `${count} ${named(name)}`).join(", ")}`));

const report = ({ state, format, progress, error, dry_run, notes, ...one }) => [
  h("p", { class: "badges" }, badge(state), format, progress && `${named(progress.step)} ${[progress.done, progress.total ?? []].flat().join(" / ")}`),
  error && notice(`${error.line ? `${w.imports.line(error.line)} ` : ""}${error.detail} ${error.remedy}`, "bad"),
  state === "done" && dry_run && notice(w.imports.nothingChanged),
  counts(one),
  notes.length > 0 && h("details", { open: true }, h("summary", {}, w.imports.notes(notes.length)), h("ul", { class: "log" }, notes.map((note, at) =>
    h("li", { key: at }, `${named(note.kind)} · ${note.count} × ${note.detail}`, note.labels.length > 0 && h("small", {}, note.labels.join(", ")))))),
];
