//! Which parts of a normalised text are an address, a number, an amount or a date rather than words.

use std::{ops::Range, sync::LazyLock};

use regex::{Match, Regex};

/// Alternatives in order of preference; each is one group.
static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(https?://[a-z0-9./?#@!$&'()*+,;=:%_~\[\]-]+|www\.[a-z0-9.-]+\.[a-z]{2,}[a-z0-9./?#&=%_-]*)",
        r"|([a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
        r"|([0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?|[0-9]{1,2}月[0-9]{1,2}[日号]?)",
        r"|([¥$€£] ?[0-9][0-9,]*(?:\.[0-9]+)?|[0-9][0-9,]*(?:\.[0-9]+)? ?(?:元|块钱|块|万元|毛钱|rmb\b|usd\b|hkd\b|dollars?\b|yuan\b|euros?\b|pounds?\b))",
        r"|([a-z]{0,6}[0-9]+(?:-[0-9]+)*[a-z0-9]*)",
    ))
    .ok()
});
const NAMES: [&str; 4] = ["<url>", "<email>", "<date>", "<amount>"];
/// Digits from which on a number names an order or a parcel rather than a count.
const ORDER_DIGITS: usize = 9;

/// Ranges in order, without overlap, each with its placeholder.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let Some(forms) = FORMS.as_ref() else { return Vec::new() };
    forms
        .captures_iter(text)
        .filter_map(|found| {
            let named = NAMES.iter().enumerate().find_map(|(at, name)| Some((found.get(at + 1)?.range(), *name)));
            named.or_else(|| number(found.get(5)?))
        })
        .collect()
}

/// A run of letters and digits: a phone or order number, a plain number, or a word such as `a4` that stays.
fn number(found: Match<'_>) -> Option<(Range<usize>, &'static str)> {
    let text = found.as_str();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare = text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    let national = digits.strip_prefix("86").filter(|it| it.len() == 11).unwrap_or(&digits);
    let is_phone = bare && national.len() == 11 && national.starts_with('1') && !matches!(national.as_bytes().get(1), Some(b'0'..=b'2') | None);
    match digits.len() {
        _ if is_phone => Some((found.range(), "<phone>")),
        ORDER_DIGITS.. => Some((found.range(), "<order>")),
        _ if bare => Some((found.range(), "<num>")),
        _ => None,
    }
}
