//! The catalogue of errors: a stable code, an HTTP status, and what to say about it in both languages.

use serde::{Deserialize, Serialize};

use crate::Locale;

/// One row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorKind {
    /// Stable: `area.what`.
    pub code: &'static str,
    /// HTTP status with which it is answered.
    pub status: u16,
    pub zh: &'static str,
    pub en: &'static str,
    /// What the reader can do about it.
    pub hint_zh: &'static str,
    pub hint_en: &'static str,
}

macro_rules! catalogue {
    ($($name:ident = $code:literal $status:literal { $zh:literal, $en:literal; $hint_zh:literal, $hint_en:literal })+) => {
        /// The rows by name: `codes::AUTH_REQUIRED`.
        pub mod codes {
            use super::ErrorKind;
            $(pub const $name: &ErrorKind = &ErrorKind { code: $code, status: $status, zh: $zh, en: $en, hint_zh: $hint_zh, hint_en: $hint_en };)+
        }
        /// All rows, in the order written.
        pub const CATALOGUE: &[&ErrorKind] = &[$(codes::$name),+];
    };
}

catalogue! {
    AUTH_REQUIRED = "auth.required" 401 { "请先登录", "Sign in first"; "打开登录页面或提供令牌", "Open the sign-in page or send a token" }
    AUTH_WRONG = "auth.wrong_credentials" 401 { "邮箱或密码不正确", "E-mail or password is wrong"; "检查后重试，或请管理员发送登录链接", "Check both, or ask an administrator for a sign-in link" }
    AUTH_EXPIRED = "auth.expired" 401 { "登录已过期", "The session has expired"; "请重新登录", "Sign in again" }
    AUTH_LINK_USED = "auth.link_used" 401 { "登录链接已失效", "This sign-in link is no longer valid"; "每个链接只能使用一次，请重新获取", "Each link works once; ask for a new one" }
    AUTH_CSRF = "auth.csrf" 403 { "请求未通过来源校验", "The request did not pass the origin check"; "刷新页面后重试", "Reload the page and try again" }
    FORBIDDEN = "auth.forbidden" 403 { "没有权限", "You may not do this"; "请联系管理员", "Ask an administrator" }
    NOT_FOUND = "not_found" 404 { "未找到", "Not found"; "它可能已被删除，或不属于您的企业", "It may be deleted, or belong to another organisation" }
    RATE_LIMITED = "rate_limited" 429 { "操作过于频繁", "Too many requests"; "请稍候再试", "Wait a moment and try again" }
    BAD_JSON = "input.bad_json" 400 { "内容不是有效的 JSON", "The body is not valid JSON"; "请检查格式", "Check the format" }
    BAD_FIELD = "input.bad_field" 422 { "有字段不合要求", "A field is not acceptable"; "请看 detail 中的字段名与要求", "See `detail` for the field and what it needs" }
    TOO_LARGE = "input.too_large" 413 { "内容过大", "The content is too large"; "请缩小后重试", "Make it smaller and try again" }
    EMPTY_MESSAGE = "message.empty" 422 { "消息为空", "The message is empty"; "请输入文字或选择文件", "Type something or choose a file" }
    TEXT_TOO_LONG = "message.too_long" 422 { "消息过长", "The message is too long"; "最多 8000 个字符", "At most 8,000 characters" }
    BAD_FRAME = "live.bad_frame" 400 { "无法识别的实时消息", "The live frame was not understood"; "请见 docs/live-protocol.md", "See docs/live-protocol.md" }
    HELLO_FIRST = "live.hello_first" 401 { "须先发送 hello", "Send `hello` first"; "请见 docs/live-protocol.md", "See docs/live-protocol.md" }
    SLOW_READER = "live.slow_reader" 429 { "读取过慢，连接已断开", "Cut because it read too slowly"; "重新连接后会从断点继续", "Reconnect: it resumes where it stopped" }
    CONVERSATION_CLOSED = "conversation.closed" 409 { "会话已结束", "The conversation is closed"; "先重新打开", "Reopen it first" }
    OFFER_GONE = "conversation.offer_gone" 409 { "该邀请已失效", "The offer is no longer open"; "会话可能已被他人接待或客户已离开", "Somebody else took it, or the customer left" }
    NOT_ASSIGNED = "conversation.not_assigned" 409 { "会话未分配给您", "The conversation is not assigned to you"; "先接待该会话", "Take it first" }
    NOT_RATABLE = "conversation.not_ratable" 409 { "目前不能评价", "It cannot be rated now"; "会话结束后可以评价", "It can be rated once it is resolved" }
    CONFLICT = "store.conflict" 409 { "数据已被他人修改", "Somebody else changed it meanwhile"; "刷新后重试", "Reload and try again" }
    DUPLICATE_KEY = "store.duplicate" 409 { "已存在相同的条目", "One like it exists already"; "请换一个名称或地址", "Choose another name or address" }
    STORE_UNAVAILABLE = "store.unavailable" 503 { "数据暂时无法写入", "Data cannot be written now"; "请稍候重试；未确认的内容没有丢失也没有保存", "Try again shortly; what was not acknowledged was not stored" }
    UPLOAD_TYPE = "upload.type_refused" 415 { "不支持该文件类型", "This type of file is not accepted"; "支持图片、文档、音视频与压缩包", "Pictures, documents, audio, video and archives are accepted" }
    UPLOAD_EMPTY = "upload.empty" 422 { "文件为空", "The file is empty"; "请选择其他文件", "Choose another file" }
    IMPORT_UNREADABLE = "import.unreadable" 422 { "文件无法读取", "The file cannot be read"; "支持 Markdown、HTML、纯文本、CSV、XLSX", "Markdown, HTML, plain text, CSV and XLSX are read" }
    IMPORT_NO_COLUMNS = "import.no_columns" 422 { "表格缺少问题与答案两列", "The sheet lacks a question and an answer column"; "首行请写：问题、答案（或 question、answer）", "Name them in the first row: question, answer" }
    IMPORT_EMPTY = "import.empty" 422 { "文件中没有可用内容", "Nothing usable was found in the file"; "检查文件内容与编码（UTF-8 或 GB18030）", "Check its content and encoding (UTF-8 or GB18030)" }
    IMPORT_BAD_LINE = "import.bad_line" 422 { "文件中有一行无法读取", "A line of the file cannot be read"; "请看 detail 中的行号与原因；没有导入任何内容", "See `detail` for the line and what is wrong with it; nothing was imported" }
    MODEL_UNUSABLE = "model.unusable" 409 { "该模型的文件已不可用", "The file of this model is no longer there"; "请重新训练", "Train a new one" }
    MODEL_LIVE = "model.live" 409 { "该模型正在使用", "This model is the live one"; "先让另一个模型上线", "Make another one live first" }
    NOTHING_TAUGHT = "intent.nothing_taught" 409 { "还没有可学习的例句", "There is nothing to learn from yet"; "为至少两个意图各添加几条例句", "Give at least two intents a few examples each" }
    NOT_A_TEXT = "intent.not_a_text" 409 { "这一条不是客户的文字消息", "This entry is not a customer's text"; "请选择客户发来的文字", "Choose a text that the customer wrote" }
    FEELINGS_TOO_FEW = "feeling.too_few" 409 { "例句还不够训练", "There are too few sentences to train on"; "至少 20 句，且不止一种状态；在那之前，相同或相近的句子已经按所教的识别", "Teach at least 20 sentences of more than one state; until then the same and similar sentences are read as taught" }
    FEELING_NO_CONSENT = "feeling.no_consent" 409 { "客户未同意留意情绪", "The customer did not agree that feelings are noticed"; "没有同意时，不从对话中学习情绪", "Without consent nothing about feelings is learned from a conversation" }
    CHANNEL_SIGNATURE = "channel.bad_signature" 401 { "签名校验未通过", "The signature does not match"; "请核对渠道设置中的密钥与令牌", "Compare secret and token in the channel's settings" }
    CHANNEL_STALE = "channel.stale" 401 { "时间戳超出允许范围", "The time stamp is out of bounds"; "请校准发送方时钟；重放的请求会被拒绝", "Set the sender's clock; a replayed call is refused" }
    CHANNEL_MALFORMED = "channel.malformed" 400 { "无法识别渠道推送的内容", "What the channel sent was not understood"; "请看 detail", "See `detail`" }
    CHANNEL_NOT_CONFIGURED = "channel.not_configured" 409 { "渠道尚未配置完整", "The channel is not fully configured"; "请在收件箱中填写所缺字段", "Fill in what is missing in the inbox" }
    CHANNEL_URL = "channel.url_refused" 422 { "该地址不允许访问", "This address may not be called"; "须为公网 https 地址", "It has to be a public https address" }
    WIDGET_ORIGIN = "widget.origin_refused" 403 { "该网站未获准嵌入", "This site may not embed the widget"; "在收件箱设置中添加该网站", "Add the site in the inbox settings" }
    WIDGET_IDENTITY = "widget.identity_invalid" 401 { "身份令牌无效", "The identity token is not valid"; "令牌须用收件箱密钥签名（HS256）且未过期", "Sign it with the inbox secret (HS256) and a future `exp`" }
    LAST_OWNER = "member.last_owner" 409 { "至少保留一位所有者", "One owner has to remain"; "先指定另一位所有者", "Make somebody else owner first" }
    WEAK_PASSWORD = "auth.weak_password" 422 { "密码过短或过于常见", "The password is too short or too common"; "至少 10 个字符", "At least 10 characters" }
    HIDDEN = "personal_data.hidden" 409 { "内容里有对您隐藏的个人信息，不能这样修改", "It holds personal data that is hidden from you, and cannot be changed like this"; "整段重新填写，或保持隐藏的部分不变", "Write it anew as a whole, or leave the hidden parts as they are" }
    METHOD = "http.method" 405 { "不支持该方法", "This method is not supported here"; "请查阅接口文档", "See the API document" }
    ETHICS_REFUSED = "ethics.refused" 403 { "规则不允许", "The rules do not allow this"; "请看 detail 中的规则", "See `detail` for the rule" }
    INTERNAL = "internal" 500 { "系统内部错误", "Something went wrong inside"; "请将 trace 提供给管理员", "Give the trace to your administrator" }
}

/// An error on its way to whoever asked: a catalogue row and, where it helps, which field or limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", kind.code, detail.as_deref().map(|it| format!(": {it}")).unwrap_or_default())]
pub struct Fault {
    pub kind: &'static ErrorKind,
    pub detail: Option<String>,
}

impl Fault {
    pub fn new(kind: &'static ErrorKind) -> Self {
        Self { kind, detail: None }
    }
    pub fn with(kind: &'static ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: Some(detail.into()) }
    }
    /// As sent to people and programs.
    pub fn body(&self, locale: Locale, trace: Option<String>) -> FaultBody {
        let (message, hint) = match locale {
            Locale::Zh => (self.kind.zh, self.kind.hint_zh),
            Locale::En => (self.kind.en, self.kind.hint_en),
        };
        FaultBody { code: self.kind.code.to_owned(), message: message.to_owned(), hint: hint.to_owned(), detail: self.detail.clone(), trace }
    }
}

impl From<&'static ErrorKind> for Fault {
    fn from(kind: &'static ErrorKind) -> Self {
        Self::new(kind)
    }
}

/// The JSON of every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FaultBody {
    pub code: String,
    pub message: String,
    pub hint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_speak_both_languages() {
        let codes: std::collections::BTreeSet<_> = CATALOGUE.iter().map(|it| it.code).collect();
        assert_eq!(codes.len(), CATALOGUE.len());
        for row in CATALOGUE {
            assert!((400..600).contains(&row.status), "{}", row.code);
            assert!(row.zh.chars().any(crate::is_han), "{}", row.code);
            assert!(!row.en.is_empty() && !row.hint_en.is_empty() && !row.hint_zh.is_empty(), "{}", row.code);
        }
    }
}
