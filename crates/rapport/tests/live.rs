//! The live protocol against the real binary: answers, acknowledgement, resume, duplicates, bounds, and strangers.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::json;
use support::{Client, Server, visitor_session};

const ADA: &str = "ada@cloudstep.example";

#[tokio::test]
async fn a_question_is_answered_from_knowledge_with_its_source() {
    let server = Server::start();
    for (locale, question, told) in [("zh-CN", "我买的鞋码数不合适，可以换吗？", "换"), ("en", "The shoes are the wrong size, can I exchange them?", "exchange")] {
        let session = visitor_session(&server, locale).await;
        let mut widget = Client::connect(&server, "visitor", session["token"].as_str().expect("token"), None).await;
        widget.send_text("q1", None, question).await;
        let answer = widget.until(|it| it["event"]["message"]["content"]["type"] == "answer").await;
        let content = &answer["event"]["message"]["content"];
        let title = content["sources"][0]["title"].as_str().expect("a source");
        assert!(format!("{title}{}", content["text"]).to_lowercase().contains(told), "{content}");
        assert!(answer.get("reasons").is_none(), "reasons are not for customers: {answer}");
    }
}

#[tokio::test]
async fn customer_and_agent_talk_and_both_resume_after_the_server_was_killed() {
    let mut server = Server::start();
    let session = visitor_session(&server, "zh-CN").await;
    let token = session["token"].as_str().expect("token").to_owned();
    let agent = server.token(ADA);
    let mut desk = Client::connect(&server, "member", &agent, None).await;
    let mut widget = Client::connect(&server, "visitor", &token, None).await;

    let ack = widget.act("p1", None, json!({"action": "request_person"})).await;
    assert_eq!(ack["t"], "ack", "{ack}");
    let conversation = ack["conversation"].as_str().expect("id").to_owned();
    desk.event("offered").await;
    let accepted = desk.act("a1", Some(&conversation), json!({"action": "accept_offer"})).await;
    assert_eq!(accepted["t"], "ack", "{accepted}");
    widget.event("assigned").await;
    assert_eq!(widget.send_text("m1", None, "订单到哪了？").await["duplicate"], false);
    let heard = desk.event("message_received").await;
    assert_eq!(heard["event"]["message"]["content"]["text"], "订单到哪了？");
    let (desk_seq, widget_seq) = (desk.last_seq, widget.last_seq);

    server.kill_and_restart();
    let mut desk = Client::connect(&server, "member", &agent, Some(desk_seq)).await;
    desk.last_seq = desk_seq;
    // The same frame again, as a widget does that never saw the acknowledgement.
    let mut widget = Client::connect(&server, "visitor", &token, Some(widget_seq)).await;
    let again = widget.send_text("m1", None, "订单到哪了？").await;
    assert_eq!((&again["t"], &again["duplicate"]), (&json!("ack"), &json!(true)), "{again}");
    let answered = desk.send_text("r1", Some(&conversation), "今天下午送到 🙂").await;
    assert_eq!(answered["t"], "ack", "{answered}");
    let reply = widget.event("message_sent").await;
    assert_eq!(reply["event"]["message"]["content"]["text"], "今天下午送到 🙂");
    assert!(widget.last_seq > widget_seq);

    let replayed = server.command(&["replay", "--tenant", "demo", &conversation]);
    assert!(replayed.contains("the stored state"), "{replayed}");
    assert_eq!(replayed.matches("message_received").count(), 1, "once on the timeline:\n{replayed}");
}

#[tokio::test]
async fn strangers_hear_and_change_nothing() {
    let server = Server::start();
    let (one, other) = (visitor_session(&server, "en").await, visitor_session(&server, "en").await);
    let mut widget = Client::connect(&server, "visitor", one["token"].as_str().expect("token"), None).await;
    let ack = widget.send_text("m1", None, "hello there, private words").await;
    let conversation = ack["conversation"].as_str().expect("id").to_owned();

    // Another visitor: every frame about the conversation is answered as if it did not exist.
    let mut stranger = Client::connect(&server, "visitor", other["token"].as_str().expect("token"), Some(0)).await;
    for (id, frame) in [
        ("s1", json!({"t": "send", "id": "s1", "conversation": conversation, "content": {"type": "text", "text": "x"}})),
        ("s2", json!({"t": "act", "id": "s2", "conversation": conversation, "action": {"action": "mark_read", "up_to": 1}})),
        ("s3", json!({"t": "act", "id": "s3", "conversation": conversation, "action": {"action": "request_person"}})),
    ] {
        stranger.say(&frame).await;
        let answer = stranger.until(|it| it["id"] == id || it["event"]["message"].is_object()).await;
        assert_eq!((&answer["t"], &answer["code"]), (&json!("error"), &json!("not_found")), "{answer}");
    }
    stranger.say(&json!({"t": "typing", "conversation": conversation, "on": true})).await;
    assert_eq!(stranger.next().await["code"], "not_found");
    // A member's actions are not a visitor's.
    let refused = stranger.act("s4", None, json!({"action": "resolve"})).await;
    assert_eq!(refused["code"], "live.bad_frame");
    stranger.say(&json!({"t": "presence", "presence": "online"})).await;
    assert_eq!(stranger.next().await["code"], "auth.forbidden");

    // Without hello, with a wrong token, or with a visitor's token as a member: an error and the door.
    for first in [
        json!({"t": "ping"}),
        json!({"t": "hello", "v": 1, "as": "visitor", "token": "nonsense"}),
        json!({"t": "hello", "v": 1, "as": "member"}),
        json!({"t": "hello", "v": 1, "as": "member", "token": one["token"]}),
    ] {
        let mut anonymous = Client::connect_silently(&server).await;
        anonymous.say(&first).await;
        assert_eq!(anonymous.next().await["t"], "error", "{first}");
        assert_eq!(anonymous.next_or_close().await, Err(4401), "{first}");
    }
}

#[tokio::test]
async fn bad_frames_get_codes_and_then_the_door() {
    let server = Server::start();
    let session = visitor_session(&server, "en").await;
    let mut widget = Client::connect(&server, "visitor", session["token"].as_str().expect("token"), None).await;
    for text in ["", "{", r#"{"t":"base"}"#, r#"{"t":"send","id":"a"}"#] {
        widget.say_raw(text).await;
        assert_eq!(widget.next().await["code"], "live.bad_frame", "{text}");
    }
    // A good one still works, and a message that is too long changes nothing.
    let long = widget.send_text("l", None, &"字".repeat(8_001)).await;
    assert_eq!(long["code"], "message.too_long");
    assert_eq!(widget.send_text("e", None, "   ").await["code"], "message.empty");
    for _ in 0..6 {
        widget.say_raw("[]").await;
    }
    let code = loop {
        if let Err(code) = widget.next_or_close().await {
            break code;
        }
    };
    assert_eq!(code, 4400);
}
