// The one door to the API: calls, problems, and who is logged in.

// sessionStorage, not a cookie and not localStorage: a cookie would be sent by itself, so other sites could
// forge requests with it; localStorage outlives the last tab, on a borrowed computer too. What is left is a
// script injected into our own pages, and the Content-Security-Policy runs none but our files.
const STORE = "kiosque-session";
const ASKED = "kiosque-asked";
const OTHERS_ANSWER_MS = 100;

const tabs = new BroadcastChannel(STORE);
tabs.addEventListener("message", ({ data }) => {
  if (data === "who is logged in?" && session.current) tabs.postMessage(session.current);
  if (data === "nobody") sessionStorage.removeItem(STORE);
});

/** A new tab asks the others of this site, once, who is logged in: a link opened in it should not log out. */
export async function joinOtherTabs() {
  if (session.current || sessionStorage.getItem(ASKED)) return;
  sessionStorage.setItem(ASKED, "yes");
  const answer = await new Promise((resolve) => {
    tabs.addEventListener("message", ({ data }) => data?.token && resolve(data));
    tabs.postMessage("who is logged in?");
    setTimeout(resolve, OTHERS_ANSWER_MS);
  });
  if (answer) sessionStorage.setItem(STORE, JSON.stringify(answer));
}

const LOGGED_OUT = ["authentication-required", "invalid-token", "invalid-credentials-format"];

/** What the server says when it refuses (RFC 9457), or `offline` when nothing answered. */
export class Problem extends Error {
  constructor({ status, code, title, detail, errors, ...data }, retryAfter = null) {
    super(detail || title || code);
    Object.assign(this, { status, code, errors: errors ?? [], data, retryAfter });
  }
}

/** Sends one request and gives the answer's JSON, or throws a Problem.
 *
 * The session's token goes along only with `signedIn`: public answers stay cacheable for everyone, and a session
 * that has run out never stands between a person and something that anybody may read. `token` is another one.
 */
export async function call(path, { method = "GET", body, signedIn = false, token, key, signal } = {}) {
  if (signedIn && !session.current) return session.ask();
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const bearer = signedIn ? session.current.token : token;
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (key) headers["Idempotency-Key"] = key;

  const response = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) })
    .catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new Problem({ status: 0, code: "offline" });
    });
  const answer = response.status === 204 ? null : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  // By code, not by status: a wrong current password is a 401 too, and belongs beside its field.
  if (signedIn && LOGGED_OUT.includes(answer.code)) return session.ask();
  if (signedIn && answer.code === "second-factor-missing") return goTo("/account/second-factor/?required");
  throw new Problem({ status: response.status, code: "internal", ...answer }, response.headers.get("Retry-After"));
}

export const session = {
  /** `{token, account}`, or null when nobody is logged in, or what is kept there is not ours. */
  get current() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(STORE));
      return /^[\w.~+/=-]+$/.test(kept.token) && kept.account ? kept : null;
    } catch {
      return null;
    }
  },

  /** `proof` is an e-mail and a password, or a code that was mailed and its id. */
  async begin(proof) {
    const { token, account } = await call("/v1/sessions", { method: "POST", body: proof });
    sessionStorage.setItem(STORE, JSON.stringify({ token, account }));
  },

  rename(account) {
    sessionStorage.setItem(STORE, JSON.stringify({ ...session.current, account }));
  },

  async end() {
    await call("/v1/sessions/current", { method: "DELETE", signedIn: true });
    session.forget();
  },

  /** Nobody is logged in any more, in no tab: the server has ended the session already. */
  forget() {
    sessionStorage.clear();
    tabs.postMessage("nobody");
  },

  /** Sends the person to the log-in page, and back here afterwards. Never resolves: this page is over. */
  ask() {
    sessionStorage.removeItem(STORE);
    sessionStorage.setItem(ASKED, "yes"); // the others may only know the session that has ended
    return goTo(`/login/?${new URLSearchParams({ next: location.pathname + location.search })}`);
  },
};

function goTo(address) {
  location.assign(address);
  return new Promise(() => {});
}

/** A key that makes a repeated POST harmless. randomUUID exists on https and localhost only. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
