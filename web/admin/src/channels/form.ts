// The fields of a channel as a form: secrets are never shown, typing replaces one and leaving it empty keeps it.

import type { ChannelField, ChannelRow } from "./nouns.ts";

export type FieldsForm = Record<string, string>;

export function fieldsForm(row: ChannelRow): FieldsForm {
  return Object.fromEntries(row.fields.map((it) => [it.name, it.secret ? "" : it.value]));
}

/** What is to be sent: nothing of what stays as it is. An emptied field that is no secret is taken away. */
export function changedFields(row: ChannelRow, form: FieldsForm): FieldsForm {
  const typed = (it: ChannelField) => (form[it.name] ?? "").trim();
  return Object.fromEntries(row.fields.filter((it) => (it.secret ? typed(it) !== "" : typed(it) !== it.value)).map((it) => [it.name, typed(it)]));
}

/** Required fields that would still be empty once this is saved. */
export function missingFields(row: ChannelRow, form: FieldsForm): ChannelField[] {
  return row.fields.filter((it) => it.required && (form[it.name] ?? "").trim() === "" && !(it.secret && it.is_set));
}

/** Providers call over the internet, and encrypted. */
export function isPublicAddress(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    const here = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|.*\.local$)/.test(hostname);
    return protocol === "https:" && !here;
  } catch {
    return false;
  }
}
