// The settings in force and the checks of the installation, to read: they are changed at the server.

import { h } from "../draw.js";
import { act, loaded } from "../live.js";
import { badge, table } from "../lists.js";
import { w } from "../words.js";

export function settings(route) {
  const checks = loaded(() => "/v1/checks");
  const all = loaded(() => "/v1/settings");
  return {
    draw: () => [
      h("h1", { tabindex: -1 }, w.areas.settings),
      h("p", {}, w.settings.why),
      h("h2", {}, w.settings.checks),
      table(checks, route, {
        caption: w.settings.checks,
        columns: [[w.settings.check, (one) => one.name], [w.log.state, (one) => badge(one.state)],
          [w.settings.finding, (one) => [one.detail, one.remedy && h("small", {}, one.remedy)]]],
        acts: null,
      }),
      h("p", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => act(checks.load, w.settings.checked) }, w.settings.again)),
      h("h2", {}, w.areas.settings),
      table(all, route, {
        caption: w.areas.settings,
        columns: [[w.settings.variable, (one) => [one.variable, h("small", {}, one.description)]],
          [w.settings.value, (one) => (one.secret ? (one.set ? w.settings.isSet : w.settings.isNotSet) : one.set ? h("strong", {}, one.value) : one.value || w.settings.empty), "long"]],
      }),
    ],
  };
}
