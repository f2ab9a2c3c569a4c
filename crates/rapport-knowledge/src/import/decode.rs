//! Bytes to text: byte order marks, UTF-8, else GB18030.

use encoding_rs::{Encoding, GB18030, UTF_8};
use rapport_model::{Fault, codes};

/// Text of a file. What is neither UTF-8 nor GB18030 nor marked UTF-16, or holds bytes that no text has, is refused.
pub(super) fn text(content: &[u8]) -> Result<String, Fault> {
    if FOREIGN.iter().any(|it| content.starts_with(it)) {
        return Err(Fault::with(codes::IMPORT_UNREADABLE, "not a text"));
    }
    let (encoding, content) = match Encoding::for_bom(content) {
        Some((encoding, length)) => (encoding, content.get(length..).unwrap_or_default()),
        None => (if std::str::from_utf8(content).is_ok() { UTF_8 } else { GB18030 }, content),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(content).ok_or_else(|| Fault::with(codes::IMPORT_UNREADABLE, "encoding"))?;
    if text.contains('\0') {
        return Err(Fault::with(codes::IMPORT_UNREADABLE, "binary"));
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Documents that begin like text: PDF and RTF.
const FOREIGN: &[&[u8]] = &[b"%PDF-", b"{\\rtf"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        let check = |content: &[u8], expect: Result<&str, &str>| {
            assert_eq!(text(content).map_err(|it| it.kind.code), expect.map(str::to_owned), "{content:?}");
        };
        check("换货 ok".as_bytes(), Ok("换货 ok"));
        check(b"\xef\xbb\xbfa", Ok("a"));
        check(&[0xbb, 0xbb, 0xbb, 0xf5], Ok("换货"));
        check(b"\xff\xfeb\x63", Ok("换"));
        check(b"\xfe\xff\x63b", Ok("换"));
        check(b"a\r\nb\rc", Ok("a\nb\nc"));
        check(b"\xff\xff\xff", Err("import.unreadable"));
        check(b"a\0b", Err("import.unreadable"));
        check(b"\xff\xfea", Err("import.unreadable"));
    }
}
