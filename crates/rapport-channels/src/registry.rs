//! Which channel has which adapter, and what it can do.

use rapport_model::ChannelKind;
use rapport_wire::channel::capabilities::{self, Capabilities, ChannelName};

use crate::{Adapter, ButtonRoom, dingtalk::Dingtalk, feishu::Feishu, telegram::Telegram, wechat::Wechat, wecom::WecomApp, wecom_kf::WecomKf};

/// `None` for a channel without a provider.
pub fn adapter(kind: ChannelKind) -> Option<&'static dyn Adapter> {
    match kind {
        ChannelKind::Telegram => Some(&Telegram),
        ChannelKind::Wechat => Some(&Wechat::OFFICIAL),
        ChannelKind::WechatMini => Some(&Wechat::MINI),
        ChannelKind::Wecom => Some(&WecomApp),
        ChannelKind::WecomKf => Some(&WecomKf),
        ChannelKind::Dingtalk => Some(&Dingtalk),
        ChannelKind::Feishu => Some(&Feishu),
        ChannelKind::Web
        | ChannelKind::Email
        | ChannelKind::Whatsapp
        | ChannelKind::Messenger
        | ChannelKind::Instagram
        | ChannelKind::SmsTwilio
        | ChannelKind::SmsAliyun
        | ChannelKind::Api => None,
    }
}

/// What the channel can do.
pub fn capabilities_of(kind: ChannelKind) -> &'static Capabilities {
    capabilities::of(ChannelName::parse(kind.name()).unwrap_or(ChannelName::Web))
}

/// Its room for buttons, where it has any.
pub fn room(kind: ChannelKind) -> Option<ButtonRoom> {
    capabilities_of(kind).buttons.as_ref().map(|it| ButtonRoom { count: it.count, label: it.label })
}

/// A text in pieces that the channel takes.
pub fn pieces(kind: ChannelKind, text: &str) -> Vec<String> {
    capabilities::pieces(capabilities_of(kind), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_in_the_table_of_what_it_can_do() {
        for kind in ChannelKind::ALL {
            assert_eq!(capabilities_of(kind).channel.name(), kind.name());
            assert!(adapter(kind).is_none() || kind.is_remote(), "{kind:?}");
        }
    }
}
