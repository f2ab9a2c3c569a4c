//! Dialogues.

use super::*;

fn ours(to: &str) -> Verdict {
    match to.to_lowercase().as_str() {
        "help@shop.cn" | "客服@shop.cn" | "postmaster" | "sales@shop.cn" => Verdict::Ours,
        "busy@shop.cn" => Verdict::Later,
        it if it.ends_with("@shop.cn") => Verdict::Unknown,
        _ => Verdict::Foreign,
    }
}

fn config() -> Config {
    Config { host: "mx.shop.cn".to_owned(), size_max: 1_000, recipients_max: 2, messages_max: 3, faults_max: 8, offers_tls: true, requires_tls: false }
}

/// Every output of a dialogue: replies by their first code, messages as `message`; the store takes everything.
fn run(config: Config, input: &[&str]) -> (Vec<String>, Vec<Envelope>) {
    let (mut session, greeting) = Session::new(config);
    let (mut told, mut messages) = (Vec::new(), Vec::new());
    let mut queue = vec![greeting];
    for piece in input {
        queue.extend(session.input(piece.as_bytes(), &ours));
        while !queue.is_empty() {
            for output in std::mem::take(&mut queue) {
                match output {
                    Output::Reply(text) => told.extend(text.lines().filter_map(|it| it.split_at_checked(3)).filter(|it| it.1.starts_with(' ')).map(|it| it.0.to_owned())),
                    Output::Message(it) => {
                        messages.push(*it);
                        queue.extend(session.stored(Stored::Yes, &ours));
                    }
                    Output::StartTls => {
                        told.push("tls".to_owned());
                        session.secured();
                    }
                    Output::Close => told.push("close".to_owned()),
                }
            }
        }
    }
    (told, messages)
}

fn check(input: &[&str], expected: &str) -> Vec<Envelope> {
    let (told, messages) = run(config(), input);
    assert_eq!(told.join(" "), expected, "{input:?}");
    messages
}

const HEAD: &str = "EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<help@shop.cn>\r\nDATA\r\n";

#[test]
fn a_message_comes_in_whatever_pieces() {
    let dialogue = format!("{HEAD}Subject: s\r\n\r\n..dot\r\n.\r\nQUIT\r\n");
    for size in [1, 2, 3, 7, dialogue.len()] {
        let pieces: Vec<&str> = dialogue.as_bytes().chunks(size).map(|it| std::str::from_utf8(it).expect("ascii")).collect();
        let messages = check(&pieces, "220 250 250 250 354 250 221 close");
        assert_eq!(messages[0].bytes, b"Subject: s\r\n\r\n.dot\r\n");
        assert_eq!((messages[0].from.as_deref(), messages[0].to.as_slice(), messages[0].bare_line_ends), (Some("li@x.cn"), ["help@shop.cn".to_owned()].as_slice(), false));
    }
}

#[test]
fn nothing_is_smuggled_behind_a_lone_line_end() {
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\n\0.\r\n"] {
        let dialogue = format!("{HEAD}one{end}MAIL FROM:<evil@x.cn>\r\nRCPT TO:<help@shop.cn>\r\nDATA\r\ntwo\r\n.\r\n");
        let messages = check(&[&dialogue], "220 250 250 250 354 250");
        assert_eq!(messages.len(), 1, "{end:?}");
        let text = String::from_utf8_lossy(&messages[0].bytes).into_owned();
        assert!(text.contains("evil@x.cn") && (messages[0].bare_line_ends || end.contains('\0')), "{end:?}");
    }
}

#[test]
fn nothing_is_relayed_and_nobody_unknown_is_written_to() {
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<you@other.cn>\r\nDATA\r\n"], "220 250 250 550 554");
    check(&["EHLO a\r\nMAIL FROM:<help@shop.cn>\r\nRCPT TO:<you@other.cn>\r\n"], "220 250 250 550");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<you%other.cn@shop.cn>\r\n"], "220 250 250 550");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<\"you@other.cn\"@shop.cn>\r\n"], "220 250 250 550");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<@shop.cn:you@other.cn>\r\n"], "220 250 250 550");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<nobody@shop.cn>\r\nRCPT TO:<busy@shop.cn>\r\nRCPT TO:<postmaster>\r\n"], "220 250 250 550 451 250");
}

#[test]
fn limits_are_kept() {
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn> SIZE=2000\r\n"], "220 250 552");
    let large = format!("{HEAD}{}\r\n.\r\nNOOP\r\n", "x".repeat(3_000));
    assert!(check(&[&large], "220 250 250 250 354 552 250").is_empty());
    check(&["EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<help@shop.cn>\r\nRCPT TO:<sales@shop.cn>\r\nRCPT TO:<postmaster>\r\n"], "220 250 250 250 250 452");
    let long = format!("EHLO {}\r\nNOOP\r\n", "x".repeat(5_000));
    check(&[&long], "220 500 250");
    let pieces: Vec<&str> = std::iter::repeat_n("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 100).chain(["\r\nNOOP\r\n"]).collect();
    check(&pieces, "220 500 250");
    check(&["X\r\n".repeat(12).as_str()], "220 500 500 500 500 500 500 500 500 500 421 close");
    let many = "MAIL FROM:<li@x.cn>\r\nRCPT TO:<help@shop.cn>\r\nDATA\r\nx\r\n.\r\n".repeat(4);
    assert_eq!(check(&["EHLO a\r\n", &many], "220 250 250 250 354 250 250 250 354 250 250 250 354 250 421 close").len(), 3);
}

#[test]
fn order_and_syntax_are_asked_for() {
    check(&["MAIL FROM:<li@x.cn>\r\n"], "220 503");
    check(&["EHLO a\r\nRCPT TO:<help@shop.cn>\r\nDATA\r\n"], "220 250 503 503");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nMAIL FROM:<li@x.cn>\r\n"], "220 250 250 503");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRSET\r\nRCPT TO:<help@shop.cn>\r\n"], "220 250 250 250 503");
    check(&["EHLO\r\nEHLO a b\r\nHELO a\r\nVRFY x\r\nEXPN x\r\nHELP\r\nNOOP x\r\nAUTH PLAIN AGEAYg==\r\n"], "220 501 501 250 252 502 214 250 502");
    check(&["EHLO a\r\nMAIL FROM:li@x.cn\r\nMAIL FROM:<li@>\r\nMAIL FROM:<li@x.cn>x\r\nMAIL FROM:<li@x.cn> AUTH=x\r\nMAIL FROM:<li@x.cn> BODY=8BITMIME\r\n"], "220 250 501 501 501 555 250");
    check(&["NOOP\n", "NOOP\r\r\n", "NOOP\r\n"], "220 500 500 250");
    check(&["GET / HTTP/1.1\r\nHost: mx\r\n"], "220 554 close");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn\0>\r\n"], "220 250 500");
}

#[test]
fn addresses_beyond_ascii_ask_for_it_first() {
    check(&["EHLO a\r\nMAIL FROM:<李@x.cn>\r\n"], "220 250 553");
    let dialogue = "EHLO a\r\nMAIL FROM:<李@x.cn> SMTPUTF8\r\nRCPT TO:<客服@shop.cn>\r\nDATA\r\nx\r\n.\r\n";
    let messages = check(&[dialogue], "220 250 250 250 354 250");
    assert_eq!((messages[0].utf8, messages[0].to[0].as_str()), (true, "客服@shop.cn"));
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nRCPT TO:<客服@shop.cn>\r\n"], "220 250 250 553");
}

#[test]
fn what_came_before_the_handshake_is_not_executed_after_it() {
    check(&["EHLO a\r\nSTARTTLS\r\nMAIL FROM:<evil@x.cn>\r\n", "RCPT TO:<help@shop.cn>\r\n"], "220 250 220 tls 503");
    check(&["EHLO a\r\nMAIL FROM:<li@x.cn>\r\nSTARTTLS\r\n", "EHLO a\r\nRCPT TO:<help@shop.cn>\r\nSTARTTLS\r\n"], "220 250 250 220 tls 250 503 502");
    let (told, _) = run(Config { offers_tls: false, ..config() }, &["EHLO a\r\nSTARTTLS\r\n"]);
    assert_eq!(told, ["220", "250", "502"]);
    let (told, _) = run(Config { requires_tls: true, ..config() }, &["EHLO a\r\nMAIL FROM:<li@x.cn>\r\n"]);
    assert_eq!(told, ["220", "250", "530"]);
}

#[test]
fn a_message_that_was_not_stored_is_not_acknowledged() {
    for (stored, code) in [(Stored::Later, "451"), (Stored::Refused, "554")] {
        let (mut session, _) = Session::new(config());
        let outputs = session.input(format!("{HEAD}x\r\n.\r\nNOOP\r\n").as_bytes(), &ours);
        assert!(matches!(outputs.last(), Some(Output::Message(_))), "{outputs:?}");
        assert!(session.input(b"NOOP\r\n", &ours).is_empty());
        let after = session.stored(stored, &ours);
        assert!(matches!(&after[..], [Output::Reply(first), Output::Reply(_), Output::Reply(_)] if first.starts_with(code)), "{after:?}");
        assert!(session.stored(Stored::Yes, &ours).is_empty());
    }
}

#[test]
fn the_extensions_are_told() {
    let (mut session, _) = Session::new(config());
    let outputs = session.input(b"EHLO a\r\n", &ours);
    let expected = "250-mx.shop.cn\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n";
    assert_eq!(outputs, [Output::Reply(expected.to_owned())]);
}
