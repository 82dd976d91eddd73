// The language of the office: one file of words for each.

const STORE = "kiosque-office-language";
const primary = (tag) => tag.slice(0, 2);

export const languages = ["en", "fr"];
export const language = [localStorage.getItem(STORE), ...navigator.languages.map(primary)].find((tag) => languages.includes(tag)) ?? "en";
// The reader's own region where there is one: a Briton and an American write dates differently.
export const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
export const w = (await import(`./words/${language}.js`))[language];

export function speak(tag) {
  localStorage.setItem(STORE, tag);
  location.reload();
}

/** The word for a value of the API: a state, a kind, a role; the value itself where there is none. */
export const named = (value) => w.values[value] ?? String(value ?? "").replaceAll("_", " ");

/** A refusal in the reader's words where we have them, else in the server's own. */
export function inWords(problem) {
  const wait = problem.status === 429 && problem.retryAfter ? ` ${w.waitSeconds(problem.retryAfter)}` : "";
  return (w.problems[problem.code] ?? problem.message) + wait;
}
