//! Fields of a provider's JSON, read without trust: bounded in size, count and length, cleaned of what a store or a screen cannot bear, and told by name where missing.

use rapport_model::Timestamp;
use serde_json::Value;

use super::{Part, WireFault};

/// Largest body that is read. Units: bytes.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most values within one body: each costs many times its bytes in memory.
const VALUES_MAX: usize = 200_000;
/// Most entries of one list, and most facts of one body.
pub const ITEMS_MAX: usize = 2_000;
/// Longest text that is kept; more than any provider lets a person write. Units: bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Longest name, label, title or media type. Units: bytes.
pub const NAME_BYTES_MAX: usize = 512;
/// Longest id at a provider, where it goes back to them: media ids and addresses are long. Units: bytes.
pub const REFERENCE_BYTES_MAX: usize = 4_096;
/// The end of the year 9999. Units: seconds since 1970.
const SECONDS_MAX: i64 = 253_402_300_799;

/// A body as JSON; nested at most 128 deep. Half a surrogate pair, as providers make them when they cut a name within an emoji, is read as U+FFFD.
pub fn parse(body: &[u8]) -> Result<Value, WireFault> {
    if body.len() > BODY_BYTES_MAX {
        return Err(WireFault::malformed("too large"));
    }
    // Commas within texts count too: there is room for them.
    if body.iter().filter(|it| matches!(it, b',' | b'[' | b'{')).count() > VALUES_MAX {
        return Err(WireFault::malformed("too many values"));
    }
    serde_json::from_slice(body).or_else(|error| {
        let whole = without_half_pairs(body).ok_or_else(|| WireFault::malformed(format!("no JSON: {error}")))?;
        serde_json::from_slice(&whole).map_err(|error| WireFault::malformed(format!("no JSON: {error}")))
    })
}

/// What stands at `path` (RFC 6901); a `null` is nothing.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    value.pointer(path).filter(|it| !it.is_null())
}

/// The list at `path`, empty where there is none. Errors: something else stands there, or too much.
pub fn list<'a>(value: &'a Value, path: &str) -> Result<&'a [Value], WireFault> {
    let Some(found) = at(value, path) else { return Ok(&[]) };
    let items = found.as_array().ok_or_else(|| WireFault::malformed(format!("{path} is no list")))?;
    if items.len() > ITEMS_MAX {
        return Err(WireFault::malformed(format!("{path} is too long")));
    }
    Ok(items)
}

/// Text that a person wrote, bounded; line breaks stay.
pub fn text(value: &Value, path: &str) -> Option<String> {
    at(value, path)?.as_str().map(|it| clean(it, TEXT_BYTES_MAX))
}

/// A text as a part; one that shows nothing is told as the unknown kind `otherwise`, so that somebody looks.
pub fn said(text: String, otherwise: &str) -> Part {
    if text.trim().is_empty() { Part::Unknown(otherwise.to_owned()) } else { Part::Text(text) }
}

/// A name or label in one line.
pub fn name(value: &Value, path: &str) -> Option<String> {
    at(value, path)?.as_str().map(line).filter(|it| !it.is_empty())
}

/// An id, written as text or as a whole number of up to 64 bits.
pub fn id(value: &Value, path: &str) -> Option<String> {
    let found = at(value, path)?;
    let id = match found.as_str() {
        Some(it) => it.to_owned(),
        None => found.as_i64().map(|it| it.to_string()).or_else(|| found.as_u64().map(|it| it.to_string()))?,
    };
    (!id.is_empty() && id.len() <= REFERENCE_BYTES_MAX && !id.contains('\0')).then_some(id)
}

/// An id that must be there.
pub fn needed(value: &Value, path: &str) -> Result<String, WireFault> {
    id(value, path).ok_or_else(|| WireFault::malformed(format!("{path} is missing")))
}

/// A whole number, also one that is written as text.
pub fn whole(value: &Value, path: &str) -> Option<i64> {
    let found = at(value, path)?;
    found.as_i64().or_else(|| found.as_str()?.trim().parse().ok())
}

/// A size. Units: bytes.
pub fn size(value: &Value, path: &str) -> Option<u64> {
    whole(value, path).and_then(|it| u64::try_from(it).ok())
}

/// A point in time given in seconds since 1970.
pub fn seconds(value: &Value, path: &str) -> Option<Timestamp> {
    whole(value, path).filter(|it| (0..=SECONDS_MAX).contains(it)).map(|it| Timestamp(it * 1_000))
}

/// A point in time given in milliseconds since 1970.
pub fn milliseconds(value: &Value, path: &str) -> Option<Timestamp> {
    whole(value, path).filter(|it| (0..=SECONDS_MAX * 1_000).contains(it)).map(Timestamp)
}

/// Degrees within `±bound`, also where written as text.
pub fn degrees(value: &Value, path: &str, bound: f64) -> Option<f64> {
    let found = at(value, path)?;
    let degrees = found.as_f64().or_else(|| found.as_str()?.trim().parse().ok())?;
    (degrees.is_finite() && degrees.abs() <= bound).then_some(degrees)
}

/// Without NUL, which stores refuse, and at most `bytes` long.
pub fn clean(text: &str, bytes: usize) -> String {
    let text = if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() };
    bounded(text, bytes)
}

/// In one line, without characters that steer a screen or turn the direction of what follows.
pub fn line(text: &str) -> String {
    let steers = |it: char| matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let text: String = text.chars().take(NAME_BYTES_MAX).map(|it| if it.is_control() { ' ' } else { it }).filter(|it| !steers(*it)).collect();
    bounded(text.trim().to_owned(), NAME_BYTES_MAX)
}

/// The last part of what may be a path.
pub fn file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    line(last).trim_start_matches('.').to_owned()
}

/// `+86138…` of digits with or without their plus sign; `None` where it is no number of E.164 length.
pub fn e164(number: &str) -> Option<String> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit()) && !digits.starts_with('0');
    is_number.then(|| format!("+{digits}"))
}

fn bounded(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
    text
}

/// The body with each `\uD8xx`…`\uDFxx` that is not half of a pair made `\uFFFD`; `None` where there is none, or where it is no text.
fn without_half_pairs(body: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut rest, mut changed) = (Vec::with_capacity(body.len()), body, false);
    while let [first, after @ ..] = rest {
        let Some(unit) = escaped_unit(rest) else {
            let taken = if *first == b'\\' { rest.len().min(2) } else { 1 };
            out.extend(rest.get(..taken)?);
            rest = rest.get(taken..).unwrap_or(after);
            continue;
        };
        let next = rest.get(6..).unwrap_or_default();
        let is_pair = (0xD800..0xDC00).contains(&unit) && escaped_unit(next).is_some_and(|it| (0xDC00..0xE000).contains(&it));
        let taken = if is_pair { 12 } else { 6 };
        if is_pair || !(0xD800..0xE000).contains(&unit) {
            out.extend(rest.get(..taken)?);
        } else {
            out.extend_from_slice(b"\\uFFFD");
            changed = true;
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    changed.then_some(out)
}

/// The code unit of a `\uXXXX` that `text` begins with.
fn escaped_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok().filter(|it| !it.starts_with('+'))?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_pairs_are_read_and_whole_ones_kept() {
        let check = |json: &str, expected: &str| assert_eq!(parse(json.as_bytes()).expect("read").as_str(), Some(expected), "{json}");
        check(r#""\ud83d\ude00""#, "😀");
        check(r#""a\ud83d""#, "a\u{FFFD}");
        check(r#""\ude00\ud83d\ude00\ud83d""#, "\u{FFFD}😀\u{FFFD}");
        check(r#""\\ud83d \ud83d""#, "\\ud83d \u{FFFD}");
        assert!(parse(br#""\ud83d"#).is_err() && parse(b"").is_err() && parse("[".repeat(5_000).as_bytes()).is_err());
        assert!(parse(&vec![b' '; BODY_BYTES_MAX + 1]).is_err());
        assert!(parse(format!("[{}0]", "0,".repeat(VALUES_MAX - 1)).as_bytes()).is_ok());
        assert!(parse(format!("[{}0]", "0,".repeat(VALUES_MAX)).as_bytes()).is_err());
    }

    #[test]
    fn names_stay_in_one_line_and_files_in_no_folder() {
        assert_eq!(line(" 张\n三\u{202E}gpj\0"), "张 三gpj");
        assert!(line(&"号".repeat(1_000)).len() <= NAME_BYTES_MAX);
        let check = |text: &str, expected: &str| assert_eq!(file_name(text), expected);
        check("../../etc/passwd", "passwd");
        check(r"C:\x\账单.pdf", "账单.pdf");
        check("..", "");
    }

    #[test]
    fn ids_are_texts_or_whole_numbers() {
        let value = serde_json::json!({"a": 24_700_000_000_000_001_u64, "b": "x", "c": 1.5, "d": "", "e": "a\0", "f": u64::MAX, "t": "1764000000", "n": -1});
        let check = |path: &str, expected: Option<&str>| assert_eq!(id(&value, path).as_deref(), expected, "{path}");
        check("/a", Some("24700000000000001"));
        check("/b", Some("x"));
        check("/c", None);
        check("/d", None);
        check("/e", None);
        check("/f", Some("18446744073709551615"));
        assert_eq!((seconds(&value, "/t"), seconds(&value, "/n")), (Some(Timestamp(1_764_000_000_000)), None));
        assert_eq!((e164("8613800138000").as_deref(), e164("+15551234567").as_deref(), e164("10086"), e164("0138001380")), (Some("+8613800138000"), Some("+15551234567"), None, None));
    }
}
