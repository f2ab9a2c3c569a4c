//! DingTalk: a robot's messages by HTTP, answers within their session while it lasts and by the robot's interface afterwards.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Response, SendFault, Sending, WireFault,
    dingtalk::{self, Account, Addressed, Host, Session},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::not_fetched,
    forms::{field, fitted, form, tolerance, tolerance_ms},
    step,
};

pub struct Dingtalk;

static FIELDS: [ChannelField; 6] = [
    field("client_id", ["Client ID（原 AppKey）", "Client ID (AppKey)", "钉钉开放平台 → 应用开发 → 应用 → 凭证与基础信息", "Developer console, the app, credentials and basic info"], false, true, ""),
    field(
        "client_secret",
        ["Client Secret（原 AppSecret）", "Client Secret (AppSecret)", "与 Client ID 同一页；推送的签名也由它验证", "On the same page; it also verifies incoming calls"],
        true,
        true,
        "",
    ),
    field("robot_code", ["RobotCode", "RobotCode", "同一应用的“机器人”页；与 Client ID 相同时留空", "On the app's robot page; leave it empty where it equals the Client ID"], false, false, ""),
    tolerance("60"),
    field("base_url", ["接口地址", "API address", "一般不用改", "Leave it as it is"], false, false, "https://api.dingtalk.com"),
    field("oapi_url", ["旧版接口地址", "Older API address", "一般不用改；会话内回复与上传文件使用它", "Leave it as it is; answers within a session and uploads go there"], false, false, "https://oapi.dingtalk.com"),
];

fn account(channel: &Opened) -> Account {
    let code = channel.get("robot_code");
    Account { robot_code: if code.is_empty() { channel.get("client_id") } else { code }.to_owned() }
}

async fn with_token<T, F>(link: &Link<'_>, send: impl Fn(String) -> F + Send + Sync) -> Result<T, SendFault>
where
    F: Future<Output = Result<T, SendFault>> + Send,
{
    let (id, secret) = (link.channel.get("client_id"), link.channel.get("client_secret"));
    link.with_token(|| dingtalk::token(id, secret).request, dingtalk::token_answer, send).await
}

async fn call(link: &Link<'_>, it: &Addressed) -> Result<Response, SendFault> {
    let base = match it.host {
        Host::Api => "base_url",
        Host::Oapi => "oapi_url",
    };
    link.call_at(link.channel.get(base), &it.request).await
}

/// What is to be sent for all pieces. `token` is not needed within a session.
fn requests(link: &Link<'_>, token: &str, pieces: &[Outgoing]) -> Result<Vec<Addressed>, SendFault> {
    let account = account(link.channel);
    let each: Vec<Vec<Addressed>> = pieces.iter().map(|it| dingtalk::send(&account, token, it, link.now)).collect::<Result<_, _>>()?;
    Ok(each.concat())
}

/// One after the other; the last one's id is that of the message.
async fn in_turn(link: &Link<'_>, requests: &[Addressed]) -> Sending {
    let mut id = None;
    for (n, request) in requests.iter().enumerate() {
        match call(link, request).await.and_then(|it| dingtalk::answer(&it)) {
            Ok(it) => id = it,
            // DingTalk knows no key of ours: sent again, the first part would stand there twice.
            Err(fault) if n > 0 => return Err(SendFault::Unknown { code: fault.to_string() }),
            Err(fault) => return Err(fault),
        }
    }
    Ok(id)
}

#[async_trait]
impl Adapter for Dingtalk {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        let header = |name: &str| call.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).unwrap_or_default();
        let tolerance_ms = tolerance_ms(channel).unwrap_or(i64::MAX);
        dingtalk::verify(&[channel.get("client_secret")], header("timestamp"), header("sign"), now, tolerance_ms)?;
        Ok(Received::json("{}", dingtalk::decode(&account(channel), &call.body)?))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let pieces = fitted(ChannelKind::Dingtalk, outgoing);
        let within = requests(link, "", &pieces)?;
        if within.iter().all(|it| it.host == Host::Oapi) {
            match in_turn(link, &within).await {
                // The session ended before its time; nothing went out.
                Err(SendFault::Refused { .. } | SendFault::TokenInvalid { .. }) => {}
                sent => return sent,
            }
        }
        let session = outgoing.reply_to.as_deref().map(|it| Session { path: None, ..Session::parse(it) }.text());
        let pieces: Vec<Outgoing> = pieces.into_iter().map(|it| Outgoing { reply_to: session.clone(), ..it }).collect();
        let pieces = &pieces;
        with_token(link, |token| async move { in_turn(link, &requests(link, &token, pieces)?).await }).await
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let kind = form(ChannelKind::Dingtalk, file)?;
        let id = with_token(link, |token| async move {
            dingtalk::uploaded(&call(link, &dingtalk::upload(&token, kind, &file.boundary, &file.name, &file.media_type, &file.bytes)).await?)
        });
        let piece = Piece::Media { kind, id: id.await?, name: file.name.clone(), caption: String::new() };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let MediaSource::Id(id) = &media.source else { return Err(CallFault::Refused("DingTalk names files by code".to_owned())) };
        let account = account(link.channel);
        let account = &account;
        let address = with_token(link, |token| async move { dingtalk::fetched_at(&call(link, &dingtalk::fetch(account, &token, id)).await?) });
        link.http.fetch(&address.await.map_err(not_fetched)?, &[], bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        match with_token(link, |_token| async { Ok(()) }).await {
            Ok(()) => steps.push(step("token", true, "Client ID 与 Client Secret 有效，已取得令牌", "Client ID and Client Secret are valid: a token was given")),
            Err(fault) => {
                let zh = format!("钉钉没有给出令牌：{fault}。请核对 Client ID 与 Client Secret");
                steps.push(step("token", false, zh, format!("DingTalk gave no token: {fault}. Compare Client ID and Client Secret")));
                return steps;
            }
        }
        let zh = format!("请在应用的“机器人”页选择 HTTP 模式，把消息接收地址设为 {callback_url}，并发布版本；还须开通“企业内机器人发送消息”权限");
        let en = format!("On the app's robot page choose HTTP mode, enter {callback_url} as the address for messages, and publish a version; the app also needs the right to send messages as a robot");
        steps.push(CheckStep { passed: None, ..step("callback", true, zh, en) });
        steps
    }
}
