//! Messenger and Instagram: signed callbacks in, the Send API out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, SendFault, Sending, WireFault,
    meta::{self, Product, messenger},
    reading,
    request::{FilePart, percent},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    meta::{ask, callback_step, receive, secret_step},
    step,
    forms::field,
    whatsapp::nothing_was_sent,
};

pub struct Messenger {
    product: Product,
}

impl Messenger {
    pub const PAGE: Self = Self { product: Product::Messenger };
    pub const INSTAGRAM: Self = Self { product: Product::Instagram };
}

const SECRET: ChannelField = field("app_secret", ["应用密钥", "App secret", "应用面板 → 应用设置 → 基本；用来核对推送的签名", "App dashboard, app settings, basic; signatures of callbacks are checked with it"], true, true, "");
const VERIFY: ChannelField = field("verify_token", ["验证令牌", "Verify token", "自己定一串，与应用面板 → Webhooks 中填写的相同", "Choose one, and enter the same under webhooks in the app dashboard"], true, true, "");
const APP: ChannelField = field("app_id", ["应用编号", "App ID", "应用面板顶部；填写后“测试”会检查并登记回调地址，也能认出自己发出的消息", "At the top of the app dashboard. With it the check looks at the callback address and registers it, and echoes of what we sent are known"], false, false, "");
const VERSION: ChannelField = field("version", ["Graph API 版本", "Graph API version", "一般不用改", "Leave it as it is"], false, false, meta::VERSION);

static PAGE_FIELDS: [ChannelField; 7] = [
    field("account_id", ["主页编号", "Page ID", "主页 → 关于 → 主页透明度，或应用面板 → Messenger → API 设置中主页名称旁的数字", "On the page under about, page transparency; or the number beside the page's name under Messenger, API setup"], false, true, ""),
    field("access_token", ["主页访问令牌", "Page access token", "应用面板 → Messenger → API 设置 → 生成访问令牌；需要 pages_messaging 与 pages_manage_metadata", "App dashboard, Messenger, API setup, generate; it needs pages_messaging and pages_manage_metadata"], true, true, ""),
    SECRET,
    VERIFY,
    APP,
    VERSION,
    field("base_url", ["接口地址", "API address", "一般不用改", "Leave it as it is"], false, false, "https://graph.facebook.com"),
];

static INSTAGRAM_FIELDS: [ChannelField; 7] = [
    field("account_id", ["Instagram 账号编号", "Instagram account ID", "应用面板 → Instagram → API 设置中账号名称旁的数字，形如 1784…", "The number beside the account's name under Instagram, API setup; it looks like 1784…"], false, true, ""),
    field("access_token", ["访问令牌", "Access token", "同一页“生成令牌”；经 Facebook 登录时用相连主页的令牌，需要 instagram_manage_messages", "Generated on the same page; with Facebook login the token of the connected page, with instagram_manage_messages"], true, true, ""),
    SECRET,
    VERIFY,
    APP,
    VERSION,
    field("base_url", ["接口地址", "API address", "经 Instagram 登录得到的令牌请改为 https://graph.instagram.com，其余不用改", "For a token of Instagram login https://graph.instagram.com, else leave it"], false, false, "https://graph.facebook.com"),
];

impl Messenger {
    fn config(&self, channel: &Opened) -> messenger::Config {
        let app_id = Some(channel.get("app_id").to_owned()).filter(|it| !it.is_empty());
        messenger::Config { version: channel.get("version").to_owned(), app_id, ..messenger::Config::new(self.product, channel.get("account_id")) }
    }

    fn is_instagram(&self) -> bool {
        self.product == Product::Instagram
    }

    /// What the app is to be told of: as callbacks name it.
    fn object(&self) -> (&'static str, &'static str) {
        if self.is_instagram() {
            ("instagram", "messages,messaging_postbacks,message_reactions,messaging_seen,messaging_referral")
        } else {
            ("page", "messages,messaging_postbacks,message_deliveries,message_reads,message_reactions,message_echoes,messaging_referrals,message_edits")
        }
    }

    async fn send_once(&self, link: &Link<'_>, outgoing: &Outgoing, late: bool) -> Sending {
        let request = messenger::send(&self.config(link.channel), link.channel.get("access_token"), outgoing, late)?;
        messenger::answer(&link.call(&request).await?)
    }
}

#[async_trait]
impl Adapter for Messenger {
    fn fields(&self) -> &'static [ChannelField] {
        if self.is_instagram() { &INSTAGRAM_FIELDS } else { &PAGE_FIELDS }
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, _now: Timestamp) -> Result<Received, WireFault> {
        let config = self.config(channel);
        receive(channel, call, |body| messenger::decode(body, &config))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        match self.send_once(link, outgoing, false).await {
            // Nothing went out; a person may answer for seven days, and says so.
            Err(SendFault::WindowClosed { .. }) if outgoing.by_person => self.send_once(link, outgoing, true).await,
            sent => sent,
        }
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let channel = if self.is_instagram() { ChannelKind::Instagram } else { ChannelKind::Messenger };
        let piece = match file.form(channel) {
            None => file.in_words(),
            // Instagram fetches files itself.
            Some(kind) if self.is_instagram() => Piece::MediaUrl { kind, url: file.url.clone(), name: file.name.clone(), caption: String::new() },
            Some(kind) => {
                let part = FilePart { field: "filedata", name: &file.name, media_type: &file.media_type, bytes: &file.bytes };
                let upload = meta::upload(link.channel.get("version"), link.channel.get("access_token"), self.product, "me", kind, &part, &file.boundary);
                let id = meta::uploaded(&link.call(&upload).await.map_err(nothing_was_sent)?).map_err(nothing_was_sent)?;
                Piece::Media { kind, id, name: file.name.clone(), caption: String::new() }
            }
        };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Url(url) = &media.source else { return Err(CallFault::Refused("Meta names files of its pages by address".to_owned())) };
        link.http.fetch(url, &[], bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, _callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        let (version, token, account) = (link.channel.get("version"), link.channel.get("access_token"), link.channel.get("account_id"));
        // Messages are sent as `me`: for Messenger that has to be the page itself.
        let (whom, fields) = if self.is_instagram() { (account, "id%2Cusername") } else { ("me", "id%2Cname") };
        match ask(link, &Request::get(format!("/{version}/{}?fields={fields}", percent(whom))).bearer(token)).await {
            Ok(found) => {
                let id = reading::id(&found, "/id").unwrap_or_default();
                let name = reading::name(&found, "/name").or_else(|| reading::name(&found, "/username")).unwrap_or_default();
                if !self.is_instagram() && id != account {
                    let zh = format!("这个令牌属于 {name}（{id}），不是主页 {account}。请为该主页生成令牌");
                    steps.push(step("token", false, zh, format!("This token is of {name} ({id}), not of the page {account}. Generate one for that page")));
                    return steps;
                }
                steps.push(step("token", true, format!("令牌有效：{name}（{id}）"), format!("The token is valid: {name} ({id})")));
            }
            Err(fault) => {
                let zh = format!("Meta 没有接受：{fault}。请核对编号，并重新生成访问令牌");
                steps.push(step("token", false, zh, format!("Meta did not accept it: {fault}. Compare the ID, and generate the access token anew")));
                return steps;
            }
        }
        let secret = secret_step(link, whom, token).await;
        let failed = secret.passed == Some(false);
        steps.push(secret);
        if failed {
            return steps;
        }
        let (object, fields) = self.object();
        let subscribed = if self.is_instagram() { "messages,messaging_postbacks" } else { fields };
        match ask(link, &Request::form(format!("/{version}/me/subscribed_apps"), &[("subscribed_fields", subscribed)]).bearer(token)).await {
            Ok(_) => steps.push(step("subscription", true, format!("应用已订阅：{subscribed}"), format!("The app is subscribed to: {subscribed}"))),
            Err(fault) => {
                let zh = format!("应用不能订阅这个账号：{fault}。令牌需要 pages_manage_metadata 或 instagram_manage_messages");
                steps.push(step("subscription", false, zh, format!("The app cannot subscribe to this account: {fault}. The token needs pages_manage_metadata or instagram_manage_messages")));
                return steps;
            }
        }
        steps.push(callback_step(link, object, fields).await);
        steps
    }
}
