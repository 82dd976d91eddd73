// Codes by mail: asking for one, and the field for its six digits.

import { call, Problem } from "./api.js";
import { field } from "./ui.js";
import { words } from "./words.js";

/** The id that the code works with: it stays on the page that has asked. */
export async function askForCode(email) {
  const { id } = await call("/v1/login-codes", { method: "POST", body: { email } });
  return id;
}

export function codeField(attributes = {}) {
  return field("code", words.code, { inputmode: "numeric", autocomplete: "one-time-code", hint: words.codeHint, ...attributes });
}

/** Calls `send` with the proof that the code is; a refusal says that the code is wrong. */
export async function withCode(id, code, send) {
  try {
    return await send({ login_code: id, code: code.replace(/\s/g, "") });
  } catch (error) {
    throw error.code === "login-failed" ? new Problem({ status: error.status, code: "wrong-code" }) : error;
  }
}
