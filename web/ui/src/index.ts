// @rapport/ui: components, texts, API client and types shared by the desk, the sign-in page and the administration.

export * from "./types.ts";
export * from "./i18n.ts";
export * from "./api.ts";
export * from "./theme.ts";
export * from "./store.ts";
export * from "./icons.tsx";
export * from "./channels.ts";
export * from "./components/button.tsx";
export * from "./components/display.tsx";
export * from "./components/fields.tsx";
export * from "./components/overlays.tsx";
export * from "./components/tabs.tsx";
export * from "./components/table.tsx";
export * from "./components/toast.tsx";
export * from "./components/shell.tsx";
export * from "./components/load.ts";
