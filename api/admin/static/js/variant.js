// What a variant has besides its cells: the ledger of its stock, its sale, and the files that its buyers get.

import {
  act, actions, amountOf, button, call, editor, field, get, h, instantOf, loaded, localTime, missing, named, overlay, price, row, session,
  sure, table, turns, typed, w, when,
} from "./kit.js";
import { picker } from "./picker.js";
import { listed, rows, spread } from "./rows.js";

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
  overlay("ledger", `${w.grid.ledger} – ${one.name}`, () => [
    // Not the button that ends it, which would be the first to have the focus.
    h("p", { tabindex: -1, made: (node) => node.focus() }, one.stock.tracked ? w.grid.available(one.stock.available) : w.grid.uncounted),
    table(list, null, {
      caption: w.grid.ledger, none: w.grid.noMovement,
      columns: [[w.grid.when, (it) => when(it.created_at)], [w.grid.delta, (it) => (it.delta > 0 ? `+${it.delta}` : it.delta), "number"],
        [w.grid.reason, (it) => [named(it.reason), it.note && h("small", {}, it.note)]]],
    }),
    actions(turns(list, after, look), one.stock.tracked && button(w.grid.stop, stop, "danger", { key: "stop" }))]);
}

/** The sale of a variant, and the files that its buyers get. */
export function more(one, saved) {
  const { currency } = one.regular_price;
  const desk = editor("/v1/variants", one.sku, {
    fields: ({ sale, downloads }) => ({
      "sale/price": typed(sale?.price), "sale/from": localTime(sale?.from), "sale/until": localTime(sale?.until), ...spread("downloads", downloads),
    }),
    body: ({ "sale/price": text, "sale/from": from, "sale/until": until, ...values }) => ({
      sale: text ? { price: amountOf(text, currency), from: instantOf(from), until: instantOf(until) } : null,
      downloads: listed(values, "downloads").map(({ path, media, name }) => ({ ...(media ? { media } : { path }), name })),
    }),
    saved: (now) => { Object.assign(one, now); saved(); },
  });
  const files = rows(desk, "downloads");
  const choose = () => picker(({ id, filename }) => files.add({ media: id, name: filename }), { files: true });
  const time = (name, label) => desk.field(name, label, { type: "datetime-local", hint: w.optional });
  const file = (path, { begin }) => row(
    h("input", { type: "hidden", name: `${path}/media`, value: begin.media ?? "" }),
    !begin.media && field(`${path}/path`, w.grid.path, { key: "path", value: begin.path ?? "", hint: w.grid.pathHint }),
    field(`${path}/name`, w.grid.fileName, { key: "name", value: begin.name ?? "" }));
  overlay("more", `${w.grid.more} – ${one.name}`, () => [
    desk.problem && missing(desk), desk.warnings(),
    desk.one && h("div", { key: "more", made: (node) => node.querySelector("input").focus() }, desk.form.draw({ label: w.save, strong: true }, () => [
      price("sale/price", w.grid.salePrice, null, { currency, value: desk.value("sale/price"), hint: w.grid.saleHint }),
      row(time("sale/from", w.grid.from), time("sale/until", w.grid.until)),
      files.draw(w.grid.files, file, { addable: w.grid.addFile, above: session.may("media:write") && button(w.grid.chooseFile, choose) })]))]);
}
