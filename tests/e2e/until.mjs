// Waiting for a condition, with a deadline and a word for what was waited for.

const LOOK_MS = 100;

export async function until(what, ms, condition) {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
