// How the site is ordered: tags, categories, and old addresses that lead to new ones.

import { call, every } from "../api.js";
import { overlay, sure } from "../dialogs.js";
import { h } from "../draw.js";
import { choice, field, form } from "../forms.js";
import { when } from "../format.js";
import { search, table, tabs } from "../lists.js";
import { act, loaded, redraw, say } from "../live.js";
import { session } from "../session.js";
import { w } from "../words.js";

export function site(route) {
  const scopes = [session.may("articles:edit") && "articles", session.may("items:write") && "items"].filter(Boolean);
  const lists = [...(scopes.length ? ["tags", "categories"] : []), ...(session.may("redirects:write") ? ["redirects"] : [])];
  const shown = () => route.query.get("list") ?? lists[0];
  const of = () => route.query.get("of") ?? scopes[0];
  const list = loaded(() => {
    const { list: _, of: __, ...query } = Object.fromEntries(route.query);
    return `/v1/${shown()}?${new URLSearchParams({ limit: "50", ...query, ...(shown() !== "redirects" && { of: of() }) })}`;
  });
  const redirect = form(async (values, key) => {
    await call("POST", "/v1/redirects", values, { key });
    await list.load();
    say(w.site.redirectMade);
  });
  const removeRedirect = async (one) => (await sure(w.site.redirectSure(one.from), w.remove))
    && act(async () => { await call("DELETE", `/v1/redirects/${one.id}`); await list.load(); }, w.done);

  const redirects = () => [
    h("details", { class: "card", key: "new" }, h("summary", {}, w.site.newRedirect), redirect.draw({ label: w.add }, () => [
      h("div", { class: "row-of-fields" },
        field("from", w.site.from, { hint: w.site.fromHint, autocapitalize: "none", placeholder: "/2020/05/fog/" }),
        field("to", w.site.to, { hint: w.site.toHint, autocapitalize: "none", placeholder: "/article/?slug=fog" }))])),
    search(route, w.site.findFrom, "from"),
    table(list, route, {
      caption: w.site.lists.redirects, empty: route.query.get("from") ? w.site.notFound : w.site.noRedirects,
      columns: [[w.site.from, (one) => one.from], [w.site.to, (one) => one.to ?? w.site.nowhere], [w.site.since, (one) => when(one.created_at, { dateStyle: "medium" })]],
      acts: (one) => h("button", { type: "button", class: "danger", onclick: () => removeRedirect(one) }, w.remove),
    }),
  ];
  const terms = () => [
    scopes.length > 1 && tabs(route, "of", scopes.map((scope) => [scope, w.site.scopes[scope]]), w.site.of, of()),
    table(list, route, {
      caption: w.site.lists[shown()], empty: w.site.noTerms,
      columns: [
        [w.site.name, (one) => one.name],
        [w.site.slug, (one) => one.slug],
        ...(shown() === "categories" ? [[w.site.parent, (one) => one.parent ?? ""]] : []),
        [w.site.count, (one) => one.count, "number"],
      ],
      acts: (one) => h("button", { type: "button", class: "quiet", onclick: () => term(shown(), of(), one, list) }, w.site.change),
    }),
  ];

  return {
    follow: list.follow,
    dirty: () => redirect.dirty,
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.site),
      h("nav", { class: "tabs", "aria-label": w.site.which }, lists.map((one) =>
        h("a", { key: one, href: `#/site?list=${one}`, "aria-current": one === shown() ? "true" : null }, w.site.lists[one]))),
      shown() === "redirects" ? redirects() : terms(),
    ],
  };
}

// One tag or category: another name, another place, or an end, with another in its stead.
function term(kind, of, one, list) {
  let others = [];
  let close = null;
  every(`/v1/${kind}?of=${of}&limit=100`).then((rows) => { others = rows.filter(({ slug }) => slug !== one.slug); redraw(); }, () => null);
  const path = `/v1/${kind}/${encodeURIComponent(one.slug)}?of=${of}`;
  const end = async (said) => { close(); await list.load(); say(said); };
  const rename = form(async ({ name, slug, parent }) => {
    await call("PATCH", path, { name, slug, ...(kind === "categories" && { parent: parent || null }) });
    await end(w.saved);
  });
  const remove = form(async ({ into }) => {
    await call("DELETE", path + (into ? `&into=${encodeURIComponent(into)}` : ""));
    await end(into ? w.site.merged : w.site.removed);
  });
  const pairs = (none) => [["", none], ...others.map(({ slug, name }) => [slug, name])];

  overlay("term", one.name, (done) => {
    close = done;
    return [
      rename.draw({ label: w.save, strong: true }, () => [
        field("name", w.site.name, { value: one.name, maxlength: 60 }), field("slug", w.site.slug, { value: one.slug, hint: w.site.slugHint, autocapitalize: "none" }),
        kind === "categories" && choice("parent", w.site.parent, pairs(w.site.noParent), { value: one.parent ?? "" })]),
      remove.draw({ label: w.remove, class: "danger" }, () => [
        h("h3", {}, w.site.end), choice("into", w.site.into, pairs(w.site.intoNothing), { hint: w.site.intoHint })]),
    ];
  });
}
