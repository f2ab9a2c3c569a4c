//! Feishu and Lark: events of an application's robot in, its messages out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, SendFault, Sending, WireFault,
    feishu::{self, Account, Secret, Signed},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::not_fetched,
    forms::{field, fitted, form, tolerance, tolerance_ms},
    step,
};

pub struct Feishu;

/// Events that were not answered come again for seven hours, perhaps under their first stamp.
static FIELDS: [ChannelField; 6] = [
    field("app_id", ["App ID", "App ID", "飞书开放平台 → 开发者后台 → 应用 → 凭证与基础信息，形如 cli_…", "Developer console, the app, credentials and basic info: cli_…"], false, true, ""),
    field("app_secret", ["App Secret", "App Secret", "与 App ID 同一页", "On the same page"], true, true, ""),
    field("verification_token", ["Verification Token", "Verification Token", "同一应用：事件与回调 → 加密策略", "The same app: events and callbacks, encryption strategy"], true, true, ""),
    field(
        "encrypt_key",
        ["Encrypt Key", "Encrypt Key", "同一页；后台设置了就必须填写，未设置则留空。建议设置：只有设置了，事件才带签名", "On the same page; needed where it is set there, else empty. Better set it: only then are events signed"],
        true,
        false,
        "",
    ),
    tolerance("480"),
    field("base_url", ["接口地址", "API address", "飞书不用改；Lark 国际版填 https://open.larksuite.com", "Leave it for Feishu; for Lark: https://open.larksuite.com"], false, false, "https://open.feishu.cn"),
];

fn account(channel: &Opened) -> Account {
    Account { app_id: channel.get("app_id").to_owned(), robot: None, tolerance_ms: tolerance_ms(channel) }
}

async fn with_token<T, F>(link: &Link<'_>, send: impl Fn(String) -> F + Send + Sync) -> Result<T, SendFault>
where
    F: Future<Output = Result<T, SendFault>> + Send,
{
    let account = account(link.channel);
    link.with_token(|| feishu::token(&account, link.channel.get("app_secret")), feishu::token_answer, send).await
}

/// Feishu takes a key once: what may be lost on its way, or was taken without an answer, is told again.
async fn told(link: &Link<'_>, request: &Request) -> Sending {
    let once = || async { feishu::answer(&link.call(request).await?) };
    match once().await {
        Err(SendFault::Unknown { .. }) => once().await,
        sent => sent,
    }
}

#[async_trait]
impl Adapter for Feishu {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        let header = |name: &str| call.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).unwrap_or_default();
        let signed = Signed { timestamp: header("x-lark-request-timestamp"), nonce: header("x-lark-request-nonce"), signature: header("x-lark-signature") };
        let encrypt_key = Some(channel.get("encrypt_key").to_owned()).filter(|it| !it.is_empty());
        let secret = Secret { verification_token: channel.get("verification_token").to_owned(), encrypt_key };
        let account = account(channel);
        match feishu::verify(&account, &[secret], signed, &call.body, now)? {
            feishu::Received::Challenge(answer) => Ok(Received::json(answer, Vec::new())),
            feishu::Received::Event(event) => Ok(Received::json(feishu::KEPT, feishu::decode(&account, &event)?)),
        }
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let pieces = fitted(ChannelKind::Feishu, outgoing);
        let pieces = &pieces;
        let sent = with_token(link, |token| async move {
            let mut id = None;
            for piece in pieces {
                for request in feishu::send(&token, piece)? {
                    id = told(link, &request).await?;
                }
            }
            Ok(id)
        });
        sent.await
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let kind = form(ChannelKind::Feishu, file)?;
        let id = with_token(link, |token| async move {
            feishu::uploaded(&link.call(&feishu::upload(&token, kind, &file.boundary, &file.name, &file.media_type, &file.bytes)).await?)
        });
        let id = id.await?;
        let piece = Piece::Media { kind, id, name: file.name.clone(), caption: String::new() };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Id(id) = &media.source else { return Err(CallFault::Refused("Feishu names files by key".to_owned())) };
        let found = with_token(link, |token| async move {
            let Some(request) = feishu::fetch(&token, id) else { return Ok(Err(CallFault::Refused("no key of a file".to_owned()))) };
            match link.http.call_up_to(link.channel.get("base_url"), &request, bytes_max).await {
                Ok(answer) => feishu::fetched(answer).map(Ok),
                Err(fault) => Ok(Err(fault)),
            }
        });
        let file = found.await.map_err(not_fetched)??;
        Ok((Bytes::from(file.bytes), file.media_type))
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        match with_token(link, |_token| async { Ok(()) }).await {
            Ok(()) => steps.push(step("token", true, "App ID 与 App Secret 有效，已取得令牌", "App ID and App Secret are valid: a token was given")),
            Err(fault) => {
                let zh = format!("飞书没有给出令牌：{fault}。请核对 App ID、App Secret 与接口地址（Lark 国际版不同）");
                steps.push(step("token", false, zh, format!("Feishu gave no token: {fault}. Compare App ID and App Secret, and the API address (Lark has another)")));
                return steps;
            }
        }
        match with_token(link, |token| async move { feishu::robot_answer(&link.call(&feishu::robot(&token)).await?) }).await {
            Ok(robot) => {
                let name = robot.name.unwrap_or_default();
                steps.push(step("robot", true, format!("机器人：{name}"), format!("The robot is {name}")));
            }
            Err(fault) => {
                let zh = format!("应用没有可用的机器人：{fault}。请在“添加应用能力”中启用机器人，并发布版本");
                steps.push(step("robot", false, zh, format!("The app has no robot: {fault}. Add the robot under its features, and publish a version")));
                return steps;
            }
        }
        let zh = format!(
            "请在“事件与回调”中把请求地址设为 {callback_url}（保存时飞书会立刻来校验），订阅 im.message.receive_v1，开通 im:message、im:resource 权限并发布版本；按钮需在“回调配置”中填写同一地址"
        );
        let en = format!(
            "Enter {callback_url} as request address under events and callbacks (Feishu calls at once when it is saved), subscribe to im.message.receive_v1, grant im:message and im:resource, and publish a version; buttons need the same address under callback configuration"
        );
        steps.push(CheckStep { passed: None, ..step("callback", true, zh, en) });
        steps
    }
}
