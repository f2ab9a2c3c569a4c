import { beforeEach, expect, test, vi } from "vitest";
import type { Attachment, SentContent } from "@rapport/live";
import { Fault } from "@rapport/ui";
import { Uploads } from "../src/state/uploads.ts";

const said: [string, SentContent][] = [];
const running: { name: string; resolve: (file: Attachment) => void; reject: (error: unknown) => void; progress: (part: number) => void }[] = [];

function made() {
  return new Uploads({
    say: (conversation, content) => said.push([conversation, content]),
    send: (source, progress) => {
      let cancel: () => void = () => undefined;
      const done = new Promise<Attachment>((resolve, reject) => {
        running.push({ name: source.name, resolve, reject, progress });
        cancel = () => reject(new DOMException("cancelled", "AbortError"));
      });
      return { done, cancel };
    },
  });
}

const file = (name: string, type = "application/pdf") => new File(["x"], name, { type });
const stored = (name: string, media_type = "application/pdf"): Attachment => ({ blob: name, name, media_type, bytes: 1 });
const names = () => said.map(([, content]) => (content.type === "text" ? "" : content.file.name));
/** Lets the promises that are settled run on. */
const turn = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(resolve))));

beforeEach(() => {
  said.length = 0;
  running.length = 0;
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
});

test("nothing is said before one sends", async () => {
  const uploads = made();
  uploads.add("c", [file("a.pdf")]);
  running[0]?.progress(0.4);
  expect(uploads.store.get()[0]).toMatchObject({ part: 0.4, sent: false });
  running[0]?.resolve(stored("a.pdf"));
  await turn();
  expect(said).toEqual([]);
  uploads.send("c");
  expect(names()).toEqual(["a.pdf"]);
  expect(uploads.store.get()).toEqual([]);
});

test("sent while on its way: said when it is there, in the order chosen", async () => {
  const uploads = made();
  uploads.add("c", [file("slow.pdf"), file("quick.png", "image/png")]);
  uploads.send("c");
  running[1]?.resolve(stored("quick.png", "image/png"));
  await turn();
  expect(said).toEqual([]);
  running[0]?.resolve(stored("slow.pdf"));
  await turn();
  expect(names()).toEqual(["slow.pdf", "quick.png"]);
  expect(said[1]?.[1].type).toBe("image");
});

test("one that failed holds nobody back and can be tried again", async () => {
  const uploads = made();
  uploads.add("c", [file("bad.pdf"), file("good.pdf")]);
  uploads.send("c");
  running[0]?.reject(new Fault({ code: "upload.type_refused", message: "不支持", hint: "" }, 415));
  running[1]?.resolve(stored("good.pdf"));
  await turn();
  expect(names()).toEqual(["good.pdf"]);
  const [left] = uploads.store.get();
  expect(left?.fault?.code).toBe("upload.type_refused");
  uploads.retry(left?.id ?? "");
  running[2]?.resolve(stored("bad.pdf"));
  await turn();
  expect(names()).toEqual(["good.pdf", "bad.pdf"]);
});

test("removed means never said; other conversations are left alone", async () => {
  const uploads = made();
  uploads.add("c", [file("a.pdf")]);
  uploads.add("d", [file("b.pdf")]);
  uploads.remove(uploads.store.get()[0]?.id ?? "");
  await turn();
  uploads.send("c");
  running[1]?.resolve(stored("b.pdf"));
  await turn();
  expect(said).toEqual([]);
  uploads.send("d");
  expect(said.map(([conversation]) => conversation)).toEqual(["d"]);
});
