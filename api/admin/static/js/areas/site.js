// How the site is ordered: tags, categories, and old addresses that lead to new ones.

import {
  button, call, calls, choice, every, field, fold, form, h, loaded, overlay, redraw, row, say, search, session, sure, table, tabs, title, w, when,
} from "../kit.js";

export function site(route) {
  const scopes = [session.may("articles:edit") && "articles", session.may("items:write") && "items"].filter(Boolean);
  const lists = [...(scopes.length ? ["tags", "categories"] : []), ...(session.may("redirects:write") ? ["redirects"] : [])];
  const shown = () => route.query.get("list") ?? lists[0];
  const of = () => route.query.get("of") ?? scopes[0];
  const list = loaded(() => {
    const { list: _, of: __, ...query } = Object.fromEntries(route.query);
    return `/v1/${shown()}?${new URLSearchParams({ limit: "50", ...query, ...(shown() !== "redirects" && { of: of() }) })}`;
  });
  const change = calls([list], w.done);
  const redirect = form(async (values, key) => {
    await call("POST", "/v1/redirects", values, { key });
    await list.load();
    say(w.site.redirectMade);
  });
  const remove = async ({ id, from }) => (await sure(w.site.redirectSure(from), w.remove)) && change("DELETE", `/v1/redirects/${id}`);

  const redirects = () => [
    fold(w.site.newRedirect, redirect.draw({ label: w.add }, () => row(
      field("from", w.site.from, { hint: w.site.fromHint, autocapitalize: "none", placeholder: "/2020/05/fog/" }),
      field("to", w.site.to, { hint: w.site.toHint, autocapitalize: "none", placeholder: "/article/?slug=fog" })))),
    search(route, w.site.findFrom, "from"),
    table(list, route, {
      caption: w.site.lists.redirects, none: route.query.get("from") ? w.site.notFound : w.site.noRedirects,
      columns: [[w.site.from, (one) => one.from], [w.site.to, (one) => one.to ?? w.site.nowhere],
        [w.site.since, (one) => when(one.created_at, { dateStyle: "medium" })]],
      acts: (one) => button(w.remove, () => remove(one), "danger"),
    }),
  ];
  const terms = () => [
    scopes.length > 1 && tabs(route, "of", scopes.map((scope) => [scope, w.site.scopes[scope]]), w.site.of, { chosen: of() }),
    table(list, route, {
      caption: w.site.lists[shown()], none: w.site.noTerms,
      columns: [[w.site.name, (one) => one.name], [w.site.slug, (one) => one.slug],
        ...(shown() === "categories" ? [[w.site.parent, (one) => one.parent ?? ""]] : []), [w.site.count, (one) => one.count, "number"]],
      acts: (one) => button(w.site.change, () => term(shown(), of(), one, list)),
    }),
  ];

  return {
    follow: list.follow,
    dirty: () => redirect.dirty,
    draw: () => [
      title(w.areas.site),
      tabs(route, "list", lists.map((one) => [one, w.site.lists[one]]), w.site.which, { chosen: shown(), alone: true }),
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
        field("name", w.site.name, { value: one.name, maxlength: 60 }),
        field("slug", w.site.slug, { value: one.slug, hint: w.site.slugHint, autocapitalize: "none" }),
        kind === "categories" && choice("parent", w.site.parent, pairs(w.site.noParent), { value: one.parent ?? "" })]),
      remove.draw({ label: w.remove, class: "danger" }, () => [
        h("h3", {}, w.site.end), choice("into", w.site.into, pairs(w.site.intoNothing), { hint: w.site.intoHint })]),
    ];
  });
}
