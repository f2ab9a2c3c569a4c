//! Short messages by Twilio, and whatever speaks as it does: signed forms in, the REST API out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderAnswer, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, SendFault, Sending, WireFault,
    reading,
    request::{percent, query},
    sms::twilio::{self, Callback, Config, Sender},
};
use serde_json::Value;

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::{beneath, header, to_do},
    step,
    forms::field,
};

pub struct SmsTwilio;

static FIELDS: [ChannelField; 6] = [
    field("account_sid", ["Account SID", "Account SID", "Twilio 控制台首页 → Account Info，形如 AC…", "On the first page of the console under account info; it looks like AC…"], false, true, ""),
    field("auth_token", ["Auth Token", "Auth token", "同一处；用来调用接口，也用来核对推送的签名", "In the same place; calls are made and signatures of callbacks are checked with it"], true, true, ""),
    field("second_token", ["第二个 Auth Token", "Second auth token", "轮换令牌期间填写另一个，用它签名的推送也会被接受；换完后清空", "The other one while the token is changed: callbacks signed with it are taken too. Empty it afterwards"], true, false, ""),
    field("sender", ["发送方", "Sender", "带加号的号码，如 +15551234567（Phone Numbers → Active numbers），或消息服务 MG…（Messaging → Services）", "A number with its plus sign, such as +15551234567 (phone numbers, active numbers), or a messaging service MG… (messaging, services)"], false, true, ""),
    field("base_url", ["接口地址", "API address", "一般不用改；令牌只会发给它和消息服务的接口地址", "Leave it. The token goes to it and to the address of the messaging services only"], false, false, "https://api.twilio.com"),
    field("messaging_base_url", ["消息服务的接口地址", "API address of messaging services", "一般不用改", "Leave it as it is"], false, false, "https://messaging.twilio.com"),
];

/// `callback_url`: where receipts are sent to.
fn config(channel: &Opened, callback_url: &str) -> Config {
    let sender = channel.get("sender").to_owned();
    let sender = if sender.starts_with("MG") { Sender::Service(sender) } else { Sender::Number(sender) };
    Config { account_sid: channel.get("account_sid").to_owned(), sender, status_callback: Some(callback_url.to_owned()) }
}

/// Only ever for the configured addresses.
fn authorized(link: &Link<'_>, request: Request) -> Request {
    request.with("authorization", twilio::authorization(&config(link.channel, ""), link.channel.get("auth_token")))
}

async fn ask(link: &Link<'_>, base: &str, path: String) -> Result<Value, SendFault> {
    let response = link.call_at(base, &authorized(link, Request::get(path))).await?;
    if response.status < 300 && response.json().is_object() {
        return Ok(response.json());
    }
    match twilio::answer(&response) {
        Ok(_) => Err(SendFault::Unknown { code: response.status.to_string() }),
        Err(fault) => Err(fault),
    }
}

#[async_trait]
impl Adapter for SmsTwilio {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, callback_url: &str, _now: Timestamp) -> Result<Received, WireFault> {
        let mut url = callback_url.to_owned();
        for (mark, more) in [("/", &call.tail), ("?", &call.query)] {
            if !more.is_empty() {
                url = format!("{url}{mark}{more}");
            }
        }
        let callback = Callback {
            url: &url,
            signature: header(call, twilio::SIGNATURE_HEADER),
            settings: header(call, twilio::SETTINGS_HEADER),
            content_type: header(call, "content-type").unwrap_or_default(),
            body: &call.body,
        };
        twilio::verify(&callback, &[channel.get("auth_token"), channel.get("second_token")])?;
        let form = if call.method == "GET" { call.query.as_bytes() } else { &call.body };
        let facts = twilio::decode(form, &config(channel, callback_url))?;
        Ok(Received { answer: ProviderAnswer { status: 200, content_type: "text/xml; charset=utf-8", body: twilio::twiml(&[]) }, facts })
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let request = twilio::send(&config(link.channel, &link.callback_url), link.channel.get("auth_token"), outgoing)?;
        twilio::answer(&link.call(&request).await?)
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let piece = match file.form(ChannelKind::SmsTwilio) {
            Some(kind) => Piece::MediaUrl { kind, url: file.url.clone(), name: file.name.clone(), caption: String::new() },
            None => file.in_words(),
        };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Url(url) = &media.source else { return Err(CallFault::Refused("Twilio names files by address".to_owned())) };
        let base = link.channel.get("base_url");
        let Some(path) = beneath(url, base) else { return link.http.fetch(url, &[], bytes_max).await };
        let response = link.http.call_up_to(base, &authorized(link, Request::get(path)), bytes_max).await?;
        match (response.status, response.header("location")) {
            (200..=299, _) => {
                let media_type = response.header("content-type").map(str::to_owned);
                Ok((Bytes::from(response.body), media_type))
            }
            // It lies at a store of theirs, whose address is its own proof.
            (300..=399, Some(at)) => link.http.fetch(at, &[], bytes_max).await,
            (status @ (404 | 410), _) => Err(CallFault::Refused(format!("status {status}"))),
            (status, _) => Err(CallFault::NotReached(format!("status {status}"))),
        }
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        let (base, account) = (link.channel.get("base_url"), percent(link.channel.get("account_sid")));
        match ask(link, base, format!("/2010-04-01/Accounts/{account}.json")).await {
            Ok(found) => {
                let of = |path: &str| reading::name(&found, path).unwrap_or_default();
                let told = format!("{} ({})", of("/friendly_name"), of("/status"));
                let active = of("/status") == "active";
                steps.push(step("token", active, format!("令牌有效，账号：{told}"), format!("The token is valid, account: {told}")));
                if !active {
                    return steps;
                }
            }
            Err(fault) => {
                let zh = format!("Twilio 没有接受：{fault}。请核对 Account SID 与 Auth Token");
                steps.push(step("token", false, zh, format!("Twilio did not accept it: {fault}. Compare the account SID and the auth token")));
                return steps;
            }
        }
        let sender = link.channel.get("sender");
        steps.push(if sender.starts_with("MG") {
            service_step(link, sender, callback_url).await
        } else if sender.starts_with('+') {
            number_step(link, &account, sender, callback_url).await
        } else {
            let zh = format!("{sender} 不是普通号码，没有检查。请在 Twilio 把它收到短信时的地址设为 {callback_url}（POST）");
            to_do("callback", zh, format!("{sender} is no ordinary number and was not looked at. Let Twilio call {callback_url} (POST) when a message comes in for it"))
        });
        steps
    }
}

async fn number_step(link: &Link<'_>, account: &str, number: &str, callback_url: &str) -> CheckStep {
    let path = format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?{}", query(&[("PhoneNumber", number)]));
    let found = match ask(link, link.channel.get("base_url"), path).await {
        Ok(found) => found,
        Err(fault) => return step("callback", false, format!("无法读取号码：{fault}"), format!("The number cannot be read: {fault}")),
    };
    let Some(found) = reading::at(&found, "/incoming_phone_numbers/0") else {
        let zh = format!("这个账号没有号码 {number}。请在 Phone Numbers → Active numbers 中查看");
        return step("callback", false, zh, format!("This account has no number {number}. See phone numbers, active numbers"));
    };
    if reading::at(found, "/capabilities/sms").and_then(Value::as_bool) == Some(false) {
        return step("callback", false, format!("{number} 不能收发短信"), format!("{number} has no short messages"));
    }
    let told = reading::id(found, "/sms_url").unwrap_or_default();
    called_step(&told, callback_url, ["号码 → Messaging Configuration → A message comes in", "the number, messaging configuration, a message comes in"])
}

async fn service_step(link: &Link<'_>, service: &str, callback_url: &str) -> CheckStep {
    let found = match ask(link, link.channel.get("messaging_base_url"), format!("/v1/Services/{}", percent(service))).await {
        Ok(found) => found,
        Err(fault) => return step("callback", false, format!("无法读取消息服务：{fault}"), format!("The messaging service cannot be read: {fault}")),
    };
    if reading::at(&found, "/use_inbound_webhook_on_number").and_then(Value::as_bool) == Some(true) {
        let zh = format!("消息服务把来信交给各号码自己的地址：请把每个号码的地址设为 {callback_url}");
        return to_do("callback", zh, format!("The service leaves what comes in to the address of each number: set them to {callback_url}"));
    }
    let told = reading::id(&found, "/inbound_request_url").unwrap_or_default();
    called_step(&told, callback_url, ["消息服务 → Integration → Send a webhook", "the service, integration, send a webhook"])
}

fn called_step(told: &str, callback_url: &str, [zh, en]: [&str; 2]) -> CheckStep {
    if told == callback_url {
        return step("callback", true, format!("来信会推送到 {callback_url}"), format!("What comes in is told to {callback_url}"));
    }
    let is = if told.is_empty() { ("还没有设置", "is not set") } else { (told, told) };
    step("callback", false, format!("来信的地址：{}。请在 {zh} 改为 {callback_url}（POST）", is.0), format!("The address for what comes in: {}. Change it to {callback_url} (POST) under {en}", is.1))
}
