// The tokens by which whoever has no account follows an order. In sessionStorage, like a login, for the same reasons.

import { session } from "./api.js";

const STORE = "kiosque-order";
const LAST = "kiosque-last-order";

export function keepToken(order, token) {
  sessionStorage.setItem(`${STORE} ${order}`, token);
}

export function dropToken(order) {
  sessionStorage.removeItem(`${STORE} ${order}`);
}

/** With what `call` may read this order: its own token, or the account; null if there is neither. */
export function accessTo(order) {
  const token = sessionStorage.getItem(`${STORE} ${order}`);
  if (token) return { token };
  return session.current && { signedIn: true };
}

/** The order of the address. A token behind the # leaves the address bar at once. */
export function orderOfAddress() {
  const order = new URLSearchParams(location.search).get("order");
  const token = tokenOfAddress();
  if (order && token && /^kog_[\w-]+$/.test(token)) keepToken(order, token);
  if (token) history.replaceState(null, "", location.pathname + location.search);
  // Another link to the page that is open changes nothing but the part behind the #.
  window.addEventListener("hashchange", () => tokenOfAddress() && location.reload());
  return order;
}

function tokenOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}

/** The latest order of this tab, for whoever comes back to the basket. */
export const lastOrder = {
  get id() {
    return sessionStorage.getItem(LAST);
  },
  set id(order) {
    sessionStorage.setItem(LAST, order);
  },
};
