// Texts, times and the API client: what every page leans on.

import { afterEach, describe, expect, it, vi } from "vitest";
import { api, duration, Fault, fileSize, initials, listTime, setLang, stopwatch, texts, whenSignedOut } from "../src/index.ts";

const t = texts({
  plain: { zh: "好", en: "Good" },
  many: { zh: "{name} 有 {n} 条", en: "{name} has {n}" },
});

afterEach(() => vi.unstubAllGlobals());

describe("texts", () => {
  it("speaks both languages and fills in", () => {
    setLang("zh-CN", false);
    expect(t("plain")).toBe("好");
    expect(t("many", { name: "林夏", n: 3 })).toBe("林夏 有 3 条");
    setLang("en", false);
    expect(t("many", { name: "Lin", n: 3 })).toBe("Lin has 3");
  });

  it("does not compile without a language or a parameter", () => {
    // Never called: the compiler is what is tested (`npm run check`).
    const wrong = () => {
      // @ts-expect-error a text without English
      texts({ half: { zh: "半" } });
      // @ts-expect-error `n` is missing
      t("many", { name: "x" });
      // @ts-expect-error no such key
      t("nowhere");
    };
    expect(wrong).toBeTypeOf("function");
  });
});

describe("times and sizes", () => {
  it("reads well", () => {
    setLang("en", false);
    expect(duration(20_000)).toBe("now");
    expect(duration(3 * 60_000)).toBe("3 min");
    expect(duration(50 * 3_600_000)).toBe("2 d");
    expect(stopwatch(65_000)).toBe("1:05");
    expect(stopwatch(3_725_000)).toBe("1:02:05");
    expect(fileSize(340_000)).toBe("332 KB");
    const noon = new Date(2026, 10, 24, 12, 30).getTime();
    expect(listTime(noon, noon + 60_000)).toBe("12:30");
    expect(listTime(noon, noon + 86_400_000)).toBe("Yesterday");
  });

  it("takes initials of Chinese and other names", () => {
    expect(initials("欧阳小雨")).toBe("小雨");
    expect(initials("Ada Lovelace")).toBe("AL");
    expect(initials(" ")).toBe("?");
  });
});

describe("api", () => {
  const answer = (status: number, body: string) => vi.stubGlobal("fetch", vi.fn(async () => new Response(status === 204 ? null : body, { status })));

  it("turns the server's errors into faults with words", async () => {
    answer(409, JSON.stringify({ code: "store.conflict", message: "Somebody else changed it", hint: "Reload" }));
    const failed = await api.get("/x").catch((error: unknown) => error as Fault);
    expect(failed).toBeInstanceOf(Fault);
    expect(failed).toMatchObject({ code: "store.conflict", hint: "Reload", status: 409 });
  });

  it("has words for no answer and for an answer that is not ours", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("failed"))));
    expect(await api.get("/x").catch((error: unknown) => (error as Fault).code)).toBe("network.offline");
    answer(502, "<html>");
    expect(await api.get("/x").catch((error: unknown) => (error as Fault).code)).toBe("network.odd_answer");
  });

  it("tells that the session is over, but not while signing in", async () => {
    const over = vi.fn();
    whenSignedOut(over);
    answer(401, JSON.stringify({ code: "auth.wrong_credentials", message: "no", hint: "" }));
    await api.post("/auth/sign-in", {}).catch(() => undefined);
    expect(over).not.toHaveBeenCalled();
    await api.get("/me").catch(() => undefined);
    expect(over).toHaveBeenCalledOnce();
  });

  it("answers nothing to 204", async () => {
    answer(204, "");
    expect(await api.del("/x")).toBeUndefined();
  });
});
