//! Standard Webhooks 1.0: requests signed and verified, when they are tried again, and what an answer means. Source: github.com/standard-webhooks/standard-webhooks.

mod delivery;

pub use delivery::{ATTEMPTS_MAX, Outcome, next_attempt, outcome};

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rapport_model::{SECOND_MS, Timestamp};

use super::{WireFault, mac};

pub const ID_HEADER: &str = "webhook-id";
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// One signature or several, with blanks between them.
pub const SIGNATURE_HEADER: &str = "webhook-signature";
/// How far the sender's clock may be from ours, either way. Units: seconds.
pub const TOLERANCE_S: i64 = 300;
/// Longest id that is taken. Units: bytes.
const ID_BYTES_MAX: usize = 256;
/// Most signatures of one request that are looked at.
const SIGNATURES_MAX: usize = 16;
const PREFIX: &str = "whsec_";

/// A shared secret of 24 to 64 bytes.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Of the form that is shown to people: `whsec_` and base64. The prefix may be left out. Errors: `Malformed`.
    pub fn parse(text: &str) -> Result<Self, WireFault> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(|error| WireFault::malformed(format!("secret: {error}")))?;
        Self::new(&bytes)
    }

    /// `bytes`: 24 to 64 of the shell's entropy.
    pub fn new(bytes: &[u8]) -> Result<Self, WireFault> {
        if !(24..=64).contains(&bytes.len()) {
            return Err(WireFault::malformed("a secret has 24 to 64 bytes"));
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The form that is shown to whoever receives. Shape: `whsec_<base64>`.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    fn signature(&self, id: &str, seconds: &str, body: &[u8]) -> Vec<u8> {
        mac::sha256(&self.0, &[id.as_bytes(), b".", seconds.as_bytes(), b".", body])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// The three headers of a request, names in lower case. `id`: the same in every attempt, so that the receiver knows a repetition; without a full stop. While a
/// secret is changed, both sign. Shape of a signature: `v1,<base64 of HMAC-SHA-256 over id.seconds.body>`.
pub fn headers(secrets: &[Secret], id: &str, at: Timestamp, body: &[u8]) -> Vec<(String, String)> {
    let seconds = at.0.div_euclid(SECOND_MS).to_string();
    let signatures: Vec<String> = secrets.iter().map(|it| format!("v1,{}", STANDARD.encode(it.signature(id, &seconds, body)))).collect();
    vec![(ID_HEADER.to_owned(), id.to_owned()), (TIMESTAMP_HEADER.to_owned(), seconds), (SIGNATURE_HEADER.to_owned(), signatures.join(" "))]
}

/// The three headers as they came.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signature: &'a str,
}

/// Checks a request: the signature first, then the time; versions of signatures that are not known are passed over. A request that is sent again within the
/// tolerance passes too: its id is to be kept for as long. `secrets`: those in force. Errors: `BadSignature`, `Stale`, `Malformed`.
pub fn verify(signed: &Signed<'_>, body: &[u8], secrets: &[Secret], now: Timestamp) -> Result<(), WireFault> {
    // With a full stop in it, what is signed could be divided in two ways.
    if signed.id.is_empty() || signed.id.len() > ID_BYTES_MAX || signed.id.contains('.') {
        return Err(WireFault::malformed("webhook-id"));
    }
    // As written, since the text is what was signed; only digits, so that one moment has one text.
    let is_number = (1..=12).contains(&signed.timestamp.len()) && signed.timestamp.bytes().all(|it| it.is_ascii_digit());
    let seconds = signed.timestamp.parse::<i64>().ok().filter(|_| is_number).ok_or_else(|| WireFault::malformed("webhook-timestamp"))?;
    let told: Vec<Vec<u8>> = signed.signature.split(' ').take(SIGNATURES_MAX).filter_map(|it| STANDARD.decode(it.strip_prefix("v1,")?).ok()).collect();
    let mut matches = false;
    for secret in secrets {
        let expected = secret.signature(signed.id, signed.timestamp, body);
        for told in &told {
            matches |= mac::same(told, &expected);
        }
    }
    if !matches {
        return Err(WireFault::BadSignature);
    }
    let apart = now.0.div_euclid(SECOND_MS).saturating_sub(seconds);
    if (-TOLERANCE_S..=TOLERANCE_S).contains(&apart) { Ok(()) } else { Err(WireFault::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: Timestamp = Timestamp(1_764_000_000_000);
    const BODY: &str = r#"{"test": 2432232314,"文":"你好"}"#;
    const BARE: &str = "z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ=";
    const SIGNATURE: &str = "v1,z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ=";

    fn secret(text: &str) -> Secret {
        Secret::parse(text).expect("secret")
    }

    fn check(signature: &str, timestamp: &str, id: &str, body: &[u8], now: Timestamp, expected: Result<(), WireFault>) {
        assert_eq!(verify(&Signed { id, timestamp, signature }, body, &[secret(SECRET)], now), expected, "{signature} {timestamp} {id}");
    }

    /// Made alike by the libraries for Python and JavaScript and by svix.
    #[test]
    fn signatures_are_those_of_other_libraries() {
        let headers = headers(&[secret(SECRET)], ID, AT, BODY.as_bytes());
        assert_eq!(headers, [(ID_HEADER, ID), (TIMESTAMP_HEADER, "1764000000"), (SIGNATURE_HEADER, SIGNATURE)].map(|it| (it.0.to_owned(), it.1.to_owned())));
        check(SIGNATURE, "1764000000", ID, BODY.as_bytes(), AT, Ok(()));
    }

    #[test]
    fn one_bit_anywhere_is_refused() {
        for at in 0..BODY.len() {
            let mut body = BODY.as_bytes().to_vec();
            body[at] ^= 1;
            check(SIGNATURE, "1764000000", ID, &body, AT, Err(WireFault::BadSignature));
        }
        let bytes = STANDARD.decode(BARE).expect("base64");
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            check(&format!("v1,{}", STANDARD.encode(&bytes)), "1764000000", ID, BODY.as_bytes(), AT, Err(WireFault::BadSignature));
        }
        check(SIGNATURE, "1764000001", ID, BODY.as_bytes(), AT, Err(WireFault::BadSignature));
        check(SIGNATURE, "1764000000", &ID.replace('p', "q"), BODY.as_bytes(), AT, Err(WireFault::BadSignature));
        for signature in ["", "v1", "v1,", BARE, "v2,z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ=", "v1a,z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ="] {
            check(signature, "1764000000", ID, BODY.as_bytes(), AT, Err(WireFault::BadSignature));
        }
        let other = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx");
        assert_eq!(verify(&Signed { id: ID, timestamp: "1764000000", signature: SIGNATURE }, BODY.as_bytes(), &[other], AT), Err(WireFault::BadSignature));
        assert_eq!(verify(&Signed { id: ID, timestamp: "1764000000", signature: SIGNATURE }, BODY.as_bytes(), &[], AT), Err(WireFault::BadSignature));
    }

    #[test]
    fn five_minutes_either_way_are_in_time() {
        for (seconds, expected) in [(-301, Err(WireFault::Stale)), (-300, Ok(())), (0, Ok(())), (300, Ok(())), (301, Err(WireFault::Stale))] {
            check(SIGNATURE, "1764000000", ID, BODY.as_bytes(), AT.plus_seconds(seconds), expected);
        }
        for timestamp in ["", "x", "-1", "+1764000000", "1764000000.0", " 1764000000", "9999999999999999999"] {
            let outcome = verify(&Signed { id: ID, timestamp, signature: SIGNATURE }, BODY.as_bytes(), &[secret(SECRET)], AT);
            assert!(matches!(outcome, Err(WireFault::Malformed(_))), "{timestamp}");
        }
        let dotted = verify(&Signed { id: "a.1764000000", timestamp: "5", signature: SIGNATURE }, b"", &[], AT);
        assert!(matches!(dotted, Err(WireFault::Malformed(_))));
        assert!(matches!(verify(&Signed { id: "", timestamp: "1764000000", signature: SIGNATURE }, b"", &[], AT), Err(WireFault::Malformed(_))));
    }

    #[test]
    fn while_a_secret_is_changed_both_hold() {
        let new = Secret::new(&[7; 32]).expect("secret");
        let both = headers(&[new.clone(), secret(SECRET)], ID, AT, BODY.as_bytes());
        let signature = both[2].1.as_str();
        assert_eq!(signature.split(' ').count(), 2);
        for held in [new, secret(SECRET)] {
            let signature = format!("v9,unknown v1,AAAA {signature}");
            assert_eq!(verify(&Signed { id: ID, timestamp: "1764000000", signature: &signature }, BODY.as_bytes(), &[held], AT), Ok(()));
        }
    }

    #[test]
    fn secrets_have_24_to_64_bytes_and_are_not_printed() {
        for (length, expected) in [(23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(Secret::new(&vec![1; length]).is_ok(), expected, "{length}");
        }
        assert!(Secret::parse("whsec_").is_err() && Secret::parse("whsec_%%%").is_err());
        assert_eq!((secret(SECRET).reveal().as_str(), secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").reveal().as_str()), (SECRET, SECRET));
        assert_eq!(format!("{:?}", secret(SECRET)), "Secret(…)");
    }
}
