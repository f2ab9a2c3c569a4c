//! Which channel has which adapter, and what it can do.

use rapport_model::ChannelKind;
use rapport_wire::channel::capabilities::{self, Capabilities};

use crate::{
    Adapter, ButtonRoom, api::Api, dingtalk::Dingtalk, feishu::Feishu, messenger::Messenger, sms_aliyun::SmsAliyun, sms_twilio::SmsTwilio, telegram::Telegram,
    wechat::Wechat, wecom::WecomApp, wecom_kf::WecomKf, whatsapp::Whatsapp,
};

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
        ChannelKind::Whatsapp => Some(&Whatsapp),
        ChannelKind::Messenger => Some(&Messenger::PAGE),
        ChannelKind::Instagram => Some(&Messenger::INSTAGRAM),
        ChannelKind::SmsTwilio => Some(&SmsTwilio),
        ChannelKind::SmsAliyun => Some(&SmsAliyun),
        ChannelKind::Api => Some(&Api),
        ChannelKind::Web | ChannelKind::Email => None,
    }
}

/// What the channel can do.
pub fn capabilities_of(kind: ChannelKind) -> &'static Capabilities {
    capabilities::of(kind)
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

    #[test]
    fn every_field_says_in_both_languages_what_to_fill_in() {
        for kind in ChannelKind::ALL {
            let fields = adapter(kind).map(|it| it.fields()).unwrap_or_default();
            for (n, field) in fields.iter().enumerate() {
                let said = [field.zh, field.en, field.hint_zh, field.hint_en].iter().all(|it| !it.trim().is_empty());
                let once = fields.iter().skip(n + 1).all(|it| it.name != field.name);
                let usable = field.default.is_empty() || !(field.required || field.secret);
                assert!(said && once && usable, "{kind:?} {}", field.name);
            }
            let has_base = fields.is_empty() || fields.iter().any(|it| it.name == "base_url" && !it.secret && (it.required || it.default.starts_with("https://")));
            assert!(has_base, "{kind:?}");
        }
    }
}
