// What people do in the administration, in a real browser against the mock server. Each deed prints a line; the first that fails ends the run.
//
//   npm run build && npm run deeds -w @rapport/admin

import assert from "node:assert/strict";
import { openBrowser, show, SCREENS } from "./browser.mjs";

const id = (n) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const run = await openBrowser();
const base = run.mock.url;
const world = run.mock.world.admin;
const only = process.argv[2];
let failed = false;

await deed("invites a colleague and hands over the one-time link", async (page) => {
  await show(page, base, "members");
  await page.getByTestId("member-invite").click();
  await page.getByTestId("member-name").fill("孙悦");
  await page.getByTestId("member-email").fill("sun");
  await page.getByTestId("member-email").blur();
  assert.equal(await page.getByTestId("member-save").isDisabled(), true, "an address that is none cannot be invited");
  await page.getByTestId("member-email").fill("sun@cloudstep.example");
  await page.getByTestId("member-skills").fill("会员");
  await page.keyboard.press("Enter");
  await page.getByTestId("member-save").click();
  const link = await page.getByTestId("invite-link").inputValue();
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/sign-in\?link=\S+$/);
  await picture(page, "invited");
  await page.getByTestId("link-done").click();
  await page.getByTestId("member-row").filter({ hasText: "孙悦" }).waitFor();
  const made = [...world.lists.members.values()].find((it) => it.name === "孙悦");
  assert.deepEqual([made.role, made.skills, made.capacity], ["agent", ["会员"], 6]);
});

await deed("says when an address is taken, and keeps what was typed", async (page) => {
  await show(page, base, "members/new");
  await page.getByTestId("member-name").fill("又一个");
  await page.getByTestId("member-email").fill("ada@cloudstep.example");
  await page.getByTestId("member-save").click();
  await page.getByRole("alert").filter({ hasText: "已存在相同的条目" }).waitFor();
  assert.equal(await page.getByTestId("member-name").inputValue(), "又一个");
});

await deed("asks before a colleague is deactivated, and takes one back", async (page) => {
  await show(page, base, "members");
  await page.getByTestId("member-row").filter({ hasText: "Priya" }).getByTestId("member-menu").click();
  await page.getByTestId("member-deactivate").click();
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await page.getByTestId("member-row").filter({ hasText: "Priya" }).waitFor({ state: "detached" });
  await page.getByText("已停用 1").click();
  await page.getByTestId("member-row").filter({ hasText: "Priya" }).getByTestId("member-return").click();
  await page.getByText("没有已停用的成员").waitFor();
  assert.equal([...world.lists.members.values()].find((it) => it.name.startsWith("Priya")).active, true);
  await page.getByText("在职 6").click();
  await page.getByTestId("member-row").filter({ hasText: "林岚" }).getByTestId("member-menu").click();
  assert.equal(await page.getByTestId("member-deactivate").getAttribute("aria-disabled"), "true", "nobody deactivates oneself");
});

await deed("does not lose typed work: dialog, link, back key", async (page) => {
  await show(page, base, "members");
  await show(page, base, "teams");
  await page.getByTestId("team-new").click();
  await page.getByTestId("team-name").fill("投诉处理");
  await page.keyboard.press("Escape");
  await page.getByTestId("leave-dialog").waitFor();
  await page.getByTestId("leave-stay").click();
  assert.equal(await page.getByTestId("team-name").inputValue(), "投诉处理");
  await page.goBack();
  await page.getByTestId("leave-dialog").waitFor();
  await page.getByTestId("leave-stay").click();
  await page.getByTestId("team-save").click();
  await page.getByTestId("team-row").filter({ hasText: "投诉处理" }).waitFor();
  await show(page, base, `hours/${id(201)}`);
  await page.getByTestId("hours-name").fill("改了一半");
  await page.getByTestId("nav-members").click();
  await page.getByTestId("leave-anyway").click();
  await page.getByTestId("member-row").first().waitFor();
  assert.equal(world.lists.calendars.get(id(201)).name, "上海客服中心");
});

await deed("shows the snippet, copies it, keeps the list of sites", async (page) => {
  await show(page, base, "inboxes");
  await page.getByRole("link", { name: "官网商城" }).click();
  const snippet = page.getByTestId("snippet");
  await snippet.waitFor();
  assert.match(await snippet.innerText(), /<script src="http:\/\/127\.0\.0\.1:\d+\/widget\/loader\.js" data-key="demo-key" async>/);
  await page.getByRole("button", { name: "复制代码" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await snippet.innerText());
  await page.getByTestId("origin").fill("javascript:alert(1)");
  await page.keyboard.press("Enter");
  await page.getByText("请填写网址").waitFor();
  await page.getByTestId("origin").fill("shop.example.com/cart");
  await page.keyboard.press("Enter");
  await page.getByTestId("tab-looks").click();
  await page.getByTestId("inbox-color").fill("#7c3aed");
  await page.getByTestId("inbox-welcome-zh").fill("欢迎光临云履！");
  await page.locator(".in-widget").getByText("欢迎光临云履！").waitFor();
  await page.getByTestId("prechat-add").click();
  await page.locator(".in-widget-form").getByText("怎么称呼您").waitFor();
  await picture(page, "inbox-changed");
  await page.keyboard.press("Control+s");
  await page.getByText("已保存").waitFor();
  const saved = world.lists.inboxes.get(id(301));
  assert.deepEqual([saved.allowed_origins, saved.color, saved.welcome.zh, saved.prechat.map((it) => it.key)], [["https://shop.example.com"], "#7c3aed", "欢迎光临云履！", ["name"]]);
});

await deed("shows the identity secret only when asked, and replaces it", async (page) => {
  await show(page, base, `inboxes/${id(301)}/security`);
  const secret = page.getByTestId("identity-secret");
  assert.match(await secret.inputValue(), /^•+$/);
  await page.getByRole("button", { name: "显示" }).click();
  const before = await secret.inputValue();
  await page.getByTestId("identity-rotate").click();
  await page.getByRole("dialog").getByRole("button", { name: "更换密钥" }).click();
  await page.getByText("已更换").waitFor();
  const after = await secret.inputValue();
  assert.notEqual(after, before);
  assert.equal(after, world.secret(id(301)));
  for (const name of ["Python", "Java", "Go"]) {
    await page.getByRole("tab", { name }).click();
    await page.getByRole("group", { name: `${name} 示例代码` }).waitFor();
  }
});

await deed("makes a website chat and lands on its snippet", async (page) => {
  await show(page, base, "inboxes");
  await page.getByTestId("inbox-new").click();
  await page.getByTestId("inbox-name").fill("会员商城");
  await page.getByTestId("inbox-create").click();
  await page.getByTestId("snippet").waitFor();
  await page.getByRole("heading", { level: 1, name: "会员商城" }).waitFor();
});

await deed("adds a channel, connects it, tests it, and keeps its secrets", async (page) => {
  await show(page, base, "channels");
  await page.getByTestId("channel-new").click();
  await page.getByTestId("kind-telegram").click();
  await page.getByTestId("channel-name").fill("售后机器人");
  await page.getByTestId("channel-create").click();
  await page.getByRole("heading", { level: 1, name: "售后机器人" }).waitFor();
  assert.match(await page.getByTestId("callback-url").inputValue(), /^https:.*telegram/);
  await page.getByTestId("channel-missing").filter({ hasText: "机器人令牌、回调密钥" }).waitFor();
  assert.equal(await page.getByTestId("channel-check").isDisabled(), true);
  await page.getByTestId("field-token").fill("bad");
  await page.getByTestId("field-webhook_secret").fill("s");
  await page.getByTestId("channel-complete").waitFor();
  await page.getByTestId("tab-service").click();
  await page.getByTestId("leave-stay").click();
  await page.getByTestId("channel-save").click();
  await page.getByTestId("set-token").waitFor();
  assert.equal(await page.getByTestId("field-token").inputValue(), "");
  await page.getByTestId("channel-check").click();
  await page.locator("[data-testid=check-step][data-outcome=failed]").waitFor();
  assert.equal(await page.locator("[data-testid=check-step][data-outcome=untried]").count(), 2);
  await picture(page, "channel-failed");
  await page.getByTestId("field-token").fill("123:good");
  assert.equal(await page.getByTestId("channel-check").isDisabled(), true);
  await page.getByTestId("channel-save").click();
  await page.getByTestId("channel-check").click();
  await page.locator("[data-testid=check-step][data-outcome=passed]").nth(2).waitFor();
  await picture(page, "channel-passed");
  await page.getByTestId("tab-service").click();
  await page.getByTestId("channel-name").fill("售后机器人二号");
  await page.getByTestId("inbox-save").click();
  await page.getByRole("heading", { level: 1, name: "售后机器人二号" }).waitFor();
  await page.getByTestId("channel-off").click();
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await page.getByTestId("channel-on").click();
  await page.getByTestId("channel-off").waitFor();
});

await deed("sends again what did not go out, and asks where it may have arrived", async (page) => {
  await show(page, base, "channels");
  const row = (text) => page.getByTestId("stuck-row").filter({ hasText: text });
  await row("快递员明天上午").getByTestId("stuck-retry").click();
  await row("快递员明天上午").waitFor({ state: "detached" });
  await row("The refund").getByTestId("stuck-retry").click();
  await picture(page, "stuck-asked");
  await page.getByRole("dialog").getByRole("button", { name: "重发" }).click();
  await row("The refund").waitFor({ state: "detached" });
  await show(page, base, "inboxes");
  await page.getByTestId("inbox-row").first().waitFor();
  assert.equal(await page.getByText("Cloudstep bot").count(), 0);
});

await deed("writes an article, sees it rendered, and the bot answers from it", async (page) => {
  await show(page, base, "knowledge");
  await page.getByTestId("article-new").click();
  await page.getByTestId("article-title").fill("可以上门取件吗？");
  await page.getByTestId("article-body").fill("可以，**免费**上门取件。\n\n- 江浙沪当天");
  await page.getByTestId("article-body").press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("其他地区次日");
  assert.match(await page.getByTestId("article-body").inputValue(), /\n- 其他地区次日$/);
  await page.locator(".ad-prose strong", { hasText: "免费" }).waitFor();
  await page.locator(".ad-prose li", { hasText: "其他地区次日" }).waitFor();
  await page.getByTestId("article-question-add").click();
  await page.keyboard.type("快递来家里拿吗");
  await picture(page, "article-writing");
  await page.getByTestId("article-save").click();
  await page.getByTestId("tab-versions").waitFor();
  await page.getByTestId("tab-ask").click();
  await page.getByTestId("ask-question").fill("快递会来家里拿吗");
  await page.getByTestId("ask-send").click();
  const answer = page.getByTestId("ask-answer");
  await answer.waitFor();
  assert.equal(await answer.getAttribute("data-outcome"), "found");
  await answer.getByText("免费上门取件").first().waitFor();
  await picture(page, "asked");
  await page.getByTestId("ask-question").fill("how is the weather on the moon");
  await page.getByTestId("ask-send").click();
  await page.locator("[data-testid=ask-answer][data-outcome=unknown]").waitFor();
  await picture(page, "asked-unknown");
});

await deed("compares versions and goes back to one", async (page) => {
  await show(page, base, `knowledge/${id(601)}/versions`);
  await page.locator(".kn-line[data-kind=gone] mark", { hasText: "7" }).waitFor();
  await page.getByTestId("version").nth(1).click();
  await page.getByTestId("version-restore").click();
  await page.getByRole("dialog").getByRole("button", { name: "恢复此版本" }).click();
  await page.getByTestId("version").nth(2).waitFor();
  const now = world.lists.articles.get(id(601));
  assert.equal(now.version, 3);
  assert.match(now.body, /7 天内/);
});

await deed("explains a conflict, and lets one choose", async (page) => {
  await show(page, base, `knowledge/${id(603)}`);
  await page.getByTestId("article-body").fill("我的内容");
  world.keep(world.lists.articles.get(id(603)), { body: "同事的内容" }, id(2));
  await page.getByTestId("article-save").click();
  await page.getByTestId("conflict-dialog").waitFor();
  await picture(page, "conflict");
  await page.getByTestId("conflict-mine").click();
  await page.getByTestId("conflict-dialog").waitFor({ state: "detached" });
  await page.getByTestId("article-save").waitFor({ state: "detached" });
  assert.equal(world.lists.articles.get(id(603)).body, "我的内容");
  await page.getByTestId("article-body").fill("又改");
  world.keep(world.lists.articles.get(id(603)), { body: "同事又改" }, id(2));
  await page.getByTestId("article-save").click();
  await page.getByTestId("conflict-theirs").click();
  await page.waitForFunction(() => document.querySelector("[data-testid=article-body]")?.value === "同事又改");
  const team = world.lists.teams.get(id(102));
  await show(page, base, `teams/${id(102)}`);
  await page.getByTestId("team-name").fill("Nordic desk");
  team.version += 1;
  await page.getByTestId("team-save").click();
  await page.getByTestId("conflict-mine").click();
  await page.getByTestId("team-row").filter({ hasText: "Nordic desk" }).waitFor();
  assert.equal(team.name, "Nordic desk");
});

await deed("imports files: new, again, changed, refused", async (page) => {
  await show(page, base, "knowledge");
  await page.getByTestId("import-open").click();
  const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  const csv = "问题,答案\n怎么退款,原路退回\n,没有问题\n没有答案,\n";
  await page.getByTestId("import-file").setInputFiles([file("faq.csv", csv), file("photo.png", "x"), file("empty.md", " ")]);
  const report = page.getByTestId("import-report");
  await report.getByText("新增 1").waitFor();
  await report.getByText("跳过 2").waitFor();
  await report.getByText("第 3 行").waitFor();
  await report.getByText("没有答案内容").waitFor();
  await report.getByText("不支持这种文件").waitFor();
  await report.getByText("文件中没有可用内容").waitFor();
  await picture(page, "imported");
  await page.getByTestId("import-file").setInputFiles([file("faq.csv", csv.replace("原路退回", "三天内原路退回"))]);
  await report.getByText("更新 1").waitFor();
  await page.getByTestId("import-done").click();
  await page.getByTestId("article-row").filter({ hasText: "怎么退款" }).waitFor();
});

await deed("takes files dropped anywhere on the page", async (page) => {
  await show(page, base, "knowledge");
  const data = await page.evaluateHandle(() => {
    const it = new DataTransfer();
    it.items.add(new File(["# 怎么联系\n\n拨打热线"], "contact.md", { type: "text/markdown" }));
    return it;
  });
  const main = page.locator(".kn-drop-page");
  await main.dispatchEvent("dragenter", { dataTransfer: data });
  await page.getByText("松开以导入到知识库").waitFor();
  await picture(page, "dropping");
  await main.dispatchEvent("drop", { dataTransfer: data });
  await page.getByTestId("import-report").getByText("新增 1").waitFor();
});

await deed("edits business hours by keyboard and sees the month change", async (page) => {
  await show(page, base, `hours/${id(201)}`);
  await page.getByTestId("hours-day-6").click();
  const from = page.getByTestId("hours-6-0-from");
  await from.fill("10");
  await from.press("Enter");
  assert.equal(await from.inputValue(), "10:00");
  await from.press("ArrowUp");
  assert.equal(await from.inputValue(), "10:30");
  await page.getByTestId("hours-6-0-until").fill("9:00");
  await page.getByText("结束时间要晚于开始时间").waitFor();
  assert.equal(await page.getByTestId("hours-save").isDisabled(), true);
  await page.getByTestId("hours-6-0-until").fill("16:00");
  await page.getByTestId("hours-save").click();
  await page.getByText("已保存", { exact: true }).waitFor();
  assert.deepEqual(world.lists.calendars.get(id(201)).week[6], [{ start: 630, end: 960 }]);
  await page.waitForFunction(() => !document.querySelector("[data-testid=hours-preview] td[data-open=false]:not([data-named])"));
});

await deed("writes a canned reply and deletes it", async (page) => {
  await show(page, base, "replies");
  await page.getByTestId("canned-new").click();
  await page.getByTestId("canned-shortcut").fill("您好");
  await page.getByText("已有同名短语").waitFor();
  await page.getByTestId("canned-shortcut").fill("/晚安");
  await page.getByTestId("canned-text").fill("晚安，");
  await page.getByRole("button", { name: /插入客户称呼/ }).click();
  await page.getByTestId("canned-save").click();
  const row = page.getByTestId("canned-row").filter({ hasText: "/晚安" });
  await row.getByText("晚安，{name}").waitFor();
  await row.getByRole("button", { name: "删除 /晚安" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await row.waitFor({ state: "detached" });
});

await deed("shows a token once, and revokes it", async (page) => {
  await show(page, base, "tokens");
  await page.getByTestId("token-new").click();
  await page.getByTestId("token-label").fill("CRM");
  await page.getByTestId("token-save").click();
  assert.match(await page.getByTestId("token-value").inputValue(), /^rpt_/);
  await picture(page, "token-made");
  await page.getByTestId("token-done").click();
  const row = page.getByTestId("token-row").filter({ hasText: "CRM" });
  await row.getByTestId("token-revoke").click();
  await page.getByRole("dialog").getByRole("button", { name: "吊销" }).click();
  await row.waitFor({ state: "detached" });
});

await deed("changes company, profile, language and password", async (page) => {
  await show(page, base, "settings");
  await page.getByTestId("settings-name").fill("云履集团");
  await page.getByTestId("settings-save").click();
  await page.locator(".ad-brand").getByText("云履集团").waitFor();
  await show(page, base, "account");
  await page.getByTestId("password-new").fill("short");
  await page.getByText("还差 5 个字符").waitFor();
  await page.getByTestId("password-new").fill("一句只有我知道的话就好");
  await page.getByTestId("password-again").fill("一句只有我知道的话就好");
  await page.getByTestId("password-save").click();
  await page.getByTestId("password-current").waitFor();
  await page.getByTestId("account-menu").click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await page.getByRole("heading", { level: 1, name: "My account" }).waitFor();
});

await deed("says who uses what cannot be deleted yet", async (page) => {
  await show(page, base, "hours");
  await page.getByRole("button", { name: "删除 上海客服中心" }).click();
  await page.getByTestId("in-use-dialog").getByRole("link", { name: "官网商城" }).click();
  await page.getByTestId("inbox-hours").waitFor();
});

await deed("pages through the audit log and shows a line's place in the chain", async (page) => {
  await show(page, base, "audit");
  const lines = page.getByTestId("audit-line");
  const before = await lines.count();
  await page.getByTestId("audit-more").click();
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=audit-line]").length > count, before);
  await lines.first().getByRole("button", { name: /详情/ }).click();
  await lines.first().getByText(world.audit[0].hash).waitFor();
});

await deed("begins with the starter intents and sees them counted", async (page) => {
  const bare = await openBrowser({ empty: true });
  const fresh = await bare.open();
  await show(fresh, bare.mock.url, "intents");
  await fresh.getByTestId("load-starter").click();
  await fresh.getByText("已载入 8 个意图").waitFor();
  await fresh.getByTestId("intent-row").first().waitFor();
  assert.equal(await fresh.getByTestId("intent-row").count(), 8);
  await fresh.getByTestId("stale").waitFor();
  await fresh.getByTestId("train").click();
  await fresh.getByTestId("training").waitFor();
  await picture(fresh, "training");
  await fresh.getByTestId("training").waitFor({ state: "detached" });
  await fresh.getByTestId("tab-report").click();
  await fresh.getByTestId("report-figures").waitFor();
  assert.equal(bare.mock.world.admin.understanding.models.filter((it) => it.state === "live").length, 1);
  assert.deepEqual(bare.complaints, []);
  await bare.close();
});

await deed("teaches an intent by lines, and does not lose what is typed beside", async (page) => {
  await show(page, base, "intents");
  await page.getByTestId("intent-new").click();
  await page.getByTestId("intent-name").fill("查询物流");
  await page.getByText("已有同名意图").waitFor();
  await page.getByTestId("intent-name").fill("预约试穿");
  await page.getByTestId("intent-create").click();
  await page.getByRole("heading", { name: "预约试穿" }).waitFor();
  await page.getByTestId("intent-description").fill("到店前预约");
  await page.getByTestId("example-text").fill("- 我想预约试穿\n1. 周末可以去试鞋吗\n周末可以去试鞋吗？\n怎么开发票");
  await page.getByText("“怎么开发票”也在“开发票”里").waitFor();
  await page.getByText("1 条已经有了").waitFor();
  await page.getByTestId("example-text").fill("- 我想预约试穿\n1. 周末可以去试鞋吗\n能约明天下午吗");
  await page.keyboard.press("Control+Enter");
  await page.getByText("已添加 3 条，立即生效").waitFor();
  await page.getByTestId("example").nth(2).waitFor();
  assert.equal(await page.getByTestId("example").count(), 3);
  assert.equal(await page.getByTestId("intent-description").inputValue(), "到店前预约", "typed work stays");
  await page.getByTestId("intent-reply-zh").fill("可以，请告诉我门店和时间。");
  await page.getByTestId("intent-save").click();
  await page.getByText("已保存").waitFor();
  const made = [...world.understanding.intents.values()].find((it) => it.name === "预约试穿");
  assert.deepEqual([made.description, made.examples.map((it) => it.text), made.reply], ["到店前预约", ["我想预约试穿", "周末可以去试鞋吗", "能约明天下午吗"], { zh: "可以，请告诉我门店和时间。", en: "可以，请告诉我门店和时间。" }]);
  await page.getByTestId("example").filter({ hasText: "能约明天" }).getByTestId("example-remove").click();
  await page.getByTestId("example").filter({ hasText: "能约明天" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await page.getByTestId("example").filter({ hasText: "能约明天" }).waitFor();
  await page.getByTestId("intent-delete").click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await page.getByTestId("intent-row").first().waitFor();
  assert.equal(world.understanding.intents.has(made.id), false);
  assert.equal(await page.getByRole("dialog").count(), 0, "back at the list no dialog is left open");
});

await deed("tries a text, sees why, and teaches it with one click", async (page) => {
  await show(page, base, "intents");
  await page.getByTestId("try-text").fill("几时能收到退款？另外我的包裹到哪里了");
  await page.getByTestId("wish").nth(1).waitFor();
  await page.getByText("几时").first().waitFor();
  assert.equal(await page.getByTestId("wish").count(), 2);
  await page.getByTestId("try-text").fill("我的包裹到哪里啦");
  await page.locator("[data-testid=wish]:not([data-several])[data-standing=sure]").waitFor();
  await page.getByText("凭这些字词").waitFor();
  await picture(page, "tried");
  await page.getByRole("button", { name: "记为“查询物流”的例句" }).click();
  await page.getByText("已加入“查询物流”").waitFor();
  assert.ok(world.understanding.intents.get(id(701)).examples.some((it) => it.text === "我的包裹到哪里啦"));
  await page.getByTestId("try-text").fill("量子纠缠");
  await page.locator("[data-testid=wish][data-standing=outside]").waitFor();
});

await deed("opens a cell of the confusion matrix, moves the example, takes it back", async (page) => {
  await show(page, base, "intents/report");
  await page.getByTestId("confusion-cell").first().click();
  const pair = page.locator("[data-testid=pair][data-open=true]");
  const [truth, said] = await pair.locator(".it-pair-names > :is(b, span:last-child)").allInnerTexts();
  const of = (name) => [...world.understanding.intents.values()].find((it) => it.name === name).examples.map((it) => it.text);
  const text = await pair.locator(".it-pair-text").first().innerText();
  assert.ok(of(truth).includes(text));
  await pair.getByTestId("move-example").first().click();
  await page.getByText(`已挪到“${said}”`).waitFor();
  assert.deepEqual([of(truth).includes(text), of(said).includes(text)], [false, true]);
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await pair.getByTestId("move-example").first().waitFor();
  assert.deepEqual([of(truth).includes(text), of(said).includes(text)], [true, false]);
});

await deed("imports intents: a broken file names its line and changes nothing", async (page) => {
  await show(page, base, "intents");
  const before = world.understanding.intents.size;
  await page.getByTestId("import-open").click();
  const file = (content) => page.getByTestId("import-file").setInputFiles({ name: "intents.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
  await file("text,label\n赠品什么时候送,赠品\n一,二,三\n");
  await page.getByTestId("import-fault").filter({ hasText: "第 3 行有问题，什么都没有导入" }).waitFor();
  assert.equal(world.understanding.intents.size, before);
  await file("text,label\n赠品什么时候送,赠品\n送的袜子呢,赠品\n怎么开发票,开发票\n唱首歌,oos\n");
  await page.getByTestId("import-report").filter({ hasText: "新意图 1" }).filter({ hasText: "新例句 3" }).filter({ hasText: "已有 1" }).waitFor();
  await page.getByTestId("import-done").click();
  await page.getByTestId("intent-row").filter({ hasText: "赠品" }).waitFor();
  const saved = page.waitForEvent("download");
  await page.getByTestId("intents-more").click();
  await page.getByTestId("export").click();
  assert.equal((await saved).suggestedFilename(), "intents.csv");
});

await deed("keeps a lexicon: own terms, starters on and off", async (page) => {
  await show(page, base, "lexicon");
  await page.getByTestId("term-new").click();
  await page.getByTestId("term-canonical").fill("退款");
  await page.getByText("已有这个词条").waitFor();
  await page.getByTestId("term-canonical").fill("优惠券");
  await page.getByTestId("term-variants").fill("券券");
  await page.keyboard.press("Enter");
  await page.getByTestId("term-variants").fill("折扣票");
  await page.keyboard.press("Enter");
  await page.getByTestId("term-save").click();
  await page.getByTestId("term-row").filter({ hasText: "优惠券" }).waitFor();
  assert.deepEqual([...world.understanding.terms.values()].find((it) => it.canonical === "优惠券").variants, ["券券", "折扣票"]);
  await page.getByTestId("tab-starters").click();
  await page.getByTestId("starter-look-cantonese").click();
  await page.getByText("唔该", { exact: true }).waitFor();
  await page.getByTestId("starter-switch-wu").click();
  await page.getByText("已停用吴语，立即生效").waitFor();
  assert.equal(world.understanding.groups.has("wu"), false);
});

await deed("makes another model live and rolls back", async (page) => {
  await show(page, base, "models");
  const states = () => world.understanding.models.map((it) => it.state);
  await page.locator("[data-testid=model][data-state=shadow]").getByText("214 条中 203 条").waitFor();
  await page.locator("[data-testid=model][data-state=candidate]").getByTestId("model-canary").click();
  await page.getByTestId("model-confirm").click();
  await page.getByText("已开始灰度试用").waitFor();
  assert.equal(world.understanding.models.find((it) => it.state === "canary").canary_share, 0.1);
  await page.locator("[data-testid=model][data-state=canary]").getByTestId("model-live").click();
  await page.getByTestId("model-confirm").click();
  await page.getByText("已换用这个模型").waitFor();
  assert.equal(states().filter((it) => it === "live").length, 1);
  await page.locator("[data-testid=model][data-state=retired]").filter({ hasText: "84.2%" }).getByTestId("model-live").click();
  await page.getByText("个百分点").waitFor();
  await picture(page, "rollback");
  await page.getByTestId("model-confirm").click();
  await page.locator("[data-testid=model][data-state=live]").filter({ hasText: "84.2%" }).waitFor();
  assert.equal(states().filter((it) => it === "live").length, 1);
});

await deed("writes a rule of care, moves it, turns one off, goes back to the defaults", async (page) => {
  await show(page, base, "care");
  await page.getByText("情绪感知还没有开启").waitFor();
  await page.getByTestId("rule-new").click();
  await page.getByTestId("rule-name-zh").fill("老客户不满");
  assert.equal(await page.getByTestId("rule-save").isDisabled(), true, "a rule without condition and act cannot be saved");
  await page.getByTestId("when-upset").click();
  await page.getByTestId("when-turns").click();
  await page.getByText("也就是：情绪为不满，且连续 3 句不平静").waitFor();
  await page.getByTestId("act-soothe").click();
  await page.getByTestId("act-opening-zh").fill("让您久等了，真的抱歉。");
  await page.getByTestId("act-compensate").click();
  await page.getByTestId("act-amount").fill("60");
  await page.getByText("超过每位客户的上限 ¥50").waitFor();
  await page.getByTestId("act-amount").fill("12.5");
  await picture(page, "rule");
  await page.getByTestId("rule-save").click();
  const row = page.getByTestId("care-rule").filter({ hasText: "老客户不满" });
  await row.filter({ hasText: "补偿 ¥12.50" }).waitFor();
  const made = () => [...world.care.rules.values()].find((it) => it.name.zh === "老客户不满");
  assert.deepEqual([made().when.states, made().when.turns_min, made().actions.map((it) => it.act), made().actions[1].amount_minor], [["upset"], 3, ["soothe", "compensate"], 1250]);
  await row.getByTestId("care-rule-up").click();
  await page.waitForFunction(() => document.querySelectorAll("[data-testid=care-rule]")[4]?.textContent.includes("老客户不满"));
  assert.equal(world.care.sorted()[4].id, made().id);
  await row.getByTestId("care-rule-on").click();
  await page.locator("[data-testid=care-rule][data-off=true]").filter({ hasText: "老客户不满" }).waitFor();
  assert.equal(made().enabled, false);
  await page.getByTestId("care-reset").click();
  await page.getByRole("dialog").getByRole("button", { name: "恢复出厂规则" }).click();
  await row.waitFor({ state: "detached" });
  assert.equal(world.care.rules.size, 5);
});

await deed("sets the budget in yuan and decides about a compensation", async (page) => {
  await show(page, base, "care/budget");
  await page.getByTestId("budget-customer").fill("一百");
  await page.getByText("请填写金额").waitFor();
  assert.equal(await page.getByTestId("budget-save").isDisabled(), true);
  await page.getByTestId("budget-customer").fill("88.80");
  await page.getByTestId("budget-approval").fill("0");
  await page.getByText("每一笔都先由主管批准").waitFor();
  await page.getByTestId("budget-save").click();
  await page.getByText("已保存").waitFor();
  assert.deepEqual([world.care.budget.per_customer_minor, world.care.budget.approval_above_minor], [8880, 0]);
  await page.getByTestId("tab-spending").click();
  await page.getByTestId("spending-approve").click();
  await page.getByText("已批准，客户会收到").waitFor();
  await page.getByTestId("spending-approve").waitFor({ state: "detached" });
  assert.equal(world.care.spendings[0].state, "approved");
}, { role: "owner" });

await deed("plays a conversation again, and says plainly when there is no consent", async (page) => {
  await show(page, base, "care/replay");
  await page.getByTestId("replay-conversation").fill("214");
  await page.getByRole("option", { name: /#214/ }).click();
  await page.getByTestId("replay-play").click();
  await page.getByTestId("replayed").waitFor();
  assert.equal(await page.getByTestId("replay-turn").count(), 5);
  await page.getByTestId("replay-turn").nth(3).getByText("凭这些字词：12315").waitFor();
  await page.getByTestId("replay-turn").nth(4).getByText("“持续不满”结束：情绪已恢复").waitFor();
  await picture(page, "replayed");
  await show(page, base, `care/replay/${id(1)}`);
  await page.getByTestId("replay-play").click();
  await page.getByText("这位客户没有同意感知情绪").waitFor();
});

await deed("switches feelings on only after asking, and erases a customer", async (page) => {
  await show(page, base, "privacy");
  await page.getByTestId("switch-feelings").click();
  await page.getByTestId("retention").fill("60");
  await page.getByTestId("ethics-save").click();
  await page.getByTestId("feelings-dialog").getByRole("button", { name: "取消" }).click();
  assert.equal(world.care.ethics.version, 0, "nothing is saved before the answer");
  await page.getByTestId("ethics-save").click();
  await page.getByTestId("feelings-confirm").click();
  await page.getByText("已保存").waitFor();
  assert.deepEqual([world.care.ethics.switches, world.care.ethics.retention_days], [{ feelings: true, proactive_contact: false }, 60]);
  await page.getByTestId("person-search").fill("王");
  await page.getByTestId("person-found").click();
  await page.getByText("感知情绪以更好服务").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByTestId("person-export").click();
  assert.equal((await saved).suggestedFilename(), "my-data.json");
  await page.getByTestId("person-erase").click();
  assert.equal(await page.getByTestId("erase-confirm").isDisabled(), true);
  await page.getByTestId("erase-verified").click();
  await page.getByTestId("erase-free").click();
  await picture(page, "erase");
  await page.getByTestId("erase-confirm").click();
  await page.getByTestId("erased-dialog").getByText("再次扫描全部数据：找到 0 处").waitFor();
  await picture(page, "erased");
  assert.equal([...world.care.contacts.values()].some((it) => it.name === "王芳"), false);
});

await deed("lets a supervisor approve, but not change the rules", async (page) => {
  world.care.spendings[0].state = "pending";
  await show(page, base, "care");
  await page.getByText("您可以查看此页面，但不能修改").waitFor();
  assert.equal(await page.getByTestId("rule-new").count(), 0);
  await page.getByTestId("tab-spending").click();
  await page.getByTestId("spending-decline").click();
  await page.getByText("未批准，客户不会知道").waitFor();
  assert.equal(await page.getByTestId("nav-privacy").count(), 0);
  assert.equal(await page.getByTestId("nav-intents").count(), 1);
}, { role: "supervisor" });

await deed("lets an agent look but not touch", async (page) => {
  for (const hash of ["members", "teams", "inboxes", "hours", "replies", "knowledge", "intents", "lexicon", "models", "settings"]) {
    await show(page, base, hash);
    await page.getByText("您可以查看此页面，但不能修改").waitFor();
    assert.equal(await page.locator("main .ui-btn[data-kind=primary]:not([data-testid=ask-send])").count(), 0, hash);
  }
  for (const hash of ["tokens", "audit", "care", "privacy"]) {
    await show(page, base, hash);
    await page.getByText("此页面仅管理员可用").waitFor();
  }
  assert.equal(await page.getByTestId("nav-tokens").count(), 0);
  await show(page, base, `hours/${id(201)}`);
  assert.equal(await page.getByTestId("hours-name").isDisabled(), true);
}, { role: "agent" });

await deed("works with the keyboard alone", async (page) => {
  await show(page, base, "replies");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByTestId("canned-shortcut").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "canned-shortcut");
  await page.keyboard.press("Escape");
  await page.getByTestId("canned-shortcut").waitFor({ state: "detached" });
});

await deed("finds its way on a phone", async (page) => {
  await show(page, base, "overview");
  await page.getByTestId("nav-menu").click();
  await picture(page, "phone-menu");
  await page.getByTestId("nav-knowledge").click();
  await page.getByTestId("article-row").first().waitFor();
}, { width: 390, height: 844 });

if (run.complaints.length > 0) {
  failed = true;
  console.log(run.complaints.join("\n"));
}
await run.close();
process.exit(failed ? 1 : 0);

async function deed(name, act, options = {}) {
  if (failed || (only && !name.includes(only))) return;
  const page = await run.open(options);
  try {
    await act(page);
    console.log(`ok  ${name}`);
  } catch (error) {
    failed = true;
    console.log(`BAD ${name}\n${error.stack}`);
    await page.screenshot({ path: `${SCREENS}deed.failed.png` });
  }
  await page.context().close();
}

async function picture(page, name) {
  await page.screenshot({ path: `${SCREENS}deed.${name}.png` });
}
