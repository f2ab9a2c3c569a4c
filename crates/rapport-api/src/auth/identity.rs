//! Identity tokens: the tenant's own site vouches for its signed-in customer by a JWT (RFC 7519, HS256) under the inbox's secret.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rapport_model::{DAY_MS, Fault, HOUR_MS, SECOND_MS, Timestamp, codes};
use serde::Deserialize;

/// What the site says about its user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct SiteUser {
    /// The user id of the site.
    pub(crate) sub: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) phone: Option<String>,
    /// Seconds since 1970.
    exp: i64,
}

/// `exp` may be this far ahead: a token that leaks is of use for a day at most.
const AHEAD_MAX_MS: i64 = DAY_MS + HOUR_MS;
const LEEWAY_MS: i64 = 60 * SECOND_MS;
const TEXT_CHARS_MAX: usize = 200;

/// Errors: `widget.identity_invalid` with what is wrong.
pub(crate) fn verify_identity(token: &str, secret: &str, now: Timestamp) -> Result<SiteUser, Fault> {
    let wrong = |why: &str| Fault::with(codes::WIDGET_IDENTITY, why);
    // Other algorithms (`none` among them) are refused by the list; time is checked below, against our clock.
    let mut rules = Validation::new(Algorithm::HS256);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims(&["exp", "sub"]);
    let user = decode::<SiteUser>(token, &DecodingKey::from_secret(secret.as_bytes()), &rules).map_err(|_bad| wrong("signature or claims"))?.claims;
    let expires_at = Timestamp(user.exp.saturating_mul(SECOND_MS));
    if expires_at.plus_ms(LEEWAY_MS) <= now {
        return Err(wrong("exp is past"));
    }
    if expires_at.since_ms(now) > AHEAD_MAX_MS {
        return Err(wrong("exp is more than a day ahead"));
    }
    let texts = [Some(&user.sub), user.name.as_ref(), user.email.as_ref(), user.phone.as_ref()];
    if user.sub.trim().is_empty() || texts.into_iter().flatten().any(|it| it.chars().nth(TEXT_CHARS_MAX).is_some()) {
        return Err(wrong("sub, name, email, phone: at most 200 characters, sub not empty"));
    }
    Ok(user)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_site_vouches_only_with_its_secret_and_for_a_day() {
        let now = Timestamp(1_800_000_000_000);
        let at = |ahead_s: i64| 1_800_000_000 + ahead_s;
        let check = |algorithm: Algorithm, secret: &str, claims: serde_json::Value, fits: bool| {
            let token = encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("token");
            assert_eq!(verify_identity(&token, "secret", now).is_ok(), fits, "{claims}");
        };
        check(Algorithm::HS256, "secret", json!({"sub": "u1", "exp": at(3600), "name": "陈静"}), true);
        check(Algorithm::HS256, "other", json!({"sub": "u1", "exp": at(3600)}), false);
        check(Algorithm::HS512, "secret", json!({"sub": "u1", "exp": at(3600)}), false);
        check(Algorithm::HS256, "secret", json!({"sub": "u1", "exp": at(-30)}), true);
        check(Algorithm::HS256, "secret", json!({"sub": "u1", "exp": at(-90)}), false);
        check(Algorithm::HS256, "secret", json!({"sub": "u1", "exp": at(40 * 3600)}), false);
        check(Algorithm::HS256, "secret", json!({"sub": "u1"}), false);
        check(Algorithm::HS256, "secret", json!({"sub": " ", "exp": at(60)}), false);
        assert!(verify_identity("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSIsImV4cCI6MTgwMDAwMzYwMH0.", "secret", now).is_err());
    }
}
