//! WeChat Official Accounts: callbacks in safe mode, answers by customer-service messages with a token that ends in between.

use serde_json::json;

use crate::{
    Firm,
    provider::{Call, Provider, Said, json as answered},
    text,
};

/// The vectors that WeChat's own clients agree on.
const APP: &str = "wx1234567890abcdef";
const TOKEN: &str = "omni_token_2026";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const ENCRYPTED: &str = "Q3stYC6hdFzMh9T8HCvyDBmjwkyGYbsgrGETLEqRw4bLUTD8s1n85O+iNvoGqsKdd/TZgW4VwGCsliUqUS5RHaDR7bPxHi3sknEjhHWVs9qz2K2W7IwpitCUxYXezl4TcI85GVlPpRUvEmvlxup81J9/u3Y++eir/AD5f/O3z0uN0sWNE53xE6WS93Ly0LcSCzHT9Zx7+KebLYRr8f4Y+KEmUCTxYJlE2/DK+YWOzpLBFQrQBCNZmbevy9ZVWsmjiJnwB6xcQeH3aet9IUEZRSPDw4lUTXAEptYMUZ1YWNt0X3tsbB8SjS0SQdf9xspUI7u6/dTOXjnI5RNZoInA00vwc16sqw57rZjaS3nx/qjuqFGUc+a76SXYX5wQZsaJIp9C9HwE42Wbcz5DJn9qjjMheBhSzH2ZFQ44iWq5lThwZ/175BaHyZ5cIcp8YjrluNrtdhz0JmMBafNpuK7npw==";
const SIGNATURE: &str = "bd0e82ae250df0c8da6286e55fccf2a7029acef8";
const QUERY_SIGNATURE: &str = "e33ac390f32ed9159ba9851ba744cb088778b8e7";

/// The first token ends at once: WeChat then says so with status 200.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    answered(&match path {
        "/cgi-bin/stable_token" | "/cgi-bin/token" => json!({"access_token": format!("T{number}"), "expires_in": 7_200}),
        "/cgi-bin/message/custom/send" if call.path.contains("access_token=T0") => json!({"errcode": 42_001, "errmsg": "access_token expired"}),
        _ => json!({"errcode": 0, "errmsg": "ok"}),
    })
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("wechat", json!({"app_id": APP, "app_secret": "secret", "token": TOKEN, "aes_key": KEY, "mode": "safe", "base_url": provider.base})).await
}

#[tokio::test]
async fn a_callback_in_safe_mode_is_a_message_and_the_answer_goes_out_with_a_fresh_token() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let client = reqwest::Client::new();
    let check = format!("{}?signature={QUERY_SIGNATURE}&timestamp=1764000000&nonce=987654321&echostr=616140317555161061", firm.callback());
    let echoed = client.get(check).send().await.expect("answer").text().await.expect("text");
    assert_eq!(echoed, "616140317555161061", "as it was told, without anything around it");

    let body = format!("<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt></xml>");
    let call = |signature: &str| {
        let url = format!("{}?signature={QUERY_SIGNATURE}&timestamp=1764000000&nonce=987654321&encrypt_type=aes&msg_signature={signature}", firm.callback());
        let request = client.post(url).header("content-type", "text/xml").body(body.clone());
        async move { request.send().await.expect("answer") }
    };
    let told = futures::future::join_all((0..5).map(|_| call(SIGNATURE))).await;
    for answer in told {
        assert_eq!((answer.status().as_u16(), answer.text().await.expect("text").as_str()), (200, "success"));
    }
    let wrong = SIGNATURE.replace('b', "c");
    assert_eq!(call(&wrong).await.status().as_u16(), 401);

    let conversations = firm.conversations().await;
    assert_eq!(conversations.len(), 1, "{conversations:?}");
    let conversation = text(&conversations[0]["id"]);
    assert_eq!(firm.said(&conversation).await, [json!({"type": "text", "text": "你好,订单到哪了?😀𠮷"})]);
    firm.until(&conversation, "the answer went out", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = provider.calls(|it| it.path.starts_with("/cgi-bin/message/custom/send"));
    assert!(sends[0].path.contains("access_token=T0") && sends[1].path.contains("access_token=T2"), "{:?}", sends.iter().map(|it| &it.path).collect::<Vec<_>>());
    assert_eq!((sends[1].json()["touser"].clone(), sends[1].json()["msgtype"].clone()), (json!("oOPENID_test_0001"), json!("msgmenu")), "{}", sends[1].json());
    assert!(String::from_utf8_lossy(&sends[1].body).is_ascii() || !String::from_utf8_lossy(&sends[1].body).contains("\\u"), "no escapes, which WeChat shows as they are");
}
