// @vitest-environment happy-dom
// Drafts and the guard: what is unsaved is asked about, what a colleague saved is not overwritten unasked.

import { act } from "react";
import { createRoot } from "react-dom/client";
import type { Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "@rapport/ui";
import { same, useDraft } from "../src/shell/draft.ts";
import type { Draft, Stored } from "../src/shell/draft.ts";
import { guard, isDirty, leave, leaveAnyway, stay } from "../src/shell/guard.ts";

interface Note {
  text: string;
}

/** A server with one note: refuses a version that is not the newest. */
class Server {
  stored: Stored<Note> = { value: { text: "first" }, version: 1 };
  put = async (value: Note, version: number | undefined): Promise<Stored<Note>> => {
    if (version !== this.stored.version) throw new Fault({ code: "store.conflict", message: "conflict", hint: "" }, 409);
    if (value.text === "refused") throw new Fault({ code: "input.bad_field", message: "bad", hint: "" }, 422);
    this.stored = { value, version: (this.stored.version ?? 0) + 1 };
    return this.stored;
  };
  latest = async (): Promise<Stored<Note>> => this.stored;
}

let root: Root;
let draft: Draft<Note>;
let server: Server;

function Form() {
  draft = useDraft<Note>({ stored: server.stored, put: server.put, latest: server.latest });
  return null;
}

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  server = new Server();
  root = createRoot(document.createElement("div"));
  act(() => root.render(<Form />));
});
afterEach(() => {
  act(() => root.unmount());
  expect(isDirty()).toBe(false);
});

const type = (text: string) => act(() => draft.patch({ text }));
const save = () => act(() => draft.save());

describe("a draft", () => {
  it("differs only while it differs", () => {
    expect(draft.dirty).toBe(false);
    type("second");
    expect(draft.dirty).toBe(true);
    type("first");
    expect(draft.dirty).toBe(false);
    type("second");
    act(() => draft.undo());
    expect(draft.value.text).toBe("first");
  });

  it("saves over the version it read, again and again", async () => {
    for (const text of ["second", "third"]) {
      type(text);
      expect(await save()).toBe(true);
    }
    expect(server.stored).toEqual({ value: { text: "third" }, version: 3 });
    expect(draft.dirty).toBe(false);
  });

  it("keeps what was typed when it is refused", async () => {
    type("refused");
    expect(await save()).toBe(false);
    expect(draft.fault?.code).toBe("input.bad_field");
    expect(draft.value.text).toBe("refused");
    expect(draft.dirty).toBe(true);
  });

  it("asks when a colleague was faster, and can keep the own text", async () => {
    server.stored = { value: { text: "theirs" }, version: 2 };
    type("mine");
    expect(await save()).toBe(false);
    expect(draft.conflict).toBe(true);
    expect(server.stored.value.text).toBe("theirs");
    await act(() => draft.keepMine());
    expect(server.stored).toEqual({ value: { text: "mine" }, version: 3 });
    expect(draft.conflict).toBe(false);
  });

  it("or takes theirs", async () => {
    server.stored = { value: { text: "theirs" }, version: 2 };
    type("mine");
    await save();
    await act(() => draft.takeTheirs());
    expect(draft.value.text).toBe("theirs");
    expect(draft.dirty).toBe(false);
    expect(draft.settled).toBe(true);
    type("on top");
    expect(await save()).toBe(true);
    expect(server.stored.version).toBe(3);
  });
});

describe("the guard", () => {
  it("lets go at once when nothing is unsaved", () => {
    let left = 0;
    leave(() => (left += 1));
    expect(left).toBe(1);
  });

  it("asks while something is unsaved", () => {
    let left = 0;
    type("unsaved");
    leave(() => (left += 1));
    expect(left).toBe(0);
    expect(guard.get().pending).toBeDefined();
    act(stay);
    expect(guard.get().pending).toBeUndefined();
    expect(left).toBe(0);
    leave(() => (left += 1));
    act(leaveAnyway);
    expect(left).toBe(1);
    expect(isDirty()).toBe(false);
    act(() => draft.undo());
  });

  it("holds the window too", () => {
    type("unsaved");
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    act(() => draft.undo());
    const later = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(later);
    expect(later.defaultPrevented).toBe(false);
  });
});

it("compares plain data", () => {
  expect(same({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(same({ a: 1 }, { a: 2 })).toBe(false);
});
