// The e-mail address is mine: the link of the mail to it says so.

import { session } from "./api.js";
import { linkPage } from "./link.js";
import { el, notice } from "./ui.js";
import { words } from "./words.js";

linkPage({
  title: words.confirmAddress,
  note: words.confirmNote,
  action: words.confirmAction,
  path: "/v1/email-confirmations",
  done: () => [
    notice(words.confirmed),
    el("p", {}, session.current ? el("a", { href: "/account/" }, words.account) : el("a", { href: "/login/" }, words.login)),
  ],
});
