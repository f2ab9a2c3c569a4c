// What the list shows at this moment, for the keys that walk through it.

let ids: readonly string[] = [];
let input: HTMLInputElement | null = null;

export function setShownRows(next: readonly string[]): void {
  ids = next;
}

export function shownRows(): readonly string[] {
  return ids;
}

export function setSearchInput(element: HTMLInputElement | null): void {
  input = element;
}

export function focusSearch(): void {
  input?.focus();
  input?.select();
}
