// The settings in force and the checks of the installation, to read: they are changed at the server.

import { act, actions, badge, button, h, loaded, section, table, title, w } from "../kit.js";

export function settings(route) {
  const checks = loaded(() => "/v1/checks");
  const all = loaded(() => "/v1/settings");
  const valueOf = ({ secret, set, value }) => {
    if (secret) return set ? w.settings.isSet : w.settings.isNotSet;
    return set ? h("strong", {}, value) : value || w.settings.empty;
  };
  return {
    draw: () => [
      title(w.areas.settings),
      h("p", {}, w.settings.why),
      section(w.settings.checks, table(checks, route, { caption: w.settings.checks, columns: [
        [w.settings.check, (one) => one.name],
        [w.log.state, (one) => badge(one.state)],
        [w.settings.finding, (one) => [one.detail, one.remedy && h("small", {}, one.remedy)]]] }),
      actions(button(w.settings.again, () => act(checks.load, w.settings.checked)))),
      section(w.areas.settings, table(all, route, { caption: w.areas.settings, columns: [
        [w.settings.variable, (one) => [one.variable, h("small", {}, one.description)]], [w.settings.value, valueOf, "long"]] })),
    ],
  };
}
