// The page for an address that has nothing.

import { page } from "./page.js";
import { el, notice } from "./ui.js";
import { words } from "./words.js";

page("404", (main) => {
  main.append(el("div", { class: "sheet" },
    el("h1", {}, words.sorry),
    notice(words.problems["not-found"], "bad"),
    el("p", {}, el("a", { href: "/" }, words.toTheFront))));
});
