//! The table. What providers do not write down, or what was not found written down by them, is marked `assumed`: to be checked against the provider before it is
//! relied on.

use rapport_model::TEXT_CHARS_MAX;

use super::{ButtonLimit, Capabilities, ChannelKind, MediaLimit, Opening, Receipts, TextLimit, Trigger, Window};
use crate::channel::MediaKind::{File, Image, Sticker, Video, Voice};
use crate::channel::split::Unit;

const KB: u64 = 1_024;
const MB: u64 = 1_024 * KB;
const HOUR_S: u32 = 3_600;
const NO_RECEIPTS: Receipts = Receipts { delivered: false, read: false };
const BOTH_RECEIPTS: Receipts = Receipts { delivered: true, read: true };
const ANY: &[&str] = &[];

/// A channel that takes text at any time from whoever has written, and no more; the others say how they differ.
const PLAIN: Capabilities = Capabilities {
    channel: ChannelKind::Api,
    text: TextLimit { unit: Unit::Characters, limit: TEXT_CHARS_MAX },
    media: &[],
    buttons: None,
    receipts: NO_RECEIPTS,
    edit: false,
    delete: false,
    quote: false,
    windows: &[],
    template_outside: false,
    templates_only: false,
    person_window_s: None,
    opening: Opening::No,
};

const fn text(unit: Unit, limit: usize) -> TextLimit {
    TextLimit { unit, limit }
}

const fn media(kind: crate::channel::MediaKind, bytes_max: u64, types: &'static [&'static str], caption: usize) -> MediaLimit {
    MediaLimit { kind, bytes_max, types, caption }
}

/// Ours: limits are those of the product.
pub(super) const WEB: Capabilities = Capabilities {
    channel: ChannelKind::Web,
    media: &[media(Image, 20 * MB, &["image/png", "image/jpeg", "image/gif", "image/webp"], 0), media(Voice, 20 * MB, ANY, 0), media(Video, 20 * MB, ANY, 0), media(File, 20 * MB, ANY, 0)],
    buttons: Some(ButtonLimit { count: 10, label: 40, text: TEXT_CHARS_MAX }),
    receipts: BOTH_RECEIPTS,
    opening: Opening::Freely,
    ..PLAIN
};

/// Many servers refuse messages over 25 MB as they travel, which is a third more than their files.
pub(super) const EMAIL: Capabilities = Capabilities {
    channel: ChannelKind::Email,
    text: text(Unit::Characters, 100_000), // assumed: ours
    media: &[media(Image, 18 * MB, ANY, 100_000), media(Voice, 18 * MB, ANY, 100_000), media(Video, 18 * MB, ANY, 100_000), media(File, 18 * MB, ANY, 100_000)], // assumed
    quote: true,
    opening: Opening::Freely,
    ..PLAIN
};

/// Source: developers.weixin.qq.com, customer service messages: 5 answers within 48 h of a message, 3 within a minute of an action.
pub(super) const WECHAT: Capabilities = Capabilities {
    channel: ChannelKind::Wechat,
    text: text(Unit::Bytes, 2_048), // assumed
    media: &[
        media(Image, 10 * MB, &["image/png", "image/jpeg", "image/gif", "image/bmp"], 0), // assumed
        media(Voice, 2 * MB, &["audio/amr", "audio/mpeg"], 0), // assumed: and 60 s
        media(Video, 10 * MB, &["video/mp4"], 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 10, label: 60, text: 2_048 }), // assumed
    windows: &[Window { after: Trigger::Message, seconds: 48 * HOUR_S, quota: Some(5) }, Window { after: Trigger::Action, seconds: 60, quota: Some(3) }],
    template_outside: true, // assumed: for accounts that have the right to it
    ..PLAIN
};

/// Source: developers.weixin.qq.com, mini-program customer service: 5 answers within 48 h of a message, 2 within a minute of the entry.
pub(super) const WECHAT_MINI: Capabilities = Capabilities {
    channel: ChannelKind::WechatMini,
    text: text(Unit::Bytes, 2_048), // assumed
    media: &[media(Image, 10 * MB, &["image/png", "image/jpeg", "image/gif", "image/bmp"], 0)], // assumed: size
    windows: &[Window { after: Trigger::Message, seconds: 48 * HOUR_S, quota: Some(5) }, Window { after: Trigger::Entry, seconds: 60, quota: Some(2) }],
    template_outside: true, // assumed: where the customer subscribed to it
    ..PLAIN
};

/// Messages of an application to members.
pub(super) const WECOM: Capabilities = Capabilities {
    channel: ChannelKind::Wecom,
    text: text(Unit::Bytes, 2_048), // assumed
    media: &[
        media(Image, 10 * MB, &["image/png", "image/jpeg"], 0), // assumed
        media(Voice, 2 * MB, &["audio/amr"], 0), // assumed: and 60 s
        media(Video, 10 * MB, &["video/mp4"], 0), // assumed
        media(File, 20 * MB, ANY, 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 6, label: 10, text: 78 }), // assumed: 26 characters of three bytes in the card's title
    opening: Opening::Freely,
    ..PLAIN
};

/// Source: developer.work.weixin.qq.com, customer service of WeChat: 5 answers within 48 h of a message, one within 20 s of the entry.
pub(super) const WECOM_KF: Capabilities = Capabilities {
    channel: ChannelKind::WecomKf,
    text: text(Unit::Bytes, 2_048), // assumed
    media: &[
        media(Image, 10 * MB, &["image/png", "image/jpeg"], 0), // assumed: differs by version of the document
        media(Voice, 2 * MB, &["audio/amr"], 0), // assumed
        media(Video, 10 * MB, &["video/mp4"], 0), // assumed
        media(File, 20 * MB, ANY, 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 10, label: 40, text: 1_024 }), // assumed
    windows: &[Window { after: Trigger::Message, seconds: 48 * HOUR_S, quota: Some(5) }, Window { after: Trigger::Entry, seconds: 20, quota: Some(1) }],
    ..PLAIN
};

/// A robot answers members and groups; the session's own address expires, the robot's interface does not.
pub(super) const DINGTALK: Capabilities = Capabilities {
    channel: ChannelKind::Dingtalk,
    text: text(Unit::Bytes, 5_000), // assumed: the interface takes more, the app shows less
    media: &[
        media(Image, 20 * MB, &["image/png", "image/jpeg", "image/gif", "image/bmp"], 0), // assumed
        media(Voice, 2 * MB, &["audio/amr", "audio/mpeg", "audio/ogg"], 0), // assumed
        media(Video, 20 * MB, &["video/mp4"], 0), // assumed
        media(File, 20 * MB, ANY, 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 5, label: 20, text: 5_000 }), // assumed
    opening: Opening::Freely, // assumed: to members who may use the robot
    ..PLAIN
};

pub(super) const FEISHU: Capabilities = Capabilities {
    channel: ChannelKind::Feishu,
    text: text(Unit::Bytes, 100_000), // assumed: the whole request may have 150 KB
    media: &[
        media(Image, 10 * MB, &["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"], 0), // assumed
        media(Voice, 30 * MB, &["audio/ogg"], 0), // assumed: Opus
        media(Video, 30 * MB, &["video/mp4"], 0), // assumed
        media(File, 30 * MB, ANY, 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 10, label: 40, text: 20_000 }), // assumed: a card may have 30 KB
    receipts: Receipts { delivered: false, read: true }, // assumed
    edit: true, // assumed
    delete: true, // assumed
    quote: true,
    opening: Opening::Freely, // assumed: to whom the application is open
    ..PLAIN
};

/// Source: core.telegram.org/bots/api, /bots/faq.
pub(super) const TELEGRAM: Capabilities = Capabilities {
    channel: ChannelKind::Telegram,
    text: text(Unit::Utf16, 4_096),
    media: &[
        media(Image, 10 * MB, &["image/png", "image/jpeg"], 1_024),
        media(Voice, 50 * MB, &["audio/ogg", "audio/mpeg", "audio/mp4"], 1_024),
        media(Video, 50 * MB, &["video/mp4"], 1_024),
        media(File, 50 * MB, ANY, 1_024),
        media(Sticker, 512 * KB, &["image/webp", "video/webm", "application/x-tgsticker"], 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 20, label: 60, text: 4_096 }), // assumed: more are taken, but not read
    edit: true, // assumed
    delete: true, // assumed: for 48 h
    quote: true,
    ..PLAIN
};

/// Source: developers.facebook.com/docs/whatsapp/cloud-api.
pub(super) const WHATSAPP: Capabilities = Capabilities {
    channel: ChannelKind::Whatsapp,
    text: text(Unit::Characters, 4_096),
    media: &[
        media(Image, 5 * MB, &["image/png", "image/jpeg"], 1_024), // assumed: caption
        media(Voice, 16 * MB, &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 0),
        media(Video, 16 * MB, &["video/mp4", "video/3gpp"], 1_024), // assumed: caption
        media(File, 100 * MB, ANY, 1_024), // assumed: caption
        media(Sticker, 100 * KB, &["image/webp"], 0),
    ],
    buttons: Some(ButtonLimit { count: 10, label: 20, text: 1_024 }),
    receipts: BOTH_RECEIPTS,
    quote: true,
    windows: &[Window { after: Trigger::Message, seconds: 24 * HOUR_S, quota: None }],
    template_outside: true,
    opening: Opening::ByTemplate,
    ..PLAIN
};

/// Source: developers.facebook.com/docs/messenger-platform.
pub(super) const MESSENGER: Capabilities = Capabilities {
    channel: ChannelKind::Messenger,
    text: text(Unit::Characters, 2_000), // assumed
    media: &[
        media(Image, 25 * MB, &["image/png", "image/jpeg", "image/gif"], 0), // assumed
        media(Voice, 25 * MB, &["audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav"], 0), // assumed
        media(Video, 25 * MB, &["video/mp4"], 0), // assumed
        media(File, 25 * MB, ANY, 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 13, label: 20, text: 2_000 }), // assumed
    receipts: BOTH_RECEIPTS,
    quote: true, // assumed
    windows: &[Window { after: Trigger::Message, seconds: 24 * HOUR_S, quota: None }],
    person_window_s: Some(7 * 24 * HOUR_S),
    ..PLAIN
};

/// Source: developers.facebook.com/docs/instagram-platform.
pub(super) const INSTAGRAM: Capabilities = Capabilities {
    channel: ChannelKind::Instagram,
    text: text(Unit::Bytes, 1_000), // assumed
    media: &[
        media(Image, 8 * MB, &["image/png", "image/jpeg"], 0), // assumed
        media(Voice, 25 * MB, &["audio/aac", "audio/mp4", "audio/wav"], 0), // assumed
        media(Video, 25 * MB, &["video/mp4", "video/quicktime"], 0), // assumed
    ],
    buttons: Some(ButtonLimit { count: 13, label: 20, text: 1_000 }), // assumed
    receipts: Receipts { delivered: false, read: true }, // assumed
    quote: true, // assumed
    windows: &[Window { after: Trigger::Message, seconds: 24 * HOUR_S, quota: None }],
    person_window_s: Some(7 * 24 * HOUR_S),
    ..PLAIN
};

/// Source: twilio.com/docs/messaging. Files arrive as such in few countries.
pub(super) const SMS_TWILIO: Capabilities = Capabilities {
    channel: ChannelKind::SmsTwilio,
    text: text(Unit::Sms, 1_600),
    media: &[
        media(Image, 5 * MB, &["image/png", "image/jpeg", "image/gif"], 1_600), // assumed
        media(Voice, 600 * KB, &["audio/amr", "audio/mpeg", "audio/mp4"], 1_600), // assumed
        media(Video, 600 * KB, &["video/mp4", "video/3gpp"], 1_600), // assumed
    ],
    receipts: Receipts { delivered: true, read: false },
    opening: Opening::Freely,
    ..PLAIN
};

/// Source: help.aliyun.com, short messages: every text is an approved form.
pub(super) const SMS_ALIYUN: Capabilities = Capabilities {
    channel: ChannelKind::SmsAliyun,
    text: text(Unit::Utf16, 500), // assumed: with the signature
    receipts: Receipts { delivered: true, read: false },
    template_outside: true,
    templates_only: true,
    opening: Opening::ByTemplate,
    ..PLAIN
};

/// Ours: what stands behind it may do less.
pub(super) const API: Capabilities = Capabilities {
    media: &[media(Image, 20 * MB, ANY, TEXT_CHARS_MAX), media(Voice, 20 * MB, ANY, TEXT_CHARS_MAX), media(Video, 20 * MB, ANY, TEXT_CHARS_MAX), media(File, 20 * MB, ANY, TEXT_CHARS_MAX), media(Sticker, 20 * MB, ANY, 0)],
    buttons: Some(ButtonLimit { count: 20, label: 60, text: TEXT_CHARS_MAX }),
    receipts: BOTH_RECEIPTS,
    quote: true,
    opening: Opening::Freely,
    ..PLAIN
};
