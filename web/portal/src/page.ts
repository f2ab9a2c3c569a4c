// What the five pages share: language, light and dark, building DOM nodes, asking the API.

export type Locale = "zh-CN" | "en";
export type Text = readonly [zh: string, en: string];
type Child = Node | string | undefined | false;

const LOCALE_KEY = "rapport:page:locale";
const THEME_KEY = "rapport:page:theme";

export let locale: Locale = firstLocale();
const redraws: (() => void)[] = [];

export function t([zh, en]: Text): string {
  return locale === "en" ? en : zh;
}

/** Draws now and again whenever the language changes. */
export function page(draw: () => Node[]): () => void {
  const redraw = (): void => {
    document.documentElement.lang = locale;
    document.body.replaceChildren(...draw());
  };
  redraws.push(redraw);
  dress();
  redraw();
  return redraw;
}

/** A DOM node. Text is text; nothing is parsed as markup. `on…` are listeners. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Record<string, string | boolean | ((event: Event) => void)> = {}, ...children: (Child | Child[])[]): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  for (const child of children.flat()) if (child !== undefined && child !== false) made.append(child);
  return made;
}

/** A line drawing, 24 units square. */
export function icon(path: string, size = 20): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 1.7, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: "icon" })) svg.setAttribute(name, String(value));
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z",
  arrow: "M5 12h14M13 6l6 6-6 6",
  check: "m5.5 12.5 4.2 4.2L18.5 8",
  cross: "m6 6 12 12M18 6 6 18",
};

/** Language and light/dark switches. */
export function switches(): HTMLElement {
  return h(
    "div",
    { class: "switches" },
    h("button", { type: "button", class: "switch", lang: locale === "en" ? "zh-CN" : "en", "data-testid": "language", onclick: () => setLocale(locale === "en" ? "zh-CN" : "en") }, locale === "en" ? "中文" : "English"),
    h("button", { type: "button", class: "switch", "aria-label": t(["切换深色模式", "Light or dark"]), title: t(["切换深色模式", "Light or dark"]), "data-testid": "theme", onclick: toggleTheme }, icon(ICONS.moon, 18)),
  );
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks as nobody in particular, unless what is shown depends on who is signed in. */
export async function api<T>(path: string, credentials: RequestCredentials = "omit"): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/rapport/v1${path}`, { headers: { "accept-language": locale }, credentials });
  } catch {
    throw new ApiError(0, t(["网络连接失败，请稍后再试", "No connection. Please try again shortly."]));
  }
  if (answer.ok) return (await answer.json()) as T;
  const fault = (await answer.json().catch(() => ({}))) as { message?: string };
  throw new ApiError(answer.status, fault.message ?? `HTTP ${answer.status}`);
}

export function moment(at: number): string {
  return new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

export function setLocale(next: Locale): void {
  locale = next;
  remember(LOCALE_KEY, next);
  window.Rapport?.("locale", next);
  for (const redraw of redraws) redraw();
}

function toggleTheme(): void {
  remember(THEME_KEY, isDark() ? "light" : "dark");
  dress();
}

function isDark(): boolean {
  const chosen = recall(THEME_KEY);
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function dress(): void {
  const theme = isDark() ? "dark" : "light";
  document.documentElement.dataset["theme"] = theme;
  window.Rapport?.("theme", theme);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);

function firstLocale(): Locale {
  const asked = new URLSearchParams(location.search).get("lang") ?? recall(LOCALE_KEY) ?? navigator.language;
  return /^zh/i.test(asked) ? "zh-CN" : "en";
}

function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Refused storage: the choice holds for this page.
  }
}

declare global {
  interface Window {
    Rapport?: ((...command: unknown[]) => unknown) & { q?: unknown[] };
  }
}
