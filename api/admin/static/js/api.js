// The one door to the API: calls, and what is done about a session that has ended.

/** What the server says when it refuses (RFC 9457), or `offline` when nothing answered. */
export class Problem extends Error {
  constructor({ status, code, title, detail, errors, ...data }, retryAfter = null) {
    super(detail || title || code);
    Object.assign(this, { status, code, errors: errors ?? [], data, retryAfter });
  }
}

/** Filled by the session: who is in, and how to go on when the server asks for more than the token. */
export const access = { token: () => null, renew: refuse, confirm: refuse };

const LOGGED_OUT = ["authentication-required", "invalid-token", "invalid-credentials-format"];
// Asked while somebody logs in: with the token that has run out they would wait for themselves.
const PUBLIC = ["/v1", "/v1/sessions", "/v1/roles", "/v1/setup"];

/** `{ body, etag, location }`, or throws a Problem.
 *
 * A session that has run out is renewed and the call repeated, but not for what is `unasked`: a dialog would take the
 * keys from who is typing. `body` is JSON, or a Blob that goes as it is.
 */
export async function call(method, path, body, { etag, key, signal, unasked = false } = {}) {
  const token = PUBLIC.includes(path) ? null : access.token();
  const file = body instanceof Blob;
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = file ? body.type || "application/octet-stream" : "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  if (etag) headers["If-Match"] = etag;
  if (key) headers["Idempotency-Key"] = key;
  const response = await fetch(path, { method, headers, signal, body: file ? body : JSON.stringify(body) }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem({ status: 0, code: "offline" });
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => ({}));
  if (response.ok) return { body: answer, etag: response.headers.get("ETag"), location: response.headers.get("Location") };
  if (token && !unasked && LOGGED_OUT.includes(answer.code)) await access.renew();
  else if (token && answer.code === "confirmation-required") await access.confirm();
  else throw new Problem({ status: response.status, code: "internal", ...answer }, response.headers.get("Retry-After"));
  return call(method, path, body, { etag, key, signal });
}

const asked = new Set(); // what is on its way

export function get(path, options) {
  const answer = call("GET", path, undefined, options);
  const arrive = () => asked.delete(answer);
  asked.add(answer);
  answer.then(arrive, arrive);
  return answer;
}

/** Wait for all that is asked for now, but not longer than this. */
export const answered = (ms) => Promise.race([Promise.allSettled(asked), new Promise((go) => setTimeout(go, ms))]);

/** All rows of a list, page after page; for lists that are short by nature. */
export async function every(path) {
  const rows = [];
  for (let next = path; next; ) {
    const { body } = await get(next);
    rows.push(...body.data);
    next = body.next && body.next.replace(/^https?:\/\/[^/]+/, "");
  }
  return rows;
}

/** A key that makes a repeated POST harmless. randomUUID exists on https and localhost only. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function refuse() {
  throw new Problem({ status: 401, code: "authentication-required" });
}
