// What a variant has besides its cells: the ledger of its stock, its sale, and the files that its buyers get.

import { call, get } from "./api.js";
import { overlay, sure } from "./dialogs.js";
import { h } from "./draw.js";
import { editor } from "./editor.js";
import { field, notice, price } from "./forms.js";
import { amountOf, instantOf, localTime, typed, when } from "./format.js";
import { table } from "./lists.js";
import { act, loaded } from "./live.js";
import { picker } from "./picker.js";
import { listed, rows, spread } from "./rows.js";
import { session } from "./session.js";
import { inWords, named, w } from "./words.js";

export const pathOf = ({ sku }, below = "") => `/v1/variants/${encodeURIComponent(sku)}${below}`;

/** Every movement of the stock of a variant, and the end of counting it. */
export function ledger(one, saved) {
  let after = "";
  const list = loaded(() => pathOf(one, `/stock-movements?limit=20${after && `&after=${after}`}`));
  const look = (next) => { after = next; list.load(); };
  const stop = async () => {
    if (!(await sure(w.grid.stopSure, w.grid.stop))) return;
    await act(async () => {
      await call("DELETE", pathOf(one, "/tracking"));
      Object.assign(one, (await get(pathOf(one))).body);
      await Promise.all([list.load(), saved()]);
    }, w.grid.stopped);
  };
  overlay("ledger", `${w.grid.ledger}: ${one.name}`, () => [
    h("p", {}, one.stock.tracked ? w.grid.available(one.stock.available) : w.grid.uncounted),
    table({ ...list, body: list.body && { ...list.body, next: null } }, { query: new URLSearchParams() }, {
      caption: w.grid.ledger, empty: w.grid.noMovement,
      columns: [[w.grid.when, (it) => when(it.created_at)], [w.grid.delta, (it) => (it.delta > 0 ? `+${it.delta}` : it.delta), "number"],
        [w.grid.reason, (it) => [named(it.reason), it.note && h("small", {}, it.note)]]],
    }),
    h("p", { class: "actions" },
      after && h("button", { type: "button", class: "quiet", key: "first", onclick: () => look("") }, `← ${w.first}`),
      list.body?.next && h("button", { type: "button", class: "quiet", key: "next",
        onclick: () => look(new URLSearchParams(list.body.next.split("?")[1]).get("after")) }, `${w.next} →`),
      one.stock.tracked && h("button", { type: "button", class: "danger", key: "stop", onclick: stop }, w.grid.stop))]);
}

/** The sale of a variant, and the files that its buyers get. */
export function more(one, saved) {
  const { currency } = one.regular_price;
  const desk = editor("/v1/variants", one.sku, {
    fields: ({ sale, downloads }) => ({ "sale/price": typed(sale?.price), "sale/from": localTime(sale?.from), "sale/until": localTime(sale?.until),
      ...spread("downloads", downloads) }),
    body: (values) => ({
      sale: values["sale/price"] ? { price: amountOf(values["sale/price"], currency), from: instantOf(values["sale/from"]),
        until: instantOf(values["sale/until"]) } : null,
      downloads: listed(values, "downloads").map(({ path, media, name }) => ({ ...(media ? { media } : { path }), name })),
    }),
    saved: (now) => { Object.assign(one, now); saved(); },
  });
  const files = rows(desk, "downloads");
  const time = (name, label) => field(name, label, { type: "datetime-local", value: desk.value(name), hint: w.optional });
  overlay("more", `${w.grid.more}: ${one.name}`, () => [
    desk.problem && notice(inWords(desk.problem), "bad"), desk.warnings(),
    desk.one && h("div", { key: "more", made: (node) => node.querySelector("input").focus() }, desk.form.draw({ label: w.save, strong: true }, () => [
      price("sale/price", w.grid.salePrice, null, { currency, value: desk.value("sale/price"), hint: w.grid.saleHint }),
      h("div", { class: "row-of-fields", key: "times" }, time("sale/from", w.grid.from), time("sale/until", w.grid.until)),
      files.draw(w.grid.files, (path, { begin }) => h("div", { class: "row-of-fields" },
        h("input", { type: "hidden", name: `${path}/media`, value: begin.media ?? "" }),
        !begin.media && field(`${path}/path`, w.grid.path, { key: "path", value: begin.path ?? "", hint: w.grid.pathHint }),
          field(`${path}/name`, w.grid.fileName, { key: "name", value: begin.name ?? "" })), { addable: w.grid.addFile }),
      session.may("media:write") && h("p", { class: "actions", key: "choose-file" },
        h("button", { type: "button", class: "quiet", onclick: () => picker(({ id, filename }) => files.add({ media: id, name: filename }),
        { files: true }) }, w.grid.chooseFile))]))]);
}
