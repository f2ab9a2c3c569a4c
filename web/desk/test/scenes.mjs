// What an agent does, screen by screen. Each scene gets a page, the mock behind it, and `shot` (picture and axe).

import assert from "node:assert/strict";
import { picture } from "../mock/picture.mjs";
import { customer, member } from "../mock/world.mjs";

const notPhone = (options) => !options.isMobile;

async function open({ page, url, id }, hash = "") {
  await page.goto(`${url}/desk${hash}`);
  await id("view-mine").first().waitFor();
  await id("row").first().waitFor();
}

async function openNumber(tools, number) {
  await tools.page.locator(`[data-testid=row][data-number="${number}"]`).click();
  await tools.id("composer").waitFor();
}

export async function talk(tools) {
  const { page, id, shot, world, mock, zh, phone } = tools;
  await open(tools);
  await shot("list");
  await openNumber(tools, 1287);
  await id("message").last().waitFor();
  await shot("conversation");
  const before = await id("message").count();
  mock.mute = true;
  await id("composer-input").fill(zh ? "没有鞋盒也可以，用普通纸箱包好即可 👍" : "No box is fine, any carton will do 👍");
  await id("composer-send").click();
  await page.locator("[data-testid=message][data-state=sending]").waitFor();
  await shot("sending");
  mock.mute = false;
  mock.cut();
  await page.locator("[data-testid=message][data-state=sending]").waitFor({ state: "detached", timeout: 20_000 });
  assert.equal(await id("message").count(), before + 1, "said once");
  assert.equal(await id("composer-input").inputValue(), "");
  const row = world.rows.get(world.named.sizes);
  mock.typing(row.id, customer(row.contact));
  await id("typing").first().waitFor();
  await shot("typing");
  world.commit(row.id, customer(row.contact), { kind: "read_marked", up_to: row.last_seq });
  await id("message").last().getByTestId("read-mark").waitFor();
  if (!phone) mock.typing(row.id, member(world.wang));
  world.received(row.id, zh ? "好的，明天在家等快递" : "Good, I will be at home");
  await page.locator("[data-testid=message][data-from=customer]").nth(5).waitFor();
  await shot("answered");
}

export async function offer(tools) {
  const { page, id, shot, world, zh } = tools;
  await open(tools);
  world.offer(world.named.offered, 28);
  await id("offer").waitFor();
  assert.match(await id("offer-summary").innerText(), zh ? /399/ : /399/);
  await shot("card");
  world.offer(world.named.waiting, 40);
  await page.keyboard.press("Alt+KeyN");
  await page.locator('[data-testid=offer][data-number="1290"]').waitFor();
  await page.keyboard.press("Alt+KeyY");
  await id("offer").waitFor({ state: "detached" });
  await page.locator('[data-testid=conversation][data-number="1290"][data-status=assigned]').waitFor();
  await shot("accepted");
}

export async function write(tools) {
  const { page, id, shot, world, mock, zh, phone } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  await id("composer-input").fill("/");
  await id("suggestion").first().waitFor();
  await shot("canned");
  await page.keyboard.press("Enter");
  const filled = await id("composer-input").inputValue();
  assert.ok(!filled.includes("{name}") && !filled.startsWith("/"), filled);
  await id("composer-emoji").click();
  await id("emoji").first().waitFor();
  await shot("emoji");
  await id("emoji").nth(3).click();
  await id("emoji-picker").waitFor({ state: "detached" });
  mock.delayMs = 400;
  await id("composer-files").setInputFiles([
    { name: zh ? "换货标签.png" : "label.png", mimeType: "image/png", buffer: picture(320, 240, 150) },
    { name: zh ? "退换货说明.pdf" : "returns.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(40_000, 1) },
  ]);
  await id("attachment").nth(1).waitFor();
  await page.locator("[data-testid=attachment][data-state=ready]").nth(1).waitFor();
  mock.delayMs = 0;
  await shot("files");
  const said = await id("message").count();
  await id("composer-send").click();
  await id("message").nth(said + 2).waitFor();
  await id("picture").last().waitFor();
  await shot("sent");
  await id("picture").last().click();
  await id("lightbox").waitFor();
  await shot("lightbox");
  await page.keyboard.press("Escape");
  await id("mode-note").click();
  await id("composer-input").fill(zh ? "已确认收货地址，@" : "Address confirmed, @");
  await id("suggestion").first().waitFor();
  await shot("mention");
  await page.keyboard.press("Enter");
  await id("composer-send").click();
  await page.locator("[data-testid=message][data-note=true]").nth(2).waitFor();
  assert.equal(world.journal.filter((it) => it.event.kind === "note_added").at(-1).event.mentions.length, 1);
  if (phone) return;
  await id("mode-reply").click();
  await id("composer-input").fill(zh ? "这是没写完的话" : "half a sentence");
  await openNumber(tools, 1285);
  await openNumber(tools, 1287);
  // Drafts stay. The conversation in between has the same elements, so the text itself is waited for.
  await page.waitForFunction((draft) => document.querySelector("[data-testid=composer-input]")?.value === draft, zh ? "这是没写完的话" : "half a sentence");
}

export async function actions(tools) {
  const { page, id, shot, world, phone } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  const press = async (what) => {
    if (phone) await id("action-more").click();
    await id(what).click();
  };
  if (phone) {
    await id("action-more").click();
    await shot("more");
    await page.keyboard.press("Escape");
  }
  await press("action-snooze");
  await id("snooze-other").waitFor();
  await shot("snooze");
  await id("snooze-other").click();
  await id("snooze-time").waitFor();
  await shot("snooze-other");
  // The pointer may have come to rest on a button whose tip takes the first Escape.
  await page.mouse.move(0, 0);
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await press("action-assign");
  await id("assign-member").first().waitFor();
  await shot("assign");
  await page.keyboard.press("Escape");
  await press("action-labels");
  await id("labels-input").waitFor();
  await shot("labels");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await press("ticket-create");
  await id("ticket-title").waitFor();
  assert.notEqual(await id("ticket-title").inputValue(), "", "prefilled from the summary");
  await shot("ticket");
  await id("ticket-save").click();
  await id("ticket-link").waitFor();
  await shot("ticket-made");
  await id("ticket-stage").click();
  await page.getByRole("option").nth(1).click();
  await id("ticket-note").fill("SF");
  await id("ticket-update").click();
  await page.locator("[data-testid=ticket][data-stage=in_progress]").waitFor();
  await shot("ticket-moved");
  if (await id("panel-close").isVisible()) await id("panel-close").click();
  await id("action-resolve").click();
  await id("action-reopen").waitFor();
  await shot("resolved");
  assert.equal(world.rows.get(world.named.sizes).status.type, "resolved");
}

export async function panel(tools) {
  const { page, id, shot, phone } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  if (!(await id("panel").isVisible())) await id("panel-toggle").click();
  await id("contact-email").waitFor();
  await id("earlier").first().waitFor();
  await shot("customer");
  await id("contact-phone").click();
  await id("contact-phone-input").fill("137 0000 1111");
  await page.keyboard.press("Enter");
  await page.getByTestId("contact-phone").getByText("137 0000 1111").waitFor();
  await id("tab-why").click();
  await id("decision").first().waitFor();
  await shot("why");
  if (await id("panel-close").isVisible()) await id("panel-close").click();
  if (!phone) {
    await page.locator(".dk-why").first().click();
    await page.locator("[data-testid=decision][data-asked=true]").waitFor();
    if (await id("panel-close").isVisible()) await id("panel-close").click();
    await id("source").first().click();
    await page.locator(".dk-source-body").waitFor();
    await shot("source");
  }
}

export async function lists(tools) {
  const { page, id, shot, phone, zh } = tools;
  await open(tools);
  await id("view-unassigned").click();
  await page.locator('[data-testid=row][data-status=queued]').first().waitFor();
  await shot("unassigned");
  await id("view-all").click();
  await page.locator('[data-testid=row][data-status=bot]').first().waitFor();
  await shot("all");
  await id("view-done").click();
  await page.locator('[data-testid=row][data-status=resolved]').first().waitFor();
  await shot("done");
  await id("search").fill("SF1029");
  await page.locator('[data-testid=row][data-number="1279"]').waitFor();
  await shot("search");
  await id("search").fill("zzzz");
  await page.locator(".dk-list .ui-state").waitFor();
  await shot("nothing-found");
  await id("search").fill("");
  if (phone) return;
  await id("view-mine").click();
  await page.locator('[data-testid=row][data-number="1287"]').waitFor();
  await page.locator("body").click({ position: { x: 800, y: 500 } });
  await page.keyboard.press("j");
  await page.locator('[data-testid=conversation][data-number="1287"]').waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.locator('[data-testid=conversation][data-number="1285"]').waitFor();
  await shot("walked");
  await id("inbox-filter").click();
  await page.getByRole("menuitem", { name: zh ? "会员小程序" : "Members" }).click();
  await page.locator('[data-testid=row][data-number="1287"]').waitFor({ state: "detached" });
  await shot("filtered");
}

export async function above(tools) {
  const { page, id, shot } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await id("shortcuts").waitFor();
  await shot("shortcuts");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await id("palette").waitFor();
  await shot("palette");
  await page.keyboard.type("SF1029");
  await id("found").first().waitFor();
  await shot("palette-found");
  await page.keyboard.press("Escape");
  await id("presence").click();
  await id("presence-away").waitFor();
  await shot("presence");
  await id("presence-away").click();
  await page.locator(".dk-away").waitFor();
  await id("presence").click();
  await id("open-settings").click();
  await id("settings").waitFor();
  await shot("settings");
}
above.only = notPhone;

export async function trouble(tools) {
  const { page, id, shot, mock, url, phone } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  mock.down = true;
  mock.cut();
  await page.locator("[data-testid=connection][data-state=waiting]").waitFor();
  await id("composer-input").fill("1, 2, 3");
  await id("composer-send").click();
  await shot("cut");
  mock.down = false;
  await page.locator("[data-testid=connection][data-state=live]").waitFor({ timeout: 20_000 });
  await page.locator("[data-testid=message][data-state=sending]").waitFor({ state: "detached" });
  await shot("back");
  mock.failing.add("/conversations/");
  await page.goto(`${url}/desk#/mine/0192f000-0000-7000-8000-00000000dead`);
  await page.reload();
  await page.locator(".dk-conversation .ui-state").waitFor();
  await shot("failed");
  mock.failing.clear();
  mock.failing.add("/conversations");
  if (phone) return;
  await page.goto(`${url}/desk#/all`);
  await page.reload();
  await page.locator(".ui-state[data-tone=bad]").first().waitFor();
  await shot("list-failed");
}

export async function loading(tools) {
  const { page, url, shot, mock } = tools;
  mock.delayMs = 2_500;
  await page.goto(`${url}/desk`);
  await page.locator(".dk-first").waitFor();
  await shot("first");
}

export async function tickets(tools) {
  const { page, id, shot, url } = tools;
  await page.goto(`${url}/desk#/tickets`);
  await id("ticket-row").first().waitFor();
  await shot("list");
  await id("ticket-row").first().click();
  await id("ticket-link").waitFor();
  await shot("one");
  await id("ticket-conversation").click();
  await id("conversation").waitFor();
}

export async function empty(tools) {
  const { page, id, shot, world, url } = tools;
  world.rows.clear();
  await page.goto(`${url}/desk`);
  await page.locator(".dk-list .ui-state").waitFor();
  await shot("mine");
  await id("view-unassigned").click();
  await shot("unassigned");
  await id("view-done").click();
  await shot("done");
}

export async function signIn(tools) {
  const { page, id, shot, url } = tools;
  await page.goto(`${url}/desk#/all`);
  await id("email").waitFor();
  await shot("page");
  await id("email").fill("lin@cloudstep.example");
  await id("password").fill("wrong");
  await id("sign-in").click();
  await page.getByRole("alert").waitFor();
  await shot("wrong");
  await id("password").fill("correct horse");
  await id("sign-in").click();
  await id("view-all").waitFor();
  assert.match(page.url(), /#\/all$/, "back to where one wanted to be");
}
signIn.mock = { signedIn: false };

export async function link(tools) {
  const { page, id, shot, url } = tools;
  await page.goto(`${url}/sign-in?link=spent`);
  await id("use-password").waitFor();
  await shot("spent");
  await page.goto(`${url}/sign-in?link=good`);
  await id("new-password").waitFor();
  assert.ok(!page.url().includes("link="), "the link leaves the address bar");
  await shot("set-password");
  await id("new-password").fill("一句容易记住的话 2026");
  await id("save-password").click();
  await id("view-mine").waitFor();
}
link.mock = { signedIn: false };

/** A customer who agreed gets upset: trend, opening, priority, supervisor, compensation, and well again; then takes it back. */
export async function care(tools) {
  const { page, id, shot, world, zh, phone } = tools;
  const { care: cared, named } = world;
  const panel = async () => {
    if (!(await id("panel").isVisible())) {
      if (!(await id("panel-toggle").isVisible())) await id("action-more").click();
      await id("panel-toggle").click();
    }
    await id("mood").waitFor();
  };
  const away = async () => (await id("panel-close").isVisible()) && (await id("panel-close").click());
  await open(tools);
  await openNumber(tools, 1287);
  await panel();
  await id("mood-none").waitFor();
  await shot("no-consent");
  await away();
  cared.consent(named.sizes, true);
  cared.said(named.sizes, zh ? "好的，谢谢" : "All right, thanks", 0.22, [zh ? "谢谢" : "thanks"]);
  cared.said(named.sizes, zh ? "怎么快递还没来取件？" : "Why has the courier not come yet?", -0.12, [zh ? "还没" : "not … yet", "？"]);
  cared.said(named.sizes, zh ? "你们说今天上门的，太不靠谱了！" : "You said today. This is so unreliable!", -0.38, [zh ? "太不靠谱" : "so unreliable", "！"]);
  cared.said(named.sizes, zh ? "再拖我就去投诉！！" : "I will complain if it takes any longer!!", -0.62, [zh ? "投诉" : "complain", "！！"]);
  cared.act(named.sizes);
  await id("opening").waitFor();
  await id("because").first().waitFor();
  if (!phone) {
    await page.locator('[data-testid=care-alert][data-number="1287"]').waitFor();
    await id("care-spending").waitFor();
  }
  await shot("upset");
  await panel();
  await page.locator("[data-testid=mood-now][data-state=angry]").waitFor();
  assert.equal(await id("trend-turn").count(), 4, "the turns that moved it");
  assert.equal(await id("care-done").count(), 3);
  await id("mood").locator("summary").click();
  await id("mood").scrollIntoViewIfNeeded();
  await shot("trend");
  const last = cared.points.get(named.sizes).at(-1).seq;
  // A turn that was read too harshly is corrected beside it.
  await id("actually").first().click();
  await id("actually-concerned").waitFor();
  await shot("actually");
  await id("actually-concerned").click();
  await id("actually-concerned").waitFor({ state: "detached" });
  assert.equal(cared.taught.at(-1).state, "concerned");
  await id("moving-turn").last().click();
  await page.waitForFunction((seq) => document.activeElement?.getAttribute("data-seq") === String(seq), last);
  await id("opening-insert").click();
  assert.match(await id("composer-input").inputValue(), zh ? /非常抱歉/ : /I am sorry/);
  await id("opening").waitFor({ state: "detached" });
  await panel();
  await id("mood").getByTestId("spending-approve").click();
  await page.locator('[data-testid=compensation][data-state="approved"]').waitFor();
  await away();
  if (!phone) {
    await id("care-seen").click();
    await id("care-alerts").waitFor({ state: "detached" });
  }
  cared.said(named.sizes, zh ? "好吧，谢谢你们" : "Fine then, thank you", 0.1, [zh ? "谢谢" : "thank you"]);
  cared.recover(named.sizes);
  await page.locator("[data-testid=step][data-kind=care_ended]").waitFor();
  await panel();
  await page.locator("[data-testid=care-done][data-undone=true]").nth(2).waitFor();
  await id("mood").scrollIntoViewIfNeeded();
  await shot("recovered");
  await away();
  cared.consent(named.sizes, false);
  await page.locator("[data-testid=step][data-kind=consent_withdrawn]").waitFor();
  await panel();
  await id("mood-none").waitFor();
}
care.mock = { role: "supervisor" };

/** What a message was about, corrected in one step. */
export async function about(tools) {
  const { page, id, shot, world } = tools;
  await open(tools);
  await openNumber(tools, 1287);
  await page.locator("[data-testid=message][data-from=customer]").last().hover();
  await id("about").last().click();
  await id("about-likely").nth(2).waitFor();
  await shot("about");
  await id("about-likely").nth(1).click();
  await page.getByRole("status").filter({ hasText: /./ }).first().waitFor();
  await page.waitForFunction(() => document.querySelector("[data-testid=about-likely]") === null);
  assert.equal(world.care.taught.length, 1);
  assert.equal(world.care.taught[0].intent, world.care.intents[1].id);
}
about.only = notPhone;

/** A remote channel: what may still be sent, in how many messages, and how far each came. */
export async function reach(tools) {
  const { page, id, shot, world, mock, zh } = tools;
  await open(tools);
  await page.locator('[data-testid=row][data-number="1285"]').getByTestId("row-channel").waitFor();
  await openNumber(tools, 1285);
  await id("channel").waitFor();
  await id("reach-window").filter({ hasText: zh ? "还能发 3 条" : "3 replies left" }).waitFor();
  await id("undelivered").waitFor();
  await page.locator("[data-testid=message][data-delivery=sent]").last().getByTestId("delivery-mark").waitFor();
  await id("composer-input").fill((zh ? "尺码、运费与退换的说明如下，请您过目。" : "These are the rules for sizes, shipping and returns. ").repeat(zh ? 20 : 24));
  await id("reach-size").waitFor();
  await shot("pieces");
  await id("composer-input").fill(zh ? "好的，发票随货寄出。" : "The invoice comes with the parcel.");
  await id("reach-size").waitFor({ state: "detached" });
  await id("composer-send").click();
  await id("reach-window").filter({ hasText: zh ? "还能发 2 条" : "2 replies left" }).waitFor();
  const sent = world.journal.findLast((it) => it.event.kind === "message_sent");
  for (const state of ["unknown", "sent"]) world.commit(world.named.order, { type: "system" }, { kind: "delivery_changed", message: sent.event.message.id, state });
  await id("message").last().and(page.locator("[data-delivery=unknown]")).waitFor();
  mock.reach = { window: "closed", quota_left: 0 };
  world.commit(world.named.order, { type: "system" }, { kind: "delivery_changed", message: sent.event.message.id, state: "delivered" });
  await id("message").last().and(page.locator("[data-delivery=delivered]")).waitFor();
  await page.locator("[data-testid=reach][data-window=closed]").waitFor();
  await shot("closed");
  await id("mode-note").click();
  await id("reach").waitFor({ state: "detached" });
}
