//! Messages as they come in: character sets, parts, files, faults.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::read;
use crate::channel::{Fact, MediaKind, Part};
use crate::mail::smtp::Envelope;
use crate::mail::{FileRole, Flaw, Mailbox, parse, parse_received, quote, tnef};

#[test]
fn a_plain_message_is_read() {
    let mail = read("From: =?utf-8?B?5p2O5piO?= <Li@x.cn>\nTo: \"Shop, Support\" <help@shop.cn>, wu@corp.com\n\
        Cc: Team: a@x.cn, b@x.cn;\nSubject: 退款 [#12]\nMessage-ID: <a.1@x.cn>\nIn-Reply-To: <p@shop.cn>\n\
        References: <o@shop.cn> <p@shop.cn>\nDate: Mon, 2 Nov 2026 10:00:00 +0800\nReply-To: li2@x.cn\n\n\
        您好 😀 👨‍👩‍👧 𠮷\n\n谢谢\n");
    assert_eq!(mail.from, [Mailbox::new("李明", "Li@x.cn")]);
    assert_eq!(mail.to, [Mailbox::new("Shop, Support", "help@shop.cn"), Mailbox::new("", "wu@corp.com")]);
    assert_eq!(mail.cc.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(), ["a@x.cn", "b@x.cn"]);
    assert_eq!((mail.subject.as_str(), mail.message_id.as_deref(), mail.date.map(|it| it.0)), ("退款 [#12]", Some("a.1@x.cn"), Some(1_793_584_800_000)));
    assert_eq!((mail.in_reply_to, mail.references), (vec!["p@shop.cn".to_owned()], vec!["o@shop.cn".to_owned(), "p@shop.cn".to_owned()]));
    assert_eq!((mail.text.as_str(), mail.html, mail.flaws), ("您好 😀 👨‍👩‍👧 𠮷\n\n谢谢", None, Vec::new()));
}

#[test]
fn what_no_message_is_is_refused() {
    for bytes in [&b""[..], b"\r\n\r\n", b"hello", b"just some text\r\nwithout a header\r\n", b"X-Nothing: 1\r\n\r\nbody"] {
        assert!(parse(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn chinese_character_sets_are_read() {
    let check = |head: &str, body: &[u8], expected: &str| {
        let bytes = [format!("From: a@x.cn\r\nContent-Type: text/plain; charset={head}\r\n\r\n").as_bytes(), body].concat();
        assert_eq!(parse(&bytes).expect("read").text, expected, "{head}");
    };
    check("gb2312", b"\xc4\xe3\xba\xc3", "你好");
    // A character that GB2312 lacks and GBK has (喆), and one of four bytes (𠮷).
    check("gb2312", b"\x86\xb4", "喆");
    check("GBK", b"\x95\x34\xb2\x35", "𠮷");
    check("gb18030", b"\x95\x34\xb2\x35", "𠮷");
    check("big5", b"\xa7\x41\xa6\x6e", "你好");
    check("\"utf-8\"", "你好".as_bytes(), "你好");
    check("x-nobody-knows", b"\xc4\xe3\xba\xc3", "你好");
    check("iso-2022-jp", b"\x1b$B$3$s\x1b(B", "こん");
}

#[test]
fn header_bytes_in_no_character_set_are_read() {
    let mail = parse(b"From: \xc0\xee\xc3\xf7 <li@x.cn>\r\nSubject: \xcd\xcb\xbf\xee\r\n\r\nx").expect("read");
    assert_eq!((mail.subject.as_str(), mail.from[0].name.as_str()), ("退款", "李明"));
}

#[test]
fn doubled_fields_count_once() {
    let mail = read("From: a@x.cn\nFrom: b@x.cn\nMessage-Id: <first@x.cn>\nMessage-ID: <second@x.cn>\nSubject: one\nSubject: two\n\nx");
    assert_eq!((mail.from[0].address.as_str(), mail.message_id.as_deref(), mail.subject.as_str()), ("a@x.cn", Some("first@x.cn"), "one"));
    assert_eq!(mail.flaws, [Flaw::DoubledField]);
    let same = read("From: a@x.cn\nSubject: one\nSubject: one\nMessage-ID: <a@x>\n\nx");
    assert_eq!(same.flaws, []);
}

#[test]
fn the_id_is_of_message_id_and_body() {
    let of = |head: &str, body: &str| read(&format!("From: a@x.cn\n{head}\n\n{body}")).id;
    assert_eq!(of("Message-ID: <a@x>\nReceived: from b", "x"), of("Message-ID: <a@x>\nReceived: from c", "x"));
    assert_ne!(of("Message-ID: <a@x>", "x"), of("Message-ID: <a@x>", "y"));
    assert_ne!(of("Subject: 1", "x"), of("Subject: 2", "x"));
    assert!(of("Message-ID: <>", "x").starts_with('#'));
}

const ALTERNATIVE: &str = "From: a@x.cn\nContent-Type: multipart/mixed; boundary=\"=_m 1\"\n\n\
    --=_m 1\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\
    Content-Transfer-Encoding: quoted-printable\n\n=E6=82=A8=E5=A5=BD=\n!\n--a\nContent-Type: multipart/related; boundary=r\n\n\
    --r\nContent-Type: text/html; charset=utf-8\n\n<p>您好!</p><img src=\"cid:p1@x\"><img src=\"https://t.cn/1.gif\">\n\
    --r\nContent-Type: image/png; name=\"p1.png\"\nContent-ID: <p1@x>\nContent-Transfer-Encoding: base64\n\n\
    iVBORw0KGgoAAAANSUhEUg==\n--r--\n--a--\n--=_m 1\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''%E5%90%88; filename*1*=%E5%90%8C%F0%A0%AE%B7; filename*2=.pdf\n\
    Content-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n--=_m 1\nContent-Type: text/plain; name=note.txt\n\
    Content-Disposition: attachment\n\na note\n--=_m 1--\n";

#[test]
fn forms_and_files_come_apart() {
    let mail = read(ALTERNATIVE);
    assert_eq!((mail.text.as_str(), mail.remote_pictures), ("您好!", 1));
    assert_eq!(mail.html.as_deref().map(str::trim), Some("<p>您好!</p><img src=\"cid:p1@x\"><img src=\"remote:https://t.cn/1.gif\">"));
    let files: Vec<_> = mail.files.iter().map(|it| (it.name.as_str(), it.media_type.as_str(), it.inline, it.content_id.as_deref())).collect();
    assert_eq!(files, [("p1.png", "image/png", true, Some("p1@x")), ("合同𠮷.pdf", "application/pdf", false, None), ("note.txt", "text/plain", false, None)]);
    assert_eq!(mail.files[1].bytes, b"%PDF-1.4");
    assert_eq!(mail.flaws, [Flaw::NoMessageId]);
}

#[test]
fn the_fact_has_text_and_files_but_no_inline_pictures() {
    let mail = read(ALTERNATIVE);
    let fact = parse::inbound(&mail, &quote::fold(&mail.text).visible());
    let Fact::Message { parts, .. } = fact.fact else { panic!("no message") };
    assert_eq!(parts[0], Part::Text("您好!".to_owned()));
    let media: Vec<_> = parts.iter().filter_map(|it| if let Part::Media(it) = it { Some((it.name.as_str(), it.kind)) } else { None }).collect();
    assert_eq!(media, [("合同𠮷.pdf", MediaKind::File), ("note.txt", MediaKind::File)]);
    assert_eq!((fact.from.id.as_str(), fact.from.reply_to), ("a@x.cn", None));
}

#[test]
fn html_alone_gives_text() {
    let mail = read("From: a@x.cn\nContent-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n\nPHA+xOO6wzwvcD48c2NyaXB0PngoKTwvc2NyaXB0Pg==\n");
    assert_eq!((mail.text.as_str(), mail.html.as_deref()), ("你好", Some("<p>你好</p>")));
    let lazy = read("From: a@x.cn\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\
        Content-Type: text/plain\n\nYour mail program does not support HTML.\n--a\nContent-Type: text/html\n\n\
        <p>Hello</p>\n--a--\n");
    assert_eq!(lazy.text, "Hello");
    let empty = read("From: a@x.cn\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n \n--a\nContent-Type: text/html\n\n<p>Hello</p>\n--a--\n");
    assert_eq!(empty.text, "Hello");
}

#[test]
fn texts_around_a_file_are_one_text() {
    let mail = read("From: a@x.cn\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\n\
        before\n--m\nContent-Type: image/jpeg\nContent-Disposition: inline; filename=a.jpg\n\n\
        \u{FF}\n--m\nContent-Type: text/html\n\n<b>after</b>\n--m--\n");
    assert_eq!((mail.text.as_str(), mail.files.len()), ("before\nafter", 1));
    assert!(mail.html.as_deref().is_some_and(|it| it.contains("before") && it.contains("<b>after</b>")), "{:?}", mail.html);
}

#[test]
fn flowed_text_flows() {
    let mail = read("From: a@x.cn\nContent-Type: text/plain; format=flowed; delsp=no\n\nThis is \none line.\n> quoted \n> too\n");
    assert_eq!(mail.text, "This is one line.\n> quoted too");
}

#[test]
fn file_names_are_safe() {
    let name = |field: &str| read(&format!("From: a@x.cn\nContent-Type: multipart/mixed; boundary=m\n\n\
        --m\nContent-Type: application/octet-stream\nContent-Disposition: attachment; {field}\n\n\
        x\n--m--\n")).files[0].name.clone();
    let check = |field: &str, expected: &str| assert_eq!(name(field), expected, "{field}");
    check("filename=\"=?utf-8?B?5ZCI5ZA=?= =?utf-8?B?jC5wZGY=?=\"", "合同.pdf");
    check("filename=\"=?GBK?B?us/NrC5wZGY=?=\"", "合同.pdf");
    check("filename*=GB18030''%BA%CF%CD%AC.pdf", "合同.pdf");
    check("filename=\"../../etc/passwd\"", "passwd");
    check("filename=\"C:\\\\Users\\\\li\\\\a.doc\"", "a.doc");
    check("filename=\"a\u{202E}gpj.exe\"", "agpj.exe");
    check("filename=合同.pdf", "合同.pdf");
    check("x=y", "file-1.bin");
    let long = name(&format!("filename={}.pdf", "长".repeat(200)));
    assert!(long.len() <= 200 && long.ends_with(".pdf"), "{long}");
}

#[test]
fn messages_within_calendars_and_signatures_are_files_that_say_so() {
    let mail = read("From: a@x.cn\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\n\n\
        --s\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nhello\n--m\nContent-Type: message/rfc822\n\n\
        From: b@x.cn\nSubject: =?utf-8?B?5ZCI5ZCM?=\nContent-Type: multipart/mixed; boundary=i\n\n\
        --i\n\ninner\n--i--\n--m\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n\
        BEGIN:VCALENDAR\n--m--\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\
        Content-Transfer-Encoding: base64\n\nMIIB\n--s--\n");
    let files: Vec<_> = mail.files.iter().map(|it| (it.name.as_str(), it.role)).collect();
    assert_eq!(files, [("合同.eml", FileRole::Message), ("invite.ics", FileRole::Calendar), ("smime.p7s", FileRole::Signed)]);
    assert_eq!(mail.text, "hello");
    assert!(String::from_utf8_lossy(&mail.files[0].bytes).contains("inner"));
    let pgp = read("From: a@x.cn\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\n\n\
        --e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream; name=encrypted.asc\n\n\
        -----BEGIN PGP MESSAGE-----\n--e--\n");
    assert!(pgp.files.len() == 2 && pgp.files.iter().all(|it| it.role == FileRole::Encrypted), "{:?}", pgp.files);
}

#[test]
fn a_digest_is_of_messages() {
    let mail = read("From: a@x.cn\nContent-Type: multipart/digest; boundary=d\n\n--d\n\nFrom: b@x.cn\nSubject: one\n\n1\n--d\n\nFrom: c@x.cn\nSubject: two\n\n2\n--d--\n");
    assert_eq!(mail.files.iter().map(|it| (it.name.as_str(), it.role)).collect::<Vec<_>>(), [("one.eml", FileRole::Message), ("two.eml", FileRole::Message)]);
}

#[test]
fn outlook_s_own_form_is_opened_or_said_to_be_closed() {
    let with = |content: &[u8]| read(&format!("From: a@x.cn\nContent-Type: multipart/mixed; boundary=m\n\n\
        --m\nContent-Type: text/plain\n\n \n--m\nContent-Type: application/ms-tnef; name=winmail.dat\n\
        Content-Transfer-Encoding: base64\n\n{}\n--m--\n", STANDARD.encode(content)));
    let opened = with(&tnef::tests::sample());
    assert_eq!((opened.text.as_str(), opened.files.len(), opened.files[0].name.as_str(), opened.files[0].role), ("您好，附件是合同。", 1, "合同 2026.pdf", FileRole::Plain));
    let closed = with(b"not of that form");
    assert_eq!((closed.files[0].name.as_str(), closed.files[0].role), ("winmail.dat", FileRole::OutlookOnly));
}

#[test]
fn broken_mime_is_shown_all_the_same() {
    let check = |text: &str, expected: &str, flaw: Flaw| {
        let mail = read(text);
        assert_eq!(mail.text, expected, "{text}");
        assert!(mail.flaws.contains(&flaw), "{text} {:?}", mail.flaws);
    };
    check("From: a@x.cn\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nnot closed", "not closed", Flaw::BrokenMime);
    check("From: a@x.cn\nContent-Type: multipart/mixed; boundary=m\n\nno part at all", "no part at all", Flaw::BrokenMime);
    check("From: a@x.cn\nContent-Type: multipart/mixed\n\nno boundary", "no boundary", Flaw::BrokenMime);
    check("From: a@x.cn\nDate: yesterday\n\nx", "x", Flaw::BadDate);
    check("Subject: x\n\nnobody", "nobody", Flaw::NoFrom);
    let lost = parse(b"From: a@x.cn\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe4\xbd\xa0\xe5\xa5\xbd \xff").expect("read");
    assert!(lost.text.starts_with("你好") && lost.flaws.contains(&Flaw::BadCharacters));
}

#[test]
fn the_dialogue_counts_more_than_the_header() {
    let bytes = b"Return-Path: <forged@x.cn>\r\nDelivered-To: list@y.cn\r\nFrom: a@x.cn\r\nTo: all@y.cn\r\n\r\nx".to_vec();
    let mail = parse_received(&Envelope { from: None, to: vec!["reply+c1.abc@shop.cn".to_owned()], bytes, ..Envelope::default() }).expect("read");
    assert_eq!(mail.recipients().collect::<Vec<_>>(), ["reply+c1.abc@shop.cn", "list@y.cn", "all@y.cn"]);
    assert_eq!(mail.signals.return_path.as_deref(), Some(""));
}

#[test]
fn a_subject_cannot_bring_lines() {
    let mail = read("From: =?utf-8?Q?Li=0D=0ABcc:_x@y.cn?= <li@x.cn>\nSubject: =?utf-8?Q?a=0D=0AX-Evil:_1?=\n\nx");
    assert_eq!((mail.subject.as_str(), mail.from[0].name.as_str()), ("a X-Evil: 1", "Li Bcc: x@y.cn"));
}
