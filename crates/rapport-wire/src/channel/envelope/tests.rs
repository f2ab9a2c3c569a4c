//! The envelope against what others made, and against every way to bend it.

use super::*;
use crate::channel::fields::xml;
use serde_json::Value;

/// Made by the SDKs of others.
pub(crate) fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/envelopes.json")).expect("vectors")
}

pub(crate) fn secret() -> Secret {
    let vectors = vectors();
    Secret { token: vectors.text("token"), key: Some(Key::parse(&vectors.text("aes_key")).expect("key")) }
}

pub(crate) fn callback(msg_signature: &str) -> Callback {
    let vectors = vectors();
    Callback { msg_signature: msg_signature.to_owned(), timestamp: vectors.text("timestamp"), nonce: vectors.text("nonce"), ..Callback::default() }
}

fn random() -> [u8; 16] {
    vectors().text("random").as_bytes().try_into().expect("16 bytes")
}

fn other() -> Secret {
    Secret { token: "another".to_owned(), key: Some(Key([7; 32])) }
}

#[test]
fn a_key_with_odd_last_bits_is_read() {
    let Key(bytes) = secret().key.expect("key");
    assert_eq!(bytes.iter().map(|it| format!("{it:02x}")).collect::<String>(), vectors().text("wx_key_hex"));
    for bad in ["", "abc", &"a".repeat(44), &"!".repeat(43), &"好".repeat(43)] {
        assert!(Key::parse(bad).is_err(), "{bad}");
    }
    assert_eq!(format!("{:?}", secret()), "Secret(…)");
}

#[test]
fn an_address_is_verified() {
    let vectors = vectors();
    let told = Callback { signature: vectors.text("wx_get_signature"), ..callback("") };
    assert_eq!(signature(&[&vectors.text("token"), &told.timestamp, &told.nonce]), told.signature);
    assert_eq!(verify_query(&[other(), secret()], &told), Ok(()));
    let check = |bent: Callback| assert_eq!(verify_query(&[secret()], &bent), Err(WireFault::BadSignature), "{bent:?}");
    check(Callback { timestamp: "1764000001".to_owned(), ..told.clone() });
    check(Callback { nonce: "987654320".to_owned(), ..told.clone() });
    check(Callback { signature: String::new(), ..told.clone() });
    check(Callback { signature: told.signature.to_uppercase(), ..told.clone() });
    assert!(verify_query(&[], &told).is_err() && verify_query(&[other()], &told).is_err());
    // A token that was never filled in signs nothing.
    let empty = Secret { token: String::new(), key: None };
    let forged = Callback { signature: signature(&["", "1", "2"]), timestamp: "1".to_owned(), nonce: "2".to_owned(), ..Callback::default() };
    assert!(verify_query(&[empty], &forged).is_err());
}

#[test]
fn what_the_sdks_sealed_is_opened_and_sealed_the_same() {
    let vectors = vectors();
    let check = |plain: &str, encrypted: &str, signed: Option<&str>, receiver: &str| {
        let (plain, encrypted, receiver) = (vectors.text(plain), vectors.text(encrypted), vectors.text(receiver));
        let signed = signed.map_or_else(|| signature(&[&vectors.text("token"), "1764000000", "987654321", &encrypted]), |it| vectors.text(it));
        let told = callback(&signed);
        let opened = open(&[other(), secret()], &["elsewhere", &receiver], &told, &encrypted);
        assert_eq!(opened.map(|it| String::from_utf8(it).expect("text")), Ok(plain.clone()));
        let sealed = seal(&secret(), &receiver, plain.as_bytes(), &told.timestamp, &told.nonce, random()).expect("sealed");
        assert_eq!((sealed.encrypted, sealed.signature), (encrypted.clone(), signed));
        // Another receiver; a key that is not ours; a token that is not ours.
        assert_eq!(open(&[secret()], &["elsewhere", ""], &told, &encrypted), Err(WireFault::NotOurs));
        let wrong_key = Secret { key: other().key, ..secret() };
        assert!(open(&[wrong_key], &[&receiver], &told, &encrypted).is_err());
        assert_eq!(open(&[other()], &[&receiver], &told, &encrypted), Err(WireFault::BadSignature));
    };
    check("wx_plain_xml", "wx_encrypt", Some("wx_msg_signature"), "app_id");
    check("wx_pad32_plain", "wx_pad32_encrypt", None, "app_id");
    check("wecom_plain", "wecom_encrypt", Some("wecom_msg_signature"), "wecom_corp");
    check("wecom_echo_plain", "wecom_echostr", Some("wecom_echo_sig"), "wecom_corp");
}

#[test]
fn each_flipped_bit_is_seen() {
    let vectors = vectors();
    let (encrypted, told) = (vectors.text("wx_encrypt"), callback(&vectors.text("wx_msg_signature")));
    let app = vectors.text("app_id");
    let refused = |told: &Callback, encrypted: &str| assert_eq!(open(&[secret()], &[&app], told, encrypted), Err(WireFault::BadSignature));
    for at in 0..encrypted.len() {
        let mut bent = encrypted.clone().into_bytes();
        bent[at] ^= 1;
        refused(&told, &String::from_utf8_lossy(&bent));
    }
    for at in 0..told.msg_signature.len() {
        let mut bent = told.msg_signature.clone().into_bytes();
        bent[at] ^= 1;
        refused(&callback(&String::from_utf8_lossy(&bent)), &encrypted);
    }
    refused(&Callback { timestamp: "1764000001".to_owned(), ..told.clone() }, &encrypted);
    refused(&Callback { nonce: "987654322".to_owned(), ..told.clone() }, &encrypted);
}

/// Signed rightly by somebody who knows the token, yet bent within: no bit of it may bring a panic or another receiver.
#[test]
fn what_is_signed_but_torn_is_refused() {
    let app = vectors().text("app_id");
    let sealed = |message: &str| seal(&secret(), &app, message.as_bytes(), "1", "2", random()).expect("sealed").encrypted;
    let bytes = LENIENT.decode(sealed("<xml></xml>")).expect("base64");
    let tried = |bytes: &[u8]| {
        let encrypted = STANDARD.encode(bytes);
        let told = Callback {
            msg_signature: signature(&[&secret().token, "1", "2", &encrypted]),
            timestamp: "1".to_owned(),
            nonce: "2".to_owned(),
            ..Callback::default()
        };
        open(&[secret()], &[&app], &told, &encrypted)
    };
    assert!(tried(&bytes).is_ok());
    for length in 0..bytes.len() {
        assert!(tried(&bytes[..length]).is_err(), "{length}");
    }
    for at in 16..bytes.len() {
        for bit in 0..8 {
            let mut bent = bytes.clone();
            bent[at] ^= 1 << bit;
            assert!(tried(&bent).is_err(), "{at} {bit}");
        }
    }
}

#[test]
fn answers_are_read_back_by_the_other_side() {
    let sealed = seal(&secret(), "wx1", "👨‍👩‍👧‍👦𠮷".as_bytes(), "1764000000", "n1", [3; 16]).expect("sealed");
    let tree = xml(&sealed.xml()).expect("xml");
    let told = Callback { msg_signature: tree.text("MsgSignature"), timestamp: tree.text("TimeStamp"), nonce: tree.text("Nonce"), ..Callback::default() };
    assert_eq!(open(&[secret()], &["wx1"], &told, &tree.text("Encrypt")).as_deref(), Ok("👨‍👩‍👧‍👦𠮷".as_bytes()));
    assert_eq!(encrypted_of(&sealed.json()), Ok(Some(sealed.encrypted.clone())));
    assert_eq!(encrypted_of(&sealed.xml()), Ok(Some(sealed.encrypted)));
    assert_eq!(encrypted_of(b"<xml><MsgType>text</MsgType></xml>"), Ok(None));
}

#[test]
fn time_stamps_count_only_where_asked_for() {
    let at = |timestamp: &str| Callback { timestamp: timestamp.to_owned(), ..Callback::default() };
    let now = Timestamp(1_764_000_000_000);
    let check =
        |timestamp: &str, tolerance: Option<i64>, expected: Result<(), WireFault>| assert_eq!(at(timestamp).fresh(now, tolerance), expected, "{timestamp}");
    check("1", None, Ok(()));
    check("1764000600", Some(600_000), Ok(()));
    check("1763999399", Some(600_000), Err(WireFault::Stale));
    check("1764000601", Some(600_000), Err(WireFault::Stale));
    check("1764000000001", Some(600_000), Ok(()));
    check("", Some(600_000), Err(WireFault::Stale));
    check("-9223372036854775808", Some(600_000), Err(WireFault::Stale));
}

#[test]
fn a_plus_that_was_decoded_before_is_not_decoded_again() {
    let told = Callback::read(b"msg_signature=a&timestamp=1&nonce=2&echostr=x%2By+z%3D%3D&nonce=3&echostr");
    assert_eq!((told.echostr.as_str(), told.nonce.as_str(), told.msg_signature.as_str()), ("x+y z==", "2", "a"));
}
