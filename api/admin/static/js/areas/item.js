// One item: its words, pictures and options in one form, its prices and stock in place.

import {
  amountOf, badge, beside, button, choice, deskPage, editor, field, get, h, loaded, named, pairsOf, price, redraw, row, section, session, w,
} from "../kit.js";
import { grid } from "../grid.js";
import { chosenNames, names, tickedNames } from "../names.js";
import { picker } from "../picker.js";
import { listed, rows, spread, whole, words } from "../rows.js";

const KINDS = ["physical", "digital", "service", "external"];
const MOVES = {
  draft: ["published", "archived"], published: ["unlisted", "archived", "draft"], unlisted: ["published", "archived", "draft"],
  archived: ["published", "draft"],
};
const MOST = 100;

export function item(route) {
  const shop = loaded(() => "/v1");
  const [categories, tags] = ["categories", "tags"].map((kind) => pairsOf(`/v1/${kind}?of=items&limit=100`, ({ name }) => [name, name]));
  const settle = () => variants.reset(listed(fieldsOf(desk.one), "variants"));
  const desk = editor("/v1/items", route.id === "new" ? "" : route.id, {
    fields: fieldsOf, body: (values, one) => bodyOf(values, one, shop.body.currency), saved: settle,
    created: ({ id }) => { route.become(id); settle(); },
  });
  const [images, properties, options, variants] = ["images", "properties", "options", "variants"].map((name) => rows(desk, name));
  const prices = grid({ saved: refresh });

  // Prices and stock are saved beside the form: it goes on from there, unless somebody else has changed its words.
  async function refresh() {
    const { body: one } = await get(desk.path);
    const wordsOf = (it) => JSON.stringify(bodyOf(fieldsOf(it), it));
    if (wordsOf(one) === wordsOf(desk.one)) Object.assign(desk, { one, etag: `"v${one.version}"` });
    redraw();
  }

  const picture = (path, { begin: { media, url, alt } }) => [
    (media || url) && h("img", { key: "thumb", class: "thumb", src: url, alt: "" }),
    row(
      h("input", { type: "hidden", name: `${path}/media`, value: media ?? "" }),
      media ? h("input", { type: "hidden", name: `${path}/url`, value: url })
        : field(`${path}/url`, w.item.address, { key: "url", value: url ?? "" }),
      field(`${path}/alt`, w.item.alt, { key: "alt", value: alt ?? "", hint: w.item.altHint }))];
  const pair = (first, second, hint) => (path, { begin }) => row(
    field(`${path}/${first}`, w.item[first], { key: first, value: begin[first] ?? "" }),
    field(`${path}/${second}`, w.item[second], { key: second, value: begin[second] ?? "", hint }));
  const variant = (path, { begin, now }) => {
    const text = (name, label, props) => field(`${path}/${name}`, label, { key: name, value: begin[name] ?? "", ...props });
    const hidden = (name, value) => h("input", { key: name, type: "hidden", name: `${path}/${name}`, value });
    return [
      hidden("options", now.options), hidden("stored", begin.stored ?? ""),
      h("p", { key: "name" }, h("strong", {}, Object.values(JSON.parse(now.options)).join(" · ")), begin.stored && [" ", h("code", {}, begin.sku)]),
      begin.stored ? hidden("sku", begin.sku) : row(
        price(`${path}/price`, w.grid.price, null, { key: "price", currency: shop.body.currency, value: begin.price ?? "" }),
        text("stock", w.grid.stock, { inputmode: "numeric", class: "number", hint: w.item.stockHint }),
        text("sku", w.grid.sku, { hint: w.item.skuHint }))];
  };

  /** A variant for each combination; the ones that are there, and what is typed in them, are used first. */
  function combine() {
    const chosen = options.list.map(({ now }) => [now.name?.trim(), words(now.values)]).filter(([name, values]) => name && values.length);
    const times = (made, [name, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    const all = chosen.reduce(times, [{}]).slice(0, MOST);
    const same = (choices) => ({ now }) => keyOf(JSON.parse(now.options)) === keyOf(choices);
    const left = variants.list.filter((one) => !all.some((choices) => same(choices)(one)));
    const first = variants.list[0]?.now ?? {};
    variants.reset(all.map((choices) => {
      const one = variants.list.find(same(choices)) ?? left.shift() ?? { price: first.price ?? "", stock: first.stock ?? "", sku: "", options: "{}" };
      (one.now ?? one).options = JSON.stringify(choices);
      return one;
    }));
    redraw();
  }

  const form = () => desk.form.draw({ label: desk.id ? w.save : w.item.create, strong: true, actions: [
    MOVES[desk.one?.status ?? "draft"].map((status) =>
      button(w.item.to[status], () => desk.form.submit({ ...desk.form.values(), status }), "quiet", { key: status })),
    desk.id && button(w.remove, () => desk.remove(w.item.removeSure(desk.one.name), "#/items", w.item.removed), "danger", { key: "remove" }),
  ] }, () => {
    const kind = desk.form.values().kind ?? desk.value("kind");
    const text = (name, props) => desk.field(name, w.fields[name], props);
    return [
      text("name"),
      variants.draw(w.item.variants, variant, { addable: null, removable: () => variants.list.length > 1, tight: ({ begin }) => begin.stored }),
      text("summary", { hint: w.optional }),
      text("description", { tag: "textarea", rows: 8, hint: w.item.descriptionHint }),
      images.draw(w.item.images, picture, { ordered: true, addable: w.item.byAddress, above: session.may("media:write")
        && button(w.item.choosePicture, () => picker(({ id, url, alt }) => images.add({ media: id, url, alt }))) }),
      h("div", { key: "options", onchange: combine, onclick: (event) => event.target.closest("button") && combine() },
        options.draw(w.item.options, pair("name", "values", w.item.valuesHint), { addable: w.item.addOption })),
      properties.draw(w.item.properties, pair("name", "value"), { ordered: true }),
      row(names(desk, "categories", w.fields.categories, categories), names(desk, "tags", w.fields.tags, tags)),
      row(
        choice("kind", w.fields.kind, KINDS.map((one) => [one, named(one)]), { value: desk.value("kind"), onchange: redraw }),
        kind === "external" && text("external_url", { type: "url" }),
        text("tax_class", { hint: w.item.taxHint }), text("slug", { hint: w.item.slugHint })),
    ];
  });

  const columns = session.may("stock:write") ? undefined : ["price", "compare_at", "weight_g", "max_per_order"];
  const badges = ({ status, url }) =>
    h("p", { class: "badges" }, badge(status), ["published", "unlisted"].includes(status) && beside(url, w.item.see));
  return deskPage(desk, ["#/items", w.areas.items], (one) => one?.name ?? w.item.fresh, (one) => [
    one && section(w.areas.stock, prices.draw(one.variants.map((it) => [it, it.name]), { columns })),
    h("section", { key: "words" }, one && h("h2", {}, w.item.words), form()),
  ], { badges, isReady: () => shop.body, dirty: () => desk.dirty || prices.dirty });
}

const keyOf = (choices) => JSON.stringify(Object.entries(choices).sort());

function fieldsOf(one) {
  const namesOf = (kind) => tickedNames(kind, one?.[kind].map(({ name }) => name) ?? []);
  const stored = one?.variants.map(({ sku, options }) => ({ sku, options: JSON.stringify(options), stored: "yes" }));
  return {
    name: one?.name, slug: one?.slug, kind: one?.kind ?? "physical", tax_class: one?.tax_class ?? "standard", external_url: one?.external_url,
    summary: one?.summary, description: one?.description, ...namesOf("categories"), ...namesOf("tags"),
    ...spread("images", (one?.images ?? []).map(({ media, url, alt }) => ({ media, url, alt }))),
    ...spread("properties", one?.properties ?? []),
    ...spread("options", (one?.options ?? []).map(({ name, values }) => ({ name, values: values.join(", ") }))),
    ...spread("variants", stored ?? [{ options: "{}", stored: "", sku: "", price: "", stock: "" }]),
  };
}

function bodyOf(values, one, currency) {
  const variantOf = ({ stored, sku, options, price: text, stock }) => {
    const choices = JSON.parse(options);
    const before = one?.variants.find((variant) => variant.sku === sku)?.options ?? {};
    if (stored) return { sku, options: { ...Object.fromEntries(Object.keys(before).map((name) => [name, null])), ...choices } };
    return {
      sku: sku || skuOf([values.name, ...Object.values(choices)]), options: choices, stock: whole(stock),
      price: amountOf(text, currency) ?? { amount: "", currency },
    };
  };
  return {
    name: values.name, ...(values.slug && { slug: values.slug }), kind: values.kind, tax_class: values.tax_class || "standard",
    ...((values.kind === "external" || one) && { external_url: values.kind === "external" ? values.external_url || null : null }),
    summary: values.summary || null, description: values.description || null, status: values.status ?? one?.status ?? "draft",
    categories: chosenNames(values, "categories"), tags: chosenNames(values, "tags"),
    images: listed(values, "images").map(({ media, url, alt }) => ({ ...(media ? { media } : { url }), alt: alt || null })),
    properties: listed(values, "properties").map(({ name, value }) => ({ name, value })),
    options: listed(values, "options").map(({ name, values: text }) => ({ name, values: words(text) })),
    variants: listed(values, "variants").map(variantOf),
  };
}

/** A product number made of words, as the API permits it. */
const skuOf = (parts) => parts.join("-").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 64);
