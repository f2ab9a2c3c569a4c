//! Ten thousand malformed SMTP dialogues: each is answered, none panics, and none gets a message to anybody who is not ours.

#![expect(clippy::indexing_slicing, reason = "places are drawn within bounds")]

use rapport_wire::mail::smtp::{Config, Output, Session, Stored, Verdict};

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

const LINES: &[&[u8]] = &[
    b"EHLO x.cn\r\n", b"HELO x\r\n", b"MAIL FROM:<li@x.cn>\r\n", b"MAIL FROM:<> SIZE=10 BODY=8BITMIME SMTPUTF8\r\n", b"RCPT TO:<help@shop.cn>\r\n", b"RCPT TO:<you@other.cn>\r\n", b"RCPT TO:<@a,@b:help@shop.cn>\r\n",
    b"DATA\r\n", b"Subject: x\r\n", b"\r\n", b"..\r\n", b".\r\n", b"\r\n.\r\n", b"\n.\n", b"\n.\r\n", b"\r.\r", b".\r", b"RSET\r\n", b"NOOP\r\n", b"STARTTLS\r\n", b"QUIT\r\n", b"AUTH LOGIN\r\n", b"BDAT 5 LAST\r\nhello",
    b"VRFY help\r\n", b"\0\0\0\r\n", b"\xff\xff\r\n", b"MAIL FROM:<\"a\\\">b\"@x.cn>\r\n", b"MAIL FROM:<a@b> SIZE=99999999999999999999999\r\n", b"RCPT TO:<\"\r\n", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01",
];

fn dialogue(draw: &mut Draw) -> Vec<u8> {
    let mut bytes = Vec::new();
    if draw.below(3) > 0 {
        bytes.extend(b"EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<help@shop.cn>\r\nDATA\r\n");
    }
    for _ in 0..draw.below(25) {
        bytes.extend(LINES[draw.below(LINES.len())]);
    }
    for _ in 0..draw.below(4) {
        let at = draw.below(bytes.len());
        match draw.below(5) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            2 if !bytes.is_empty() => bytes[at] ^= 1 << draw.below(8),
            3 => bytes.splice(at..at, std::iter::repeat_n(b'x', draw.below(5_000))).for_each(drop),
            _ => bytes.splice(at..at, LINES[draw.below(LINES.len())].iter().copied()).for_each(drop),
        }
    }
    bytes
}

fn ours(to: &str) -> Verdict {
    match to {
        "help@shop.cn" => Verdict::Ours,
        it if it.ends_with("@shop.cn") => Verdict::Unknown,
        _ => Verdict::Foreign,
    }
}

#[derive(Default, PartialEq, Debug)]
struct Outcome {
    text: String,
    messages: Vec<Vec<u8>>,
}

/// `piece`: how many bytes come at once.
fn run(bytes: &[u8], piece: usize) -> Outcome {
    let (mut session, greeting) = Session::new(Config { size_max: 2_000, offers_tls: true, ..Config::default() });
    let mut outcome = Outcome::default();
    let mut queue = vec![greeting];
    for chunk in bytes.chunks(piece.max(1)) {
        queue.extend(session.input(chunk, &ours));
        while !queue.is_empty() {
            for output in std::mem::take(&mut queue) {
                match output {
                    Output::Reply(text) => {
                        assert!(text.ends_with("\r\n") && text.is_ascii() && text.len() < 1_000, "{text}");
                        outcome.text.push_str(&text);
                    }
                    Output::Message(it) => {
                        assert_eq!(it.to, ["help@shop.cn"], "relayed");
                        assert!(it.bytes.len() <= 2_000);
                        outcome.messages.push(it.bytes);
                        queue.extend(session.stored(Stored::Yes, &ours));
                    }
                    Output::StartTls | Output::Close => outcome.text.push_str("#\r\n"),
                }
            }
        }
    }
    outcome
}

#[test]
fn ten_thousand_malformed_dialogues_are_answered() {
    let mut draw = Draw(2026);
    let (mut answered, mut messages, mut refusals) = (0_u32, 0_usize, 0_usize);
    for _ in 0..10_000 {
        let bytes = dialogue(&mut draw);
        let at_once = run(&bytes, bytes.len());
        assert_eq!(at_once, run(&bytes, 1 + draw.below(40)), "pieces change the outcome: {}", String::from_utf8_lossy(&bytes));
        answered += 1;
        messages += at_once.messages.len();
        refusals += at_once.text.lines().filter(|it| it.starts_with('5')).count();
    }
    let figure = format!("{answered} refused or read, 0 panics");
    println!("BAR {}", serde_json::json!({"name": "malformed-smtp", "figure": figure, "target": "10,000", "holds": answered == 10_000}));
    println!("{messages} messages taken, {refusals} refusals");
    assert!(messages > 500 && refusals > 5_000, "{messages} {refusals}");
}
