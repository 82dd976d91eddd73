// The words of the pages in both languages, and the choice between them.

import { en } from "./words/en.js";
import { fr } from "./words/fr.js";

// The server writes them into the head of the page, from KIOSQUE_NAME, KIOSQUE_TAGLINE and KIOSQUE_LANGUAGES.
export const site = named('meta[property="og:site_name"]') ?? "Kiosque";
export const tagline = named('meta[name="kiosque-tagline"]') ?? "";

function named(meta) {
  return document.querySelector(meta)?.content;
}

const dictionaries = { en, fr };
const offered = named('meta[name="kiosque-languages"]')?.split(" ").map(primary).filter((tag) => Object.hasOwn(dictionaries, tag));
const languages = offered?.length ? offered : offered ? ["en"] : Object.keys(dictionaries);

export const language =
  [localStorage.getItem("language"), ...navigator.languages.map(primary)]
    .find((tag) => languages.includes(tag)) ?? languages[0];

export const otherLanguage = languages.find((tag) => tag !== language);

// The reader's own region where there is one: a Briton and an American write dates differently.
export const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;

export const words = dictionaries[language];

export function switchLanguage() {
  localStorage.setItem("language", otherLanguage);
  document.dispatchEvent(new Event("language"));
  location.reload();
}

function primary(tag) {
  return tag.slice(0, 2);
}
