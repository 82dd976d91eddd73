// Choosing a picture, or a file to sell, from what is there, or a new one.

import { actions, button, empty, h, loaded, missing, overlay, turns, w } from "./kit.js";
import { thumb, uploads } from "./uploads.js";

/** Ask for a medium: `onChoose(medium)` runs when one is chosen. Pictures alone, or with `files` what is no picture.
 *
 * `sent` are files to upload at once, as when they were pasted.
 */
export function picker(onChoose, { files = false, sent = [] } = {}) {
  let query = {};
  let ask = "";
  let choose = null;
  const list = loaded(() => `/v1/media?${new URLSearchParams({ limit: "24", picture: String(!files), ...query })}`);
  const look = (next) => { query = next; list.load(); };
  const fits = (one) => files !== one.sizes.length > 0;
  const upload = uploads({ arrived: () => list.load(), use: (one) => fits(one) && choose(one) });
  const tile = (one) => h("li", { key: one.id }, button([thumb(one), h("span", {}, one.filename)], () => choose(one), "tile"));

  overlay("picker", files ? w.media.chooseFile : w.media.choose, (close) => {
    choose = (one) => { close(); onChoose(one); };
    return h("div", { onpaste: upload.paste },
      upload.draw(),
      h("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); look(ask ? { q: ask } : {}); } },
        h("label", { for: "picker-q", class: "unseen" }, w.media.search),
        h("input", {
          id: "picker-q", name: "q", type: "search", placeholder: w.media.search, value: "", oninput: ({ target }) => { ask = target.value.trim(); },
        }),
        h("button", {}, w.find)),
      list.problem && missing(list),
      list.body && (list.body.data.length ? h("ul", { class: "grid" }, list.body.data.map(tile)) : empty(w.media.none)),
      actions(turns(list, query.after, (after) => look({ ...query, ...(after && { after }) }))));
  });
  if (sent.length) upload.add(sent);
}
