// The rules of the shop: coupons, ways of shipping, taxes. Each is a list, and a form for one of them.

import {
  actions, amountOf, badge, button, choice, deskPage, editor, field, h, instantOf, loaded, localTime, money, named, price, redraw,
  row, table, tabs, title, typed, w, when,
} from "../kit.js";
import { listed, rows, spread, whole, words } from "../rows.js";

const STANDARD = "standard";
const stateColumn = [w.items.state, (one) => badge(one.status)];
const states = (desk) => choice("status", w.items.state, ["active", "retired"].map((one) => [one, named(one)]), { value: desk.value("status") });
const text = (desk, name, props) => desk.field(name, w.shop[name], props);
const number = (desk, name, props) => text(desk, name, { inputmode: "numeric", class: "number", ...props });
const time = (desk, name) => text(desk, name, { type: "datetime-local", hint: w.optional });
const amount = (desk, name, currency, props) => price(name, w.shop[name], null, { currency, value: desk.value(name), ...props });
// What is missing goes to the API as it is: its refusal says so beside the field.
const needed = (value, currency) => amountOf(value ?? "", currency) ?? { amount: "", currency };
const count = (value) => whole(String(value ?? ""));

const coupons = {
  path: "/v1/coupons", title: (one) => one.code,
  columns: [
    [w.shop.code, (one) => one.code],
    [w.shop.worth, ({ percent, amount: off, kind }) => (percent ? `${percent} %` : off ? money(off) : named(kind))],
    [w.shop.used, (one) => [one.used, one.usage_limit && ` / ${one.usage_limit}`], "number"],
    [w.shop.ends_at, (one) => when(one.ends_at)],
    stateColumn],
  fields: (one) => ({
    kind: "percent", status: "active", ...one, amount: typed(one?.amount), min_subtotal: typed(one?.min_subtotal),
    starts_at: localTime(one?.starts_at), ends_at: localTime(one?.ends_at), items: one?.items.join(", "), categories: one?.categories.join(", "),
  }),
  body: (it, currency) => ({
    code: it.code, kind: it.kind, status: it.status,
    percent: it.kind === "percent" ? count(it.percent) : null, amount: it.kind === "fixed" ? amountOf(it.amount ?? "", currency) : null,
    min_subtotal: amountOf(it.min_subtotal ?? "", currency), starts_at: instantOf(it.starts_at), ends_at: instantOf(it.ends_at),
    usage_limit: count(it.usage_limit), per_customer: count(it.per_customer), items: words(it.items), categories: words(it.categories),
  }),
  draw(desk, currency) {
    const kind = desk.form.values().kind ?? desk.value("kind");
    return [
      row(text(desk, "code", { autocapitalize: "characters", autocomplete: "off" }),
        choice("kind", w.shop.kind, ["percent", "fixed", "free_shipping"].map((one) => [one, named(one)]),
          { value: desk.value("kind"), onchange: redraw }),
        kind === "percent" && number(desk, "percent"), kind === "fixed" && amount(desk, "amount", currency)),
      row(amount(desk, "min_subtotal", currency, { hint: w.optional }), number(desk, "usage_limit", { hint: w.optional }),
        number(desk, "per_customer", { hint: w.optional })),
      row(time(desk, "starts_at"), time(desk, "ends_at"), states(desk)),
      row(text(desk, "items", { hint: w.shop.slugs }), text(desk, "categories", { hint: w.shop.slugs }))];
  },
};

const shipping = {
  path: "/v1/shipping-methods", title: (one) => one.name,
  columns: [
    [w.shop.name, (one) => one.name],
    [w.shop.countries, (one) => one.countries.join(", ") || w.shop.elsewhere],
    [w.shop.price, (one) => money(one.price), "number"],
    [w.shop.free_over, (one) => one.free_over && money(one.free_over), "number"],
    stateColumn],
  fields: (one) => ({
    name: one?.name, price: typed(one?.price), free_over: typed(one?.free_over), countries: one?.countries.join(", "),
      regions: one?.regions.join(", "),
    tax_class: one?.tax_class ?? STANDARD, position: one?.position ?? 0, status: one?.status ?? "active",
    ...spread("brackets", (one?.brackets ?? []).map((it) => ({ up_to_g: it.up_to_g, price: typed(it.price) }))),
  }),
  body: (it, currency) => ({
    name: it.name, price: needed(it.price, currency), free_over: amountOf(it.free_over, currency),
    countries: words(it.countries).map((code) => code.toUpperCase()), regions: words(it.regions),
    tax_class: it.tax_class || STANDARD, position: count(it.position) ?? 0, status: it.status,
    brackets: listed(it, "brackets").map((one) => ({ up_to_g: count(one.up_to_g), price: needed(one.price, currency) })),
  }),
  parts: (desk) => rows(desk, "brackets"),
  draw: (desk, currency, brackets) => [
    row(text(desk, "name"), amount(desk, "price", currency), amount(desk, "free_over", currency, { hint: w.optional })),
    row(text(desk, "countries", { hint: w.shop.countriesHint }), text(desk, "regions", { hint: w.shop.regionsHint })),
    brackets.draw(w.shop.brackets, (path, { begin }) => row(
      field(`${path}/up_to_g`, w.shop.up_to_g, { key: "up_to_g", inputmode: "numeric", class: "number", value: begin.up_to_g ?? "" }),
      price(`${path}/price`, w.shop.price, null, { key: "price", currency, value: begin.price ?? "" })), { addable: w.shop.addBracket }),
    row(text(desk, "tax_class", { hint: w.item.taxHint }), number(desk, "position", { hint: w.shop.positionHint }), states(desk))],
};

const taxes = {
  path: "/v1/tax-rates", title: (one) => `${one.name} ${one.rate} %`,
  columns: [
    [w.shop.name, (one) => one.name],
    [w.shop.rate, (one) => `${one.rate} %`, "number"],
    [w.shop.class, (one) => one.class],
    [w.shop.country, (one) => (one.country === "*" ? w.shop.everywhere : one.country)],
    [w.shop.region, (one) => one.region]],
  fields: (one) => ({ name: one?.name, rate: one?.rate, class: one?.class ?? STANDARD, country: one?.country, region: one?.region }),
  body: (it) => ({
    name: it.name, rate: (it.rate ?? "").trim().replace(",", "."), class: it.class || STANDARD, country: (it.country ?? "").trim().toUpperCase(),
    region: it.region || null,
  }),
  draw: (desk) => [
    row(text(desk, "name"), text(desk, "rate", { inputmode: "decimal", class: "number" }), text(desk, "class", { hint: w.item.taxHint })),
    row(text(desk, "country", { hint: w.shop.countryHint }), text(desk, "region", { hint: w.optional }))],
};

const KINDS = { coupons, shipping, taxes };

export function shop(route) {
  const name = () => (route.query.get("tab") in KINDS ? route.query.get("tab") : "coupons");
  const list = loaded(() => {
    const { tab: _, ...query } = Object.fromEntries(route.query);
    return `${KINDS[name()].path}?${new URLSearchParams({ limit: 50, ...query })}`;
  });
  return {
    follow() { list.body = null; list.follow(); },
    draw: () => [
      title(w.areas.shop),
      tabs(route, "tab", Object.keys(KINDS), w.areas.shop, { chosen: name() }),
      actions(h("a", { class: "button strong", href: `#/shop/${name()}/new` }, w.shop.fresh[name()])),
      table(list, route, { caption: named(name()), columns: KINDS[name()].columns, href: ({ id }) => `#/shop/${name()}/${id}`,
        none: w.shop.none[name()] }),
    ],
  };
}

export function rule(route) {
  const [first, id = "new"] = route.id.split("/");
  const name = first in KINDS ? first : "coupons";
  const kind = KINDS[name];
  const back = `#/shop?tab=${name}`;
  const root = loaded(() => "/v1");
  const desk = editor(kind.path, id === "new" ? "" : id, {
    fields: kind.fields, body: (values) => kind.body(values, currency()), created: (one) => route.become(`${name}/${one.id}`),
  });
  const parts = kind.parts?.(desk);
  const remove = () => desk.remove(w.shop.removeSure(kind.title(desk.one)), back, w.shop.removed);
  const currency = () => root.body.currency;
  return deskPage(desk, [back, w.areas.shop], (one) => (one ? kind.title(one) : w.shop.fresh[name]), () =>
    desk.form.draw({ label: desk.id ? w.save : w.create, strong: true, actions: desk.id && button(w.remove, remove, "danger") },
      () => kind.draw(desk, currency(), parts)), { isReady: () => root.body });
}
