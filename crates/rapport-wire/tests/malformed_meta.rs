//! Ten thousand malformed callbacks each of WhatsApp, Messenger and Instagram: each is read or refused, none panics.

mod malformer;

use rapport_wire::channel::meta::{self, Product, messenger, whatsapp};
use rapport_wire::channel::{ID_BYTES_MAX, Response};

const WHATSAPP: &[&str] = &[
    r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","messages":[{"from":"8613800138000","id":"wamid.X","timestamp":"1764000000","type":"text","text":{"body":"\u4f60\u597d \ud83d\ude00"}}]}}]}]}"#,
    r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"11"},"contacts":[{"profile":{"name":"张三"},"wa_id":"86138"}],"messages":[{"from":"86138","id":"a","timestamp":"1","type":"image","image":{"id":"9","mime_type":"image/jpeg","caption":"坏了"},"context":{"id":"wamid.Q"}},{"from":"86138","id":"b","timestamp":"1","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"r","title":"退货"}}},{"from":"86138","id":"c","timestamp":"1","type":"location","location":{"latitude":31.2,"longitude":121.4,"name":"外滩"}}]}}]}]}"#,
    r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"11"},"statuses":[{"id":"wamid.A","status":"failed","timestamp":"1764000001","recipient_id":"86138","errors":[{"code":131047,"title":"x"}]}],"errors":[{"code":130429,"title":"x","error_data":{"details":"y"}}]}}]}]}"#,
    r#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":"86138","id":"d","timestamp":"1","type":"order","order":{"text":"尽快","product_items":[{"product_retailer_id":"S","quantity":2,"item_price":9.5,"currency":"CNY"}]}},{"from":"86138","id":"e","timestamp":"1","type":"contacts","contacts":[{"name":{"formatted_name":"李"},"phones":[{"phone":"+86"}]}]},{"from":"86138","id":"f","timestamp":"1","type":"system","system":{"type":"user_changed_number","wa_id":"86139"}},{"from":"86138","id":"g","timestamp":"1","type":"reaction","reaction":{"message_id":"q","emoji":"👍"}}]}}]}]}"#,
];

const MESSENGER: &[&str] = &[
    r#"{"object":"page","entry":[{"id":"77","time":1,"messaging":[{"sender":{"id":"P1"},"recipient":{"id":"77"},"timestamp":1764000000123,"message":{"mid":"m_A","text":"订单到哪了？👨‍👩‍👧‍👦","reply_to":{"mid":"m_Q"},"attachments":[{"type":"image","payload":{"url":"https://a.example/1","sticker_id":3}},{"type":"location","payload":{"coordinates":{"lat":31.2,"long":121.4}}},{"type":"fallback","title":"x","payload":{"url":"https://a.example"}}]}}]}]}"#,
    r#"{"object":"page","entry":[{"id":"77","messaging":[{"sender":{"id":"P1"},"timestamp":1764000000123,"postback":{"title":"开始","payload":"start","referral":{"ref":"qr1"}}},{"sender":{"id":"P1"},"timestamp":1,"read":{"watermark":1764000000000}},{"sender":{"id":"P1"},"timestamp":1,"delivery":{"mids":["m_1","m_2"],"watermark":1764000000000}},{"sender":{"id":"P1"},"timestamp":1,"reaction":{"mid":"m_Q","action":"react","emoji":"❤️"}}],"standby":[{"sender":{"id":"P1"},"timestamp":1,"message_edit":{"mid":"m_A","text":"改","num_edit":1}}]}]}"#,
    r#"{"object":"page","entry":[{"id":"77","messaging":[{"sender":{"id":"77"},"recipient":{"id":"P1"},"timestamp":1,"message":{"mid":"m_E","is_echo":true,"app_id":666,"text":"答"}},{"sender":{"id":"P1"},"timestamp":1,"message":{"mid":"m_B","text":"是","quick_reply":{"payload":"y"}}},{"sender":{"id":"P1"},"timestamp":1,"message":{"mid":"m_C","is_deleted":true}}]}]}"#,
];

#[test]
fn ten_thousand_malformed_callbacks_of_whatsapp_are_refused_or_read() {
    let config = whatsapp::Config::new("11");
    let told = malformer::ten_thousand(WHATSAPP, |input| {
        let _accounts = meta::accounts(input);
        let _errors = whatsapp::account_errors(input, &config);
        let _sent = whatsapp::answer(&Response { status: 200, headers: Vec::new(), body: input.to_vec() });
        whatsapp::decode(input, &config).is_ok_and(|it| it.iter().all(|it| !it.id.is_empty() && it.id.len() <= ID_BYTES_MAX))
    });
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("whatsapp", told));
}

#[test]
fn ten_thousand_malformed_callbacks_of_messenger_are_refused_or_read() {
    let config = messenger::Config::new(Product::Messenger, "77");
    let told = malformer::ten_thousand(MESSENGER, |input| {
        let _accounts = meta::accounts(input);
        let _sent = messenger::answer(&Response { status: 200, headers: Vec::new(), body: input.to_vec() });
        messenger::decode(input, &config).is_ok_and(|it| it.iter().all(|it| !it.id.is_empty() && it.id.len() <= ID_BYTES_MAX))
    });
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("messenger", told));
}

#[test]
fn ten_thousand_malformed_callbacks_of_instagram_are_refused_or_read() {
    let seeds: Vec<String> = MESSENGER.iter().map(|it| it.replace("\"page\"", "\"instagram\"").replacen("\"messaging\":", "\"changes\":[{\"field\":\"messages\",\"value\":{\"sender\":{\"id\":\"P1\"},\"message\":{\"mid\":\"m\",\"text\":\"x\"}}}],\"messaging\":", 1)).collect();
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    let config = messenger::Config::new(Product::Instagram, "77");
    let told = malformer::ten_thousand(&seeds, |input| messenger::decode(input, &config).is_ok_and(|it| it.iter().all(|it| !it.id.is_empty() && it.id.len() <= ID_BYTES_MAX)));
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("instagram", told));
}
