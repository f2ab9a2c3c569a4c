//! Passwords: argon2id with OWASP's parameters, off the threads that serve sockets.

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _,
    password_hash::phc::{PasswordHash, Salt},
};
use rapport_model::{Fault, MemberId, TenantId, codes};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::ApiState;

/// Each takes 19 MiB and some 30 ms of a core: more at once would only queue elsewhere.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
const CHARS_MIN: usize = 10;
const CHARS_MAX: usize = 256;
/// Long enough and yet the first that anybody tries.
const COMMON: &[&str] = &[
    "1234567890", "0123456789", "0987654321", "1111111111", "0000000000", "password123", "password1234", "passw0rd123", "qwertyuiop", "1q2w3e4r5t",
    "qwerty12345", "iloveyou123", "abcdefghij", "abc1234567", "a123456789", "woaini1314", "woaini5201314", "admin12345", "administrator", "welcome123",
    "letmein123", "changeme123", "rapport123", "1qaz2wsx3edc", "zxcvbnm123", "5201314520", "aa12345678", "qq12345678",
];

/// Under which a member's password is stored: one row a member.
pub(crate) fn password_key(tenant: TenantId, member: MemberId) -> [u8; 32] {
    Sha256::new().chain_update(b"password").chain_update(tenant.as_bytes()).chain_update(member.as_bytes()).finalize().into()
}

/// Ten characters, none of the common ones, not the owner's own address.
pub(crate) fn is_strong_enough(password: &str, email: &str) -> bool {
    let chars = password.chars().count();
    let lower = password.to_lowercase();
    let own = email.split('@').next().unwrap_or_default().to_lowercase();
    let varied = password.chars().collect::<std::collections::BTreeSet<_>>().len() > 3;
    (CHARS_MIN..=CHARS_MAX).contains(&chars) && varied && !COMMON.contains(&lower.as_str()) && lower != email.to_lowercase() && lower != own
}

/// The PHC string to store.
pub(crate) async fn hash_password(state: &ApiState, password: &str) -> Result<String, Fault> {
    let mut salt = [0_u8; 16];
    state.entropy.fill(&mut salt);
    let password = password.to_owned();
    in_background(move || {
        let salt = Salt::from_b64(&base64_of(&salt)).map_err(|error| error.to_string())?;
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt.as_ref()).map_err(|error| error.to_string())?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password fits; with nothing stored the same work is done and the answer is no, so that time tells nothing.
pub(crate) async fn check_password(password: &str, stored: Option<String>) -> Result<bool, Fault> {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4YIRdlv6S8o7FCM8Fuqb5n0h2dlC7K2hVYyR7YFq0lE";
    if password.chars().count() > CHARS_MAX {
        return Ok(false);
    }
    let (password, known) = (password.to_owned(), stored.is_some());
    let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
    in_background(move || {
        let hash = PasswordHash::new(&stored).map_err(|error| error.to_string())?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known)
    })
    .await
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, Fault> {
    let internal = |detail: String| Fault::with(codes::INTERNAL, detail);
    let _turn = AT_ONCE.acquire().await.map_err(|closed| internal(closed.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|panic| internal(panic.to_string()))?.map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_ones_are_refused() {
        let check = |password: &str, expected: bool| assert_eq!(is_strong_enough(password, "chen.jing@shop.example"), expected, "{password}");
        check("", false);
        check("short-one", false);
        check("1234567890", false);
        check("Password123", false);
        check("aaaaaaaaaaaa", false);
        check("chen.jing@shop.example", false);
        check("今天天气很好我们去散步", true);
        check("correct horse battery", true);
        check(&"x1y2".repeat(65), false);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert_eq!(check_password("whatever it is", None).await, Ok(false));
    }
}
