// The conversation under an article: a tree from the API's flat, thread-ordered list, and one form that moves.

import { call, newKey, session } from "./api.js";
import { el, field, formatTime, onItsOwn, onSubmit, prose, tell, visible } from "./ui.js";
import { words } from "./words.js";

export async function comments(article) {
  const open = article.comment_policy === "open";
  const path = `/v1/articles/${article.id}/comments`;
  const form = open && session.current ? commentForm(path) : null;
  const tree = el("ol", { class: "thread" });
  const more = el("button", { type: "button", class: "quiet wide", onclick: () => load(more.value) }, words.more);
  const repliesOf = new Map();

  async function load(address) {
    const { data, next } = await call(address);
    for (const comment of data) {
      const replies = el("ol", { class: "thread" });
      repliesOf.set(comment.id, replies);
      // A reply whose parent is not shown (it was removed) still has a place: at the top.
      (repliesOf.get(comment.parent) ?? tree).append(drawn(comment, replies, form));
    }
    more.value = next ?? "";
    more.hidden = !next;
  }

  await load(`${path}?limit=100`);
  return el("section", { class: "reading comments", "aria-labelledby": "comments" },
    el("h2", { id: "comments" }, words.comments(article.comment_count)),
    tree, more,
    form ?? (open
      ? el("p", {}, el("button", { type: "button", class: "quiet", onclick: session.ask }, words.commentLogin))
      : el("p", { class: "status" }, words.commentClosed)));
}

const drawn = onItsOwn(oneComment, (_comment, replies) => el("li", {}, el("p", { class: "status" }, words.cannotShow), replies));

function oneComment(comment, replies, form) {
  const reply = form && el("button", { type: "button", class: "link", onclick: () => form.replyTo(comment, body) }, words.reply);
  const body = el("div", { class: "comment" },
    el("p", { class: "byline" }, el("strong", {}, visible(comment.author.name)),
      comment.author.staff && el("small", {}, words.staff), formatTime(comment.created_at, { dateStyle: "medium" })),
    prose(comment.body_html),
    reply);
  return el("li", {}, body, replies);
}

function commentForm(path) {
  const home = el("div");
  const back = el("button", { type: "button", class: "link", hidden: true, onclick: () => { moveHome(); text.focus(); } }, words.cancelReply);
  const form = el("form", { class: "comment-form" },
    field("body", words.commentLabel, { tag: "textarea", rows: 5, hint: words.commentHint }),
    el("p", { class: "actions" }, el("button", {}, words.commentSend), back));
  const text = form.querySelector("textarea");
  text.maxLength = 10000;
  const label = form.querySelector("label");
  const draft = `draft ${path}`; // what was typed outlives a session that runs out meanwhile
  let parent = null;
  let key = newKey();
  text.value = sessionStorage.getItem(draft) ?? "";

  onSubmit(form, async ({ body }) => {
    // The key changes with the text: pressing Send again after a lost answer must not post it twice.
    const comment = await call(path, { method: "POST", body: { body, ...(parent && { parent }) }, signedIn: true, key });
    sessionStorage.removeItem(draft);
    if (comment.status === "approved") return location.reload();
    form.reset();
    key = newKey();
    tell(form, words.commentWaiting);
  });
  form.addEventListener("input", () => {
    key = newKey();
    sessionStorage.setItem(draft, text.value);
  });

  function moveHome() {
    parent = null;
    key = newKey();
    label.textContent = words.commentLabel;
    back.hidden = true;
    home.append(form);
  }

  home.replyTo = (comment, place) => {
    parent = comment.id;
    key = newKey();
    label.textContent = words.replyTo(comment.author.name);
    back.hidden = false;
    place.append(form);
    text.focus();
  };
  home.append(form);
  return home;
}
