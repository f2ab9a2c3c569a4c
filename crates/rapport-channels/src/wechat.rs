//! WeChat Official Accounts and mini-programs: the callback in, customer-service messages out.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::Timestamp;
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, MediaSource, Outgoing, Piece, Request, Response, SendFault, Sending, WireFault,
    answer::Fetching,
    envelope::{Key, Secret},
    wechat::{self, Account, Kind, Mode},
};

use crate::{Adapter, CallFault, Link, Opened, OutFile, Received, step};

pub struct Wechat {
    kind: Kind,
}

impl Wechat {
    pub const OFFICIAL: Self = Self { kind: Kind::Official };
    pub const MINI: Self = Self { kind: Kind::MiniProgram };
}

/// `words`: names and hints, each in Chinese and English.
pub(crate) const fn field(name: &'static str, words: [&'static str; 4], secret: bool, required: bool, default: &'static str) -> ChannelField {
    let [zh, en, hint_zh, hint_en] = words;
    ChannelField { name, zh, en, hint_zh, hint_en, secret, required, default }
}

static FIELDS: [ChannelField; 7] = [
    field("app_id", ["AppID", "AppID", "公众平台或小程序后台：设置与开发 → 基本配置", "In the console: settings and development, basic configuration"], false, true, ""),
    field("app_secret", ["AppSecret", "AppSecret", "同一页；重置后旧的立即失效。还须把本服务器的出口 IP 加入白名单", "On the same page; after a reset the old one ends at once. This server's address has to be on the list of allowed addresses"], true, true, ""),
    field("token", ["令牌（Token）", "Token", "同一页“服务器配置”里自己定的，3 到 32 位字母或数字", "The one you chose under server configuration: 3 to 32 letters or digits"], true, true, ""),
    field("aes_key", ["消息加解密密钥", "EncodingAESKey", "43 位；安全模式与兼容模式需要", "43 characters; needed in safe and compatible mode"], true, false, ""),
    field("mode", ["消息加解密方式", "Encryption", "safe（推荐）、compatible 或 plain", "safe (better), compatible or plain"], false, false, "safe"),
    field("original_id", ["原始 ID", "Original ID", "形如 gh_…；填写后，发给别的账号的推送会被拒绝", "gh_…; where it is given, calls for other accounts are refused"], false, false, ""),
    field("base_url", ["接口地址", "API address", "一般不用改", "Leave it as it is"], false, false, "https://api.weixin.qq.com"),
];

impl Wechat {
    fn account(&self, channel: &Opened) -> Account {
        let mode = match channel.get("mode") {
            "plain" => Mode::Plain,
            "compatible" => Mode::Compatible,
            _ => Mode::Safe,
        };
        let original_id = Some(channel.get("original_id").to_owned()).filter(|it| !it.is_empty());
        Account { app_id: channel.get("app_id").to_owned(), original_id, kind: self.kind, mode, tolerance_ms: None, sender: None }
    }

    fn secret(channel: &Opened) -> Result<Secret, WireFault> {
        let key = channel.get("aes_key");
        let key = if key.is_empty() { None } else { Some(Key::parse(key)?) };
        Ok(Secret { token: channel.get("token").to_owned(), key })
    }

    async fn with_token<T, F>(&self, link: &Link<'_>, send: impl Fn(String) -> F + Send + Sync) -> Result<T, SendFault>
    where
        F: Future<Output = Result<T, SendFault>> + Send,
    {
        let account = self.account(link.channel);
        link.with_token(|| wechat::stable_token(&account, link.channel.get("app_secret"), false), wechat::token_answer, send).await
    }
}

/// One after the other; the last one's id is that of the message.
pub(crate) async fn in_turn(link: &Link<'_>, requests: &[Request], answer: fn(&Response) -> Sending) -> Sending {
    let mut id = None;
    for (n, request) in requests.iter().enumerate() {
        match answer(&link.call(request).await?) {
            Ok(it) => id = it,
            // The first part is there already: sent again it would stand there twice.
            Err(fault) if n > 0 => return Err(SendFault::Unknown { code: fault.to_string() }),
            Err(fault) => return Err(fault),
        }
    }
    Ok(id)
}

#[async_trait]
impl Adapter for Wechat {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        let (account, secrets) = (self.account(channel), [Self::secret(channel)?]);
        if call.method == "GET" {
            return Ok(Received::text(wechat::verify_address(&account, &secrets, call.query.as_bytes(), now)?, Vec::new()));
        }
        let plain = wechat::verify(&account, &secrets, call.query.as_bytes(), &call.body, now)?;
        Ok(Received::text(wechat::SUCCESS, wechat::decode(&account, &plain)?))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let account = self.account(link.channel);
        let account = &account;
        self.with_token(link, |token| async move { in_turn(link, &wechat::send(account, &token, outgoing)?, wechat::answer).await }).await
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let id = self.with_token(link, |token| async move {
            let request = wechat::upload(&token, file.kind, &file.boundary, &file.name, &file.media_type, &file.bytes);
            let request = request.ok_or_else(|| SendFault::Refused { code: "kind".to_owned(), text: "WeChat takes pictures, voice and video".to_owned() })?;
            wechat::uploaded(&link.call(&request).await?)
        });
        let id = id.await?;
        let piece = Piece::Media { kind: file.kind, id, name: file.name.clone(), caption: String::new() };
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        match &media.source {
            MediaSource::Url(url) => link.http.fetch(url, &[], bytes_max).await,
            MediaSource::Inline(bytes) => Ok((Bytes::from(bytes.clone()), media.media_type.clone())),
            MediaSource::Id(id) => {
                let found = self.with_token(link, |token| async move {
                    let answer = link.http.call_up_to(link.channel.get("base_url"), &wechat::fetch(&token, id), bytes_max).await;
                    wechat::fetched(answer.map_err(|fault| SendFault::Trouble { code: fault.to_string() })?)
                });
                match found.await {
                    Ok(Fetching::Here(file)) => Ok((Bytes::from(file.bytes), file.media_type)),
                    Ok(Fetching::At(url)) => link.http.fetch(&url, &[], bytes_max).await,
                    Err(SendFault::Trouble { code } | SendFault::Unknown { code } | SendFault::RateLimited { code, .. }) => Err(CallFault::NotReached(code)),
                    Err(fault) => Err(CallFault::Refused(fault.to_string())),
                }
            }
        }
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        if let Err(fault) = Self::secret(link.channel) {
            steps.push(step("key", false, format!("消息加解密密钥不对：{fault}"), format!("The EncodingAESKey is wrong: {fault}")));
            return steps;
        }
        let needs_key = !matches!(self.account(link.channel).mode, Mode::Plain);
        if needs_key && link.channel.get("aes_key").is_empty() {
            steps.push(step("key", false, "安全模式与兼容模式需要消息加解密密钥", "Safe and compatible mode need the EncodingAESKey"));
            return steps;
        }
        match self.with_token(link, |_token| async { Ok(()) }).await {
            Ok(()) => steps.push(step("token", true, "AppID 与 AppSecret 有效，已取得令牌", "AppID and AppSecret are valid: a token was given")),
            Err(fault) => {
                let zh = format!("微信没有给出令牌：{fault}。请核对 AppSecret，并确认服务器 IP 在白名单内（40164）");
                steps.push(step("token", false, zh, format!("WeChat gave no token: {fault}. Compare the AppSecret, and the list of allowed addresses (40164)")));
                return steps;
            }
        }
        let zh = format!("请在“服务器配置”中填写 URL {callback_url} 并提交；提交时微信会立刻来校验");
        steps.push(CheckStep { passed: None, ..step("callback", true, zh, format!("Enter the URL {callback_url} under server configuration and submit it; WeChat then calls at once")) });
        steps
    }
}
