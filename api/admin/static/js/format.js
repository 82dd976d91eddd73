// Amounts, instants and sizes as people write them.

import { locale } from "./words.js";

// ISO 4217's decimals, as the API counts, where they are not two; browsers go by custom, which differs.
const DECIMALS = {
  ...Object.fromEntries("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0])),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3])),
  CLF: 4, UYW: 4,
};
export const decimals = (currency) => DECIMALS[currency] ?? 2;

/** An amount in integer minor units. */
export function money({ amount, currency }) {
  const digits = decimals(currency);
  return new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(amount / 10 ** digits);
}

const POINT = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === "decimal").value === "," ? "," : ".";

/** The amount as it is typed into a field: `12.50`, or with a comma where people write one; empty where there is none. */
export function typed(price) {
  return price ? (price.amount / 10 ** decimals(price.currency)).toFixed(decimals(price.currency)).replace(".", POINT) : "";
}

/** What somebody typed, with comma or point, as an amount; null for nothing. What is no number goes to the API as
 * it is: its refusal says what is wrong. */
export function amountOf(text, currency) {
  const clean = text.trim().replace(",", ".");
  if (!clean) return null;
  const [, minus, whole, part = ""] = /^(-?)(\d*)\.?(\d*)$/.exec(clean) ?? [];
  const digits = decimals(currency);
  const fits = whole !== undefined && (whole || part) && !/[1-9]/.test(part.slice(digits));
  return { amount: fits ? Number(`${minus}${whole}${part.slice(0, digits).padEnd(digits, "0")}`) : clean, currency };
}

export function when(instant, style = { dateStyle: "medium", timeStyle: "short" }) {
  return instant ? new Intl.DateTimeFormat(locale, style).format(new Date(instant)) : "";
}

/** For `datetime-local`, which knows no zone: the reader's own. */
export function localTime(instant) {
  if (!instant) return "";
  const date = new Date(instant);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const instantOf = (local) => (local ? new Date(local).toISOString() : null);

export function bytes(count) {
  const step = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), 3);
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte"][step];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(count / 1000 ** step);
}
