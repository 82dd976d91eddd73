// Webhooks: programs of others that hear of events; what was delivered, and once more.

import {
  act, actions, badge, button, call, calls, crumb, editor, field, filters, fold, form, h, instantOf, inWords, listOf, missing, once, overlay, row,
  say, table, title, w, when,
} from "../kit.js";

const PATH = "/v1/webhooks";
const events = (text) => text.split(/[\s,]+/).filter(Boolean);

export function webhooks(route) {
  const list = listOf(PATH, route);
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
      title(w.areas.webhooks),
      h("p", {}, w.webhooks.why),
      filters(route, ["status", w.log.state, ["active", "disabled"]]),
      table(list, route, { caption: w.areas.webhooks, href: ({ id }) => `#/webhooks/${id}`, none: w.webhooks.none, columns: [
        [w.webhooks.url, (one) => h("span", { class: "long" }, one.url)],
        [w.webhooks.events, (one) => one.events.join(" ")],
        [w.log.state, (one) => [badge(one.status), one.disabled_reason && h("small", {}, one.disabled_reason)]]] }),
      fold(w.webhooks.add, add.draw({ label: w.webhooks.add }, () => fields())),
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
  const it = editor(PATH, route.id, {
    fields: (one) => ({ url: one?.url, events: one?.events.join(" "), description: one?.description ?? "" }),
    body: ({ url, events: types, description }) => ({ url, events: events(types), description }),
  });
  const deliveries = listOf(`${path}/deliveries`, route);
  const change = calls([deliveries], w.done);
  const replay = form(async ({ since, until }) => {
    const { body } = await call("POST", `${path}/replays`, { since: instantOf(since), ...(until && { until: instantOf(until) }) });
    await deliveries.load();
    say(w.webhooks.replayed(body.events));
  });
  const turn = (status) => act(async () => it.arrive(await call("PATCH", path, { status }, { etag: it.etag })), w.done);
  const test = once(async () => {
    try {
      const { delivered, ms, error, status } = (await call("POST", `${path}/tests`, {})).body;
      say(delivered ? w.webhooks.arrived(ms) : w.webhooks.failed(error ?? status), { bad: !delivered });
    } catch (problem) {
      say(inWords(problem), { bad: true });
    }
    await deliveries.load();
  });
  const renew = once(() => act(async () => showSecret((await call("POST", `${path}/secrets`, {})).body.secret), w.done));
  const attempt = ({ at, status, error, ms }) => h("small", { key: at }, `${when(at)} · ${status ?? error ?? ""} · ${ms} ms`);

  return {
    follow: deliveries.follow,
    dirty: () => it.dirty || replay.dirty,
    discard: it.discard,
    draw: () => [
      crumb("#/webhooks", w.areas.webhooks),
      title(it.one?.description || it.one?.url || w.areas.webhooks),
      it.problem && missing(it),
      it.warnings(),
      it.one && [
        h("p", { class: "badges" }, badge(it.one.status), it.one.disabled_reason),
        it.form.draw({ label: w.save }, () => fields(it.value)),
        actions(
          button(w.webhooks.test, test),
          it.one.status === "active" ? button(w.webhooks.switchOff, () => turn("disabled")) : button(w.webhooks.switchOn, () => turn("active"), ""),
          button(w.webhooks.newSecret, renew),
          button(w.remove, () => it.remove(w.webhooks.removeSure, "#/webhooks"), "danger")),
      ],
      h("h2", {}, w.webhooks.deliveries),
      filters(route, ["state", w.log.state, ["pending", "delivered", "failed"]]),
      table(deliveries, route, {
        caption: w.webhooks.deliveries, none: w.webhooks.noDeliveries,
        columns: [[w.webhooks.event, (one) => one.event], [w.log.state, (one) => badge(one.state)],
          [w.log.attempts, (one) => one.attempts.map(attempt)]],
        acts: ({ id }) => button(w.log.sendAgain, () => change("PUT", `${path}/deliveries/${id}/attempt`, {})),
      }),
      fold(w.webhooks.replay, replay.draw({ label: w.webhooks.replay }, () => row(
        field("since", w.webhooks.since, { type: "datetime-local" }),
          field("until", w.webhooks.until, { type: "datetime-local", hint: w.optional })))),
    ],
  };
}
