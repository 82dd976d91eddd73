// The ways to pay that the shop offers.

import { el } from "./ui.js";
import { words } from "./words.js";

export const MANUAL = "manual";

/** The choice of a provider, at first the one named `first`; without one to make, it is made. */
export function providerChoice(providers, first) {
  if (providers.length < 2) return el("input", { type: "hidden", name: "provider", value: providers[0]?.id });
  const chosen = providers.find(({ id }) => id === first) ?? providers[0];
  return el("fieldset", { class: "pills" },
    el("legend", {}, words.buying.payBy),
    providers.map((provider) => el("label", {},
      el("input", { type: "radio", name: "provider", value: provider.id, checked: provider === chosen }),
      el("span", {}, nameOf(provider)))));
}

export function nameOf({ id, label }) {
  return words.buying.providers[id] ?? label;
}
