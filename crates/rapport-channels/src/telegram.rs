//! Telegram bots: the webhook in, the Bot API out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::Timestamp;
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{Media, MediaSource, Outgoing, Sending, WireFault, telegram};

use crate::{Adapter, CallFault, Link, Opened, OutFile, Received, adapter::not_fetched, step};

pub struct Telegram;

static FIELDS: [ChannelField; 3] = [
    ChannelField {
        name: "token",
        zh: "机器人令牌",
        en: "Bot token",
        hint_zh: "在 Telegram 中找 @BotFather，发送 /newbot 或 /token 即可得到，形如 123456:ABC…",
        hint_en: "Ask @BotFather in Telegram with /newbot or /token; it looks like 123456:ABC…",
        secret: true,
        required: true,
        default: "",
    },
    ChannelField {
        name: "webhook_secret",
        zh: "回调密钥",
        en: "Webhook secret",
        hint_zh: "自己定一串：字母、数字、_ 或 -，1 到 256 个。点“测试”时会告诉 Telegram，之后只有带着它的推送才被接受",
        hint_en: "Choose one: 1 to 256 letters, digits, _ or -. The check tells it to Telegram; only calls that carry it are taken",
        secret: true,
        required: true,
        default: "",
    },
    ChannelField {
        name: "base_url",
        zh: "接口地址",
        en: "API address",
        hint_zh: "一般不用改；自建 Bot API 服务器时填写它的地址",
        hint_en: "Leave it, unless you run a Bot API server of your own",
        secret: false,
        required: false,
        default: "https://api.telegram.org",
    },
];

impl Telegram {
    fn token<'a>(link: &Link<'a>) -> &'a str {
        link.channel.get("token")
    }
}

#[async_trait]
impl Adapter for Telegram {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, _now: Timestamp) -> Result<Received, WireFault> {
        let told = call.headers.iter().find(|it| it.0 == telegram::SECRET_HEADER).map(|it| it.1.as_str());
        telegram::verify(told, &[channel.get("webhook_secret")])?;
        Ok(Received::text("", telegram::decode(&call.body)?))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let request = telegram::send(Self::token(link), outgoing)?;
        telegram::answer(&link.call(&request).await?)
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let upload = telegram::Upload { kind: file.kind, name: &file.name, media_type: &file.media_type, bytes: &file.bytes, caption: "" };
        telegram::answer(&link.call(&telegram::upload(Self::token(link), outgoing, &upload, &file.boundary)).await?)
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Id(id) = &media.source else { return Err(CallFault::Refused("Telegram names files by id".to_owned())) };
        let found = link.http.call(link.channel.get("base_url"), &telegram::get_file(Self::token(link), id)).await?;
        let path = telegram::file_path(&found).map_err(not_fetched)?;
        let request = telegram::download(Self::token(link), &path);
        link.http.fetch_at(link.channel.get("base_url"), &request, bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        let token = Self::token(link);
        let secret = link.channel.get("webhook_secret");
        if !telegram::is_secret(secret) {
            steps.push(step("secret", false, "回调密钥只能有字母、数字、_ 和 -", "The webhook secret may have letters, digits, _ and - only"));
            return steps;
        }
        let me = async { telegram::bot(&link.call(&telegram::get_me(token)).await?) };
        match me.await {
            Ok(bot) => steps.push(step("token", true, format!("令牌有效：@{}", bot.username), format!("The token is valid: @{}", bot.username))),
            Err(fault) => {
                steps.push(step("token", false, format!("Telegram 没有接受令牌：{fault}"), format!("Telegram did not accept the token: {fault}")));
                return steps;
            }
        }
        let set = async { telegram::done(&link.call(&telegram::set_webhook(token, callback_url, secret)).await?) };
        match set.await {
            Ok(()) => steps.push(step("callback", true, format!("已告知 Telegram 推送到 {callback_url}"), format!("Telegram was told to call {callback_url}"))),
            Err(fault) => {
                let zh = format!("Telegram 不接受回调地址：{fault}。需要公网 https，端口 443、80、88 或 8443");
                steps.push(step("callback", false, zh, format!("Telegram refused the address: {fault}. It has to be public https at port 443, 80, 88 or 8443")));
                return steps;
            }
        }
        let told = async { telegram::webhook(&link.call(&telegram::get_webhook(token)).await?) };
        match told.await {
            Ok(hook) => match hook.trouble {
                None => steps.push(step("delivery", true, format!("推送正常，等待 {} 条", hook.waiting), format!("No trouble with deliveries, {} waiting", hook.waiting))),
                Some(trouble) => steps.push(step("delivery", false, format!("最近一次推送失败：{trouble}"), format!("The last delivery failed: {trouble}"))),
            },
            Err(fault) => steps.push(step("delivery", false, fault.to_string(), fault.to_string())),
        }
        steps
    }
}
