// The fields of a postal address, in the order of an envelope, as browsers can fill them in.

import { el, field } from "./ui.js";
import { words } from "./words.js";

const PARTS = [
  ["name", "name"], ["company", "organization"], ["line1", "address-line1"], ["line2", "address-line2"],
  ["postcode", "postal-code"], ["city", "address-level2"], ["region", "address-level1"],
  ["country", "country"], ["phone", "tel"],
];
const REQUIRED = ["name", "line1", "city", "country"];

/** A fieldset for the order's `kind` of address ("shipping_address" or "billing_address"). */
export function addressFields(kind, countries, legend) {
  const section = kind.split("_")[0];
  const chosen = preferred(countries);
  return el("fieldset", { class: "address", name: kind },
    el("legend", {}, legend),
    PARTS.map(([part, autocomplete]) => {
      const node = field(`${kind}/${part}`, words.buying.address[part], {
        id: `field-${kind}-${part}`,
        tag: part === "country" ? "select" : "input",
        type: part === "country" ? null : part === "phone" ? "tel" : "text",
        autocomplete: `${section} ${autocomplete}`,
        required: REQUIRED.includes(part),
      });
      if (part === "country") {
        node.querySelector("select").append(
          el("option", { value: "" }, words.buying.chooseCountry),
          ...countries.map(({ code, name }) => el("option", { value: code, selected: code === chosen }, name)));
      }
      return node;
    }));
}

/** The address that was typed, with what is required even when it is empty, for the server to say so. */
export function addressOf(values, kind) {
  const typed = PARTS.map(([part]) => [part, values[`${kind}/${part}`]?.trim() ?? ""]);
  return Object.fromEntries(typed.filter(([part, value]) => value || REQUIRED.includes(part)));
}

/** Whether nothing but a country was chosen. */
export function isBlank({ country, ...parts }) {
  return !Object.values(parts).some(Boolean);
}

export function addressLines({ name, company, line1, line2, postcode, city, region, country }) {
  const known = new Intl.DisplayNames(document.documentElement.lang, { type: "region" });
  const lines = [name, company, line1, line2, [postcode, city].filter(Boolean).join(" "), region, known.of(country)];
  return el("address", {}, lines.filter(Boolean).map((line) => el("span", {}, line)));
}

/** The only country, or that of the reader's own settings. */
function preferred(countries) {
  if (countries.length === 1) return countries[0].code;
  const regions = navigator.languages.map((tag) => new Intl.Locale(tag).region);
  return regions.find((region) => countries.some(({ code }) => code === region));
}
