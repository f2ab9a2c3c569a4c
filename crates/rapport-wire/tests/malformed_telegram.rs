//! Ten thousand malformed updates of Telegram: each is read or refused, none panics.

mod malformer;

use rapport_wire::channel::{Response, WireFault, telegram};

const SEEDS: &[&str] = &[
    r#"{"update_id":7,"message":{"message_id":5,"date":1764000000,"chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false,"first_name":"三","last_name":"张","language_code":"zh-hans"},"text":"订单到哪了？👨‍👩‍👧‍👦","reply_to_message":{"message_id":4}}}"#,
    r#"{"update_id":8,"message":{"message_id":6,"date":1764000000,"chat":{"id":-1001,"type":"supergroup"},"is_topic_message":true,"message_thread_id":3,"from":{"id":42,"first_name":"三"},"media_group_id":"g1","caption":"坏了","photo":[{"file_id":"a","width":90,"height":90,"file_size":1200},{"file_id":"b","width":1280,"height":960}]}}"#,
    r#"{"update_id":9,"edited_message":{"message_id":5,"date":1764000000,"edit_date":1764000009,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"三"},"document":{"file_id":"d","file_name":"../账单.pdf","mime_type":"application/pdf","file_size":77}}}"#,
    r#"{"update_id":10,"callback_query":{"id":"99","from":{"id":42,"first_name":"三"},"data":"y","message":{"message_id":8,"chat":{"id":42,"type":"private"},"reply_markup":{"inline_keyboard":[[{"text":"是","callback_data":"y"}]]}}}}"#,
    r#"{"update_id":11,"my_chat_member":{"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"三"},"date":1764000000,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}}"#,
    r#"{"update_id":12,"message":{"message_id":9,"date":1764000000,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"三"},"venue":{"location":{"latitude":31.23,"longitude":121.47},"title":"外滩","address":"上海"}}}"#,
    r#"{"update_id":13,"message":{"message_id":9,"date":1764000000,"chat":{"id":-5,"type":"group"},"from":{"id":42,"first_name":"三"},"migrate_to_chat_id":-1001234567890}}"#,
];

#[test]
fn ten_thousand_malformed_updates_are_refused_or_read() {
    let told = malformer::ten_thousand(SEEDS, |input| {
        // As an answer to asking, too, with the update among others.
        let page = [&b"{\"ok\":true,\"result\":["[..], input, b"]}"].concat();
        let response = Response { status: 200, headers: Vec::new(), body: page };
        let _read = telegram::page(&response).map(|it| telegram::joined(it.told));
        let _sent = telegram::answer(&Response { body: input.to_vec(), ..response });
        match telegram::decode(input) {
            Ok(facts) => facts.iter().all(|it| !it.id.is_empty() && it.id.len() <= 200),
            Err(fault) => {
                assert!(matches!(fault, WireFault::Malformed(_)), "{fault}");
                false
            }
        }
    });
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("telegram", told));
}
