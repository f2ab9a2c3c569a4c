//! Encoded words (RFC 2047) that senders cut in the middle of a character, joined before they are decoded; and header bytes in no declared character set.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::engine::DecodePaddingMode;
use base64::alphabet;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::plain;

/// Takes what encoders of mail programs write: with or without padding, with left-over bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes of `charset` as text; what is not of it is replaced. GB2312 and GBK are read as GB18030, of which they are parts and which is what senders mean.
/// Where no set is told, UTF-8 if it is valid, else GB18030. The flag: whether something was replaced.
pub(super) fn decode(charset: Option<&str>, bytes: &[u8]) -> (String, bool) {
    let named = charset.map(|it| it.trim().trim_matches(['"', '\'']).to_ascii_lowercase());
    let chinese = |it: &str| matches!(it, "gbk" | "gb2312" | "gb_2312" | "gb_2312-80" | "gb2312-80" | "cp936" | "ms936" | "windows-936" | "x-gbk" | "csgb2312" | "chinese" | "gb18030");
    let unknown = |it: &str| matches!(it, "" | "us-ascii" | "ascii" | "unknown" | "unknown-8bit" | "x-unknown" | "default" | "8bit" | "binary" | "utf8" | "utf-8" | "utf-8-sig");
    let decoder = match named.as_deref() {
        Some(it) if chinese(it) => charset_decoder(b"gb18030"),
        Some(it) if !unknown(it) => charset_decoder(it.as_bytes()),
        _ => None,
    };
    let text = match (decoder, std::str::from_utf8(bytes)) {
        (Some(decoder), _) => decoder(bytes),
        (None, Ok(text)) => text.to_owned(),
        // UTF-8 that was damaged keeps its good characters.
        (None, Err(_)) if is_mostly_utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        (None, Err(_)) => charset_decoder(guess(bytes)).map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |it| it(bytes)),
    };
    let replaced = text.contains('\u{FFFD}');
    (text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text), replaced)
}

fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let chunks = || bytes.utf8_chunks();
    let good: usize = chunks().map(|it| it.valid().chars().filter(|it| !it.is_ascii()).count()).sum();
    good > chunks().filter(|it| !it.invalid().is_empty()).count()
}

/// Chinese characters are two bytes beyond ASCII; a Latin letter with its accent mostly stands alone between others.
fn guess(bytes: &[u8]) -> &'static [u8] {
    let runs = bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii()).filter(|it| it.first().is_some_and(|it| !it.is_ascii()));
    let (alone, all) = runs.fold((0_usize, 0_usize), |(alone, all), it| (alone + usize::from(it.len() == 1), all + 1));
    if alone * 2 > all { b"windows-1252" } else { b"gb18030" }
}

pub(super) fn base64_lenient(text: &[u8]) -> Vec<u8> {
    let clean: Vec<u8> = text.iter().copied().filter(|it| it.is_ascii_alphanumeric() || b"+/".contains(it)).collect();
    let whole = if clean.len() % 4 == 1 { clean.get(..clean.len() - 1).unwrap_or_default() } else { &clean };
    LENIENT.decode(whole).unwrap_or_default()
}

/// The character set that a header block declares for its body, which is what bytes beyond ASCII in it are most likely of.
fn declared(head: &[u8]) -> Option<String> {
    let lower = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = lower.split_once("charset=")?;
    let name: String = after.trim_start_matches(['"', '\'', ' ']).chars().take_while(|it| it.is_ascii_alphanumeric() || "-_:.".contains(*it)).take(40).collect();
    Some(name).filter(|it| !it.is_empty() && !it.starts_with("utf") && it != "us-ascii")
}

/// A header block as text in which neighbouring words of one character set are one word of UTF-8, so that no character is cut.
pub(super) fn joined(head: &[u8]) -> String {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        Err(_) => decode(declared(head).as_deref(), head).0,
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match word(from) {
            Some(first) => rest = run(first, &mut out),
            None => {
                out.push_str("=?");
                rest = from.strip_prefix("=?").unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    source: &'a str,
    after: &'a str,
}

/// Writes the words that follow each other without anything but blanks between them; gives what is left.
fn run<'a>(first: Word<'a>, out: &mut String) -> &'a str {
    let mut words = vec![first];
    loop {
        let after = words.last().map_or("", |it| it.after);
        let next = after.trim_start_matches([' ', '\t', '\r', '\n']);
        // A blank line ends the header and a line that begins without a blank is another field.
        let gap = after.get(..after.len() - next.len()).unwrap_or_default();
        match word(next).filter(|_| !gap.ends_with('\n')) {
            Some(it) => words.push(it),
            None => break,
        }
    }
    let after = words.last().map_or("", |it| it.after);
    for group in words.chunk_by(|a, b| a.charset.eq_ignore_ascii_case(b.charset)) {
        let bytes: Vec<u8> = group.iter().flat_map(|it| it.bytes.iter().copied()).collect();
        let (text, replaced) = decode(group.first().map(|it| it.charset), &bytes);
        if replaced && group.len() == 1 {
            group.iter().for_each(|it| out.push_str(it.source));
        } else {
            // Control characters would end the field or hide in it.
            let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
            out.push_str("=?utf-8?B?");
            out.push_str(&STANDARD.encode(text));
            out.push_str("?=");
        }
        out.push(' ');
    }
    if out.ends_with(' ') {
        out.pop();
    }
    after
}

/// One word at the beginning of `text`.
fn word(text: &str) -> Option<Word<'_>> {
    // Longer than any word, so that a text of beginnings is not searched to its end from each of them.
    let inner = plain::bounded(text, 4_300).strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let charset_length = charset.len();
    // The language of RFC 2231.
    let charset = charset.split('*').next().unwrap_or_default();
    if charset.is_empty() || charset.len() > 40 || charset.contains(char::is_whitespace) {
        return None;
    }
    let (encoding, inner) = inner.split_once('?')?;
    let (data, _) = inner.split_once("?=")?;
    if data.contains(['\r', '\n']) {
        return None;
    }
    let length = 2 + charset_length + 1 + encoding.len() + 1 + data.len() + 2;
    let (source, after) = text.split_at_checked(length)?;
    let bytes = match encoding {
        "b" | "B" => base64_lenient(data.as_bytes()),
        "q" | "Q" => q_decoded(data.as_bytes()),
        _ => return None,
    };
    // Bytes beyond ASCII within a word were decoded with the whole block.
    let charset = if data.is_ascii() { charset } else { "utf-8" };
    Some(Word { charset, bytes, source, after })
}

fn q_decoded(data: &[u8]) -> Vec<u8> {
    let hex = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (mut out, mut rest) = (Vec::with_capacity(data.len()), data);
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'_', _) => (b' ', after),
            (b'=', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'=', rest.get(1..).unwrap_or_default()),
            },
            _ => (*first, after),
        };
        out.push(byte);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(head: &str) -> String {
        let joined = joined(format!("Subject: {head}\r\n\r\n").as_bytes());
        let mail = mail_parser::MessageParser::new().parse_headers(joined.as_bytes()).expect("a header").into_owned();
        mail.subject().unwrap_or_default().to_owned()
    }

    #[test]
    fn words_cut_within_a_character_are_whole_again() {
        let check = |head: &str, expected: &str| assert_eq!(shown(head), expected, "{head}");
        check("=?utf-8?B?5L2g5aU=?= =?utf-8?B?ve+8jOiuouWNlQ==?=", "你好，订单");
        check("=?UTF-8?B?5L2g5aU=?=\r\n =?utf-8?B?ve+8jOiuouWNlQ==?=", "你好，订单");
        check("=?GB2312?B?xOO6w6OstqmwmA==?=", "你好，订皹");
        check("=?gb2312?Q?=C4=E3=BA?= =?gb2312?Q?=C3?=", "你好");
        check("Re: =?utf-8?Q?=E9=80=80=E6=AC=BE?= [#12]", "Re: 退款 [#12]");
        check("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c");
        check("=?utf-8?B?8J+Yg/CgrrI=?=", "😃𠮲");
        check("=?broken", "=?broken");
        check("=?utf-8?X?abc?=", "=?utf-8?X?abc?=");
    }

    #[test]
    fn a_field_does_not_swallow_the_next_one() {
        let text = joined("Subject: =?utf-8?Q?a?=\r\nFrom: =?utf-8?Q?b?= <b@x.cn>\r\n\r\n".as_bytes());
        assert_eq!(text.lines().count(), 3, "{text}");
    }

    #[test]
    fn bytes_without_a_character_set_are_read_as_chinese() {
        assert_eq!(decode(None, b"\xc4\xe3\xba\xc3").0, "你好");
        assert_eq!(decode(None, b"die Fr\xf6sche, \xfcber").0, "die Frösche, über");
        assert!(joined(b"Subject: Fr\xf6 =?iso-8859-1?Q?Fr\xf6?=\r\nContent-Type: text/plain; charset=\"iso-8859-1\"\r\n").starts_with("Subject: Frö =?utf-8?B?RnLDtg==?="));
        assert_eq!(decode(Some("gb2312"), b"\x81\x30\x81\x30\xc4\xe3").0.chars().last(), Some('你'));
        assert_eq!(decode(Some("UTF-8"), "你好".as_bytes()), ("你好".to_owned(), false));
        assert_eq!(decode(Some("utf-8"), b"\xe4\xbd\xa0\xe5\xa5\xbd \xff"), ("你好 \u{FFFD}".to_owned(), true));
        assert_eq!(decode(Some("utf-8"), b"ok \xc4\xe3\xba\xc3").0, "ok 你好");
    }
}
