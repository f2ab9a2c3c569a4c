//! What Meta's channels share: how a callback is proved, and how secrets and subscriptions are tried.

use rapport_ports::{CheckStep, ProviderCall};
use rapport_wire::channel::{
    Inbound, Request, SendFault, WireFault, mac, meta, reading,
    request::{form_pairs, percent},
};
use serde_json::Value;

use crate::{
    Link, Opened, Received,
    adapter::{header, to_do},
    step,
};

/// Answers the verification by GET, and reads a signed callback.
pub(crate) fn receive(channel: &Opened, call: &ProviderCall, decode: impl FnOnce(&[u8]) -> Result<Vec<Inbound>, WireFault>) -> Result<Received, WireFault> {
    if call.method == "GET" {
        let query = form_pairs(call.query.as_bytes());
        return Ok(Received::text(meta::challenge(&query, channel.get("verify_token"))?, Vec::new()));
    }
    meta::verify(header(call, meta::SIGNATURE_HEADER), &call.body, &[channel.get("app_secret")])?;
    let facts = match decode(&call.body) {
        // An app has one callback for all of its numbers and pages; what is refused is told again for days and may end the subscription.
        Err(WireFault::NotOurs) => {
            tracing::warn!("a callback for another account of the same app: nothing here takes it");
            Vec::new()
        }
        told => told?,
    };
    Ok(Received::text("EVENT_RECEIVED", facts))
}

/// An object of the Graph API.
pub(crate) async fn ask(link: &Link<'_>, request: &Request) -> Result<Value, SendFault> {
    let response = link.call(request).await?;
    let body = response.json();
    if response.status < 300 && body.is_object() && reading::at(&body, "/error").is_none() { Ok(body) } else { Err(meta::fault(&response)) }
}

/// Whether the app secret belongs to the app of the token: Meta checks a proof made of both.
pub(crate) async fn secret_step(link: &Link<'_>, account: &str, token: &str) -> CheckStep {
    let proof = mac::hex(&mac::sha256(link.channel.get("app_secret").as_bytes(), &[token.as_bytes()]));
    let path = format!("/{}/{}?fields=id&appsecret_proof={proof}", link.channel.get("version"), percent(account));
    match ask(link, &Request::get(path).bearer(token)).await {
        Ok(_) => step("secret", true, "应用密钥与令牌属于同一个应用", "The app secret and the token belong to one app"),
        Err(fault) => {
            let zh = format!("应用密钥与令牌不相配：{fault}。请在 应用面板 → 应用设置 → 基本 复制应用密钥");
            step("secret", false, zh, format!("The app secret does not fit the token: {fault}. Copy it from the app dashboard: app settings, basic"))
        }
    }
}

/// Whether the app tells us about `object`; where it tells nobody yet, it is told to. Another address that stands there is somebody's and stays.
pub(crate) async fn callback_step(link: &Link<'_>, object: &str, fields: &str) -> CheckStep {
    let (app, secret, url) = (link.channel.get("app_id"), link.channel.get("app_secret"), &link.callback_url);
    // The app itself is no object of Instagram's own API.
    if app.is_empty() || link.channel.get("base_url").contains("graph.instagram.") {
        let zh = format!("请在 应用面板 → Webhooks 中为 {object} 填写回调地址 {url} 与验证令牌，并订阅：{fields}。填写应用编号后可在此自动检查");
        return to_do("callback", zh, format!("Enter {url} and the verify token for {object} under webhooks in the app dashboard, and subscribe to: {fields}. With the app's id this is checked here"));
    }
    let (path, token) = (format!("/{}/{}/subscriptions", link.channel.get("version"), percent(app)), format!("{app}|{secret}"));
    let subscriptions = match ask(link, &Request::get(path.as_str()).bearer(&token)).await {
        Ok(found) => found,
        Err(fault) => return step("callback", false, format!("无法读取应用的订阅：{fault}。请核对应用编号与应用密钥"), format!("The app's subscriptions cannot be read: {fault}. Compare the app's id and secret")),
    };
    let of_object = |it: &&Value| reading::name(it, "/object").as_deref() == Some(object);
    let Some(found) = reading::list(&subscriptions, "/data").unwrap_or_default().iter().find(of_object) else {
        let pairs = [("object", object), ("callback_url", url.as_str()), ("verify_token", link.channel.get("verify_token")), ("fields", fields)];
        return match ask(link, &Request::form(path, &pairs).bearer(&token)).await {
            Ok(_) => step("callback", true, format!("已告知 Meta 推送到 {url}"), format!("Meta was told to call {url}")),
            Err(fault) => step("callback", false, format!("Meta 不接受回调地址 {url}：{fault}。需要公网 https"), format!("Meta refused the address {url}: {fault}. It has to be public https")),
        };
    };
    let told = reading::id(found, "/callback_url").unwrap_or_default();
    if told != *url {
        let zh = format!("Meta 现在推送到 {told}。请在 应用面板 → Webhooks 改为 {url}");
        return step("callback", false, zh, format!("Meta calls {told}. Change it to {url} under webhooks in the app dashboard"));
    }
    let named = |it: &Value| reading::name(it, "/name").or_else(|| it.as_str().map(str::to_owned));
    let has: Vec<String> = reading::list(found, "/fields").unwrap_or_default().iter().filter_map(named).collect();
    if !has.iter().any(|it| it == "messages") {
        return step("callback", false, "没有订阅 messages 字段，收不到消息", "The field messages is not subscribed to: no message will come");
    }
    step("callback", true, format!("Meta 推送到 {url}：{}", has.join(", ")), format!("Meta calls {url}: {}", has.join(", ")))
}
