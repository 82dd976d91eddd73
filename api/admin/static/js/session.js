// Who is in, and what their role permits.

import { access, call, get } from "./api.js";

// sessionStorage: it ends with the tab, on a borrowed computer too, and no other site can make the browser send it.
const STORE = "kiosque-office";

export const session = {
  /** `{ token, account, permissions }`, or null when nobody is in. */
  get current() {
    try {
      const stored = JSON.parse(sessionStorage.getItem(STORE));
      return stored?.token && stored.account && Array.isArray(stored.permissions) ? stored : null;
    } catch {
      return null;
    }
  },
  may: (...permissions) => permissions.some((one) => session.current?.permissions.includes(one)),

  /** `proof` is an e-mail and a password, or a challenge and its code. */
  async begin(proof) {
    await session.enter((await call("POST", "/v1/sessions", proof)).body);
  },
  /** Take the session that the server has just given. */
  async enter({ token, account }) {
    const roles = (await get("/v1/roles")).body.data;
    store({ token, account, permissions: roles.find(({ role }) => role === account.role).permissions });
  },
  rename(account) {
    store({ ...session.current, account });
  },
  async end() {
    await call("DELETE", "/v1/sessions/current").catch(() => null);
    sessionStorage.removeItem(STORE);
  },
};

access.token = () => session.current?.token;

function store(value) {
  sessionStorage.setItem(STORE, JSON.stringify(value));
}
