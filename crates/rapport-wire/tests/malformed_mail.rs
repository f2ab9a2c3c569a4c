//! Ten thousand malformed messages: each is read or refused, none panics, none takes long.

#![expect(clippy::indexing_slicing, reason = "places are drawn within bounds")]

use std::time::Instant;

use rapport_wire::mail::thread::Keys;
use rapport_wire::mail::{self, kind, quote, tnef};

/// A small generator of our own keeps this crate's tests free of dependencies (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("small")
    }
}

const SEEDS: &[&str] = &[
    "From: =?gb2312?B?wO7D9w==?= <li@x.cn>\r\nTo: reply@shop.cn\r\nSubject: =?utf-8?B?5L2g5aU=?= =?utf-8?B?vQ==?=\r\n\
        Message-ID: <a@x.cn>\r\nReferences: <b@x.cn>\r\n <c@x.cn>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0800\r\n\
        Content-Type: text/plain; charset=gbk; format=flowed; delsp=yes\r\n\r\n\u{4f60}\u{597d} \r\n\
        On Mon 10:00 a@b wrote:\r\n> hi\r\n-- \r\nLi\r\n",
    "From: a@x.cn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\na=E4=BD=A0=\r\n b\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p style=\"color:red\">x<img src=\"https://t.cn/a.png\"><a href=https://a.cn>y</a><blockquote>z</blockquote></p>\r\n\
        --a--\r\n--m\r\nContent-Type: image/png; name*0*=utf-8''%E5%9B; name*1*=%BE.png\r\n\
        Content-Transfer-Encoding: base64\r\nContent-ID: <p1@x>\r\nContent-Disposition: inline\r\n\r\n\
        iVBORw0KGgo=\r\n--m--\r\n",
    "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.cn\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n\
        --r\r\n\r\nfailed\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
        Final-Recipient: rfc822; li@x.cn\r\nAction: failed\r\nStatus: 5.1.1\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n\
        Message-ID: <z@shop.cn>\r\nSubject: s\r\n\r\nbody\r\n--r--\r\n",
    "From: a@x.cn\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n\
        BEGIN:VCALENDAR\r\n--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--s--\r\n",
];

const NASTY: &[&[u8]] = &[
    b"\0", b"\r", b"\n", b"\r\n\r\n", b"\xff\xfe", b"\xe4\xbd", b"=?utf-8?B?", b"?=", b"=?gb2312?Q?=C4=", b"--m", b"--m--", b"<", b">", b"<<<<<<<<", b"\"", b"(((((((((((", b"@", b";", b"\\", b"=", b"%",
    b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\n", b"Message-ID: <>\r\n", b"&#x110000;", b"&#0;", b"<!--",
    b"<script>", b"<svg><style>", b"<table><td><b><i>", b"charset=utf-7", b"charset=utf-16", b"Date: 99 Foo 99999 99:99:99 +9999\r\n",
];

fn malform(draw: &mut Draw) -> Vec<u8> {
    let mut bytes = SEEDS[draw.below(SEEDS.len())].as_bytes().to_vec();
    for _ in 0..=draw.below(6) {
        let at = draw.below(bytes.len());
        match draw.below(8) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            2 if !bytes.is_empty() => bytes[at] ^= 1 << draw.below(8),
            3 => bytes.extend(SEEDS[draw.below(SEEDS.len())].as_bytes()),
            4 => {
                let piece = NASTY[draw.below(NASTY.len())].repeat(draw.below(200));
                bytes.splice(at..at, piece).for_each(drop);
            }
            5 => {
                let end = at + draw.below(bytes.len() - at);
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece).for_each(drop);
            }
            _ => bytes.splice(at..at, NASTY[draw.below(NASTY.len())].iter().copied()).for_each(drop),
        }
    }
    bytes
}

#[test]
fn ten_thousand_malformed_messages_are_read_or_refused() {
    let mut draw = Draw(2026);
    let keys = Keys::new(vec![b"secret".to_vec()]);
    let (mut read, mut refused, mut slowest_ms) = (0_u32, 0_u32, 0);
    for _ in 0..10_000 {
        let bytes = malform(&mut draw);
        let began = clock();
        match mail::parse(&bytes) {
            Ok(it) => {
                read += 1;
                let folded = quote::fold(&it.text);
                assert!(it.html.as_deref().is_none_or(|it| !it.contains("<script") && !it.contains("<img src=\"http")), "{:?}", it.html);
                assert!(it.message_id.as_deref() != Some("") && it.references.iter().chain(&it.in_reply_to).all(|it| !it.trim().is_empty()));
                assert!(!it.subject.contains(['\r', '\n']) && it.files.iter().all(|it| !it.name.is_empty() && !it.name.contains(['/', '\\', '\0'])));
                let _kind = kind::kind(&it, &keys);
                let _fact = mail::parse::inbound(&it, &folded.visible());
            }
            Err(_) => refused += 1,
        }
        let _opened = tnef::open(&bytes);
        slowest_ms = slowest_ms.max(began.elapsed().as_millis());
    }
    let figure = format!("{} refused or read, 0 panics", read + refused);
    println!("BAR {}", serde_json::json!({"name": "malformed-mail", "figure": figure, "target": "10,000", "holds": read + refused == 10_000}));
    println!("{read} read, {refused} refused, the slowest in {slowest_ms} ms");
    assert!(read > 1_000 && refused > 10, "{read} {refused}");
}

/// How much one message may cost: at most a tenth of a second in a release; ten times that in a debug build on a busy machine.
#[test]
fn hostile_shapes_take_bounded_time() {
    let nested = |inner: &str, depth: usize| (0..depth).fold("x".to_owned(), |body, it| inner.replace("{n}", &it.to_string()).replace("{body}", &body));
    let head = "From: a@x.cn\r\nContent-Type: ";
    let html = |body: String| format!("{head}text/html\r\n\r\n{body}");
    let shapes = [
        ("multiparts in multiparts", format!("From: a@x.cn\r\n{}", nested("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n{body}\r\n--b{n}--\r\n", 300))),
        ("messages in messages", format!("{head}{}", "message/rfc822\r\n\r\nContent-Type: ".repeat(50_000))),
        ("many parts", format!("{head}multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nx\r\n".repeat(100_000))),
        ("many fields", format!("From: a@x.cn\r\n{}\r\n", "References: <a@b> <c@d>\r\n".repeat(20_000))),
        ("many words", format!("From: a@x.cn\r\nSubject: {}\r\n\r\n", "=?utf-8?B?5L2g?= ".repeat(20_000))),
        ("many addresses", format!("From: a@x.cn\r\nTo: {}\r\n\r\n", "\"a, (b)\" <a@b.cn>, ".repeat(10_000))),
        ("comments in comments", format!("From: {}a@x.cn\r\n\r\n", "(".repeat(100_000))),
        ("divisions in divisions", html("<div>".repeat(80_000))),
        ("styles in styles", html(format!("{}{}", "<b><i><u><s>".repeat(2_000), "<p>x".repeat(8_000)))),
        ("styles of many kinds", html(format!("{}{}", (0..300).map(|it| format!("<font size={it}></x>")).collect::<String>(), "<p>x".repeat(18_000)))),
        ("tables in tables", html("<table><tr><td>".repeat(5_000))),
        ("open tags", html("<a href=\"".repeat(50_000))),
        ("open comments", html("<!-- ".repeat(100_000))),
        ("one long line", format!("{head}text/plain\r\n\r\n{}", "> ".repeat(1_000_000))),
        ("many quotes", format!("{head}text/plain\r\n\r\n{}", "On 1 at 10:00\r\n>\r\n".repeat(50_000))),
        ("labels", format!("{head}text/plain\r\n\r\n{}", "From: x\r\nTo\r\n".repeat(50_000))),
        ("marks", format!("From: a@x.cn\r\nSubject: {}\r\n\r\n", "[#1] ".repeat(50_000))),
        ("colons", format!("From: a@x.cn\r\nSubject: {}\r\n\r\n", "Re: ".repeat(50_000))),
    ];
    for (name, text) in shapes {
        let began = clock();
        if let Ok(mail) = mail::parse(text.as_bytes()) {
            let _folded = quote::fold(&mail.text);
            let _subject = mail::thread::base_subject(&mail.subject);
            let _kind = kind::kind(&mail, &Keys::default());
        }
        let took = began.elapsed().as_millis();
        println!("{name}: {took} ms");
        assert!(took < 3_000, "{name} took {took} ms");
    }
}

#[test]
fn every_beginning_of_a_message_is_read_or_refused() {
    for seed in SEEDS {
        for end in 0..seed.len() {
            let _outcome = mail::parse(&seed.as_bytes()[..end]);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test measures")]
fn clock() -> Instant {
    Instant::now()
}
