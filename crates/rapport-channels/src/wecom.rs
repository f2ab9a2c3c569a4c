//! WeCom's applications: members write to them and are answered; and what customer service shares with them.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Fact, Media, MediaKind, MediaSource, Outgoing, Piece, SendFault, Sending, WireFault,
    answer::Fetching,
    envelope::{Key, Secret},
    wecom::{self, Account, app},
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::not_fetched,
    forms::{field, fitted, form, tolerance, tolerance_ms},
    step,
    wechat::in_turn,
};

pub struct WecomApp;

pub(crate) const CORP_ID: ChannelField =
    field("corp_id", ["企业 ID", "Company id (CorpID)", "企业微信管理后台 → 我的企业 → 企业信息，最下方，形如 ww…", "WeCom's console: my company, company info, at the bottom: ww…"], false, true, "");
pub(crate) const BASE_URL: ChannelField = field("base_url", ["接口地址", "API address", "一般不用改；经固定出口代理时填代理的地址", "Leave it, unless you call through a proxy with a fixed address"], false, false, "https://qyapi.weixin.qq.com");

static FIELDS: [ChannelField; 7] = [
    CORP_ID,
    field("agent_id", ["AgentId", "AgentId", "企业微信管理后台 → 应用管理 → 自建应用，打开应用后最上方，是一个数字", "Console: applications, your own application; a number at the top of its page"], false, true, ""),
    field(
        "secret",
        ["Secret", "Secret", "与 AgentId 同一页，会发到手机上查看。还须在同一页“企业可信 IP”中加入本服务器的出口 IP", "On the same page; it is shown on your phone. This server's address has to be among the trusted addresses on that page"],
        true,
        true,
        "",
    ),
    field("token", ["Token", "Token", "同一应用：接收消息 → 设置 API 接收，点“随机获取”", "The same application: receive messages, set API; press random"], true, true, ""),
    field("aes_key", ["EncodingAESKey", "EncodingAESKey", "与 Token 同一页，43 位", "On the same page as the token; 43 characters"], true, true, ""),
    tolerance("60"),
    BASE_URL,
];

/// A callback that was verified.
pub(crate) enum Told {
    /// The check of an address; the answer.
    Echo(Vec<u8>),
    Plain(Vec<u8>),
}

fn secret(channel: &Opened) -> Result<Secret, WireFault> {
    Ok(Secret { token: channel.get("token").to_owned(), key: Some(Key::parse(channel.get("aes_key"))?) })
}

pub(crate) fn told(channel: &Opened, call: &ProviderCall, now: Timestamp) -> Result<Told, WireFault> {
    let account = Account { corp_id: channel.get("corp_id").to_owned(), without_receiver: false, tolerance_ms: tolerance_ms(channel) };
    let secrets = [secret(channel)?];
    if call.method == "GET" {
        return wecom::verify_address(&account, &secrets, call.query.as_bytes(), now).map(Told::Echo);
    }
    wecom::verify(&account, &secrets, call.query.as_bytes(), &call.body, now).map(Told::Plain)
}

pub(crate) async fn with_token<T, F>(link: &Link<'_>, send: impl Fn(String) -> F + Send + Sync) -> Result<T, SendFault>
where
    F: Future<Output = Result<T, SendFault>> + Send,
{
    link.with_token(|| wecom::token(link.channel.get("corp_id"), link.channel.get("secret")), wecom::token_answer, send).await
}

/// The file as a piece.
pub(crate) async fn uploaded(link: &Link<'_>, kind: MediaKind, file: &OutFile) -> Result<Piece, SendFault> {
    let id = with_token(link, |token| async move {
        wecom::uploaded(&link.call(&wecom::upload(&token, kind, &file.boundary, &file.name, &file.media_type, &file.bytes)).await?)
    });
    Ok(Piece::Media { kind, id: id.await?, name: file.name.clone(), caption: String::new() })
}

pub(crate) async fn fetched(link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
    let id = match &media.source {
        MediaSource::Id(id) => id,
        MediaSource::Url(url) => return link.http.fetch(url, &[], bytes_max).await,
        MediaSource::Inline(bytes) => return Ok((Bytes::from(bytes.clone()), media.media_type.clone())),
    };
    let found = with_token(link, |token| async move {
        match link.http.call_up_to(link.channel.get("base_url"), &wecom::fetch(&token, id), bytes_max).await {
            Ok(answer) => wecom::fetched(answer).map(Ok),
            Err(fault) => Ok(Err(fault)),
        }
    });
    match found.await.map_err(not_fetched)?? {
        Fetching::Here(file) => Ok((Bytes::from(file.bytes), file.media_type)),
        Fetching::At(url) => link.http.fetch(&url, &[], bytes_max).await,
    }
}

/// The steps that both have first; `false` where one failed.
pub(crate) async fn begun(link: &Link<'_>, steps: &mut Vec<CheckStep>) -> bool {
    if let Err(fault) = secret(link.channel) {
        steps.push(step("key", false, format!("EncodingAESKey 不对：{fault}"), format!("The EncodingAESKey is wrong: {fault}")));
        return false;
    }
    match with_token(link, |_token| async { Ok(()) }).await {
        Ok(()) => {
            steps.push(step("token", true, "企业 ID 与 Secret 有效，已取得令牌", "Company id and secret are valid: a token was given"));
            true
        }
        Err(fault) => {
            let zh = format!("企业微信没有给出令牌：{fault}。请核对企业 ID 与 Secret（40001、40013）");
            steps.push(step("token", false, zh, format!("WeCom gave no token: {fault}. Compare company id and secret (40001, 40013)")));
            false
        }
    }
}

fn agent_id(channel: &Opened) -> Result<u64, SendFault> {
    let wrong = |_error| SendFault::Refused { code: "agent_id".to_owned(), text: "the AgentId is no number".to_owned() };
    channel.get("agent_id").parse().map_err(wrong)
}

#[async_trait]
impl Adapter for WecomApp {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        match told(channel, call, now)? {
            Told::Echo(answer) => Ok(Received::text(answer, Vec::new())),
            Told::Plain(plain) => {
                let mut facts = app::decode(&plain)?;
                // Customer service is another channel, with a secret of its own.
                facts.retain(|it| !matches!(it.fact, Fact::Doorbell { .. }));
                Ok(Received::text(wecom::SUCCESS, facts))
            }
        }
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let agent_id = agent_id(link.channel)?;
        let pieces = fitted(ChannelKind::Wecom, outgoing);
        let pieces = &pieces;
        let sent = with_token(link, |token| async move {
            let requests: Vec<_> = pieces.iter().map(|it| app::send(agent_id, &token, it)).collect::<Result<_, _>>()?;
            in_turn(link, &requests.concat(), app::answer).await
        });
        sent.await
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let piece = uploaded(link, form(ChannelKind::Wecom, file)?, file).await?;
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        fetched(link, media, bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        if !begun(link, &mut steps).await {
            return steps;
        }
        let agent = async {
            let id = agent_id(link.channel)?;
            with_token(link, |token| async move { app::agent_answer(&link.call(&app::agent(id, &token)).await?) }).await
        };
        match agent.await {
            Ok(name) => steps.push(step("application", true, format!("应用：{name}"), format!("The application is {name}"))),
            Err(fault) => {
                let zh = format!("读不到这个应用：{fault}。请核对 AgentId 与 Secret 属于同一应用，并把本服务器的出口 IP 加入该应用的“企业可信 IP”（60020）");
                let en = format!("The application cannot be read: {fault}. AgentId and secret have to be of one application, and this server among its trusted addresses (60020)");
                steps.push(step("application", false, zh, en));
                return steps;
            }
        }
        let zh = format!("请在该应用的“接收消息 → 设置 API 接收”中填写 URL {callback_url} 并保存；保存时企业微信会立刻来校验");
        steps.push(CheckStep { passed: None, ..step("callback", true, zh, format!("Enter the URL {callback_url} under receive messages of the application and save it; WeCom then calls at once")) });
        steps
    }
}
