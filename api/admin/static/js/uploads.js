// Files on their way to the server, one after another: how far they are, what was refused, and words for each picture.

import { actions, button, call, field, form, h, inWords, notice, Problem, redraw, say, session, w } from "./kit.js";

// A file that misses its place would be opened by the browser instead of the office.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());

const OTHERS = ".pdf,.epub,.zip,.mp3,.mp4";

/** The smallest file of a picture, or its type where there is no picture. */
export const thumb = (medium, alt = medium.alt) => (medium.sizes?.length || medium.url
  ? h("img", { src: (medium.sizes?.at(-1) ?? medium).url, alt, loading: "lazy" })
  : h("span", { class: "type" }, medium.type));

/** A place to drop, paste and choose files. `arrived(medium)` runs for each; `use`, if any, is what to do with one. */
export function uploads({ arrived, use }) {
  let queue = []; // { key, file, problem?, medium?, words? }
  let count = 0;
  let busy = false;

  function add(files) {
    queue.push(...[...files].map((file) => ({ key: `upload-${++count}`, file })));
    if (!busy) run();
    redraw();
  }

  async function run() {
    busy = true;
    for (let one = waiting()[0]; one; one = waiting()[0]) {
      say(w.media.sending(one.file.name, waiting().length));
      try {
        one.medium = (await call("POST", `/v1/media?filename=${encodeURIComponent(one.file.name)}`, one.file)).body;
        one.words = one.medium.sizes.length && !one.medium.alt ? wordsFor(one) : null;
        arrived(one.medium);
        say(w.media.arrived(one.file.name));
      } catch (problem) {
        one.problem = problem instanceof Problem ? problem : new Problem({ status: 0, code: "internal" });
        say(`${one.file.name}: ${inWords(one.problem)}`, { bad: true });
      }
    }
    busy = false;
    redraw();
  }

  const waiting = () => queue.filter((one) => !one.problem && !one.medium);
  const drop = (one) => { queue = queue.filter((other) => other !== one); redraw(); };

  function wordsFor(one) {
    return form(async ({ alt }) => {
      one.medium = (await call("PATCH", `/v1/media/${one.medium.id}`, { alt }, { etag: `"v${one.medium.version}"` })).body;
      arrived(one.medium);
      finish(one);
      say(w.saved);
    });
  }

  function finish(one) {
    drop(one);
    use?.(one.medium);
  }

  const row = (one) => h("li", { key: one.key }, one.medium ? thumb(one.medium, "") : null, h("div", {}, h("p", {}, one.file.name),
    one.problem && [notice(inWords(one.problem), "bad"), actions(
      passing(one.problem) && button(w.media.again, () => { one.problem = null; drop(one); queue.push(one); if (!busy) run(); }),
      button(w.media.forget, () => drop(one)))],
    one.words?.draw({ label: use ? w.media.saveAndUse : w.save, actions: button(w.media.later, () => finish(one)) }, () => [
      field("alt", w.media.alt, { hint: w.media.altHint, maxlength: 1000, made: (node) => calm() && node.focus() })]),
    one.medium && !one.words && actions(button(use ? w.media.use : w.close, () => finish(one), "")),
    !one.medium && !one.problem && h("small", {}, one === waiting()[0] ? w.loading : w.media.waits)));

  return {
    add,
    get dirty() { return busy || queue.some((one) => one.words?.dirty); },
    /** Files that are pasted; what is pasted as text goes its own way. */
    paste(event) {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      add(event.clipboardData.files);
    },
    draw: () => h("section", { key: "uploads", class: "uploads", "aria-label": w.media.upload, ondrop: (event) => add(event.dataTransfer.files) },
      h("label", { class: "drop" }, h("span", {}, w.media.drop), h("input", {
        type: "file", multiple: true, accept: `image/*${session.may("items:write") ? `,${OTHERS}` : ""}`,
        onchange: ({ target }) => { add(target.files); target.value = ""; },
      }), h("small", {}, w.media.kinds)),
      busy && h("progress", { "aria-label": w.media.progress, max: queue.length, value: queue.length - waiting().length }),
      queue.length > 0 && h("ul", {}, queue.map(row))),
  };
}

// What may be otherwise in a moment: no answer, too many requests, a fault of the server.
const passing = ({ status }) => status === 0 || status >= 429;

// Nobody is typing something else.
const calm = () => !document.activeElement.closest("textarea, select, input:not([type=file])") || document.activeElement.name === "q";
