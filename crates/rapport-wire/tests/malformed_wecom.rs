//! Ten thousand bent callbacks and pages of WeCom: each is refused or read, none panics.

mod mutator;

use rapport_wire::channel::{
    Response,
    wecom::{app, kf},
};

#[test]
fn bent_callbacks_and_pages_are_refused_or_read() {
    let bell = "<xml><ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>1764000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>";
    let text = "<xml><ToUserName>ww1</ToUserName><FromUserName>zhang</FromUserName><CreateTime>1764000000</CreateTime><MsgType>text</MsgType><Content>𠮷</Content><MsgId>1</MsgId><AgentID>1</AgentID></xml>";
    let page = r#"{"errcode":0,"errmsg":"ok","next_cursor":"c","has_more":1,"msg_list":[{"msgid":"1","open_kfid":"wk1","external_userid":"wm1","send_time":1764000000,"origin":3,"msgtype":"text","text":{"content":"在吗","menu_id":"1"}},{"msgid":"2","send_time":1764000000,"origin":4,"msgtype":"event","event":{"event_type":"enter_session","open_kfid":"wk1","external_userid":"wm1","scene":"s","welcome_code":"w"}},{"msgid":"3","open_kfid":"wk1","external_userid":"wm1","send_time":1764000000,"origin":5,"msgtype":"location","location":{"latitude":23.1,"longitude":113.2}}]}"#;
    let seeds: Vec<Vec<u8>> = [bell, text, page].iter().map(|it| it.as_bytes().to_vec()).collect();
    let bar = mutator::ten_thousand("wecom", &seeds, |draw, bytes| {
        let response = Response { status: if draw.below(9) == 0 { 500 } else { 200 }, headers: Vec::new(), body: bytes.to_vec() };
        let page = kf::page(&response);
        if let Ok(page) = &page {
            assert!(page.facts.iter().all(|it| it.id.len() <= 160 && !it.id.is_empty()), "{page:?}");
        }
        let _answers =
            (kf::answer(&response).is_ok(), app::answer(&response).is_ok(), kf::state_answer(&response).is_ok(), kf::customers_answer(&response).is_ok());
        page.is_err() && app::decode(bytes).is_err()
    });
    println!("{bar}");
}
