//! Ten thousand bent events of Feishu: each is refused or read, none panics.

mod mutator;

use rapport_model::Timestamp;
use rapport_wire::channel::{
    Response,
    feishu::{self, Account, Received, Secret, Signed},
};

#[test]
fn bent_events_are_refused_or_read() {
    let event = |kind: &str, content: &str| {
        let message = serde_json::json!({"message_id": "om_1", "chat_id": "oc_1", "chat_type": "group", "message_type": kind, "content": content, "parent_id": "om_0",
            "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "助手"}]});
        let header =
            serde_json::json!({"event_id": "e1", "event_type": "im.message.receive_v1", "create_time": "1764000000000", "token": "t", "app_id": "cli_1"});
        serde_json::json!({"schema": "2.0", "header": header, "event": {"sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user"}, "message": message}}).to_string()
    };
    let texts = [
        event("text", r#"{"text":"@_user_1 你好👨‍👩‍👧‍👦"}"#),
        event("post", r#"{"title":"t","content":[[{"tag":"text","text":"a"},{"tag":"img","image_key":"i"}],[{"tag":"at","user_id":"@_user_1"}]]}"#),
        r#"{"challenge":"c","token":"t","type":"url_verification"}"#.to_owned(),
        r#"{"uuid":"u","token":"t","ts":"1764000000.1","type":"event_callback","event":{"type":"message","open_id":"ou_1","open_message_id":"om_1","msg_type":"text","text":"好"}}"#.to_owned(),
        r#"{"encrypt":"AAECAwQFBgcICQoLDA0OD4aOe5MPNyHaQw5kxc9oaRBB3Gd8rI8paH1TjjjR+TVrb4zWln9J4W+KlD7R+auZdCiSfuVgWna0gZcb/PlupXJMmH9beVRWYT0+fSa1Qy6EC0YtvJcDKPl7iU1z/grBXQ=="}"#.to_owned(),
    ];
    let seeds: Vec<Vec<u8>> = texts.iter().map(|it| it.as_bytes().to_vec()).collect();
    let account = Account { app_id: "cli_1".to_owned(), robot: Some("ou_bot".to_owned()), tolerance_ms: None };
    let secrets = [
        Secret { verification_token: "t".to_owned(), encrypt_key: None },
        Secret { verification_token: "omni_verification_token".to_owned(), encrypt_key: Some("omni_encrypt_key_2026".to_owned()) },
    ];
    let bar = mutator::ten_thousand("feishu", &seeds, |_, bytes| {
        let response = Response { status: 200, headers: vec![("content-type".to_owned(), "application/json".to_owned())], body: bytes.to_vec() };
        let _answers = (feishu::answer(&response).is_ok(), feishu::user_answer(&response).is_ok(), feishu::fetched(response).is_ok());
        if let Ok(value) = serde_json::from_slice(bytes) {
            let _decoded = feishu::decode(&account, &value);
        }
        match feishu::verify(&account, &secrets, Signed::default(), bytes, Timestamp(0)) {
            Ok(Received::Event(event)) => feishu::decode(&account, &event).is_err(),
            Ok(Received::Challenge(_)) => false,
            Err(_) => true,
        }
    });
    println!("{bar}");
}
