// My address was changed by somebody else: the link of the mail to the address before puts it back.

import { linkPage } from "./link.js";
import { el, notice } from "./ui.js";
import { words } from "./words.js";

linkPage({
  title: words.restoreAddress,
  note: words.restoreNote,
  action: words.restoreAction,
  path: "/v1/email-restorations",
  done: () => [notice(words.restored), el("p", {}, el("a", { href: "/login/" }, words.login))],
});
