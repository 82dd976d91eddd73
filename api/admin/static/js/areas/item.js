// One item: its words, pictures and options in one form, its prices and stock in place.

import { call, get } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { editor } from "../editor.js";
import { choice, field, notice, price } from "../forms.js";
import { amountOf } from "../format.js";
import { grid } from "../grid.js";
import { badge } from "../lists.js";
import { act, goTo, loaded, redraw } from "../live.js";
import { picker } from "../picker.js";
import { chosenNames, names, tickedNames } from "../names.js";
import { listed, rows, spread, whole, words } from "../rows.js";
import { session } from "../session.js";
import { inWords, named, w } from "../words.js";

const KINDS = ["physical", "digital", "service", "external"];
const MOVES = { draft: ["published", "archived"], published: ["unlisted", "archived", "draft"], unlisted: ["published", "archived", "draft"],
  archived: ["published", "draft"] };
const MOST = 100;

export function item(route) {
  const shop = loaded(() => "/v1");
  const known = Object.fromEntries(["categories", "tags"].map((kind) => [kind, loaded(() => `/v1/${kind}?of=items&limit=100`)]));
  const filed = (kind) => names(desk, kind, w.fields[kind], known[kind].body?.data.map(({ name }) => [name, name]) ?? []);
  const desk = editor("/v1/items", route.id === "new" ? "" : route.id,
    { fields: fieldsOf, body: (values, one) => bodyOf(values, one, shop.body.currency), created: (one) => { route.become(one.id); settle(); },
    saved: () => settle() });
  const [images, properties, options, variants] = ["images", "properties", "options", "variants"].map((name) => rows(desk, name));
  const prices = grid({ saved: refresh });
  const stand = (status) => desk.form.submit({ ...desk.form.values(), status });

  // Prices and stock are saved beside the form: it goes on from there, unless somebody else has changed its words.
  async function refresh() {
    const { body: one } = await get(desk.path);
    const wordsOf = (it) => JSON.stringify(bodyOf(fieldsOf(it), it));
    if (wordsOf(one) === wordsOf(desk.one)) Object.assign(desk, { one, etag: `"v${one.version}"` });
    redraw();
  }

  function settle() {
    variants.reset(listed(fieldsOf(desk.one), "variants"));
  }

  const remove = async () => {
    if (!(await sure(w.item.removeSure(desk.one.name), w.remove))) return;
    await act(async () => {
      await call("DELETE", desk.path, undefined, { etag: desk.etag });
      desk.discard();
      goTo("#/items", w.item.removed);
    }, w.item.removed);
  };

  const picture = (path, { begin: { media, url, alt } }) => [
    (media || url) && h("img", { key: "thumb", class: "thumb", src: url, alt: "" }),
    h("div", { class: "row-of-fields", key: "fields" },
      h("input", { type: "hidden", name: `${path}/media`, value: media ?? "" }),
      media ? h("input", { type: "hidden", name: `${path}/url`, value: url }) : field(`${path}/url`, w.item.address,
        { key: "url", value: url ?? "" }),
      field(`${path}/alt`, w.item.alt, { key: "alt", value: alt ?? "", hint: w.item.altHint }))];
  const pair = (first, second, hint) => (path, { begin }) => h("div", { class: "row-of-fields" },
    field(`${path}/${first}`, w.item[first], { key: first, value: begin[first] ?? "" }),
      field(`${path}/${second}`, w.item[second], { key: second, value: begin[second] ?? "", hint }));
  const variant = (path, { begin, now }) => [
    h("input", { key: "options", type: "hidden", name: `${path}/options`, value: now.options }),
    h("input", { key: "stored", type: "hidden", name: `${path}/stored`, value: begin.stored ?? "" }),
    h("p", { key: "name" }, h("strong", {}, Object.values(JSON.parse(now.options)).join(" · ")), begin.stored && [" ", h("code", {}, begin.sku)]),
    begin.stored ? h("input", { key: "sku", type: "hidden", name: `${path}/sku`, value: begin.sku }) : h("div",
      { class: "row-of-fields", key: "fields" },
      price(`${path}/price`, w.grid.price, null, { key: "price", currency: shop.body.currency, value: begin.price ?? "" }),
      field(`${path}/stock`, w.grid.stock, { key: "stock", inputmode: "numeric", class: "number", value: begin.stock ?? "", hint: w.item.stockHint }),
      field(`${path}/sku`, w.grid.sku, { key: "sku", value: begin.sku ?? "", hint: w.item.skuHint }))];

  /** A variant for each combination; the ones that are there, and what is typed in them, are used first. */
  function combine() {
    const listedOptions = options.list.map(({ now }) => [now.name?.trim(), words(now.values)]).filter(([name, values]) => name && values.length);
    const times = (made, [name, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    const all = listedOptions.reduce(times, [{}]).slice(0, MOST);
    const same = (choices) => (row) => keyOf(JSON.parse(row.now.options)) === keyOf(choices);
    const left = variants.list.filter((row) => !all.some((choices) => same(choices)(row)));
    const first = variants.list[0]?.now ?? {};
    variants.reset(all.map((choices) => {
      const row = variants.list.find(same(choices)) ?? left.shift() ?? { price: first.price ?? "", stock: first.stock ?? "", sku: "", options: "{}" };
      (row.now ?? row).options = JSON.stringify(choices);
      return row;
    }));
    redraw();
  }

  const form = () => desk.form.draw({ label: desk.id ? w.save : w.item.create, strong: true, actions: [
    MOVES[desk.one?.status ?? "draft"].map((status) => h("button", { key: status, type: "button", class: "quiet", onclick: () => stand(status) },
      w.item.to[status])),
    desk.id && h("button", { key: "remove", type: "button", class: "danger", onclick: remove }, w.remove)] }, () => {
    const kind = desk.form.values().kind ?? desk.value("kind");
    const text = (name, props = {}) => field(name, w.fields[name], { value: desk.value(name), ...props });
    return [
      text("name"),
      variants.draw(w.item.variants, variant, { addable: null, removable: () => variants.list.length > 1, tight: ({ begin }) => begin.stored }),
      text("summary", { hint: w.optional }),
      text("description", { tag: "textarea", rows: 8, hint: w.item.descriptionHint }),
      images.draw(w.item.images, picture, { ordered: true, addable: w.item.byAddress }),
      session.may("media:write") && h("p", { class: "actions", key: "choose-picture" },
        h("button", { type: "button", class: "quiet", onclick: () => picker(({ id, url, alt }) => images.add({ media: id, url, alt })) },
        w.item.choosePicture)),
      h("div", { key: "options", onchange: combine, onclick: (event) => event.target.closest("button") && combine() },
        options.draw(w.item.options, pair("name", "values", w.item.valuesHint), { addable: w.item.addOption })),
      properties.draw(w.item.properties, pair("name", "value"), { ordered: true }),
      h("div", { class: "row-of-fields", key: "filed" },
        filed("categories"), filed("tags")),
      h("div", { class: "row-of-fields", key: "sold" },
        choice("kind", w.fields.kind, KINDS.map((one) => [one, named(one)]), { value: desk.value("kind"), onchange: redraw }),
        kind === "external" && text("external_url", { type: "url" }),
        text("tax_class", { hint: w.item.taxHint }), text("slug", { hint: w.item.slugHint })),
    ];
  });

  return {
    dirty: () => desk.dirty || prices.dirty,
    discard: desk.discard,
    draw: () => {
      if (desk.problem) return [h("h1", { tabindex: -1 }, w.sorry), notice(inWords(desk.problem), "bad")];
      if (!desk.ready || !shop.body) return h("p", { class: "waiting", role: "status" }, w.loading);
      const { one } = desk;
      return [
        h("p", { class: "crumbs" }, h("a", { href: "#/items" }, `← ${w.areas.items}`)),
        h("h1", { tabindex: -1 }, one?.name ?? w.item.fresh),
        one && h("p", { class: "badges" }, badge(one.status),
          ["published", "unlisted"].includes(one.status) && h("a", { href: one.url, target: "_blank", rel: "noopener" }, w.item.see)),
        desk.warnings(),
        one && h("section", { key: "prices" }, h("h2", {}, w.areas.stock),
          prices.draw(one.variants.map((variant) => [variant, variant.name]),
          { columns: session.may("stock:write") ? undefined : ["price", "compare_at", "weight_g", "max_per_order"] })),
        h("section", { key: "words" }, one && h("h2", {}, w.item.words), form()),
      ];
    },
  };
}

const keyOf = (choices) => JSON.stringify(Object.entries(choices).sort());

function fieldsOf(one) {
  const stored = one?.variants.map(({ sku, options }) => ({ sku, options: JSON.stringify(options), stored: "yes" }));
  return {
    name: one?.name, slug: one?.slug, kind: one?.kind ?? "physical", tax_class: one?.tax_class ?? "standard", external_url: one?.external_url,
    summary: one?.summary, description: one?.description, ...tickedNames("categories", one?.categories.map(({ name }) => name) ?? []),
      ...tickedNames("tags", one?.tags.map(({ name }) => name) ?? []),
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
    return { sku: sku || skuOf([values.name, ...Object.values(choices)]), options: choices,
      price: amountOf(text, currency) ?? { amount: "", currency }, stock: whole(stock) };
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
