//! What each channel can do, as one table that the composer, the bot and the splitter read; and what follows from it for one talk at one moment.

mod fitting;
mod table;

pub use fitting::{Unfit, fits, fitted, pieces};

use rapport_model::{ChannelKind, SECOND_MS, Timestamp};
use serde::Serialize;

use super::MediaKind;
use super::split::Unit;

/// What one channel can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    pub channel: ChannelKind,
    pub text: TextLimit,
    /// Kinds that have a form of their own; a kind that is not here may still go as a file or a link.
    pub media: &'static [MediaLimit],
    pub buttons: Option<ButtonLimit>,
    pub receipts: Receipts,
    /// Whether what was sent can be changed or taken back at the customer.
    pub edit: bool,
    pub delete: bool,
    pub quote: bool,
    /// Times in which an answer is allowed; none means at any time.
    pub windows: &'static [Window],
    /// Whether an approved form may be sent when free text may not.
    pub template_outside: bool,
    /// Every text is an approved form.
    pub templates_only: bool,
    /// How long a person, unlike the bot, may answer after the customer's message, where that is longer. Units: seconds.
    pub person_window_s: Option<u32>,
    pub opening: Opening,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TextLimit {
    pub unit: Unit,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MediaLimit {
    pub kind: MediaKind,
    pub bytes_max: u64,
    /// Media types that are taken; none means any.
    pub types: &'static [&'static str],
    /// Longest caption in the unit of the text; 0 where there is none, and the words go after it as a text.
    pub caption: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ButtonLimit {
    pub count: usize,
    /// Units: characters. Longer ones are cut.
    pub label: usize,
    /// Longest text above them, in the unit of the text.
    pub text: usize,
}

/// What the channel tells of a message that was sent; without any, "sent" is all that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Receipts {
    pub delivered: bool,
    pub read: bool,
}

/// From something the customer did, for a time, and for so many answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    pub after: Trigger,
    pub seconds: u32,
    pub quota: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The customer wrote.
    Message,
    /// The customer pressed a menu, subscribed or scanned a code.
    Action,
    /// The customer opened the talk.
    Entry,
}

/// Whether the firm may write to somebody who has not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    No,
    ByTemplate,
    Freely,
}

/// Whether an answer is allowed at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WindowState {
    Open { closes_at: Timestamp },
    Closed,
    Always,
}

/// What the channel `name` can do.
pub fn of(name: ChannelKind) -> &'static Capabilities {
    match name {
        ChannelKind::Web => &table::WEB,
        ChannelKind::Email => &table::EMAIL,
        ChannelKind::Wechat => &table::WECHAT,
        ChannelKind::WechatMini => &table::WECHAT_MINI,
        ChannelKind::Wecom => &table::WECOM,
        ChannelKind::WecomKf => &table::WECOM_KF,
        ChannelKind::Dingtalk => &table::DINGTALK,
        ChannelKind::Feishu => &table::FEISHU,
        ChannelKind::Telegram => &table::TELEGRAM,
        ChannelKind::Whatsapp => &table::WHATSAPP,
        ChannelKind::Messenger => &table::MESSENGER,
        ChannelKind::Instagram => &table::INSTAGRAM,
        ChannelKind::SmsTwilio => &table::SMS_TWILIO,
        ChannelKind::SmsAliyun => &table::SMS_ALIYUN,
        ChannelKind::Api => &table::API,
    }
}

/// Whether the bot may answer at `now`, by the customer's last message; a window closes at the moment it names.
pub fn window(capabilities: &Capabilities, last_inbound_at: Option<Timestamp>, now: Timestamp) -> WindowState {
    window_after(capabilities, Trigger::Message, last_inbound_at, now)
}

/// As [`window`], where a person answers.
pub fn person_window(capabilities: &Capabilities, last_inbound_at: Option<Timestamp>, now: Timestamp) -> WindowState {
    match (capabilities.person_window_s, last_inbound_at) {
        (Some(seconds), Some(at)) => state(at.plus_seconds(seconds.into()), now),
        _ => window(capabilities, last_inbound_at, now),
    }
}

/// As [`window`], by something else the customer did.
pub fn window_after(capabilities: &Capabilities, trigger: Trigger, at: Option<Timestamp>, now: Timestamp) -> WindowState {
    if capabilities.windows.is_empty() {
        // Where nobody may be written to first, there is nothing to answer yet.
        return if at.is_some() || capabilities.opening != Opening::No { WindowState::Always } else { WindowState::Closed };
    }
    let window = capabilities.windows.iter().find(|it| it.after == trigger);
    match (window, at) {
        (Some(window), Some(at)) => state(at.plus_seconds(window.seconds.into()), now),
        _ => WindowState::Closed,
    }
}

fn state(closes_at: Timestamp, now: Timestamp) -> WindowState {
    if now < closes_at { WindowState::Open { closes_at } } else { WindowState::Closed }
}

/// How many answers are left of those that the customer's last message allows; `None` where they are not counted.
pub fn quota_left(capabilities: &Capabilities, sent_since_inbound: u32) -> Option<u32> {
    quota_left_after(capabilities, Trigger::Message, sent_since_inbound)
}

/// As [`quota_left`], of what something else the customer did allows.
pub fn quota_left_after(capabilities: &Capabilities, trigger: Trigger, sent_since: u32) -> Option<u32> {
    let quota = capabilities.windows.iter().find(|it| it.after == trigger)?.quota?;
    Some(quota.saturating_sub(sent_since))
}

/// Seconds until a window closes, for whoever shows it.
pub fn left_s(state: WindowState, now: Timestamp) -> Option<i64> {
    match state {
        WindowState::Open { closes_at } => Some(closes_at.since_ms(now) / SECOND_MS),
        WindowState::Closed | WindowState::Always => None,
    }
}

#[cfg(test)]
mod tests;
