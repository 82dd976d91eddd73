// What makes the page move: redraws, answers that arrive, and what is said about them.

import { call, get } from "./api.js";
import { inWords } from "./words.js";

let due = false;
let paint = () => {};

/** The office calls this once, with the function that draws everything. */
export const onRedraw = (drawing) => { paint = drawing; };

/** Draw everything anew, once, as soon as what is running has ended. */
export function redraw() {
  if (due) return;
  due = true;
  queueMicrotask(() => { due = false; paint(); });
}

export const status = { text: "", bad: false, again: null };

/** Say it to everybody, readers of screens too, until the next thing is said; `again`, if any, tries once more. */
export function say(text, { bad = false, again = null } = {}) {
  Object.assign(status, { text, bad, again });
  redraw();
}

export const sayProblem = (problem) => {
  if (!problem.code) console.error(problem);
  say(problem.code ? inWords(problem) : String(problem), { bad: true });
};

let carried = "";

/** Go to another page, and say this there. */
export function goTo(hash, text) {
  carried = text;
  location.hash = hash;
}

/** Another page is there. */
export function arrived() {
  say(carried);
  carried = "";
}

/** Do it, then say that it is done, or why not. */
export async function act(work, done) {
  try {
    await work();
    say(done);
  } catch (problem) {
    sayProblem(problem);
  }
}

/** Calls of the API that are done one at a time and said to be done, after which these lists are asked for again. */
export const calls = (lists, done) => once((...asked) => act(async () => {
  await call(...asked);
  await Promise.all(lists.map((list) => list.load()));
}, done));

/** The same work, but not again while it is under way: a second click is part of the first. */
export function once(work) {
  let busy = false;
  return async (...given) => {
    if (busy) return;
    busy = true;
    await work(...given).finally(() => { busy = false; });
  };
}

/** The answer of `path()`, which is asked again by `load()`; an older answer never replaces a newer one.
 *
 * `{ body, etag, problem, busy, load, follow }`; `body` is null until the first answer. `follow()` asks again only
 * if the path has changed.
 */
export function loaded(path) {
  let turn = 0;
  let asked = null;
  const answer = {
    body: null, etag: null, problem: null, busy: false,
    async load() {
      const mine = ++turn;
      asked = path();
      answer.busy = true;
      redraw();
      try {
        const { body, etag } = await get(asked);
        if (mine === turn) Object.assign(answer, { body, etag, problem: null });
      } catch (problem) {
        if (!problem.code) console.error(problem);
        if (mine === turn) answer.problem = problem;
      }
      if (mine === turn) answer.busy = false;
      redraw();
    },
    follow: () => { if (path() !== asked) answer.load(); },
  };
  answer.load();
  return answer;
}
