//! The envelope that callbacks of WeChat, WeCom and DingTalk share: a sorted SHA-1 over what is known to both sides, around AES-256-CBC.
//!
//! Shape of what is encrypted: 16 random bytes, length of the message (32 bits, big endian), the message, the receiver's id; padded to 32 bytes.
//! Source: channels of Tencent describe it as "message encryption and decryption"; vectors by wechatpy, wechat-crypto and @wecom/crypto.

use super::{
    WireFault,
    fields::{Fields as _, cdata, tree},
    request::form_pairs,
};
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _, block_padding::NoPadding};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use rapport_model::Timestamp;
use sha1::{Digest as _, Sha1};
use std::fmt;
use subtle::ConstantTimeEq as _;

/// The 43rd character of a key has two bits too many, which are whatever the console's generator made them.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const KEY_CHARS: usize = 43;
const BLOCK: usize = 16;
/// Padding goes to twice the cipher's block. Units: bytes.
const PADDED: usize = 32;
/// Time stamps from here on count milliseconds (DingTalk), below it seconds.
const SECONDS_MAX: i64 = 100_000_000_000;

/// An `EncodingAESKey` (WeChat, WeCom) or `aes_key` (DingTalk).
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Shape: 43 characters of base64. Errors: `Malformed`.
    pub fn parse(text: &str) -> Result<Self, WireFault> {
        let text = text.trim();
        if text.len() != KEY_CHARS {
            return Err(WireFault::malformed("the key has not 43 characters"));
        }
        let bytes = LENIENT.decode(text).map_err(|error| WireFault::malformed(format!("the key is no base64: {error}")))?;
        bytes.try_into().map(Self).map_err(|_bytes| WireFault::malformed("the key has not 32 bytes"))
    }
}

/// What one side of a callback shares with the other. Several are valid while one is exchanged for another.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub token: String,
    pub key: Option<Key>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The query of a callback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// Does not cover the body.
    pub signature: String,
    /// Covers the encrypted body.
    pub msg_signature: String,
    pub timestamp: String,
    pub nonce: String,
    /// Of the check of an address; encrypted at WeCom.
    pub echostr: String,
    pub encrypt_type: String,
}

impl Callback {
    /// Reads a raw query; of a name told twice the first counts. A blank in what is base64 was a `+` that somebody decoded before.
    pub fn read(query: &[u8]) -> Self {
        let pairs = form_pairs(query);
        let of = |name: &str| pairs.iter().find(|it| it.0 == name).map(|it| it.1.clone()).unwrap_or_default();
        Self {
            signature: of("signature"),
            msg_signature: of("msg_signature"),
            timestamp: of("timestamp"),
            nonce: of("nonce"),
            echostr: of("echostr"),
            encrypt_type: of("encrypt_type"),
        }
    }

    /// Errors: `Stale` where the time stamp is further from `now` than that. Providers name no tolerance: `None` checks nothing.
    pub fn fresh(&self, now: Timestamp, tolerance_ms: Option<i64>) -> Result<(), WireFault> {
        let Some(tolerance_ms) = tolerance_ms else { return Ok(()) };
        let told: i64 = self.timestamp.trim().parse().map_err(|_error| WireFault::Stale)?;
        let at = Timestamp(if (-SECONDS_MAX..SECONDS_MAX).contains(&told) { told.saturating_mul(1_000) } else { told });
        if now.since_ms(at).saturating_abs() <= tolerance_ms { Ok(()) } else { Err(WireFault::Stale) }
    }
}

/// Lower-case hex of SHA-1 over the parts, sorted as strings.
pub fn signature(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().map(|it| format!("{it:02x}")).collect()
}

/// Whether any of the secrets' tokens signed the query alone. Errors: `BadSignature`.
pub fn verify_query(secrets: &[Secret], callback: &Callback) -> Result<(), WireFault> {
    verified(secrets, &callback.signature, &[&callback.timestamp, &callback.nonce])
}

fn verified(secrets: &[Secret], told: &str, parts: &[&str]) -> Result<(), WireFault> {
    let signed = |secret: &Secret| {
        let mut parts = parts.to_vec();
        parts.push(&secret.token);
        bool::from(signature(&parts).as_bytes().ct_eq(told.as_bytes()))
    };
    let any = secrets.iter().filter(|it| !it.token.is_empty()).fold(false, |any, it| any | signed(it));
    if any { Ok(()) } else { Err(WireFault::BadSignature) }
}

/// The message within `encrypted`, after its signature.
///
/// Errors: `BadSignature`; `Malformed` where no key opens it; `NotOurs` where the receiver is none of `receivers` (one of which may be empty, for WeCom's
/// cases without a receiver).
pub fn open(secrets: &[Secret], receivers: &[&str], callback: &Callback, encrypted: &str) -> Result<Vec<u8>, WireFault> {
    // DingTalk names the same thing `signature` in older documents.
    let told = if callback.msg_signature.is_empty() { &callback.signature } else { &callback.msg_signature };
    verified(secrets, told, &[&callback.timestamp, &callback.nonce, encrypted])?;
    let mut fault = WireFault::malformed("there is no key");
    for key in secrets.iter().filter_map(|it| it.key.as_ref()) {
        match decrypted(key, encrypted) {
            Ok((message, receiver)) if receivers.iter().any(|it| it.as_bytes() == receiver) => return Ok(message),
            Ok(_) => fault = WireFault::NotOurs,
            Err(_) if fault == WireFault::NotOurs => {}
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

/// The field `Encrypt` (XML, or JSON of mini-programs) or `encrypt` (DingTalk) of a body; `None` where there is none.
pub fn encrypted_of(body: &[u8]) -> Result<Option<String>, WireFault> {
    let tree = tree(body)?;
    Ok(tree.maybe("Encrypt").or_else(|| tree.maybe("encrypt")).map(|it| it.trim().to_owned()))
}

/// The message and the receiver.
fn decrypted(key: &Key, encrypted: &str) -> Result<(Vec<u8>, Vec<u8>), WireFault> {
    let mut bytes = LENIENT.decode(encrypted).map_err(|error| WireFault::malformed(format!("the envelope is no base64: {error}")))?;
    let (iv, _) = key.0.split_at(BLOCK);
    decrypt_cbc(&key.0, iv, &mut bytes)?;
    let torn = || WireFault::malformed("the envelope does not open");
    let padding = usize::from(*bytes.last().ok_or_else(torn)?);
    let plain = bytes.len().checked_sub(padding).filter(|_| (1..=PADDED).contains(&padding)).and_then(|it| bytes.split_at_checked(it));
    let (plain, padded) = plain.ok_or_else(torn)?;
    if padded.iter().any(|it| usize::from(*it) != padding) {
        return Err(torn());
    }
    let (_random, rest) = plain.split_at_checked(BLOCK).ok_or_else(torn)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(torn)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_error| torn())?;
    let (message, receiver) = rest.split_at_checked(length).ok_or_else(torn)?;
    Ok((message.to_vec(), receiver.to_vec()))
}

/// In place, padding left as it is. Errors: `Malformed` where there is nothing or no whole number of blocks.
pub(crate) fn decrypt_cbc(key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Result<(), WireFault> {
    let odd = || WireFault::malformed("not a whole number of blocks");
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv).map_err(|_error| odd())?;
    if bytes.is_empty() {
        return Err(odd());
    }
    cipher.decrypt_padded::<NoPadding>(bytes).map(drop).map_err(|_error| odd())
}

/// A message for the other side, with what it is signed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub encrypted: String,
    pub signature: String,
    pub timestamp: String,
    pub nonce: String,
}

/// `random` and `nonce` are the caller's, fresh for each. Errors: `Malformed` where the secret has no key.
pub fn seal(secret: &Secret, receiver: &str, message: &[u8], timestamp: &str, nonce: &str, random: [u8; 16]) -> Result<Sealed, WireFault> {
    let fault = || WireFault::malformed("no key, or too long a message");
    let key = secret.key.as_ref().ok_or_else(fault)?;
    let length = u32::try_from(message.len()).map_err(|_error| fault())?;
    let mut bytes = random.to_vec();
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(message);
    bytes.extend_from_slice(receiver.as_bytes());
    let padding = PADDED - bytes.len() % PADDED;
    let padded = bytes.len() + padding;
    bytes.resize(padded, u8::try_from(padding).map_err(|_error| fault())?);
    let (iv, _) = key.0.split_at(BLOCK);
    let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(&key.0, iv).map_err(|_error| fault())?;
    cipher.encrypt_padded::<NoPadding>(&mut bytes, padded).map_err(|_error| fault())?;
    let encrypted = STANDARD.encode(&bytes);
    let signature = signature(&[&secret.token, timestamp, nonce, &encrypted]);
    Ok(Sealed { encrypted, signature, timestamp: timestamp.to_owned(), nonce: nonce.to_owned() })
}

impl Sealed {
    /// As WeChat and WeCom read it.
    pub fn xml(&self) -> Vec<u8> {
        let (encrypted, signature, nonce) = (cdata(&self.encrypted), cdata(&self.signature), cdata(&self.nonce));
        let time: String = self.timestamp.chars().filter(char::is_ascii_digit).collect();
        format!("<xml><Encrypt>{encrypted}</Encrypt><MsgSignature>{signature}</MsgSignature><TimeStamp>{time}</TimeStamp><Nonce>{nonce}</Nonce></xml>")
            .into_bytes()
    }

    /// As DingTalk reads it.
    pub fn json(&self) -> Vec<u8> {
        let body = serde_json::json!({"msg_signature": self.signature, "timeStamp": self.timestamp, "nonce": self.nonce, "encrypt": self.encrypted});
        body.to_string().into_bytes()
    }
}

#[cfg(test)]
pub(crate) mod tests;
