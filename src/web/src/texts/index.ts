// The language of the page, and its texts.
import { computed, signal } from "@preact/signals";
import { drawEn, drawFr } from "./draw";
import { en } from "./en";
import { filesEn, filesFr } from "./files";
import { fr } from "./fr";

export type Language = "fr" | "en";

const KEPT = "rattache.lang";

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = asked ?? localStorage.getItem(KEPT) ?? document.documentElement.lang;
  return kept.startsWith("en") ? "en" : "fr";
}

export const language = signal<Language>(firstLanguage());

export function setLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(KEPT, chosen);
}

const all = {
  fr: { ...fr, draw: drawFr, ...filesFr },
  en: { ...en, draw: drawEn, ...filesEn },
};

/** The texts of the page's language: read as `t.value`, so that what shows them follows it. */
export const t = computed(() => all[language.value]);

const tags = { fr: "fr-CA", en: "en-CA" };

export function whole(value: number): string {
  return new Intl.NumberFormat(tags[language.value], { maximumFractionDigits: 0 }).format(value);
}

export function decimal(value: number, digits = 1): string {
  return new Intl.NumberFormat(tags[language.value], { maximumFractionDigits: digits }).format(value);
}

export function percent(value: number): string {
  return new Intl.NumberFormat(tags[language.value], { style: "percent", maximumFractionDigits: 1 }).format(value);
}

/** A distance as people say it. */
export function distance(metres: number): string {
  return metres < 1000 ? t.value.metres(whole(metres)) : t.value.km(decimal(metres / 1000, metres < 10000 ? 1 : 0));
}

/** What the server says in both languages. */
export function said(words: { french: string; english: string }): string {
  return language.value === "fr" ? words.french : words.english;
}
