//! The table, what follows from it at a moment, and pieces that are made to fit.

use super::*;
use crate::channel::{Button, Piece};

const NOW: Timestamp = Timestamp(1_764_000_000_000);

#[test]
fn every_channel_has_its_row_and_its_name() {
    for name in ChannelKind::ALL {
        let row = of(name);
        assert_eq!(row.channel, name);
        assert_eq!(serde_json::to_value(name).expect("JSON"), name.name());
        let json = serde_json::to_value(row).expect("JSON");
        assert_eq!(json["channel"], name.name());
        assert!(json["text"]["limit"].as_u64().is_some_and(|it| it >= 500) && json["media"].is_array() && json["windows"].is_array(), "{json}");
        assert!(row.buttons.is_none_or(|it| it.count > 0 && it.label > 0 && it.text <= row.text.limit), "{name:?}");
        assert!(row.windows.is_empty() || row.windows.iter().any(|it| it.after == Trigger::Message), "{name:?}");
    }
}

#[test]
fn windows_close_at_the_moment_they_name() {
    let check = |name: ChannelKind, ago_s: Option<i64>, expected: WindowState| {
        let last = ago_s.map(|it| NOW.plus_seconds(-it));
        assert_eq!(window(of(name), last, NOW), expected, "{name:?} {ago_s:?}");
    };
    let open = |left_s: i64| WindowState::Open { closes_at: NOW.plus_seconds(left_s) };
    check(ChannelKind::Wechat, Some(0), open(48 * 3_600));
    check(ChannelKind::Wechat, Some(45 * 3_600), open(3 * 3_600));
    check(ChannelKind::WecomKf, Some(48 * 3_600 - 1), open(1));
    check(ChannelKind::WecomKf, Some(48 * 3_600), WindowState::Closed);
    check(ChannelKind::Whatsapp, Some(24 * 3_600), WindowState::Closed);
    check(ChannelKind::Whatsapp, None, WindowState::Closed);
    check(ChannelKind::Email, None, WindowState::Always);
    check(ChannelKind::Telegram, Some(400 * 86_400), WindowState::Always);
    check(ChannelKind::Telegram, None, WindowState::Closed);
    assert_eq!(left_s(window(of(ChannelKind::Wechat), Some(NOW.plus_seconds(-45 * 3_600)), NOW), NOW), Some(3 * 3_600));
}

#[test]
fn a_person_may_answer_longer_and_an_entry_opens_shortly() {
    let day_ago = Some(NOW.plus_seconds(-25 * 3_600));
    assert_eq!(window(of(ChannelKind::Messenger), day_ago, NOW), WindowState::Closed);
    assert_eq!(person_window(of(ChannelKind::Messenger), day_ago, NOW), WindowState::Open { closes_at: NOW.plus_seconds(143 * 3_600) });
    assert_eq!(person_window(of(ChannelKind::Whatsapp), day_ago, NOW), WindowState::Closed);
    assert_eq!(person_window(of(ChannelKind::Messenger), None, NOW), WindowState::Closed);
    let after = |name, trigger, ago_s: i64| window_after(of(name), trigger, Some(NOW.plus_seconds(-ago_s)), NOW);
    assert_eq!(after(ChannelKind::WecomKf, Trigger::Entry, 19), WindowState::Open { closes_at: NOW.plus_seconds(1) });
    assert_eq!(after(ChannelKind::WecomKf, Trigger::Entry, 20), WindowState::Closed);
    assert_eq!(after(ChannelKind::Wechat, Trigger::Action, 59), WindowState::Open { closes_at: NOW.plus_seconds(1) });
    assert_eq!(after(ChannelKind::Wechat, Trigger::Entry, 0), WindowState::Closed);
}

#[test]
fn answers_are_counted_where_the_provider_counts_them() {
    let check = |name: ChannelKind, sent: u32, expected: Option<u32>| assert_eq!(quota_left(of(name), sent), expected, "{name:?} {sent}");
    check(ChannelKind::Wechat, 0, Some(5));
    check(ChannelKind::Wechat, 1, Some(4));
    check(ChannelKind::WecomKf, 7, Some(0));
    check(ChannelKind::Whatsapp, 100, None);
    check(ChannelKind::Web, 100, None);
    assert_eq!(quota_left_after(of(ChannelKind::Wechat), Trigger::Action, 1), Some(2));
    assert_eq!(quota_left_after(of(ChannelKind::WechatMini), Trigger::Entry, 0), Some(2));
    assert_eq!(quota_left_after(of(ChannelKind::WechatMini), Trigger::Action, 0), None);
}

#[test]
fn texts_are_cut_in_every_channel_s_unit() {
    let text = format!("{}。👨‍👩‍👧‍👦𠮷野家！", "您好，订单已发出".repeat(800)).repeat(2);
    for name in ChannelKind::ALL {
        let row = of(name);
        let found = pieces(row, &text);
        assert!(found.iter().all(|it| row.text.unit.length(it) <= row.text.limit), "{name:?}");
        assert_eq!(found.concat(), text, "{name:?}");
        assert_eq!(found.iter().map(|it| it.matches("👨‍👩‍👧‍👦").count()).sum::<usize>(), 2, "{name:?}");
    }
}

#[test]
fn what_does_not_fit_is_told_in_another_form() {
    let media = |kind, caption: &str| Piece::Media { kind, id: "9".to_owned(), name: "a".to_owned(), caption: caption.to_owned() };
    let text = |it: &str| Piece::Text(it.to_owned());
    let check = |name: ChannelKind, piece: Piece, expected: &[Piece]| assert_eq!(fitted(of(name), piece), expected, "{name:?}");
    check(ChannelKind::Telegram, media(MediaKind::Image, "见图"), &[media(MediaKind::Image, "见图")]);
    check(ChannelKind::Wechat, media(MediaKind::Image, "见图"), &[media(MediaKind::Image, ""), text("见图")]);
    check(ChannelKind::Messenger, media(MediaKind::Sticker, ""), &[media(MediaKind::Image, "")]);
    check(ChannelKind::Wecom, media(MediaKind::Sticker, ""), &[media(MediaKind::Image, "")]);
    let long = "字".repeat(1_025);
    check(ChannelKind::Whatsapp, media(MediaKind::Video, &long), &[media(MediaKind::Video, ""), text(&long)]);
    let url = Piece::MediaUrl { kind: MediaKind::File, url: "https://a.example/1".to_owned(), name: "单.pdf".to_owned(), caption: "账单".to_owned() };
    check(ChannelKind::WechatMini, url, &[text("账单\n单.pdf\nhttps://a.example/1")]);
    let option = |it: &str| Button { payload: "p".to_owned(), label: it.to_owned() };
    let buttons = |text: &str, labels: &[&str]| Piece::Buttons { text: text.to_owned(), options: labels.iter().map(|it| option(it)).collect() };
    check(ChannelKind::SmsTwilio, buttons("选哪个？", &["退货", "换货"]), &[text("选哪个？\n1. 退货\n2. 换货")]);
    check(ChannelKind::Whatsapp, buttons("选？", &["退货"]), &[buttons("选？", &["退货"])]);
    let labels: Vec<String> = (1..=11).map(|it| it.to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    assert!(matches!(fitted(of(ChannelKind::Whatsapp), buttons("选？", &labels)).as_slice(), [Piece::Text(it)] if it.ends_with("\n11. 11")));
    let cut = fitted(of(ChannelKind::Whatsapp), buttons(&format!("{long}。好吗？"), &["一二三四五六七八九十一二三四五六七八九十一"]));
    assert!(matches!(cut.as_slice(), [Piece::Text(_), Piece::Buttons { text, options }] if text.ends_with("好吗？") && options[0].label.ends_with('…') && options[0].label.chars().count() == 20), "{cut:?}");
}

#[test]
fn files_are_checked_before_they_are_sent() {
    let check = |name, kind, media_type: &str, bytes, expected| assert_eq!(fits(of(name), kind, media_type, bytes), expected, "{name:?} {media_type}");
    check(ChannelKind::Whatsapp, MediaKind::Voice, "audio/ogg; codecs=opus", 1_000, Ok(()));
    check(ChannelKind::Whatsapp, MediaKind::Image, "image/gif", 1_000, Err(Unfit::Type));
    check(ChannelKind::Whatsapp, MediaKind::Image, "image/PNG", 6 << 20, Err(Unfit::TooLarge { bytes_max: 5 << 20 }));
    check(ChannelKind::SmsAliyun, MediaKind::Image, "image/png", 1, Err(Unfit::Kind));
    check(ChannelKind::Telegram, MediaKind::File, "x/y", 50 << 20, Ok(()));
}
