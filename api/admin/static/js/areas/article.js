// The desk: one article, written, shown as it will be, filed, and published.

import { actions, badge, button, choice, deskPage, editor, field, h, pairsOf, redraw, session, tick, w, when } from "../kit.js";
import { KEYS, mark, marks, pictureMark, write } from "../marks.js";
import { chosenNames, names, tickedNames } from "../names.js";
import { picker } from "../picker.js";
import { preview } from "./preview.js";
import { publication } from "./publication.js";

export function article(route) {
  const isNew = route.id === "new";
  const isEditor = session.may("articles:edit");
  const shown = preview();
  const authors = pairsOf("/v1/authors?limit=100", ({ slug, name }) => [slug, name]);
  const [tags, categories] = ["tags", "categories"].map((kind) => pairsOf(`/v1/${kind}?limit=100`, ({ name }) => [name, name]));

  const it = editor("/v1/articles", isNew ? "" : route.id, {
    fields: fieldsOf,
    body: (values, one) => bodyOf(values, one, isEditor),
    created: ({ id }) => route.become(id),
    autosave: (one) => one.status === "draft" && it.form.values().title.trim() !== "",
    oninput: () => shown.render(text),
  });
  const publishing = publication(it);
  let picked = { turn: -1 };
  begin();

  async function begin() {
    if (!isNew) await it.load();
    if (it.restored) shown.render(text);
    else if (it.one) shown.show(it.one.body_html);
    redraw();
  }

  function text() {
    const { body = it.value("body"), format = it.value("format") } = it.form.values();
    return { body, format };
  }

  const area = () => it.form.node.elements.namedItem("body");
  const marked = (name) => mark(area(), text().format, name);
  const intoText = (sent = []) => picker((one) => write(area(), pictureMark(text().format, one)), { sent });
  const files = (event, list) => {
    if (!list.length) return;
    event.preventDefault();
    intoText([...list]);
  };

  function keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key === "s") {
      event.target.dispatchEvent(new Event("change")); // a name half added is added
      queueMicrotask(it.save);
    } else if (event.target.name === "body" && KEYS[event.key]) {
      marked(KEYS[event.key]);
    } else {
      return;
    }
    event.preventDefault();
  }

  function pick(one) {
    picked = { turn: it.form.turn, image: one ? JSON.stringify({ media: one.id, url: one.url }) : "", alt: one?.alt ?? "" };
    const { image } = it.form.node.elements;
    image.value = picked.image;
    image.dispatchEvent(new Event("input", { bubbles: true }));
    redraw();
  }

  const desk = () => [
    it.field("title", w.article.title, { class: "title", maxlength: 200 }),
    h("div", { class: "desk", key: "desk" },
      h("div", {},
        h("p", { class: "toolbar", role: "group", "aria-label": w.article.toolbar },
          marks.map((name) => button(w.article.marks[name], () => marked(name), "quiet",
            { key: name, "aria-keyshortcuts": shortcut(name), onmousedown: (event) => event.preventDefault() })),
          button(w.article.picture, () => intoText())),
        it.field("body", w.article.body, {
          tag: "textarea", rows: 22, spellcheck: "true", hint: w.article.bodyHint,
          onpaste: (event) => files(event, event.clipboardData.files), ondrop: (event) => files(event, event.dataTransfer.files),
        })),
      shown.draw()),
  ];

  const image = () => {
    const { image: value, alt } = picked.turn === it.form.turn ? picked : { image: it.value("image"), alt: it.value("alt") };
    return h("fieldset", { key: "image" }, h("legend", {}, w.article.image),
      h("input", { type: "hidden", name: "image", value: it.value("image") }),
      value && h("img", { class: "chosen", src: JSON.parse(value).url, alt: "" }),
      value && field("alt", w.media.alt, { value: alt, hint: w.media.altHint, maxlength: 1000 }),
      actions(button(w.media.choose, () => picker(pick)), value && button(w.article.noImage, () => pick(null))));
  };

  const filing = () => h("div", { class: "cards", key: "filing" },
    h("div", { class: "card" },
      it.field("excerpt", w.article.excerpt, { tag: "textarea", rows: 3, hint: w.article.excerptHint, maxlength: 1000 }), image()),
    h("div", { class: "card" }, names(it, "categories", w.article.categories, categories), names(it, "tags", w.article.tags, tags),
      isEditor && names(it, "authors", w.article.authors, authors)),
    h("div", { class: "card" },
      it.field("slug", w.article.slug, { hint: w.article.slugHint, autocapitalize: "none", spellcheck: "false" }),
      it.field("language", w.article.language, { hint: w.article.languageHint, autocapitalize: "none", list: "languages" }),
      h("datalist", { id: "languages" }, ["en", "fr"].map((value) => h("option", { key: value, value }))),
      choice("type", w.article.type, Object.entries(w.article.types), { value: it.value("type") }),
      choice("format", w.article.format, [["markdown", "Markdown"], ["html", "HTML"]], { value: it.value("format") }),
      choice("comment_policy", w.areas.comments, Object.entries(w.article.policies), { value: it.value("comment_policy") }),
      tick("featured", w.article.featured, { checked: it.is("featured") })));

  const badges = (one) => h("p", { class: "badges" }, badge(one.status),
    h("small", {}, it.form.dirty ? w.article.unsaved : w.article.savedAt(when(one.updated_at))));
  const form = () => it.form.draw({ label: w.save, class: "writing", onkeydown: keys }, () => [desk(), filing()]);
  return deskPage(it, ["#/articles", w.areas.articles], (one) => one?.title ?? w.articles.write, () => [form(), publishing()],
    { badges, leave: shown.leave });
}

const shortcut = (name) => {
  const key = Object.keys(KEYS).find((one) => KEYS[one] === name);
  return key ? `Control+${key.toUpperCase()}` : null;
};

function fieldsOf(one) {
  if (!one) return { format: "markdown", type: "article", comment_policy: "open" };
  const { title: heading, format, type, slug, comment_policy, image } = one;
  return {
    title: heading, format, type, slug, comment_policy, body: (one.body ?? "").replace(/\r\n?/g, "\n"), excerpt: one.excerpt ?? "",
    language: one.language ?? "", featured: one.featured ? "on" : undefined,
    image: image ? JSON.stringify({ media: image.media, url: image.url }) : "", alt: image?.alt ?? "",
    ...tickedNames("tags", one.tags.map(({ name }) => name)), ...tickedNames("categories", one.categories.map(({ name }) => name)),
    ...tickedNames("authors", one.authors.map((author) => author.slug)),
  };
}

function bodyOf(values, one, isEditor) {
  const authors = chosenNames(values, "authors");
  const { media, url } = values.image ? JSON.parse(values.image) : {};
  return {
    title: values.title, body: values.body, format: values.format, type: values.type, ...((values.slug || one) && { slug: values.slug }),
    excerpt: values.excerpt || null, language: values.language || null, comment_policy: values.comment_policy, featured: values.featured === "on",
    image: values.image ? { ...(media ? { media } : { url }), alt: values.alt ?? "" } : null,
    tags: chosenNames(values, "tags"), categories: chosenNames(values, "categories"),
    ...(isEditor && (one || authors.length > 0) && { authors }),
  };
}
