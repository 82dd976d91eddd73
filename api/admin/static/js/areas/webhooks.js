// Webhooks: programs of others that hear of events; what was delivered, and once more.

import { call } from "../api.js";
import { overlay, sure } from "../dialogs.js";
import { h } from "../draw.js";
import { editor } from "../editor.js";
import { field, form, notice } from "../forms.js";
import { instantOf, when } from "../format.js";
import { badge, filters, table } from "../lists.js";
import { act, goTo, loaded, once, say } from "../live.js";
import { inWords, w } from "../words.js";

const PATH = "/v1/webhooks";
const events = (text) => text.split(/[\s,]+/).filter(Boolean);

export function webhooks(route) {
  const list = loaded(() => `${PATH}?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  const add = form(async ({ url, events: types, description }, key) => {
    const { secret } = (await call("POST", PATH, { url, events: events(types), ...(description && { description }) }, { key })).body;
    await list.load();
    say(w.webhooks.made);
    showSecret(secret);
  });
  return {
    follow: list.follow,
    dirty: () => add.dirty,
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.webhooks),
      h("p", {}, w.webhooks.why),
      filters(route, ["status", w.log.state, ["active", "disabled"]]),
      table(list, route, {
        caption: w.areas.webhooks, href: (one) => `#/webhooks/${one.id}`, empty: w.webhooks.none,
        columns: [[w.webhooks.url, (one) => h("span", { class: "long" }, one.url)], [w.webhooks.events, (one) => one.events.join(" ")],
          [w.log.state, (one) => [badge(one.status), one.disabled_reason && h("small", {}, one.disabled_reason)]]],
      }),
      h("details", { class: "card" }, h("summary", {}, w.webhooks.add), add.draw({ label: w.webhooks.add }, fields)),
    ],
  };
}

const fields = (value = () => "") => [
  field("url", w.webhooks.url, { type: "url", value: value("url") }),
  field("events", w.webhooks.events, { value: value("events") || "*", hint: w.webhooks.eventsHint }),
  field("description", w.webhooks.description, { value: value("description"), hint: w.optional })];

const showSecret = (secret) => overlay("secret", w.webhooks.secret, () => [h("p", {}, w.me.secretOnce), h("p", {}, h("code", {}, secret))]);

export function webhook(route) {
  const path = `${PATH}/${route.id}`;
  const one = editor(PATH, route.id, {
    fields: (it) => ({ url: it?.url, events: it?.events.join(" "), description: it?.description ?? "" }),
    body: ({ url, events: types, description }) => ({ url, events: events(types), description }),
  });
  const deliveries = loaded(() => `${path}/deliveries?${new URLSearchParams([["limit", "25"], ...route.query])}`);
  const replay = form(async ({ since, until }) => {
    const { body } = await call("POST", `${path}/replays`, { since: instantOf(since), ...(until && { until: instantOf(until) }) });
    await deliveries.load();
    say(w.webhooks.replayed(body.events));
  });
  const turn = (status) => act(async () => one.arrive(await call("PATCH", path, { status }, { etag: one.etag })), w.done);
  const test = once(async () => {
    try {
      const { body } = await call("POST", `${path}/tests`, {});
      say(body.delivered ? w.webhooks.arrived(body.ms) : w.webhooks.failed(body.error ?? body.status), { bad: !body.delivered });
    } catch (problem) {
      say(inWords(problem), { bad: true });
    }
    await deliveries.load();
  });
  const renew = once(() => act(async () => showSecret((await call("POST", `${path}/secrets`, {})).body.secret), w.done));
  const remove = async () => {
    if (await sure(w.webhooks.removeSure, w.remove)) await act(async () => { await call("DELETE", path); one.discard(); goTo("#/webhooks", w.done); }, w.done);
  };
  return {
    follow: deliveries.follow,
    dirty: () => one.dirty || replay.dirty,
    discard: one.discard,
    draw: () => [
      h("p", { class: "crumbs" }, h("a", { href: "#/webhooks" }, `← ${w.areas.webhooks}`)),
      h("h1", { tabindex: -1 }, one.one?.description || one.one?.url || w.areas.webhooks),
      one.problem && notice(inWords(one.problem), "bad"),
      one.warnings(),
      one.one && [
        h("p", { class: "badges" }, badge(one.one.status), one.one.disabled_reason),
        one.form.draw({ label: w.save }, () => fields(one.value)),
        h("p", { class: "actions" },
          h("button", { type: "button", class: "quiet", onclick: test }, w.webhooks.test),
          one.one.status === "active"
            ? h("button", { type: "button", class: "quiet", onclick: () => turn("disabled") }, w.webhooks.switchOff)
            : h("button", { type: "button", onclick: () => turn("active") }, w.webhooks.switchOn),
          h("button", { type: "button", class: "quiet", onclick: renew }, w.webhooks.newSecret),
          h("button", { type: "button", class: "danger", onclick: remove }, w.remove)),
      ],
      h("h2", {}, w.webhooks.deliveries),
      filters(route, ["state", w.log.state, ["pending", "delivered", "failed"]]),
      table(deliveries, route, {
        caption: w.webhooks.deliveries, empty: w.webhooks.noDeliveries,
        columns: [[w.webhooks.event, (it) => it.event], [w.log.state, (it) => badge(it.state)],
          [w.log.attempts, (it) => it.attempts.map((attempt, at) => h("small", { key: at }, `${when(attempt.at)} · ${attempt.status ?? attempt.error ?? ""} · ${attempt.ms} ms`))]],
        acts: (it) => h("button", { type: "button", class: "quiet", onclick: () => act(async () => { await call("PUT", `${path}/deliveries/${it.id}/attempt`, {}); await deliveries.load(); }, w.done) }, w.log.sendAgain),
      }),
      h("details", { class: "card" }, h("summary", {}, w.webhooks.replay), replay.draw({ label: w.webhooks.replay }, () => [h("div", { class: "row-of-fields" },
        field("since", w.webhooks.since, { type: "datetime-local" }), field("until", w.webhooks.until, { type: "datetime-local", hint: w.optional }))])),
    ],
  };
}
