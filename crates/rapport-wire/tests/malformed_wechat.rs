//! Ten thousand bent callbacks of WeChat: each is refused or read, none panics, whether it is plain or sealed by somebody who knows the token.

mod mutator;

use rapport_model::Timestamp;
use rapport_wire::channel::{
    Response,
    envelope::{Callback, Key, Secret, open, seal},
    wechat::{self, Account, Kind, Mode},
};

#[test]
fn bent_callbacks_are_refused_or_read() {
    let head = "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1764000000</CreateTime>";
    let xml = |kind: &str, fields: &str| format!("<xml>{head}<MsgType><![CDATA[{kind}]]></MsgType>{fields}</xml>").into_bytes();
    let seeds = [
        xml("text", "<Content><![CDATA[你好👨‍👩‍👧‍👦]]></Content><MsgId>24700000000000001</MsgId>"),
        xml("voice", "<MediaId>m</MediaId><Format>amr</Format><Recognition>在吗</Recognition><MsgId>2</MsgId>"),
        xml("location", "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label>天河</Label><MsgId>3</MsgId>"),
        xml("event", "<Event>subscribe</Event><EventKey>qrscene_1</EventKey>"),
        xml("event", "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>9</MsgID><Status>failed:user block</Status>"),
        r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1764000000,"MsgType":"text","Content":"😀","MsgId":18446744073709551615}"#.as_bytes().to_vec(),
        br#"{"errcode":45015,"errmsg":"out of time","msgid":1}"#.to_vec(),
    ];
    let account =
        Account { app_id: "wx1".to_owned(), original_id: Some("gh_1".to_owned()), kind: Kind::Official, mode: Mode::Plain, tolerance_ms: None, sender: None };
    let secret = Secret { token: "t".to_owned(), key: Key::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").ok() };
    let bar = mutator::ten_thousand("wechat", &seeds, |draw, bytes| {
        // The envelope itself, cut anywhere, rightly signed.
        if let Ok(mut sealed) = seal(&secret, "wx1", bytes.get(..bytes.len().min(2_000)).unwrap_or_default(), "1", "2", [7; 16]) {
            let mut cut = sealed.encrypted.clone();
            cut.truncate(draw.below(cut.len() + 1) / 4 * 4);
            sealed.signature = rapport_wire::channel::envelope::signature(&["t", "1", "2", &cut]);
            let callback = Callback { msg_signature: sealed.signature.clone(), timestamp: "1".to_owned(), nonce: "2".to_owned(), ..Callback::default() };
            let opened = open(std::slice::from_ref(&secret), &["wx1"], &callback, &cut);
            assert!(opened.is_err() || cut == sealed.encrypted, "a cut envelope was opened");
        }
        let _verified = wechat::verify(&account, std::slice::from_ref(&secret), bytes, bytes, Timestamp(0));
        let _echoed = wechat::verify_address(&account, std::slice::from_ref(&secret), bytes, Timestamp(0));
        let response =
            Response { status: 200, headers: vec![("content-disposition".to_owned(), String::from_utf8_lossy(bytes).into_owned())], body: bytes.to_vec() };
        let _answers = (
            wechat::answer(&response).is_ok(),
            wechat::token_answer(&response).is_ok(),
            wechat::user_answer(&response).is_ok(),
            wechat::fetched(response).is_ok(),
        );
        wechat::decode(&account, bytes).is_err()
    });
    println!("{bar}");
}
