// When an article is seen, and its end: below the desk, by the same editor.

import {
  actions, beside, button, call, field, fold, form, get, h, instantOf, localTime, Problem, say, sayProblem, section, w, when,
} from "../kit.js";

/** The part of the desk that publishes, schedules, takes back and deletes what `it` edits. */
export function publication(it) {
  const schedule = form(async ({ publish_at }) => {
    if (!publish_at) throw new Problem({ status: 0, code: "required", errors: [{ pointer: "/publish_at", code: "required" }] });
    await change("PUT", { publish_at: instantOf(publish_at) });
  }, { keep: true });

  // It is about what is stored, so what is typed is stored first.
  async function change(method, body) {
    if ((it.form.dirty || !it.id) && !(await it.form.submit())) return;
    try {
      const answer = await call(method, `${it.path}/publication`, body, { etag: it.etag });
      it.arrive(answer.body ? answer : await get(it.path));
      say(w.article.now[it.one.status](when(it.one.publish_at)));
    } catch (problem) {
      if (problem.code === "precondition-failed") await it.load();
      sayProblem(problem);
    }
  }

  return () => {
    const { one } = it;
    const isDraft = !one || one.status === "draft";
    return section(w.article.publishing,
      !isDraft && h("p", {}, w.article.now[one.status](when(one.publish_at)), " ", one.status === "published" && beside(one.url, w.article.look)),
      actions(
        one?.status !== "published" && button(w.article.publish, () => change("PUT", {}), "strong", { key: "publish" }),
        !isDraft && button(w.article.unpublish, () => change("DELETE"), "quiet", { key: "unpublish" })),
      fold(w.article.schedule, schedule.draw({ label: w.article.schedule }, () => [
        field("publish_at", w.article.at, { type: "datetime-local", value: localTime(one?.publish_at), hint: w.article.atHint })])),
      one && actions(button(w.remove, () => it.remove(w.article.removeSure(one.title), "#/articles"), "danger")));
  };
}
