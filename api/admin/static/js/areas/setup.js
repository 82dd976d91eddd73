// The first minute: the link that the server printed makes the owner.

import { call, field, form, h, session, w } from "../kit.js";

/** The token of the link `/admin/#setup=…`, or null. */
export const setupToken = () => /^#setup=([\w-]+)$/.exec(location.hash)?.[1] ?? null;

/** The form that makes the first owner; `then` runs when they are in. */
export function setupForm(then) {
  const it = form(async (values, key) => {
    const { body } = await call("POST", "/v1/setup", { token: setupToken(), ...values }, { key });
    await session.enter(body);
    then();
  });
  return () => [h("p", {}, w.setup.why), it.draw({ label: w.setup.begin, strong: true }, () => [
    field("name", w.me.name, { autocomplete: "name" }),
    field("email", w.email, { type: "email", autocomplete: "username" }),
    field("password", w.password, { type: "password", autocomplete: "new-password", hint: w.setup.passwordHint })])];
}
