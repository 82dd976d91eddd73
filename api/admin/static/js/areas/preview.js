// What a text will look like, drawn by the server in a pause of typing.

import { call, elsewhere, h, inWords, redraw, w } from "../kit.js";

const AFTER_MS = 400;

/** `show(html)` draws what is known, `render(values)` asks for that of a text; an older answer never replaces a newer one. */
export function preview() {
  let html = "";
  let problem = null;
  let turn = 0;
  let timer = null;
  let running = null;

  async function ask({ body, format }) {
    const mine = ++turn;
    running?.abort();
    running = new AbortController();
    try {
      const answer = body.trim() ? await call("POST", "/v1/renderings", { body, format }, { signal: running.signal, unasked: true }) : null;
      if (mine === turn) [html, problem] = [answer?.body.body_html ?? "", null];
    } catch (refusal) {
      if (refusal.name !== "AbortError" && mine === turn) problem = refusal;
    }
    redraw();
  }

  return {
    show(known) { turn += 1; html = known; },
    render(values) {
      clearTimeout(timer);
      timer = setTimeout(() => ask(values()), AFTER_MS);
    },
    leave: () => clearTimeout(timer),
    draw: () => h("section", { key: "preview", class: "preview", "aria-label": w.article.preview, tabindex: 0, onclick: elsewhere },
      problem && h("p", { class: "wrong" }, inWords(problem)),
      html ? h("div", { key: "html", html }) : h("small", {}, w.article.previewHere)),
  };
}
