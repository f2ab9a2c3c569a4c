//! People, machines, reports; and silence.

use super::read;
use crate::mail::kind::{AnswerLimits, Delivery, Kind, Outcome, Own, Sent, Silence, kind, may_answer};
use crate::mail::thread::{Keys, Purpose};

fn keys() -> Keys {
    Keys::new(vec![b"secret".to_vec()])
}

fn kind_of(head: &str, body: &str) -> Kind {
    kind(&read(&format!("{head}\n\n{body}")), &keys())
}

#[test]
fn machines_are_told_from_people() {
    let check = |head: &str, expected: Kind| assert_eq!(kind_of(&format!("From: a@x.cn\n{head}"), "x"), expected, "{head}");
    check("Subject: hi", Kind::Person);
    check("Auto-Submitted: no", Kind::Person);
    check("Auto-Submitted: auto-replied; owner-email=\"a@x.cn\"", Kind::AutoReply);
    check("Auto-Submitted: auto-generated", Kind::AutoReply);
    check("X-Autoreply: yes", Kind::AutoReply);
    check("Precedence: auto_reply", Kind::AutoReply);
    check("Subject: 自动回复: 您的来信", Kind::AutoReply);
    check("Subject: Out of Office: Refund", Kind::AutoReply);
    check("Subject: 为什么总是自动回复", Kind::Person);
    check("X-Auto-Response-Suppress: All", Kind::Person);
    check("List-Unsubscribe: <mailto:x@x.cn>", Kind::List);
    check("Precedence: bulk", Kind::List);
    check("Received: from a by b\n".repeat(60).trim_end(), Kind::OwnLoop);
    check(&format!("X-Rapport-Loop: {}", keys().sealed(Purpose::Loop, "shop").expect("sealed")), Kind::OwnLoop);
    check("X-Rapport-Loop: shop.aaaaaaaaaaaaaaaa", Kind::Person);
    check(&format!("Message-ID: <{}>", keys().message_id("c1", "m1", "shop.cn").expect("id")), Kind::OwnLoop);
}

fn report(to: &str, action: &str, status: &str) -> String {
    format!("Return-Path: <>\nFrom: MAILER-DAEMON@x.cn\nTo: {to}\nSubject: Undelivered Mail\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nSorry.\n\
        --r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.x.cn\n\nFinal-Recipient: rfc822; li@x.cn\n\
        Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no\n\n--r\nContent-Type: text/rfc822-headers\n\n\
        Message-ID: <z.9@shop.cn>\nTo: li@x.cn\n--r--\n")
}

#[test]
fn bounces_name_what_bounced() {
    let to = keys().bounce_address("shop.cn", "e-7").expect("address");
    let check = |action: &str, status: &str, outcome: Outcome| {
        let Kind::Delivery(told) = kind(&read(&report(&to, action, status)), &keys()) else { panic!("no report") };
        let expected = Delivery { outcome, status: Some(status.to_owned()), recipient: Some("li@x.cn".to_owned()), diagnostic: Some("550 no".to_owned()), key: Some("e-7".to_owned()), about: Some("z.9@shop.cn".to_owned()) };
        assert_eq!(told, expected, "{action} {status}");
    };
    check("failed", "5.1.1", Outcome::Hard);
    check("failed", "5.2.2", Outcome::Soft);
    check("failed", "5.7.1", Outcome::Soft);
    check("failed", "4.4.7", Outcome::Soft);
    check("delayed", "4.4.1", Outcome::Delayed);
    check("delivered", "2.0.0", Outcome::Delivered);
    let forged = kind(&read(&report("bounce+e-7.aaaaaaaaaaaaaaaa@shop.cn", "failed", "5.1.1")), &keys());
    assert!(matches!(forged, Kind::Delivery(Delivery { key: None, .. })), "{forged:?}");
}

#[test]
fn bounces_in_prose_are_found_and_people_who_write_about_them_are_not() {
    let qq = kind_of("Return-Path: <>\nFrom: Postmaster <Postmaster@qq.com>\nSubject: 系统退信/The email is returned", "收件人（wu@corp.com）不存在\n550 5.1.1 User unknown\n> Message-ID: <z.9@shop.cn>");
    assert!(matches!(&qq, Kind::Delivery(it) if it.outcome == Outcome::Hard && it.about.as_deref() == Some("z.9@shop.cn") && it.recipient.as_deref() == Some("wu@corp.com")), "{qq:?}");
    let full = kind_of("From: MAILER-DAEMON@x.cn\nSubject: failure notice", "<li@x.cn>:\n452 mailbox full, try later");
    assert!(matches!(&full, Kind::Delivery(it) if it.outcome == Outcome::Soft), "{full:?}");
    assert_eq!(kind_of("From: li@x.cn\nReturn-Path: <li@x.cn>\nSubject: 退信是怎么回事", "我收到 550 5.1.1"), Kind::Person);
}

#[test]
fn receipts_and_complaints_are_no_messages() {
    let receipt = kind_of("From: li@x.cn\nContent-Type: multipart/report; report-type=disposition-notification; boundary=r", "--r\n\nread\n--r\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <z.9@shop.cn>\nDisposition: manual-action/MDN-sent-manually; displayed\n--r--\n");
    assert_eq!(receipt, Kind::ReadReceipt { about: Some("z.9@shop.cn".to_owned()) });
    let complaint = kind_of("From: fbl@isp.com\nContent-Type: multipart/report; report-type=feedback-report; boundary=r", "--r\n\nabuse\n--r\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: li@x.cn\n\n--r\nContent-Type: message/rfc822\n\nMessage-ID: <news@shop.cn>\n\nx\n--r--\n");
    assert_eq!(complaint, Kind::Complaint { about: Some("news@shop.cn".to_owned()), recipient: Some("li@x.cn".to_owned()) });
}

#[test]
fn machines_are_not_answered() {
    let own = Own { addresses: vec!["help@shop.cn".to_owned()], domains: vec!["shop.cn".to_owned()] };
    let asked = |head: &str, sent: Sent| {
        let mail = read(&format!("{head}\n\nx"));
        may_answer(&mail, &kind(&mail, &keys()), &own, sent, AnswerLimits::default())
    };
    let check = |head: &str, expected: Result<(), Silence>| assert_eq!(asked(head, Sent::default()), expected, "{head}");
    check("From: li@x.cn\nReturn-Path: <li@x.cn>", Ok(()));
    check("From: li@x.cn\nAuto-Submitted: no", Ok(()));
    check("From: li@x.cn\nAuto-Submitted: auto-generated", Err(Silence::AutoSubmitted));
    check("From: li@x.cn\nPrecedence: bulk", Err(Silence::Bulk));
    check("From: li@x.cn\nList-Id: <a.b>", Err(Silence::Bulk));
    check("From: li@x.cn\nX-Auto-Response-Suppress: OOF", Err(Silence::Suppressed));
    check("From: li@x.cn\nReturn-Path: <>", Err(Silence::NoReturnPath));
    check("From: no-reply@x.cn", Err(Silence::NobodyReads));
    check("From: notifications-noreply@x.cn", Err(Silence::NobodyReads));
    check("From: MAILER-DAEMON@x.cn", Err(Silence::NobodyReads));
    check("From: li@x.cn\nReply-To: do_not_reply@x.cn", Err(Silence::NobodyReads));
    check("From: Help@Shop.cn", Err(Silence::OurOwn));
    check("From: colleague@shop.cn", Err(Silence::OurOwn));
    check("From: li@x.cn\nReply-To: help@shop.cn", Err(Silence::OurOwn));
    check("From: li@x.cn\nSubject: 自动回复：好的", Err(Silence::NotAPerson));
    assert_eq!(asked("From: li@x.cn", Sent { to_sender_day: 1, inbox_hour: 0 }), Err(Silence::SenderHadOne));
    assert_eq!(asked("From: li@x.cn", Sent { to_sender_day: 0, inbox_hour: 10 }), Err(Silence::TooManyThisHour));
    assert_eq!(asked("From: li@x.cn", Sent { to_sender_day: 0, inbox_hour: 9 }), Ok(()));
}

#[test]
fn two_desks_that_answer_each_other_stop() {
    let mut answers = 0;
    for _ in 0..200 {
        let mail = read("From: desk@other.cn\nSubject: We got your mail\n\nx");
        let sent = Sent { to_sender_day: answers, inbox_hour: answers };
        if may_answer(&mail, &kind(&mail, &keys()), &Own::default(), sent, AnswerLimits::default()).is_ok() {
            answers += 1;
        }
    }
    assert_eq!(answers, 1);
}
