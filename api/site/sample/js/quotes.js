// What the basket comes to now, asked of the server after every change.

import { call, session } from "./api.js";
import { basketLines } from "./basket-lines.js";

/** A function that asks for the sums on `terms()` and calls `show(quote, gone)` or `fail(error)`; a slow answer to an
 * earlier question is not shown. `gone` has the skus that are not for sale any more; if all are, there is no quote. */
export function quoter({ terms, show, fail }) {
  let asked = new AbortController();
  return async () => {
    asked.abort();
    const { signal } = (asked = new AbortController());
    try {
      const { quote, gone } = await quoteOf(basketLines(), terms(), signal);
      if (!signal.aborted) show(quote, gone);
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  };
}

async function quoteOf(lines, terms, signal) {
  const body = { lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), ...terms };
  try {
    // With the account, if there is one: some coupons are for one order of each customer.
    const quote = await call("/v1/quotes", { method: "POST", body, signedIn: Boolean(session.current), signal });
    return { quote, gone: [] };
  } catch (error) {
    if (error.code === "shipping-unavailable" && terms.shipping_method) {
      return quoteOf(lines, { ...terms, shipping_method: undefined }, signal);
    }
    if (error.code !== "unknown-item") throw error;
    const gone = error.errors.map(({ pointer }) => lines[Number(pointer.split("/")[2])]);
    const rest = lines.filter((line) => !gone.includes(line));
    const { quote, gone: more } = rest.length ? await quoteOf(rest, terms, signal) : { quote: null, gone: [] };
    return { quote, gone: [...gone.map(({ sku }) => sku), ...more] };
  }
}
