//! WhatsApp Cloud: signed callbacks in, the Graph API out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, SendFault, Sending, WireFault,
    meta::{self, Product, whatsapp},
    reading,
    request::{FilePart, percent},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::{beneath, not_fetched, to_do},
    meta::{ask, callback_step, receive, secret_step},
    step,
    forms::field,
};

pub struct Whatsapp;

const CALLBACK_FIELDS: &str = "messages";

static FIELDS: [ChannelField; 9] = [
    field("phone_number_id", ["电话号码编号", "Phone number ID", "应用面板 → WhatsApp → API 设置，“发送方”号码下面的 Phone number ID，不是号码本身", "App dashboard, WhatsApp, API setup: below the number you send from; not the number itself"], false, true, ""),
    field("access_token", ["访问令牌", "Access token", "商务设置 → 系统用户 → 生成令牌：选本应用，勾选 whatsapp_business_messaging 与 whatsapp_business_management，过期时间选“永不”。API 设置页上的临时令牌一天后失效", "Business settings, system users, generate token: this app, whatsapp_business_messaging and whatsapp_business_management, never to expire. The temporary one on the page API setup ends after a day"], true, true, ""),
    field("app_secret", ["应用密钥", "App secret", "应用面板 → 应用设置 → 基本；用来核对推送的签名", "App dashboard, app settings, basic; signatures of callbacks are checked with it"], true, true, ""),
    field("verify_token", ["验证令牌", "Verify token", "自己定一串，与应用面板 → WhatsApp → 配置 中填写的相同", "Choose one, and enter the same under WhatsApp, configuration"], true, true, ""),
    field("business_account_id", ["WhatsApp 商务账号编号", "WhatsApp Business account ID", "API 设置页上的 WhatsApp Business Account ID；填写后“测试”会让应用订阅这个账号，不订阅就收不到消息", "On the page API setup. With it the check subscribes the app to the account; without a subscription no message comes"], false, false, ""),
    field("app_id", ["应用编号", "App ID", "应用面板顶部；填写后“测试”会检查并登记回调地址", "At the top of the app dashboard. With it the check looks at the callback address and registers it"], false, false, ""),
    field("version", ["Graph API 版本", "Graph API version", "一般不用改", "Leave it as it is"], false, false, meta::VERSION),
    field("base_url", ["接口地址", "API address", "一般不用改", "Leave it as it is"], false, false, "https://graph.facebook.com"),
    field("media_base_url", ["文件下载地址", "Address of files", "一般不用改；令牌只会发给它和接口地址", "Leave it. The token goes to it and to the API address only"], false, false, "https://lookaside.fbsbx.com"),
];

fn config(channel: &Opened) -> whatsapp::Config {
    whatsapp::Config { version: channel.get("version").to_owned(), ..whatsapp::Config::new(channel.get("phone_number_id")) }
}

fn token<'a>(link: &Link<'a>) -> &'a str {
    link.channel.get("access_token")
}

#[async_trait]
impl Adapter for Whatsapp {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, _now: Timestamp) -> Result<Received, WireFault> {
        let config = config(channel);
        let received = receive(channel, call, |body| whatsapp::decode(body, &config))?;
        if call.method == "POST" {
            for (code, text) in whatsapp::account_errors(&call.body, &config).unwrap_or_default() {
                tracing::warn!(code, text, "WhatsApp tells of an error of the account");
            }
        }
        Ok(received)
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        whatsapp::answer(&link.call(&whatsapp::send(&config(link.channel), token(link), outgoing)?).await?)
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let Some(kind) = file.form(ChannelKind::Whatsapp) else {
            return self.send(link, &Outgoing { piece: file.in_words(), ..outgoing.clone() }).await;
        };
        let config = config(link.channel);
        let part = FilePart { field: "file", name: &file.name, media_type: &file.media_type, bytes: &file.bytes };
        let upload = meta::upload(&config.version, token(link), Product::WhatsApp, &config.phone_number_id, kind, &part, &file.boundary);
        let id = meta::uploaded(&link.call(&upload).await.map_err(nothing_was_sent)?).map_err(nothing_was_sent)?;
        let piece = Piece::Media { kind, id, name: file.name.clone(), caption: String::new() };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Id(id) = &media.source else { return Err(CallFault::Refused("WhatsApp names files by id".to_owned())) };
        let response = link.call(&meta::media(link.channel.get("version"), token(link), id)).await.map_err(not_fetched)?;
        let at = meta::media_at(&response).map_err(not_fetched)?;
        let own = ["media_base_url", "base_url"].into_iter().map(|it| link.channel.get(it)).find_map(|base| beneath(&at.url, base).map(|path| (base, path)));
        let Some((base, path)) = own else { return Err(CallFault::Refused("WhatsApp names an address that is not its own".to_owned())) };
        link.http.fetch_at(base, &Request::get(path).bearer(token(link)), bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, _callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        let (version, number) = (link.channel.get("version"), link.channel.get("phone_number_id"));
        let about = Request::get(format!("/{version}/{}?fields=verified_name%2Cdisplay_phone_number%2Cquality_rating", percent(number))).bearer(token(link));
        match ask(link, &about).await {
            Ok(found) => {
                let of = |path: &str| reading::name(&found, path).unwrap_or_default();
                let told = format!("{} {} ({})", of("/verified_name"), of("/display_phone_number"), of("/quality_rating"));
                steps.push(step("token", true, format!("令牌有效：{told}"), format!("The token is valid: {told}")));
            }
            Err(fault) => {
                let (zh, en) = advice(&fault);
                steps.push(step("token", false, format!("Meta 没有接受：{fault}。{zh}"), format!("Meta did not accept it: {fault}. {en}")));
                return steps;
            }
        }
        let secret = secret_step(link, number, token(link)).await;
        let failed = secret.passed == Some(false);
        steps.push(secret);
        if failed {
            return steps;
        }
        steps.push(subscription(link, version).await);
        if steps.iter().all(|it| it.passed != Some(false)) {
            steps.push(callback_step(link, "whatsapp_business_account", CALLBACK_FIELDS).await);
        }
        steps
    }
}

/// The app hears of an account's messages only where it is subscribed to it.
async fn subscription(link: &Link<'_>, version: &str) -> CheckStep {
    let account = link.channel.get("business_account_id");
    if account.is_empty() {
        return to_do("subscription", "未填写 WhatsApp 商务账号编号，没有检查应用是否订阅了它", "Without the WhatsApp Business account ID it was not looked at whether the app is subscribed to it");
    }
    match ask(link, &Request::form(format!("/{version}/{}/subscribed_apps", percent(account)), &[]).bearer(token(link))).await {
        Ok(_) => step("subscription", true, "应用已订阅这个商务账号", "The app is subscribed to this business account"),
        Err(fault) => {
            let zh = format!("应用不能订阅商务账号：{fault}。令牌需要 whatsapp_business_management");
            step("subscription", false, zh, format!("The app cannot subscribe to the account: {fault}. The token needs whatsapp_business_management"))
        }
    }
}

fn advice(fault: &SendFault) -> (&'static str, &'static str) {
    match fault {
        SendFault::TokenInvalid { .. } => ("令牌错误或已过期，请为系统用户生成永不过期的令牌", "The token is wrong or has ended: generate one that never expires, for a system user"),
        SendFault::MediaExpired { .. } => ("没有这个电话号码编号，或令牌无权使用它", "There is no such phone number ID, or the token may not use it"),
        SendFault::Trouble { .. } | SendFault::Unknown { .. } | SendFault::RateLimited { .. } => ("请稍后再试，并确认服务器可以访问接口地址", "Try again later, and see that the server reaches the API address"),
        SendFault::WindowClosed { .. } | SendFault::QuotaExceeded { .. } | SendFault::UserBlocked { .. } | SendFault::Refused { .. } => ("请核对电话号码编号与令牌的权限", "Compare the phone number ID and what the token may do"),
    }
}

/// An upload without an answer may be made again: the customer saw nothing of it.
pub(crate) fn nothing_was_sent(fault: SendFault) -> SendFault {
    if let SendFault::Unknown { code } = fault { SendFault::Trouble { code } } else { fault }
}
