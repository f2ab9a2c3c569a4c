// @rapport/live: one live connection for widget and desk. See docs/live-protocol.md for the promises it keeps.

export * from "./protocol.ts";
export { LiveClient, LiveError } from "./client.ts";
export { newId } from "./frames.ts";
export type { Hello, KeyValue, LiveOptions, LivePhase, LiveState, OutboxFailure, OutboxItem, Socket } from "./client.ts";
