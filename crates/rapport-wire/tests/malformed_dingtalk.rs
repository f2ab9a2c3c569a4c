//! Ten thousand bent messages, frames and events of DingTalk: each is refused or read, none panics.

mod mutator;

use rapport_wire::channel::{
    Response,
    dingtalk::{self, Account, Session, event, stream},
};

#[test]
fn bent_messages_frames_and_events_are_refused_or_read() {
    let message = r#"{"conversationId":"cid","conversationType":"2","msgId":"m1","senderNick":"张三","senderStaffId":"s1","senderId":"x","sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=abc","sessionWebhookExpiredTime":1764005400000,"createAt":1764000000000,"robotCode":"ding1","msgtype":"richText","content":{"richText":[{"text":"看"},{"type":"picture","downloadCode":"D1"}]}}"#;
    let text = r#"{"conversationId":"cid","conversationType":"1","msgId":"m2","senderId":"x","msgtype":"text","text":{"content":" 在吗👨‍👩‍👧‍👦 ","repliedMsg":{"msgId":"m0"}}}"#;
    let frame = serde_json::json!({"specVersion": "1.0", "type": "CALLBACK", "headers": {"messageId": "f1", "topic": "/v1.0/im/bot/messages/get", "contentType": "application/json"}, "data": text}).to_string();
    let left = r#"{"EventType":"user_leave_org","TimeStamp":"1764000000000","UserId":["s1","s2"],"CorpId":"c"}"#;
    let seeds: Vec<Vec<u8>> = [message, text, &frame, left].iter().map(|it| it.as_bytes().to_vec()).collect();
    let account = Account { robot_code: "ding1".to_owned() };
    let bar = mutator::ten_thousand("dingtalk", &seeds, |_, bytes| {
        let decoded = dingtalk::decode(&account, bytes);
        let framed = stream::frame(bytes).map(|it| (it.heard(&account).is_ok(), it.answer(true), it.answer(false)));
        for path in decoded.iter().flatten().filter_map(|it| it.from.reply_to.as_deref()).filter_map(|it| Session::parse(it).path) {
            assert!(path.starts_with("/robot/send"), "{path}");
        }
        let response = Response { status: 200, headers: Vec::new(), body: bytes.to_vec() };
        let _answers = (dingtalk::answer(&response).is_ok(), stream::opened(&response).is_ok(), dingtalk::token_answer(&response).is_ok());
        decoded.is_err() && framed.is_err() && event::decode(bytes).is_err()
    });
    println!("{bar}");
}
