// What can be edited of an article.

import type { Article, Locale } from "@rapport/ui";

export interface ArticleForm {
  title: string;
  body: string;
  questions: string[];
  locale: Locale;
  published: boolean;
  url: string;
}

export function articleForm({ title, body, questions, locale, published, url }: Article): ArticleForm {
  return { title, body, questions, locale, published, url: url ?? "" };
}

/** As it is sent: wordings without blanks and repetitions, no address as null. */
export function articleBody(form: ArticleForm): Omit<ArticleForm, "url"> & { url: string | null } {
  const title = form.title.trim();
  const questions = [...new Set(form.questions.map((it) => it.trim()))].filter((it) => it !== "" && it !== title);
  return { ...form, title, questions, url: form.url.trim() || null };
}

export function goodAddress(url: string): boolean {
  const text = url.trim();
  if (text === "") return true;
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

export function articleGood(form: ArticleForm): boolean {
  return form.title.trim() !== "" && form.body.trim() !== "" && goodAddress(form.url);
}

/** Chinese as soon as a fifth of the letters are Han: the rule of the server. */
export function guessLocale(text: string): Locale | undefined {
  const letters = text.match(/\p{Alphabetic}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han * 5 >= letters ? "zh-CN" : "en";
}
