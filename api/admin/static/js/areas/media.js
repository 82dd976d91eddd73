// Pictures and files: what is there, new ones, and what is known of each.

import { call } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { editor } from "../editor.js";
import { field, notice } from "../forms.js";
import { bytes, when } from "../format.js";
import { facts, pages, search, tabs } from "../lists.js";
import { loaded, redraw, say } from "../live.js";
import { thumb, uploads } from "../uploads.js";
import { inWords, w } from "../words.js";

export function media(route) {
  const list = loaded(() => {
    const { shown, ...query } = Object.fromEntries(route.query);
    return `/v1/media?${new URLSearchParams({ limit: "24", ...query, ...(shown === "unused" && { unused: "true" }) })}`;
  });
  const upload = uploads({ arrived: () => list.load() });
  addEventListener("paste", upload.paste);
  return {
    follow: list.follow,
    leave: () => removeEventListener("paste", upload.paste),
    dirty: () => upload.dirty,
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.media),
      upload.draw(),
      tabs(route, "shown", ["all", "unused"], w.media.shown),
      search(route, w.media.search),
      list.problem && notice(inWords(list.problem), "bad"),
      !list.body && !list.problem && h("p", { class: "waiting", role: "status" }, w.loading),
      list.body && [
        list.body.data.length === 0 ? h("div", { class: "empty" }, h("p", {}, route.query.size ? w.media.notFound : w.media.none))
          : h("ul", { class: "grid", "aria-busy": String(list.busy) }, list.body.data.map((one) =>
            h("li", { key: one.id }, h("a", { class: "tile row", href: `#/media/${one.id}` }, thumb(one, ""), h("span", {}, one.filename),
              one.sizes.length > 0 && !one.alt && h("small", {}, w.media.noAlt))))),
        pages(list.body, route),
      ],
    ],
  };
}

export function medium({ id }) {
  const it = editor("/v1/media", id, {
    fields: (one) => ({ alt: one.alt, caption: one.caption, credit: one.credit, filename: one.filename }),
    body: ({ alt = "", caption, credit, filename }) => ({ alt, caption, credit, filename }),
  });
  let refused = null;
  const remove = async () => {
    if (!(await sure(w.media.removeSure(it.one.filename), w.remove))) return;
    try {
      await call("DELETE", it.path, undefined, { etag: it.etag });
      it.discard();
      location.hash = "#/media";
    } catch (problem) {
      refused = problem;
      say(inWords(problem), { bad: true });
      redraw();
    }
  };
  return {
    dirty: () => it.dirty,
    discard: it.discard,
    draw: () => {
      if (!it.one) return it.problem ? [h("h1", { tabindex: -1 }, w.sorry), notice(inWords(it.problem), "bad")] : h("p", { class: "waiting", role: "status" }, w.loading);
      const { one } = it;
      const isPicture = one.sizes.length > 0;
      return [
        h("p", { class: "crumbs" }, h("a", { href: "#/media" }, `← ${w.areas.media}`)),
        h("h1", { tabindex: -1 }, one.filename),
        it.warnings(),
        isPicture && h("p", { class: "picture" }, h("a", { href: one.url, target: "_blank", rel: "noopener" }, h("img", { src: one.url, alt: one.alt || w.media.noAlt, width: one.sizes[0].width, height: one.sizes[0].height }))),
        it.form.draw({ label: w.save, actions: h("button", { type: "button", class: "danger", onclick: remove }, w.remove) }, () => [
          isPicture && field("alt", w.media.alt, { value: it.value("alt"), hint: w.media.altHint }),
          h("div", { class: "row-of-fields" },
            field("caption", w.media.caption, { value: it.value("caption"), hint: w.optional }),
            field("credit", w.media.credit, { value: it.value("credit"), hint: w.optional }),
            field("filename", w.media.filename, { value: it.value("filename") }))]),
        refused?.code === "in-use" && h("section", { class: "notice bad", key: "refused" }, h("p", {}, w.media.inUse), users(refused.data.uses)),
        facts([w.media.type, one.type], [w.media.size, bytes(one.bytes)], isPicture && [w.media.pixels, `${one.width} × ${one.height}`], [w.media.since, when(one.created_at)],
          isPicture && [w.media.sizes, one.sizes.map((size) => [h("a", { key: size.url, href: size.url, target: "_blank", rel: "noopener" }, `${size.width} × ${size.height}`), ` ${bytes(size.bytes)}`, h("br")])]),
        h("section", { key: "uses" }, h("h2", {}, w.media.uses), one.uses_count === 0 ? h("p", {}, w.media.usedNowhere)
          : [users(one.uses), one.uses_count > one.uses.length && h("p", {}, w.media.moreUses(one.uses_count - one.uses.length))]),
      ];
    },
  };
}

const users = (uses) => h("ul", {}, uses.map((use) => h("li", { key: use.id }, h("a", { href: `#/${use.kind}s/${use.id}` }, use.title))));
