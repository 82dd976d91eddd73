// When an article is seen, and its end: below the desk, by the same editor.

import { call, Problem } from "../api.js";
import { sure } from "../dialogs.js";
import { h } from "../draw.js";
import { field, form } from "../forms.js";
import { instantOf, localTime, when } from "../format.js";
import { say, sayProblem } from "../live.js";
import { w } from "../words.js";

/** The part of the desk that publishes, schedules, takes back and deletes what `it` edits. */
export function publication(it) {
  const schedule = form(async ({ publish_at }) => {
    if (!publish_at) throw new Problem({ status: 0, code: "required", errors: [{ pointer: "/publish_at", code: "required" }] });
    await change("PUT", { publish_at: instantOf(publish_at) });
  }, { keep: true });

  // It is about what is stored, so what is typed is stored first.
  async function change(method, body) {
    if ((it.form.dirty || !it.id) && !(await it.form.submit())) return;
    await guarded(async () => {
      const answer = await call(method, `${it.path}/publication`, body, { etag: it.etag });
      it.arrive(answer.body ? answer : await call("GET", it.path));
      say(w.article.now[it.one.status](when(it.one.publish_at)));
    });
  }

  async function remove() {
    if (!(await sure(w.article.removeSure(it.one.title), w.remove))) return;
    await guarded(async () => {
      await call("DELETE", it.path, undefined, { etag: it.etag });
      it.discard();
      location.hash = "#/articles";
    });
  }

  async function guarded(work) {
    try {
      await work();
    } catch (problem) {
      if (problem.code === "precondition-failed") await it.load();
      sayProblem(problem);
    }
  }

  return () => {
    const { one } = it;
    const isDraft = !one || one.status === "draft";
    return h("section", { key: "publishing" }, h("h2", {}, w.article.publishing),
      !isDraft && h("p", {}, w.article.now[one.status](when(one.publish_at)), " ",
        one.status === "published" && h("a", { href: one.url, target: "_blank", rel: "noopener" }, w.article.look)),
      h("p", { class: "actions" },
        one?.status !== "published" && h("button", { key: "publish", type: "button", class: "strong", onclick: () => change("PUT", {}) }, w.article.publish),
        !isDraft && h("button", { key: "unpublish", type: "button", class: "quiet", onclick: () => change("DELETE") }, w.article.unpublish)),
      h("details", { class: "card", key: "schedule" }, h("summary", {}, w.article.schedule), schedule.draw({ label: w.article.schedule }, () => [
        field("publish_at", w.article.at, { type: "datetime-local", value: localTime(one?.publish_at), hint: w.article.atHint })])),
      one && h("p", { class: "actions" }, h("button", { type: "button", class: "danger", onclick: remove }, w.remove)));
  };
}
