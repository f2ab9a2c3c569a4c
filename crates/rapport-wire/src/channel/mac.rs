//! Keyed hashes of what a provider signed, and their comparison in constant time.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// HMAC-SHA-256 (RFC 2104) of the parts one after the other.
pub fn sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let block = block(key, |it| Sha256::digest(it).to_vec());
    let mac = parts.iter().fold(Hmac::<Sha256>::new(&block.into()), |mac, it| mac.chain_update(it));
    mac.finalize().into_bytes().to_vec()
}

/// HMAC-SHA-1 (RFC 2104) of the parts one after the other, where a provider still signs so.
pub fn sha1(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let block = block(key, |it| Sha1::digest(it).to_vec());
    let mac = parts.iter().fold(Hmac::<Sha1>::new(&block.into()), |mac, it| mac.chain_update(it));
    mac.finalize().into_bytes().to_vec()
}

/// Takes as long for a wrong beginning as for a wrong end; lengths are no secret. Two empty ones are not the same: a secret that is not there opens nothing.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    !a.is_empty() && bool::from(a.ct_eq(b))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, it| {
        let _infallible = write!(text, "{it:02x}");
        text
    })
}

/// The key as HMAC takes it: filled up with zeros to the 64 bytes of both hashes, or hashed where it is longer. Done here, no length can be wrong.
fn block(key: &[u8], hash: fn(&[u8]) -> Vec<u8>) -> [u8; 64] {
    let hashed = if key.len() > 64 { hash(key) } else { key.to_vec() };
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(hashed) {
        *to = from;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: RFC 4231 cases 2 and 6, RFC 2202 cases 2 and 6.
    #[test]
    fn keyed_hashes_are_those_of_the_standards() {
        let long = [0xAA_u8; 131];
        let check = |mac: Vec<u8>, expected: &str| assert_eq!(hex(&mac), expected);
        check(sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"]), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        check(sha256(&long, &[b"Test Using Larger Than Block-Size Key - Hash Key First"]), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        check(sha1(b"Jefe", &[b"what do ya want for nothing?"]), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        check(sha1(&[0xAA; 80], &[b"Test Using Larger Than Block-Size Key - Hash Key First"]), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }

    #[test]
    fn an_absent_secret_opens_nothing() {
        assert!(same(b"a", b"a") && !same(b"a", b"b") && !same(b"a", b"ab") && !same(b"", b""));
    }
}
