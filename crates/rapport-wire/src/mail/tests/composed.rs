//! Messages as they go out, read again.

use rapport_model::Timestamp;

use crate::mail::compose::{Attached, Automation, ComposeFault, Draft, History, LINE_BYTES_MAX, REFERENCES_BYTES_MAX, answer_references, answer_subject, compose, history, trimmed_references};
use crate::mail::{Mail, Mailbox, parse, quote};

fn draft() -> Draft {
    Draft {
        from: Mailbox::new("商城客服 😀", "help@shop.cn"),
        to: vec![Mailbox::new("李明", "li@x.cn")],
        reply_to: Some(Mailbox::new("Shop \"A\" \\ B", "reply+c1.abcdefghijklmnop@shop.cn")),
        subject: "回复：退款进度 [#12]".to_owned(),
        message_id: "r.c1.m1.abcdefghijklmnop@shop.cn".to_owned(),
        in_reply_to: Some("in-1@x.cn".to_owned()),
        references: vec!["in-0@x.cn".to_owned(), "in-1@x.cn".to_owned()],
        date: Timestamp(1_793_584_800_000),
        text: "您好 👨‍👩‍👧，𠮷先生：\n\n. 已退款\nFrom the shop".to_owned(),
        boundary: "0123456789abcdef".to_owned(),
        ..Draft::default()
    }
}

fn made(draft: &Draft) -> (String, Mail) {
    let composed = compose(draft).expect("composed");
    let text = String::from_utf8(composed.bytes).expect("ascii");
    assert!(text.is_ascii() && text.split("\r\n").all(|it| it.len() <= LINE_BYTES_MAX && !it.contains(['\r', '\n'])), "{text}");
    let mail = parse(text.as_bytes()).expect("read");
    (text, mail)
}

#[test]
fn what_is_written_is_read_again() {
    let (text, mail) = made(&draft());
    let draft = draft();
    assert_eq!((mail.from[0].clone(), mail.to[0].clone(), mail.reply_to[0].clone()), (draft.from, draft.to[0].clone(), draft.reply_to.expect("set")));
    assert_eq!((mail.subject.as_str(), mail.message_id, mail.date), ("回复：退款进度 [#12]", Some(draft.message_id), Some(draft.date)));
    assert_eq!((mail.in_reply_to, mail.references), (vec!["in-1@x.cn".to_owned()], draft.references));
    assert_eq!((mail.text, mail.flaws), (draft.text, Vec::new()));
    assert!(mail.html.is_some() && !text.contains("Auto-Submitted"), "{text}");
}

#[test]
fn files_and_history_go_along() {
    let file = |name: &str, id: Option<&str>, media_type: &str| Attached { name: name.to_owned(), media_type: media_type.to_owned(), content_id: id.map(str::to_owned), bytes: [0x89, b'P', b'N', b'G', 0, 255].repeat(50) };
    let draft = Draft {
        files: vec![file("图 1.png", Some("p1@shop.cn"), "image/png"), file("合同\"\r\n𠮷.pdf", None, "application/pdf"), file("", None, "message/rfc822\r\nX-Evil: 1")],
        history: Some(History { introduction: "在 2026-11-02 10:00，李明 <li@x.cn> 写道：".to_owned(), text: "尺码？\n> 更早".to_owned(), html: Some("<p>尺码？</p><img src=\"remote:https://t.cn/a\">".to_owned()) }),
        html: Some("<p>已退款</p><img src=\"cid:p1@shop.cn\">".to_owned()),
        text: "已退款".to_owned(),
        ..draft()
    };
    let (text, mail) = made(&draft);
    let files: Vec<_> = mail.files.iter().map(|it| (it.name.as_str(), it.media_type.as_str(), it.inline, it.bytes.len())).collect();
    assert_eq!(files, [("图 1.png", "image/png", true, 300), ("合同_𠮷.pdf", "application/pdf", false, 300), ("file", "application/octet-stream", false, 300)]);
    assert!(!text.contains("X-Evil"), "{text}");
    assert_eq!(quote::fold(&mail.text).visible(), "已退款");
    assert!(mail.text.ends_with("> 尺码？\n>> 更早") && mail.remote_pictures == 0, "{}", mail.text);
}

#[test]
fn an_answer_carries_on_what_it_answers() {
    let parent = super::read("From: =?utf-8?B?5p2O5piO?= <li@x.cn>\nMessage-ID: <b@x.cn>\nIn-Reply-To: <a@x.cn>\nSubject: x\n\n尺码？");
    assert_eq!(answer_references(&parent), ["a@x.cn", "b@x.cn"]);
    let check = |subject: &str, expected: &str| assert_eq!(answer_subject(subject, "[#12]"), expected, "{subject}");
    check("退款", "Re: 退款 [#12]");
    check("回复：Re: 退款 [#12]", "Re: 退款 [#12]");
    check("价格：新品", "Re: 价格：新品 [#12]");
    check("", "Re: [#12]");
    for (chinese, when) in [(true, "2026-11-02 10:00"), (false, "Mon, Nov 2, 2026 at 10:00 AM")] {
        let (_, mail) = made(&Draft { text: "42".to_owned(), history: Some(history(&parent, when, chinese)), ..draft() });
        assert_eq!(quote::fold(&mail.text).visible(), "42", "{}", mail.text);
        let html = crate::mail::plain::from_html(mail.html.as_deref().unwrap_or_default());
        assert_eq!(quote::fold(&html).visible(), "42", "{html}");
    }
}

#[test]
fn nothing_is_injected_into_the_header() {
    let evil = "a\r\nBcc: victim@y.cn\r\n\r\nbody\u{2028}x";
    let draft = Draft {
        subject: evil.to_owned(),
        from: Mailbox::new(evil, "help@shop.cn"),
        to: vec![Mailbox::new(&format!("{evil}\" <x@y.cn>"), "li@x.cn")],
        in_reply_to: Some(evil.to_owned()),
        references: vec![evil.to_owned(), "ok@x.cn".to_owned(), String::new()],
        loop_mark: Some(evil.to_owned()),
        history: Some(History { introduction: evil.to_owned(), ..History::default() }),
        ..draft()
    };
    let (text, mail) = made(&draft);
    let head = text.split("\r\n\r\n").next().expect("head");
    let names: Vec<&str> = head.lines().filter(|it| !it.starts_with(' ')).filter_map(|it| it.split(':').next()).collect();
    assert_eq!(names, ["Date", "From", "To", "Reply-To", "Subject", "Message-ID", "References", "MIME-Version", "Content-Type"]);
    assert_eq!((mail.to.len(), mail.to[0].address.as_str(), mail.references.len()), (1, "li@x.cn", 1));
}

#[test]
fn bad_drafts_are_refused() {
    let check = |draft: Draft, expected: ComposeFault| assert_eq!(compose(&draft).err(), Some(expected));
    let bad = "li@x.cn\r\nBcc: x@y.cn".to_owned();
    check(Draft { to: Vec::new(), ..draft() }, ComposeFault::NoRecipient);
    check(Draft { to: vec![Mailbox::new("", &bad)], ..draft() }, ComposeFault::BadAddress(bad.clone()));
    check(Draft { from: Mailbox::new("x", ""), ..draft() }, ComposeFault::BadAddress(String::new()));
    check(Draft { message_id: bad.clone(), ..draft() }, ComposeFault::BadMessageId(bad));
    check(Draft { boundary: "short".to_owned(), ..draft() }, ComposeFault::BadBoundary);
    check(Draft { files: vec![Attached { bytes: vec![0; 40 * 1024 * 1024], ..Attached::default() }], ..draft() }, ComposeFault::TooLarge);
}

#[test]
fn references_are_trimmed_in_the_middle() {
    let all: Vec<String> = (0..200).map(|it| format!("id-{it:03}@mail.example.com")).collect();
    let kept = trimmed_references(&all);
    let cost: usize = kept.iter().map(|it| it.len() + 5).sum();
    assert!(cost <= REFERENCES_BYTES_MAX && cost > REFERENCES_BYTES_MAX - 60, "{cost}");
    assert_eq!((kept[0], kept[1] > "id-150", kept.last().copied()), ("id-000@mail.example.com", true, Some("id-199@mail.example.com")));
    let twice = ["a@x.cn", "b@x.cn", "a@x.cn"].map(str::to_owned);
    assert_eq!(trimmed_references(&twice), ["b@x.cn", "a@x.cn"]);
    let (_, mail) = made(&Draft { references: all, ..draft() });
    assert_eq!(mail.references.last().map(String::as_str), Some("id-199@mail.example.com"));
}

#[test]
fn machines_say_that_they_are_machines() {
    let check = |automation: Automation, expected: &str| {
        let (text, mail) = made(&Draft { automation, loop_mark: Some("shop.abcdefghijklmnop".to_owned()), ..draft() });
        assert_eq!((mail.signals.auto_submitted.as_deref(), mail.signals.loops.as_slice()), (Some(expected), ["shop.abcdefghijklmnop".to_owned()].as_slice()));
        assert!(text.contains("X-Auto-Response-Suppress: All\r\n"), "{text}");
    };
    check(Automation::Replied, "auto-replied");
    check(Automation::Generated, "auto-generated");
}

#[test]
fn long_texts_and_subjects_keep_their_lines_short() {
    for text in ["x".repeat(50_000), "字".repeat(50_000), "= . ".repeat(10_000), "a\n".repeat(10_000), "👨‍👩‍👧".repeat(2_000), " \t\n \n.\n..\n".to_owned()] {
        let subject: String = text.chars().take(300).collect();
        let (_, mail) = made(&Draft { subject, text: text.clone(), to: vec![Mailbox::new(&text, "li@x.cn"); 50], ..draft() });
        assert_eq!(mail.text.split_whitespace().collect::<String>(), text.split_whitespace().collect::<String>());
        assert_eq!(mail.to.len(), 50);
    }
}
