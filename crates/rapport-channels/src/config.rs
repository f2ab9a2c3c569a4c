//! What an inbox's channel is configured with: shown values, sealed secrets, and which fields a channel has.

use std::collections::BTreeMap;

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rapport_model::{ChannelConfig, Fault, InboxId, TenantId, codes};
use rapport_ports::{ChannelField, Entropy};
use sha2::{Digest as _, Sha256};

/// Longest value. Units: characters. A private key in PEM fits.
const VALUE_CHARS_MAX: usize = 8_000;
const NONCE_BYTES: usize = 12;

/// Seals and opens secrets with a key of the server. What is sealed for one field of one inbox opens nowhere else.
#[derive(Clone)]
pub struct Sealer {
    cipher: Aes256Gcm,
}

impl Sealer {
    /// `server_secret`: the one from which the server derives its other keys.
    pub fn new(server_secret: &[u8; 32]) -> Self {
        let key = Sha256::new().chain_update(b"rapport channel secrets 1").chain_update(server_secret).finalize();
        Self { cipher: Aes256Gcm::new(&key) }
    }

    /// Errors: `internal`.
    pub fn seal(&self, place: &Place<'_>, secret: &str, entropy: &dyn Entropy) -> Result<String, Fault> {
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let aad = place.bytes();
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), Payload { msg: secret.as_bytes(), aad: &aad });
        let sealed = sealed.map_err(|_error| Fault::with(codes::INTERNAL, "a secret cannot be sealed"))?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// `None` where it was changed, or sealed for another place or with another key.
    pub fn open(&self, place: &Place<'_>, sealed: &str) -> Option<String> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let aad = place.bytes();
        let opened = self.cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: &aad }).ok()?;
        String::from_utf8(opened).ok()
    }
}

/// Where a secret belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub tenant: TenantId,
    pub inbox: InboxId,
    pub field: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.tenant.as_bytes(), self.inbox.as_bytes(), self.field.as_bytes()].concat()
    }
}

/// An inbox's channel as its adapter reads it: secrets opened, defaults filled in.
#[derive(Clone, Default)]
pub struct Opened {
    values: BTreeMap<String, String>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Opened {
    pub fn of(config: Option<&ChannelConfig>, fields: &[ChannelField], tenant: TenantId, inbox: InboxId, sealer: &Sealer) -> Self {
        let mut values = BTreeMap::new();
        for field in fields {
            let told = config.and_then(|config| {
                if field.secret {
                    let sealed = config.secrets.get(field.name)?;
                    sealer.open(&Place { tenant, inbox, field: field.name }, sealed)
                } else {
                    config.values.get(field.name).cloned()
                }
            });
            let value = told.unwrap_or_else(|| field.default.to_owned());
            if !value.is_empty() {
                values.insert(field.name.to_owned(), value);
            }
        }
        Self { values }
    }

    /// Empty where it is not set.
    pub fn get(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    pub fn flag(&self, field: &str) -> bool {
        matches!(self.get(field), "true" | "yes" | "1" | "on")
    }

    /// Names of required fields that are not set.
    pub fn missing(&self, fields: &[ChannelField]) -> Vec<String> {
        fields.iter().filter(|it| it.required && self.get(it.name).is_empty()).map(|it| it.name.to_owned()).collect()
    }
}

/// `config` with what an administrator told: an empty text takes a field away, a field that is not told stays.
///
/// Errors: `input.bad_field` for a field that the channel does not have or a value that is too long.
pub fn changed(
    config: &ChannelConfig,
    fields: &[ChannelField],
    told: BTreeMap<String, String>,
    (tenant, sealer, entropy): (TenantId, &Sealer, &dyn Entropy),
) -> Result<ChannelConfig, Fault> {
    let mut config = config.clone();
    for (name, value) in told {
        let field = fields.iter().find(|it| it.name == name).ok_or_else(|| Fault::with(codes::BAD_FIELD, format!("{name}: this channel has no such field")))?;
        let value = value.trim();
        if value.chars().nth(VALUE_CHARS_MAX).is_some() || value.contains('\0') {
            return Err(Fault::with(codes::BAD_FIELD, format!("{name}: at most {VALUE_CHARS_MAX} characters")));
        }
        let kept = if field.secret { &mut config.secrets } else { &mut config.values };
        if value.is_empty() {
            kept.remove(&name);
            continue;
        }
        let value = if field.secret { sealer.seal(&Place { tenant, inbox: config.id, field: &name }, value, entropy)? } else { value.to_owned() };
        kept.insert(name, value);
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use rapport_model::Timestamp;
    use uuid::Uuid;

    use super::*;

    struct Fixed;
    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    const fn field(name: &'static str, secret: bool) -> ChannelField {
        ChannelField { name, zh: "", en: "", hint_zh: "", hint_en: "", secret, required: true, default: "" }
    }

    #[test]
    fn secrets_open_only_where_they_belong() {
        let (tenant, inbox) = (TenantId(Uuid::from_u128(1)), InboxId(Uuid::from_u128(2)));
        let sealer = Sealer::new(&[9; 32]);
        let place = Place { tenant, inbox, field: "token" };
        let sealed = sealer.seal(&place, "钥匙 s3cret", &Fixed).expect("sealed");
        assert!(!sealed.contains("s3cret"));
        assert_eq!(sealer.open(&place, &sealed).as_deref(), Some("钥匙 s3cret"));
        assert_eq!(sealer.open(&Place { field: "secret", ..place }, &sealed), None);
        assert_eq!(sealer.open(&Place { inbox: InboxId(Uuid::from_u128(3)), ..place }, &sealed), None);
        assert_eq!(Sealer::new(&[8; 32]).open(&place, &sealed), None);
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(sealer.open(&place, &String::from_utf8(bytes).expect("ascii")), None, "{at}");
        }
    }

    #[test]
    fn what_is_not_told_stays_and_an_empty_text_takes_away() {
        let (tenant, inbox) = (TenantId(Uuid::from_u128(1)), InboxId(Uuid::from_u128(2)));
        let (sealer, fields) = (Sealer::new(&[9; 32]), [field("app_id", false), field("app_secret", true)]);
        let empty = ChannelConfig { id: inbox, values: BTreeMap::new(), secrets: BTreeMap::new(), updated_at: Timestamp(0) };
        let told = |pairs: &[(&str, &str)]| pairs.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let open = |config: &ChannelConfig| Opened::of(Some(config), &fields, tenant, inbox, &sealer);
        let first = changed(&empty, &fields, told(&[("app_id", " wx1 "), ("app_secret", "s")]), (tenant, &sealer, &Fixed)).expect("changed");
        assert_eq!((open(&first).get("app_id"), open(&first).get("app_secret")), ("wx1", "s"));
        let second = changed(&first, &fields, told(&[("app_id", "")]), (tenant, &sealer, &Fixed)).expect("changed");
        assert_eq!((open(&second).get("app_id"), open(&second).get("app_secret")), ("", "s"));
        assert_eq!(open(&second).missing(&fields), ["app_id"]);
        let unknown = changed(&empty, &fields, told(&[("colour", "red")]), (tenant, &sealer, &Fixed)).expect_err("refused");
        assert_eq!(unknown.kind.code, "input.bad_field");
        assert!(!format!("{:?}", open(&first)).contains("wx1"), "nothing of it is logged");
    }
}
