//! Ten thousand malformed forms of Twilio and pushes of Alibaba Cloud: each is read or refused, none panics.

mod malformer;

use rapport_wire::channel::Response;
use rapport_wire::channel::sms::{aliyun, segments, twilio, word};

const TWILIO: &[&str] = &[
    "MessageSid=SM1&AccountSid=AC1&From=%2B8613800138000&To=%2B15551234567&Body=%E4%BD%A0%E5%A5%BD%20%F0%9F%98%80+a%2Bb%3Dc%26d&NumMedia=0",
    "MessageSid=SM2&AccountSid=AC1&From=%2B1&Body=&NumMedia=2&MediaUrl0=https%3A%2F%2Fa.example%2F0&MediaContentType0=image%2Fjpeg&MediaUrl1=https%3A%2F%2Fa.example%2F1&MediaContentType1=audio%2Famr",
    "MessageSid=SM3&AccountSid=AC1&MessageStatus=undelivered&ErrorCode=30003&To=%2B86138",
    "SmsSid=SM4&AccountSid=AC1&From=%2B1&Body=STOP&OptOutType=STOP&Latitude=31.2&Longitude=121.4&ProfileName=%E5%BC%A0",
];

const ALIYUN: &[&str] = &[
    r#"[{"phone_number":"13800138000","send_time":"2017-01-01 00:00:00","report_time":"2017-01-01 00:00:05","success":true,"err_code":"DELIVERED","err_msg":"x","sms_size":"1","biz_id":"932702304080415357^0","out_id":"k1"},{"phone_number":"13900139000","success":"false","err_code":"X","biz_id":"2"}]"#,
    r#"[{"phone_number":"13800138000","send_time":"20170901000000","content":"退订😀","sign_name":"阿里云","dest_code":"1234","sequence_id":1234567890},{"phone_number":"0085298765432","send_time":"","content":"T","sequence_id":"9"}]"#,
];

#[test]
fn ten_thousand_malformed_forms_of_twilio_are_refused_or_read() {
    let config = twilio::Config { account_sid: "AC1".to_owned(), sender: twilio::Sender::Number("+1".to_owned()), status_callback: None };
    let told = malformer::ten_thousand(TWILIO, |input| {
        let text = String::from_utf8_lossy(input);
        let callback = twilio::Callback { url: &text, signature: Some(&text), settings: Some(&text), content_type: "application/x-www-form-urlencoded", body: input };
        assert!(twilio::verify(&callback, &["secret"]).is_err());
        let signed = twilio::Callback { url: &text, signature: Some("RPUVqoL4HxdXex3yaMaUnephn98="), settings: None, content_type: "", body: input };
        assert!(twilio::verify(&signed, &["secret"]).is_err());
        let head: String = text.chars().take(500).collect();
        let _counted = (segments(&head), word(&text));
        let _sent = twilio::answer(&Response { status: 200, headers: Vec::new(), body: input.to_vec() });
        twilio::decode(input, &config).is_ok()
    });
    assert!(told.0 > 1_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("twilio", told));
}

#[test]
fn ten_thousand_malformed_pushes_of_aliyun_are_refused_or_read() {
    let told = malformer::ten_thousand(ALIYUN, |input| {
        let _sent = aliyun::answer(&Response { status: 200, headers: Vec::new(), body: input.to_vec() });
        aliyun::decode(input).is_ok_and(|it| it.iter().all(|it| !it.id.is_empty()))
    });
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("aliyun", told));
}
