// Shows the widget and the pages against the mock server in Chromium and keeps pictures of them.
//
//   npm run build && node widget/test/preview.mjs [folder] [name filter]
//
// CHROMIUM names the browser (default /usr/bin/chromium).

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, crc32 } from "node:zlib";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { startMock } from "../../scripts/mock-server.mjs";

const folder = process.argv[2] ?? "/tmp/shots/widget";
const only = process.argv[3] ?? "";
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const problems = [];

const LOOKS = {
  "zh-light": { locale: "zh-CN", colorScheme: "light", viewport: { width: 1280, height: 860 } },
  "en-dark": { locale: "en-GB", colorScheme: "dark", viewport: { width: 1280, height: 860 } },
  "zh-dark-phone": { locale: "zh-CN", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  "en-light-phone": { locale: "en-GB", colorScheme: "light", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

for (const [look, options] of Object.entries(LOOKS)) {
  const zh = look.startsWith("zh");
  await scene(`${look}-talk`, options, {}, (page, shot, mock) => talk(page, shot, mock, zh));
  await scene(`${look}-closed`, options, { open_now: false, next_open: Date.now() + 50 * 36e5, color: "#f2b705", prechat: [{ key: "name", label: { zh: "怎么称呼您", en: "Your name" }, required: true }, { key: "phone", label: { zh: "手机号", en: "Phone" }, required: false }] }, closed);
  await scene(`${look}-care`, options, {}, (page, shot, mock) => care(page, shot, mock, zh), true);
  await scene(`${look}-pages`, options, {}, pages);
}

await browser.close();
if (problems.length) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}

async function scene(name, options, config, play, feelings = false) {
  if (!name.includes(only)) return;
  const mock = await startMock({ config, agentAfterMs: 2_500, feelings });
  const context = await browser.newContext({ ...options, deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !/Failed to load resource|WebSocket connection/.test(message.text()) && problems.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${name}: ${error.stack}`));
  let number = 0;
  const shot = async (what, extra = {}) => {
    number += 1;
    await page.waitForTimeout(350);
    const { on = page, ...rest } = extra;
    await on.screenshot({ path: join(folder, `${name}-${number}-${what}.png`), animations: "disabled", ...rest });
    if (on !== page || (!extra.fullPage && !options.isMobile)) await accessible(on, `${name}-${number}-${what}`);
  };
  try {
    await play(page, shot, mock);
    console.log(`ok ${name}`);
  } catch (error) {
    problems.push(`${name}: ${error.stack}`);
    await shot("failed");
  }
  await context.close();
  mock.close();
}

/** What axe finds in the page with the widget's frame in it. */
async function accessible(page, where) {
  for (const frame of page.frames()) await frame.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const it of violations) problems.push(`${where}: ${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

async function open(page, mock) {
  await page.goto(`${mock.url}/demo`);
  await page.getByTestId("launcher").click();
  return page.frameLocator("iframe");
}

/** The whole story: question, source, not known, person, queue, agent, file, ticket, resolved, rated, list. */
async function talk(page, shot, mock, zh) {
  const frame = await open(page, mock);
  const say = async (text) => {
    await frame.getByTestId("composer-input").fill(text);
    await frame.getByTestId("composer-input").press("Enter");
  };
  await frame.getByTestId("composer-input").waitFor();
  await shot("welcome");
  await say(zh ? "我买的鞋码数不合适，可以换吗？" : "The shoes I bought are the wrong size, can I exchange them?");
  await frame.getByTestId("source").waitFor();
  await frame.getByTestId("source").locator("summary").click();
  await shot("answer");
  await say(zh ? "你们收加密货币吗？官网 https://example.com/pay（测试）写了吗" : "Do you take cryptocurrency? See https://example.com/pay.");
  await frame.getByTestId("choice-request_person").waitFor();
  await shot("unknown");
  await frame.getByTestId("request-person").click();
  await frame.getByTestId("queue-standing").waitFor();
  await shot("queue");
  await frame.locator('[data-from="agent"]').first().waitFor({ timeout: 10_000 });
  await frame.getByTestId("emoji").click();
  await shot("emoji");
  await frame.getByTestId("emoji").click();
  await frame.getByTestId("file-input").setInputFiles([
    { name: zh ? "鞋盒.png" : "box.png", mimeType: "image/png", buffer: picture(640, 420) },
    { name: zh ? "订单 2026-11.pdf" : "order 2026-11.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(82_345) },
  ]);
  await frame.getByTestId("staged").nth(1).waitFor();
  await shot("staged");
  await frame.getByTestId("send").click();
  await frame.getByRole("button", { name: zh ? "查看大图" : "Enlarge" }).waitFor();
  await say(zh ? "这是照片和订单\n麻烦看一下" : "Here are the picture and the order.");
  await frame.getByTestId("typing").waitFor();
  await shot("files");
  await frame.getByRole("button", { name: zh ? "查看大图" : "Enlarge" }).click();
  await shot("lightbox");
  await page.keyboard.press("Escape");
  await say(zh ? "请帮我建个工单" : "Please make a ticket");
  await frame.getByTestId("ticket-link").waitFor();
  await shot("ticket");
  mock.world.cut();
  mock.world.down = true;
  await say(zh ? "断网时写的消息" : "Written while offline");
  await page.waitForTimeout(1_600);
  await shot("offline");
  mock.world.down = false;
  await frame.locator('[data-state="read"]').last().waitFor();
  await frame.getByTestId("connection").waitFor({ state: "detached", timeout: 40_000 });
  await say(zh ? "谢谢，再见" : "Thanks, bye");
  await frame.getByTestId("ended").waitFor({ timeout: 40_000 });
  await frame.getByTestId("rating-4").click();
  await frame.getByTestId("rating-comment").fill(zh ? "很快，小云很耐心" : "Quick and patient");
  await shot("rating");
  await frame.getByTestId("rating-send").click();
  await frame.locator(".rating.done").waitFor();
  await shot("rated");
  await frame.getByTestId("history").click();
  await shot("list");
  await frame.getByTestId("menu").click();
  await shot("menu");
  // Once more on the next page: the window is open again, and where it was.
  await page.reload();
  await frame.getByTestId("composer-input").or(frame.getByTestId("ended")).first().waitFor();
}

/** Asked, allowed, upset, made good, looked at, objected to, taken back, erased. */
async function care(page, shot, mock, zh) {
  const frame = await open(page, mock);
  const say = async (text) => {
    await frame.getByTestId("composer-input").fill(text);
    await frame.getByTestId("composer-input").press("Enter");
  };
  await say(zh ? "我的包裹三天没动了" : "My parcel has not moved for three days");
  await frame.getByTestId("choice-request_person").waitFor();
  const [agree, decline] = await Promise.all(["consent-agree", "consent-decline"].map((it) => frame.getByTestId(it).boundingBox()));
  if (agree.width !== decline.width || agree.height !== decline.height) throw new Error("one answer weighs more than the other");
  await shot("question");
  await frame.getByTestId("consent-agree").click();
  await frame.getByTestId("consent").waitFor({ state: "detached" });
  await say(zh ? "什么烂物流，再不处理我就投诉了！" : "This is terrible, I am going to complain!");
  await frame.getByTestId("compensation-accept").waitFor();
  await shot("compensation");
  await frame.getByTestId("compensation-accept").click();
  await frame.getByTestId("compensation-accept").waitFor({ state: "detached" });
  await frame.getByTestId("menu").click();
  await shot("menu");
  const [mine] = await Promise.all([page.context().waitForEvent("page"), frame.getByTestId("my-data").click()]);
  await mine.getByTestId("decision").waitFor();
  if (new URL(mine.url()).hash) throw new Error("the token stays in the address");
  const look = async (what) => {
    await mine.waitForTimeout(300);
    await shot(what, { on: mine, fullPage: true });
  };
  await look("my-data");
  await mine.getByTestId("object").click();
  await mine.getByTestId("object-text").fill(zh ? "我并没有那么生气" : "I am not that angry");
  await mine.getByTestId("object-send").click();
  await mine.getByTestId("objected").waitFor();
  await mine.getByTestId("consent-switch").click();
  await mine.locator('[data-testid="consent-switch"][aria-checked="false"]').waitFor();
  const [file] = await Promise.all([mine.waitForEvent("download"), mine.getByTestId("export").click()]);
  if (file.suggestedFilename() !== "my-data.html") throw new Error(file.suggestedFilename());
  await look("objected");
  await mine.getByTestId("erase").click();
  await mine.getByTestId("erase-confirm").waitFor();
  await look("erase");
  await mine.getByTestId("erase-confirm").click();
  await mine.getByTestId("erased").waitFor();
  await look("erased");
  await page.bringToFront();
  await shot("withdrawn");
}

async function closed(page, shot, mock) {
  const frame = await open(page, mock);
  await frame.getByTestId("prechat-start").click();
  await frame.getByTestId("prechat-phone").fill("12");
  await shot("prechat");
}

async function pages(page, shot, mock) {
  for (const [name, path] of [["start", "/"], ["ticket", "/ticket/t1/good-secret"], ["wrong", "/ticket/t1/bad"], ["article", "/kb/help/0192f000-0000-7000-8000-000000000001"]]) {
    await page.goto(mock.url + path);
    await page.waitForTimeout(300);
    await shot(name);
  }
  await page.goto(`${mock.url}/demo`);
  await page.getByTestId("launcher").waitFor();
  await page.evaluate(() => document.querySelectorAll("img").forEach((it) => (it.loading = "eager")));
  await shot("shop");
  await shot("shop-whole", { fullPage: true });
}

/** A PNG with a soft gradient, made here. */
function picture(width, height) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const inBox = x > width * 0.2 && x < width * 0.8 && y > height * 0.3 && y < height * 0.85;
      rows.set(inBox ? [214 - (y >> 3), 120 + (x >> 4), 70] : [200 - (y >> 2), 215 - (y >> 3), 232], at);
    }
  const chunk = (type, body) => {
    const whole = Buffer.concat([Buffer.from(type), body]);
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    whole.copy(out, 4);
    out.writeUInt32BE(crc32(whole), body.length + 8);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
