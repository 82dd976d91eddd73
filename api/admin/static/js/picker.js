// Choosing a picture, or a file to sell, from what is there, or a new one.

import { overlay } from "./dialogs.js";
import { h } from "./draw.js";
import { notice } from "./forms.js";
import { loaded } from "./live.js";
import { thumb, uploads } from "./uploads.js";
import { inWords, w } from "./words.js";

/** Ask for a medium: `onChoose(medium)` runs when one is chosen. Pictures alone, or with `files` what is no picture.
 *
 * `sent` are files to upload at once, as when they were pasted.
 */
export function picker(onChoose, { files = false, sent = [] } = {}) {
  let query = {};
  let ask = "";
  const list = loaded(() => `/v1/media?${new URLSearchParams({ limit: "24", picture: String(!files), ...query })}`);
  const look = (next) => { query = next; list.load(); };
  const fits = (one) => files !== one.sizes.length > 0;
  let choose = null;
  const upload = uploads({ arrived: () => list.load(), use: (one) => fits(one) && choose(one) });

  overlay("picker", files ? w.media.chooseFile : w.media.choose, (close) => {
    choose = (one) => { close(); onChoose(one); };
    return h("div", { onpaste: upload.paste },
      upload.draw(),
      h("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); look(ask ? { q: ask } : {}); } },
        h("label", { for: "picker-q", class: "unseen" }, w.media.search),
        h("input", { id: "picker-q", name: "q", type: "search", placeholder: w.media.search, value: "", oninput: (event) => { ask = event.target.value.trim(); } }),
        h("button", {}, w.find)),
      list.problem && notice(inWords(list.problem), "bad"),
      list.body && shown(list.body.data, choose),
      list.body && h("p", { class: "actions" },
        query.after && h("button", { type: "button", class: "quiet", onclick: () => look({ ...query, after: "" }) }, `← ${w.first}`),
        list.body.next && h("button", { type: "button", class: "quiet", onclick: () => look({ ...query, after: after(list.body.next) }) }, `${w.next} →`)));
  });
  if (sent.length) upload.add(sent);
}

const shown = (rows, choose) => (rows.length === 0 ? h("div", { class: "empty" }, h("p", {}, w.media.none))
  : h("ul", { class: "grid" }, rows.map((one) => h("li", { key: one.id }, h("button", { type: "button", class: "tile", onclick: () => choose(one) }, thumb(one), h("span", {}, one.filename))))));

const after = (next) => new URLSearchParams(next.split("?")[1]).get("after");
