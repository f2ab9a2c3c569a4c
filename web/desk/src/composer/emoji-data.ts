// Emoji that people in service use, each with words to find it by (Chinese, then English).

export type EmojiGroup = "faces" | "hands" | "hearts" | "things" | "marks";

const TABLE: Record<EmojiGroup, string> = {
  faces:
    "😀 笑 smile|😃 开心 happy|😄 大笑 laugh|😁 露齿 grin|😆 哈哈 haha|😅 汗 sweat|😂 笑哭 joy|🙂 微笑 smile|😉 眨眼 wink|😊 害羞 blush|😇 天使 angel|🥰 喜欢 love|😍 花痴 adore|😘 亲亲 kiss|😋 好吃 yum|😜 调皮 playful|🤗 拥抱 hug|🤔 思考 think|🤫 嘘 quiet|😐 无语 neutral|🙄 白眼 eyeroll|😏 得意 smirk|😌 放心 relieved|😴 困 sleep|😷 口罩 mask|🤒 生病 sick|😎 酷 cool|🥳 庆祝 party|😕 困惑 confused|😟 担心 worried|🙁 难过 sad|😮 惊讶 surprised|😳 脸红 flushed|🥺 拜托 please|😢 流泪 cry|😭 大哭 sob|😱 惊恐 scream|😞 失望 disappointed|😤 生气 huff|😡 愤怒 angry",
  hands: "👍 赞 好 good|👎 差 bad|👌 可以 ok|✌️ 胜利 victory|🤝 握手 合作 deal|🙏 谢谢 拜托 thanks please|👏 鼓掌 clap|🙌 太好了 hooray|💪 加油 strong|👋 你好 再见 hello bye|🤙 联系 call|👉 指 point right|👇 下面 below|☝️ 注意 note|✍️ 记录 write|🙋 举手 me|🙇 抱歉 鞠躬 sorry|🤷 不清楚 shrug",
  hearts: "❤️ 爱心 heart|🧡 橙心 orange heart|💛 黄心 yellow heart|💚 绿心 green heart|💙 蓝心 blue heart|💜 紫心 purple heart|💖 闪心 sparkling|💔 心碎 broken|🌹 玫瑰 rose|🌸 樱花 flower|🌻 向日葵 sunflower|🍀 好运 luck|🎉 庆祝 恭喜 party|🎊 彩球 confetti|🎁 礼物 gift|🎂 蛋糕 生日 cake birthday|🧧 红包 red packet|🏮 灯笼 lantern|🎈 气球 balloon|✨ 闪亮 sparkle|⭐ 星 star|🌟 亮星 glow|🔥 火 热门 fire",
  things: "📦 包裹 快递 parcel|🚚 送货 物流 delivery|✈️ 飞机 plane|🏠 家 地址 home|🏬 商场 store|🛒 购物车 cart|🛍️ 购物 shopping|👟 鞋 shoe|👕 衣服 shirt|🧥 外套 coat|🧢 帽子 cap|🧦 袜子 socks|📏 尺码 尺寸 size|🏷️ 标签 价格 tag price|💳 银行卡 付款 card|💰 钱 money|🧾 发票 收据 receipt invoice|📄 文件 document|📎 附件 clip|📷 照片 photo|📱 手机 phone|💻 电脑 computer|📞 电话 call|📧 邮件 mail|🔗 链接 link|🔑 密码 钥匙 key|🔒 锁 安全 lock|🔧 维修 repair|⚙️ 设置 settings|📅 日期 date|⏰ 时间 闹钟 time|⏳ 等待 wait|☕ 咖啡 coffee|🍵 茶 tea|🌙 晚安 night|☀️ 太阳 sun|🌧️ 下雨 rain|❄️ 雪 冬 snow",
  marks: "✅ 完成 对 done|❌ 错 取消 no|⚠️ 注意 warning|❗ 重要 important|❓ 问题 question|ℹ️ 信息 info|➡️ 右 next|⬇️ 下 down|🔄 换货 刷新 exchange|🔍 查询 搜索 search|📌 置顶 pin|🔔 提醒 bell|🆗 好的 ok|🆕 新 new|🔝 最好 top|💯 满分 hundred|1️⃣ 一 one|2️⃣ 二 two|3️⃣ 三 three|4️⃣ 四 four",
};

export interface Emoji {
  emoji: string;
  group: EmojiGroup;
  words: string;
}

export const EMOJI: readonly Emoji[] = (Object.entries(TABLE) as [EmojiGroup, string][]).flatMap(([group, text]) =>
  text.split("|").map((it) => {
    const [emoji = "", ...words] = it.split(" ");
    return { emoji, group, words: words.join(" ") };
  }),
);
