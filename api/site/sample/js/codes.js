// Codes by mail or of an app: asking for one, and the field for its six digits.

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

/** Calls `send` with the proof, whose code may have been typed with blanks; a refusal says that it is wrong. */
export async function withCode(proof, send, wrong = "wrong-code") {
  try {
    return await send("code" in proof ? { ...proof, code: proof.code.replace(/\s/g, "") } : proof);
  } catch (error) {
    throw error.code === "login-failed" ? new Problem({ status: error.status, code: wrong }) : error;
  }
}
