// The token of a mailed link. It is behind the #, which no server sees, and leaves the address bar at once.

let token = new URLSearchParams(location.hash.slice(1)).get("token");

history.replaceState(null, "", location.pathname + location.search);

export const hasToken = Boolean(token);

/** Gives the token to `send`; after success it is spent. */
export async function withToken(send) {
  await send(token);
  token = null;
}

// Another link to the page that is open changes nothing but the part behind the #.
window.addEventListener("hashchange", () => location.reload());

// The page is drawn again in the other language, from the address.
document.addEventListener("language", () => {
  if (token) history.replaceState(null, "", `${location.pathname}${location.search}#${new URLSearchParams({ token })}`);
});
