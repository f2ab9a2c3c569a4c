//! DKIM signatures over our outgoing mail, relaxed/relaxed. Source: RFC 6376, RFC 8463.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_model::Timestamp;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest as _, Sha256};

/// Fields that are signed, once more than they occur for `from` and `subject`: none can be added behind our back.
const SIGNED: &[&str] = &[
    "from", "reply-to", "subject", "date", "to", "cc", "message-id", "in-reply-to", "references", "mime-version", "content-type", "auto-submitted", "list-unsubscribe",
    "list-unsubscribe-post",
];
const OVERSIGNED: &[&str] = &["from", "subject", "to", "date"];
/// Shortest RSA key that receivers take (RFC 8301). Units: bits.
const RSA_BITS_MIN: usize = 1024;
const RSA_BITS_MAX: usize = 8192;
/// `DigestInfo` of SHA-256 (RFC 8017 9.2).
const SHA256_PREFIX: [u8; 19] = [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

#[derive(Clone)]
pub enum Key {
    Ed25519(Box<SigningKey>),
    Rsa(Box<RsaPrivateKey>),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.algorithm())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DkimFault {
    #[error("no private key that is understood: PEM of PKCS#8 or PKCS#1")]
    BadKey,
    #[error("RSA keys have 1024 to 8192 bits")]
    KeySize,
    #[error("domain or selector is no name")]
    BadName,
    #[error("the message has no From")]
    NoFrom,
    #[error("the signature could not be made")]
    Failed,
}

impl Key {
    pub fn ed25519(seed: &[u8; 32]) -> Self {
        Self::Ed25519(Box::new(SigningKey::from_bytes(seed)))
    }

    /// PEM of PKCS#8 (RSA or Ed25519) or PKCS#1 (RSA), as `openssl genpkey` and `openssl genrsa` write it.
    pub fn pem(pem: &str) -> Result<Self, DkimFault> {
        let letters: String = pem.lines().map(str::trim).filter(|it| !it.starts_with("-----")).collect();
        let der = STANDARD.decode(letters).map_err(|_invalid| DkimFault::BadKey)?;
        if let Some(seed) = ed25519_seed(&der) {
            return Ok(Self::ed25519(&seed));
        }
        let rsa = RsaPrivateKey::from_pkcs8_der(&der).or_else(|_other_form| RsaPrivateKey::from_pkcs1_der(&der)).map_err(|_invalid| DkimFault::BadKey)?;
        let bits = rsa.size() * 8;
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
            return Err(DkimFault::KeySize);
        }
        Ok(Self::Rsa(Box::new(rsa)))
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "ed25519-sha256",
            Self::Rsa(_) => "rsa-sha256",
        }
    }

    /// What goes into DNS at `selector._domainkey.domain`.
    pub fn record(&self) -> Result<String, DkimFault> {
        use rsa::pkcs8::EncodePublicKey as _;
        match self {
            Self::Ed25519(key) => Ok(format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.verifying_key().as_bytes()))),
            Self::Rsa(key) => {
                let der = RsaPublicKey::from(key.as_ref()).to_public_key_der().map_err(|_failed| DkimFault::Failed)?;
                Ok(format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der.as_bytes())))
            }
        }
    }
}

/// The seed within PKCS#8 (RFC 8410), which is always written the same way.
fn ed25519_seed(der: &[u8]) -> Option<[u8; 32]> {
    const HEAD: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    der.strip_prefix(&HEAD)?.try_into().ok()
}

/// The field to be put before `message`, with its line end. `blinding`: 32 random bytes, new each time, that hide the RSA key from whoever measures time.
pub fn sign(message: &[u8], domain: &str, selector: &str, key: &Key, now: Timestamp, blinding: &[u8; 32]) -> Result<String, DkimFault> {
    let is_name = |it: &str| (1..=253).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric() || b".-_".contains(&it));
    if !is_name(domain) || !is_name(selector) {
        return Err(DkimFault::BadName);
    }
    let (head, body) = split(message);
    let fields = fields(head);
    let has = |name: &str| fields.iter().filter(|it| it.0 == name).count();
    if has("from") == 0 {
        return Err(DkimFault::NoFrom);
    }
    let names: Vec<&str> = SIGNED.iter().flat_map(|it| std::iter::repeat_n(*it, has(it) + usize::from(OVERSIGNED.contains(it)))).collect();
    let body_hash = STANDARD.encode(Sha256::digest(relaxed_body(body)));
    let seconds = now.0.div_euclid(1000);
    let unsigned = format!(
        "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={seconds};\r\n h={};\r\n bh={body_hash};\r\n b=",
        key.algorithm(),
        names.join(":\r\n  ")
    );
    let digest = header_hash(&fields, &names, &unsigned);
    let signature = match key {
        Key::Ed25519(key) => key.sign(&digest).to_bytes().to_vec(),
        Key::Rsa(key) => {
            let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_PREFIX.into() };
            key.sign_with_rng(&mut Stream::new(blinding), scheme, &digest).map_err(|_failed| DkimFault::Failed)?
        }
    };
    let letters = STANDARD.encode(signature);
    let lines: Vec<&str> = letters.as_bytes().chunks(70).filter_map(|it| std::str::from_utf8(it).ok()).collect();
    Ok(format!("{unsigned}{}\r\n", lines.join("\r\n  ")))
}

fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let at = message.windows(4).position(|it| it == b"\r\n\r\n");
    at.and_then(|it| Some((message.get(..it + 2)?, message.get(it + 4..)?))).unwrap_or((message, &[]))
}

/// Names in lower case and values unfolded, in order.
fn fields(head: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
    for line in head.split_inclusive(|it| *it == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        if content.starts_with(b" ") || content.starts_with(b"\t") {
            if let Some(last) = fields.last_mut() {
                last.1.extend_from_slice(content);
            }
        } else if let Some(at) = content.iter().position(|it| *it == b':') {
            let (name, value) = content.split_at(at);
            let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
            fields.push((name, value.get(1..).unwrap_or_default().to_vec()));
        }
    }
    fields
}

/// Runs of blanks are one blank; none at the ends.
fn relaxed_value(value: &[u8]) -> Vec<u8> {
    let words = value.split(|it| b" \t\r\n".contains(it)).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(&b' ')
}

/// Source: RFC 6376 3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut kept = 0;
    for line in body.split_inclusive(|it| *it == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let (mut blank, before) = (false, out.len());
        for byte in content {
            if b" \t".contains(byte) {
                blank = true;
            } else {
                if std::mem::take(&mut blank) {
                    out.push(b' ');
                }
                out.push(*byte);
            }
        }
        let is_empty = out.len() == before;
        out.extend_from_slice(b"\r\n");
        if !is_empty {
            kept = out.len();
        }
    }
    out.truncate(kept);
    out
}

/// Over the fields that `names` pick, each name from the bottom up, and the signature's own without its value.
fn header_hash(fields: &[(String, Vec<u8>)], names: &[&str], unsigned: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut used: Vec<&str> = Vec::new();
    for name in names {
        let nth = used.iter().filter(|it| *it == name).count();
        used.push(name);
        if let Some((_, value)) = fields.iter().rev().filter(|it| it.0 == *name).nth(nth) {
            hash.update(name.as_bytes());
            hash.update(b":");
            hash.update(relaxed_value(value));
            hash.update(b"\r\n");
        }
    }
    let own = unsigned.split_once(':').map_or("", |it| it.1);
    hash.update(b"dkim-signature:");
    hash.update(relaxed_value(own.as_bytes()));
    hash.finalize().into()
}

/// Random numbers from a seed, for blinding alone: HMAC-SHA-256 over a counter.
struct Stream {
    key: [u8; 32],
    counter: u64,
    ready: Vec<u8>,
}

impl Stream {
    fn new(seed: &[u8; 32]) -> Self {
        Self { key: *seed, counter: 0, ready: Vec::new() }
    }

    fn byte(&mut self) -> u8 {
        if self.ready.is_empty() {
            self.counter += 1;
            if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) {
                mac.update(&self.counter.to_be_bytes());
                self.ready = mac.finalize().into_bytes().to_vec();
            }
        }
        self.ready.pop().unwrap_or_default()
    }
}

impl rsa::rand_core::RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }
    fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) << 32 | u64::from(self.next_u32())
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        dest.iter_mut().for_each(|it| *it = self.byte());
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl rsa::rand_core::CryptoRng for Stream {}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signature, Verifier as _};

    /// RFC 8463 appendix A.
    const MESSAGE: &str = "From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\n\
        Subject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n\
        Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
    const SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    fn seed() -> [u8; 32] {
        STANDARD.decode(SEED).expect("base64").try_into().expect("32 bytes")
    }

    #[test]
    fn the_example_of_rfc_8463_comes_out() {
        let key = Key::ed25519(&seed());
        assert_eq!(key.record().expect("record"), format!("v=DKIM1; k=ed25519; p={PUBLIC}"));
        let (head, body) = split(MESSAGE.as_bytes());
        assert_eq!(STANDARD.encode(Sha256::digest(relaxed_body(body))), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        let unsigned = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
        let names = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];
        let digest = header_hash(&fields(head), &names, unsigned);
        let signature = SigningKey::from_bytes(&seed()).sign(&digest);
        assert_eq!(STANDARD.encode(signature.to_bytes()), "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
    }

    #[test]
    fn bodies_are_made_equal_that_differ_in_blanks_only() {
        let check = |body: &str, expected: &str| assert_eq!(String::from_utf8(relaxed_body(body.as_bytes())).expect("text"), expected, "{body:?}");
        check(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n");
        check("", "");
        check("\r\n\r\n", "");
        check("a", "a\r\n");
    }

    fn rsa_key() -> Key {
        use rsa::pkcs1::EncodeRsaPrivateKey as _;
        let key = RsaPrivateKey::new(&mut Stream::new(&[1; 32]), 1024).expect("a key");
        let der = key.to_pkcs1_der().expect("der");
        Key::pem(&format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", STANDARD.encode(der.as_bytes()))).expect("key")
    }

    /// Checks a signature as a receiver does; gives whether it holds.
    fn verifies(field: &str, message: &str, check: impl Fn(&[u8], &[u8]) -> bool) -> bool {
        let flat: String = field.split_whitespace().collect();
        let tag = |name: &str| flat.split([';', ':']).find_map(|it| it.strip_prefix(name)).map(str::to_owned);
        let names: Vec<String> = flat.split("h=").nth(1).expect("h").split(';').next().expect("names").split(':').map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let at = field.rfind(" b=").expect("b") + 3;
        let (head, body) = split(message.as_bytes());
        let (unsigned, signature) = field.split_at(at);
        let digest = header_hash(&fields(head), &names, unsigned);
        let signature: String = signature.split_whitespace().collect();
        tag("bh=").as_deref() == Some(&STANDARD.encode(Sha256::digest(relaxed_body(body)))) && check(&digest, &STANDARD.decode(signature).expect("base64"))
    }

    #[test]
    fn what_is_signed_verifies_and_what_is_changed_does_not() {
        let rsa = rsa_key();
        let ed25519 = Key::ed25519(&seed());
        for key in [&rsa, &ed25519] {
            let field = sign(MESSAGE.as_bytes(), "shop.cn", "s1", key, Timestamp(1_764_000_000_000), &[7; 32]).expect("signed");
            assert!(field.lines().all(|it| it.len() <= 120) && field.ends_with("\r\n"), "{field}");
            let check = |digest: &[u8], signature: &[u8]| match key {
                Key::Ed25519(key) => key.verifying_key().verify(digest, &Signature::from_slice(signature).expect("64 bytes")).is_ok(),
                Key::Rsa(key) => RsaPublicKey::from(key.as_ref()).verify(Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_PREFIX.into() }, digest, signature).is_ok(),
            };
            assert!(verifies(&field, MESSAGE, check));
            assert!(verifies(&field, &MESSAGE.replace("Is dinner", "Is   dinner"), check));
            for changed in [MESSAGE.replace("dinner", "winner"), MESSAGE.replace("game.", "game!"), format!("From: x@evil.cn\r\n{MESSAGE}"), format!("Subject: x\r\n{MESSAGE}")] {
                assert!(!verifies(&field, &changed, check), "{changed}");
            }
            let record = key.record().expect("record");
            assert!(record.starts_with("v=DKIM1; k="), "{record}");
        }
    }

    #[test]
    fn bad_keys_and_names_are_refused() {
        assert_eq!(Key::pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").err(), Some(DkimFault::BadKey));
        let key = Key::ed25519(&seed());
        let fault = |message: &str, domain: &str| sign(message.as_bytes(), domain, "s1", &key, Timestamp(0), &[0; 32]).err();
        assert_eq!(fault(MESSAGE, "shop.cn; d=evil.cn"), Some(DkimFault::BadName));
        assert_eq!(fault("Subject: x\r\n\r\n", "shop.cn"), Some(DkimFault::NoFrom));
    }
}
