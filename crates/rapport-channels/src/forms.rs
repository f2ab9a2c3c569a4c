//! What several adapters need: pieces and files in a form that their channel bears, and how far a call's time may be off.

use rapport_model::ChannelKind;
use rapport_ports::ChannelField;
use rapport_wire::channel::{
    MediaKind, Outgoing, SendFault,
    capabilities::{self, Unfit},
};

use crate::{Opened, OutFile, capabilities_of};

const MINUTE_MS: i64 = 60_000;
/// Where the setting is no number.
const TOLERANCE_MS: i64 = 60 * MINUTE_MS;

pub(crate) const fn field(name: &'static str, words: [&'static str; 4], secret: bool, required: bool, default: &'static str) -> ChannelField {
    let [zh, en, hint_zh, hint_en] = words;
    ChannelField { name, zh, en, hint_zh, hint_en, secret, required, default }
}

/// How far the signed time of a call may be off. `default`: minutes.
pub(crate) const fn tolerance(default: &'static str) -> ChannelField {
    let hints = ["推送的签名时间与本服务器时钟相差超过这么多分钟就拒绝；0 表示不检查", "Calls whose signed time is further from this server's clock are refused; 0 checks nothing"];
    let [zh, en] = hints;
    field("tolerance_minutes", ["时间容差（分钟）", "Time tolerance in minutes", zh, en], false, false, default)
}

/// As it is configured; `None` checks nothing.
pub(crate) fn tolerance_ms(channel: &Opened) -> Option<i64> {
    match channel.get("tolerance_minutes").parse::<i64>().unwrap_or(-1) {
        0 => None,
        minutes if minutes > 0 => Some(minutes.saturating_mul(MINUTE_MS)),
        _ => Some(TOLERANCE_MS),
    }
}

/// A piece as those that the channel bears, in order, each under a key that is the same whenever it is tried.
pub(crate) fn fitted(kind: ChannelKind, outgoing: &Outgoing) -> Vec<Outgoing> {
    let pieces = capabilities::fitted(capabilities_of(kind), outgoing.piece.clone());
    let key = |n: usize| if n == 0 { outgoing.key.clone() } else { format!("{}_{n}", outgoing.key) };
    pieces.into_iter().enumerate().map(|(n, piece)| Outgoing { piece, key: key(n), ..outgoing.clone() }).collect()
}

/// As what a file goes: as what it is, or else as a file. Errors: `Refused` (`file_kind`, `file_type`, `file_too_large`).
pub(crate) fn form(kind: ChannelKind, file: &OutFile) -> Result<MediaKind, SendFault> {
    let (able, bytes) = (capabilities_of(kind), u64::try_from(file.bytes.len()).unwrap_or(u64::MAX));
    let fits = |kind: MediaKind| capabilities::fits(able, kind, &file.media_type, bytes).map(|()| kind);
    fits(file.kind).or_else(|unfit| fits(MediaKind::File).map_err(|as_file| if as_file == Unfit::Kind { unfit } else { as_file })).map_err(|unfit| {
        let (code, text) = match unfit {
            Unfit::Kind => ("file_kind", "this channel takes no such files".to_owned()),
            Unfit::Type => ("file_type", format!("this channel does not take {}", file.media_type)),
            Unfit::TooLarge { bytes_max } => ("file_too_large", format!("this channel takes at most {bytes_max} bytes")),
        };
        SendFault::Refused { code: code.to_owned(), text }
    })
}
#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use rapport_wire::channel::{Button, Piece};

    use super::*;

    #[test]
    fn files_go_as_what_they_are_or_as_files_or_not_at_all() {
        let check = |channel: ChannelKind, kind: MediaKind, media_type: &str, bytes: usize, expected: Result<MediaKind, &str>| {
            let file = OutFile { kind, name: String::new(), media_type: media_type.to_owned(), bytes: Bytes::from(vec![0; bytes]), boundary: String::new(), url: String::new() };
            let formed = form(channel, &file).map_err(|fault| if let SendFault::Refused { code, .. } = fault { code } else { fault.to_string() });
            assert_eq!(formed.as_ref().map_err(String::as_str).copied(), expected, "{channel:?} {media_type}");
        };
        check(ChannelKind::Wecom, MediaKind::Image, "image/png", 9, Ok(MediaKind::Image));
        check(ChannelKind::Wecom, MediaKind::Image, "image/webp", 9, Ok(MediaKind::File));
        check(ChannelKind::Wecom, MediaKind::Voice, "audio/mpeg", 9, Ok(MediaKind::File));
        check(ChannelKind::Feishu, MediaKind::File, "application/pdf", 31 << 20, Err("file_too_large"));
        check(ChannelKind::WechatMini, MediaKind::Image, "image/svg+xml", 9, Err("file_type"));
        check(ChannelKind::WechatMini, MediaKind::File, "application/pdf", 9, Err("file_kind"));
    }

    #[test]
    fn what_is_divided_has_keys_that_stay() {
        let options = vec![Button { payload: "p".to_owned(), label: "好".to_owned() }];
        let piece = Piece::Buttons { text: format!("{}您想问什么？", "请先看完这一段说明。".repeat(9)), options };
        let outgoing = Outgoing { to: "u".to_owned(), reply_to: None, quoted: None, piece, key: "k-0".to_owned(), by_person: false };
        let pieces = fitted(ChannelKind::Wecom, &outgoing);
        let keys: Vec<&str> = pieces.iter().map(|it| it.key.as_str()).collect();
        assert!(pieces.len() > 1 && keys.starts_with(&["k-0", "k-0_1"]) && pieces == fitted(ChannelKind::Wecom, &outgoing), "{keys:?}");
        assert!(matches!(pieces.last().map(|it| &it.piece), Some(Piece::Buttons { .. })));
    }
}
