import { expect, test } from "vitest";
import type { ConversationRow, Status } from "@rapport/ui";
import { emptyLists, offersTo, rowsIn } from "../src/state/state.ts";
import type { DeskState } from "../src/state/state.ts";
import { inView, sortFor, VIEWS, waitLevel } from "../src/state/views.ts";
import { me, ME, OTHER, row } from "./made.ts";

const viewsOf = (status: Status) => VIEWS.filter((view) => inView(row({ status }), view, ME));

test.each<[Status, string[]]>([
  [{ type: "bot" }, ["all"]],
  [{ type: "queued" }, ["unassigned", "all"]],
  [{ type: "offered", to: ME, expires_at: 1 }, ["mine", "unassigned", "all"]],
  [{ type: "offered", to: OTHER, expires_at: 1 }, ["unassigned", "all"]],
  [{ type: "assigned", to: ME, since: 1 }, ["mine", "all"]],
  [{ type: "assigned", to: OTHER, since: 1 }, ["all"]],
  [{ type: "snoozed", until: 1, to: ME }, ["mine", "all"]],
  [{ type: "snoozed", until: 1, to: null }, ["all"]],
  [{ type: "resolved", at: 1, by: ME }, ["done"]],
])("%j is in %j", (status, views) => expect(viewsOf(status)).toEqual(views));

test("who waits is served by priority, then by how long", () => {
  const queue = (since: number) => ({ since }) as ConversationRow["queue"];
  const rows = [row({ id: "new", queue: queue(30) }), row({ id: "old", queue: queue(10) }), row({ id: "urgent", priority: "urgent", queue: queue(90) })];
  expect(rows.sort(sortFor("unassigned")).map((it) => it.id)).toEqual(["urgent", "old", "new"]);
});

test("in mine offers come first and what is put aside last, else by activity", () => {
  const rows = [
    row({ id: "aside", status: { type: "snoozed", until: 1, to: ME }, updated_at: 99 }),
    row({ id: "older", status: { type: "assigned", to: ME, since: 1 }, updated_at: 1 }),
    row({ id: "newer", status: { type: "assigned", to: ME, since: 1 }, updated_at: 2 }),
    row({ id: "offer", status: { type: "offered", to: ME, expires_at: 1 }, updated_at: 0 }),
  ];
  expect(rows.sort(sortFor("mine")).map((it) => it.id)).toEqual(["offer", "newer", "older", "aside"]);
});

function state(rows: ConversationRow[], part: Partial<DeskState> = {}): DeskState {
  return { me: me(), rows: new Map(rows.map((it) => [it.id, it])), lists: emptyLists(), inbox: undefined, ...part } as DeskState;
}

test("a row older than the last page read is held back, so that no gap shows", () => {
  const lists = emptyLists();
  lists.all = { ...lists.all, next: "cursor", floor: 50 };
  const rows = [row({ id: "seen", updated_at: 60 }), row({ id: "from-search", updated_at: 10 })];
  expect(rowsIn(state(rows, { lists }), "all").map((it) => it.id)).toEqual(["seen"]);
  expect(rowsIn(state(rows), "all")).toHaveLength(2);
});

test("the filter keeps one inbox", () => {
  expect(rowsIn(state([row({ id: "a" }), row({ id: "b", inbox: "inbox-2" })], { inbox: "inbox-2" }), "all").map((it) => it.id)).toEqual(["b"]);
});

test("offers to me only, the one that ends first before the others", () => {
  const offered = (id: string, to: string, expires_at: number) => row({ id, status: { type: "offered", to, expires_at } });
  expect(offersTo(state([offered("late", ME, 9), offered("soon", ME, 5), offered("theirs", OTHER, 1)])).map((it) => it.id)).toEqual(["soon", "late"]);
});

test("a wait becomes urgent by steps", () => {
  expect([0, 119_999, 120_000, 299_999, 300_000].map(waitLevel)).toEqual(["calm", "calm", "soon", "soon", "late"]);
});
