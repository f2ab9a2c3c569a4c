//! The open channel: signed JSON in, signed JSON out to an address of the firm's own.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{SECOND_MS, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, Sending, SendFault, WireFault, api,
    webhook::{self, Secret, Signed},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::{header, to_do},
    step,
    forms::field,
};

pub struct Api;

static FIELDS: [ChannelField; 3] = [
    field("base_url", ["您的接收地址", "Your address", "发给客户的消息会以签名的 JSON POST 到这里，请回答 2xx 与 {\"id\": \"…\"}", "What is said to customers is posted here as signed JSON; answer with 2xx and {\"id\": \"…\"}"], false, true, ""),
    field("secret", ["签名密钥", "Signing secret", "whsec_ 加 24 到 64 个随机字节的 Base64，双方共用（Standard Webhooks 1.0）。可用 openssl rand -base64 32 生成", "whsec_ and the base64 of 24 to 64 random bytes, shared by both sides (Standard Webhooks 1.0); openssl rand -base64 32 makes one"], true, true, ""),
    field("former_secret", ["旧签名密钥", "Former secret", "更换密钥期间填写：新旧密钥都有效，发出的消息带两个签名；换完后清空", "While the secret is changed: both hold, and what is sent has both signatures. Empty it afterwards"], true, false, ""),
];

/// Those in force, the present one first.
fn secrets(channel: &Opened) -> Result<Vec<Secret>, WireFault> {
    let told = ["secret", "former_secret"].map(|it| channel.get(it));
    told.into_iter().filter(|it| !it.is_empty()).map(Secret::parse).collect()
}

/// Base address without its path's end, and that end: an address is called exactly as it was given.
fn address(base: &str) -> (&str, &str) {
    base.strip_suffix('/').map_or((base, ""), |it| (it, "/"))
}

async fn ping(link: &Link<'_>, secrets: &[Secret]) -> Result<u16, SendFault> {
    let (base, path) = address(link.channel.get("base_url"));
    let id = format!("ping-{}", link.now.0);
    let mut request = Request::json(path, &serde_json::json!({"type": "ping", "id": id}));
    let signed = webhook::headers(secrets, &id, link.now, &request.body);
    request.headers.extend(signed);
    Ok(link.call_at(base, &request).await?.status)
}

#[async_trait]
impl Adapter for Api {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        let of = |name: &str| header(call, name).ok_or(WireFault::BadSignature);
        let signed = Signed { id: of(webhook::ID_HEADER)?, timestamp: of(webhook::TIMESTAMP_HEADER)?, signature: of(webhook::SIGNATURE_HEADER)? };
        webhook::verify(&signed, &call.body, &secrets(channel)?, now)?;
        Ok(Received::json(r#"{"ok":true}"#, api::decode(&call.body)?))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let secrets = secrets(link.channel).map_err(|fault| SendFault::Refused { code: "secret".to_owned(), text: fault.to_string() })?;
        let (base, path) = address(link.channel.get("base_url"));
        api::answer(&link.call_at(base, &api::send(path, &secrets, outgoing, link.now)).await?)
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let piece = Piece::MediaUrl { kind: file.kind, url: file.url.clone(), name: file.name.clone(), caption: String::new() };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        match &media.source {
            MediaSource::Url(url) => link.http.fetch(url, &[], bytes_max).await,
            MediaSource::Inline(bytes) => Ok((Bytes::from(bytes.clone()), media.media_type.clone())),
            MediaSource::Id(_) => Err(CallFault::Refused("files come by address or in the event".to_owned())),
        }
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let secrets = match secrets(link.channel) {
            Ok(secrets) => secrets,
            Err(fault) => {
                let zh = format!("签名密钥不对：{fault}。应为 whsec_ 加 24 到 64 字节的 Base64");
                return vec![step("secret", false, zh, format!("The secret is wrong: {fault}. It is whsec_ and the base64 of 24 to 64 bytes"))];
            }
        };
        let mut steps = vec![step("secret", true, "签名密钥可用", "The secret can be used")];
        let url = link.channel.get("base_url");
        match ping(link, &secrets).await {
            Ok(status) if (200..300).contains(&status) => {
                steps.push(step("reachable", true, format!("{url} 接受了签名的 ping：{status}"), format!("{url} took a signed ping: {status}")));
            }
            Ok(status) => {
                let zh = format!("{url} 对签名的 ping 回答 {status}。请验证 webhook-signature，并对不认识的 type 也回答 2xx");
                steps.push(step("reachable", false, zh, format!("{url} answered a signed ping with {status}. Verify webhook-signature, and answer 2xx to types you do not know")));
                return steps;
            }
            Err(fault) => {
                let zh = format!("{url} 没有回答：{fault}。需要公网 https，且不重定向");
                steps.push(step("reachable", false, zh, format!("{url} did not answer: {fault}. It has to be public https without redirects")));
                return steps;
            }
        }
        let seconds = webhook::TOLERANCE_S;
        let now = link.now.0.div_euclid(SECOND_MS);
        let zh = format!("请把事件以同一密钥签名后 POST 到 {callback_url}；双方时钟相差不得超过 {seconds} 秒，本服务器现在是 {now}");
        steps.push(to_do("callback", zh, format!("Post events to {callback_url}, signed with the same secret; clocks may be {seconds} s apart, and it is {now} here")));
        steps
    }
}
