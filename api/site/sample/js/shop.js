// Everything that is for sale, with search.

import { itemCard } from "./cards.js";
import { givenFilter, list, searchField } from "./list.js";
import { page } from "./page.js";
import { el } from "./ui.js";
import { words } from "./words.js";

page(words.shop, async (main, parameters) => {
  const form = el("form", { class: "filters", role: "search" },
    searchField(words.searchItems, parameters.get("q")),
    el("label", { class: "tick" },
      el("input", { type: "checkbox", name: "in_stock", value: "true", checked: parameters.get("in_stock") === "true" }),
      " ", words.inStockOnly),
    givenFilter("shop", parameters, "category"),
    givenFilter("shop", parameters, "tag"));
  const items = list({ path: "/v1/items", form, card: itemCard, empty: words.emptyItems });
  items.nodes[1].classList.add("items");
  main.append(el("h1", {}, words.shop), form, ...items.nodes);
  await items.refresh();
});
