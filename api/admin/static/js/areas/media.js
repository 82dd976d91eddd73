// Pictures and files: what is there, new ones, and what is known of each.

import {
  beside, button, bytes, deskPage, editor, empty, facts, h, link, loaded, missing, pages, row, search, section, tabs, title, w, when,
} from "../kit.js";
import { thumb, uploads } from "../uploads.js";

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
      title(w.areas.media),
      upload.draw(),
      tabs(route, "shown", ["all", "unused"], w.media.shown),
      search(route, w.media.search),
      (list.problem || !list.body) && missing(list),
      list.body && [
        list.body.data.length === 0 ? empty(route.query.size ? w.media.notFound : w.media.none)
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
    fields: ({ alt, caption, credit, filename }) => ({ alt, caption, credit, filename }),
    body: ({ alt = "", caption, credit, filename }) => ({ alt, caption, credit, filename }),
  });
  let uses = null; // because of which it is not deleted
  const remove = () => it.remove(w.media.removeSure(it.one.filename), "#/media", w.done, ({ data }) => { uses = data?.uses; });
  return deskPage(it, ["#/media", w.areas.media], (one) => one.filename, (one) => {
    const [largest] = one.sizes;
    return [
      largest && h("p", { class: "picture" },
        beside(one.url, h("img", { src: one.url, alt: one.alt || w.media.noAlt, width: largest.width, height: largest.height }))),
      it.form.draw({ label: w.save, actions: button(w.remove, remove, "danger") }, () => [
        largest && it.field("alt", w.media.alt, { hint: w.media.altHint }),
        row(it.field("caption", w.media.caption, { hint: w.optional }), it.field("credit", w.media.credit, { hint: w.optional }),
          it.field("filename", w.media.filename))]),
      uses && h("section", { class: "notice bad", key: "refused" }, h("p", {}, w.media.inUse), users(uses)),
      facts(
        [w.media.type, one.type], [w.media.size, bytes(one.bytes)], largest && [w.media.pixels, `${one.width} × ${one.height}`],
        [w.media.since, when(one.created_at)], largest && [w.media.sizes, one.sizes.map((size) =>
          [beside(size.url, `${size.width} × ${size.height}`), ` ${bytes(size.bytes)}`, h("br")])]),
      section(w.media.uses, one.uses_count === 0 ? h("p", {}, w.media.usedNowhere)
        : [users(one.uses), one.uses_count > one.uses.length && h("p", {}, w.media.moreUses(one.uses_count - one.uses.length))]),
    ];
  });
}

const users = (uses) => h("ul", {}, uses.map(({ id, kind, title: name }) => h("li", { key: id }, link(`#/${kind}s/${id}`, name))));
