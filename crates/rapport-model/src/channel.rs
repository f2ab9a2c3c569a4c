//! Channels: what they are called, how far a message has come on one, and what of it is configured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContactId, ConversationId, InboxId, MessageId, Timestamp};

/// The channel of an inbox. `name` is what the API and the settings call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The chat widget: messages reach the customer over their own socket.
    Web,
    Email,
    /// WeChat Official Account.
    Wechat,
    WechatMini,
    /// An app within WeCom.
    Wecom,
    /// WeChat customer service.
    WecomKf,
    Dingtalk,
    Feishu,
    Telegram,
    Whatsapp,
    Messenger,
    Instagram,
    /// Twilio, and whatever speaks like it.
    SmsTwilio,
    SmsAliyun,
    /// Bring your own: apps and hotlines.
    Api,
}

impl ChannelKind {
    pub const ALL: [Self; 15] = [
        Self::Web,
        Self::Email,
        Self::Wechat,
        Self::WechatMini,
        Self::Wecom,
        Self::WecomKf,
        Self::Dingtalk,
        Self::Feishu,
        Self::Telegram,
        Self::Whatsapp,
        Self::Messenger,
        Self::Instagram,
        Self::SmsTwilio,
        Self::SmsAliyun,
        Self::Api,
    ];

    /// Equal to serde's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Email => "email",
            Self::Wechat => "wechat",
            Self::WechatMini => "wechat_mini",
            Self::Wecom => "wecom",
            Self::WecomKf => "wecom_kf",
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
            Self::Telegram => "telegram",
            Self::Whatsapp => "whatsapp",
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
            Self::SmsTwilio => "sms_twilio",
            Self::SmsAliyun => "sms_aliyun",
            Self::Api => "api",
        }
    }

    /// Whether what is said has to be delivered by somebody else.
    pub fn is_remote(self) -> bool {
        self != Self::Web
    }
}

/// How far a message of ours has come on a remote channel. Later ones never go back; `Failed` is told by the provider or by the outbox that gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The provider took it.
    Sent,
    /// It may have arrived: the provider's answer was lost, and sending it again might double it.
    Unknown,
    Delivered,
    Read,
    Failed,
}

impl DeliveryState {
    /// Equal to serde's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

/// What an inbox of a remote channel is configured with. Its id is the inbox's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelConfig {
    pub id: InboxId,
    /// By field (`app_id`, `base_url`): what may be shown.
    pub values: BTreeMap<String, String>,
    /// By field (`app_secret`, `token`): sealed with the server's key, base64. Never shown again.
    pub secrets: BTreeMap<String, String>,
    pub updated_at: Timestamp,
}

/// A contact as one inbox's provider knows them: where to send, and whether they can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteAddress {
    /// `RemoteAddress::id_of`.
    pub id: [u8; 16],
    pub inbox: InboxId,
    pub contact: ContactId,
    /// The provider's id of the person.
    pub remote: String,
    /// Where answers go, if not to `remote` (a session's address, a group).
    #[serde(default)]
    pub reply_to: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    /// Since when the provider says that they cannot be reached (unsubscribed, blocked).
    #[serde(default)]
    pub left_at: Option<Timestamp>,
    /// The provider's id of the fact by which they last left, kept when they are back: told again it means nothing.
    #[serde(default)]
    pub left_by: Option<String>,
    pub updated_at: Timestamp,
}

impl RemoteAddress {
    /// One for each inbox and contact, computed from both so that it is found from either side. Both ids are random, so that theirs do not meet.
    pub fn id_of(inbox: InboxId, contact: ContactId) -> [u8; 16] {
        let (mut id, other) = (*inbox.as_bytes(), contact.as_bytes());
        for (byte, with) in id.iter_mut().zip(other) {
            *byte ^= with;
        }
        id
    }
}

/// Which message of ours a provider's id stands for. Its id is the first half of the hash of inbox and provider's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteMessage {
    pub id: [u8; 16],
    pub conversation: ConversationId,
    pub message: MessageId,
}

/// How much of a message went out, so that a retry goes on where it stopped. Its id is the message's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    pub id: MessageId,
    /// Pieces that the provider took.
    pub sent: u32,
}

/// From where to go on pulling what an account of an inbox was sent. Its id is the first half of the hash of inbox and account: one inbox may serve several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCursor {
    pub id: [u8; 16],
    pub inbox: InboxId,
    /// The provider's id of it.
    pub account: String,
    /// As the provider told it.
    pub cursor: String,
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_stored() {
        for kind in ChannelKind::ALL {
            assert_eq!(serde_json::to_string(&kind).expect("json"), format!("\"{}\"", kind.name()));
        }
        for state in [DeliveryState::Sent, DeliveryState::Unknown, DeliveryState::Delivered, DeliveryState::Read, DeliveryState::Failed] {
            assert_eq!(serde_json::to_string(&state).expect("json"), format!("\"{}\"", state.name()));
        }
    }
}
