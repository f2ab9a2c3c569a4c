//! Numbers and accounts that belong to a person, told from orders, amounts and ids by their form, their check digits and the words before them.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::Kind;

type Claim = (Kind, Range<usize>);

/// A form that does not compile finds nothing; the tests below would show it.
fn form(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+"));
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"[0-9][0-9 -]{11,26}[0-9x]"));
static MOBILE: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(?:(?:\+|00)?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}[- ]?[0-9]{4}|[- ]?[0-9]{3}[- ]?[0-9]{5})"));
static LANDLINE: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"\(?0[1-9][0-9]{1,2}\)?[- ]?[2-9][0-9]{6,7}(?:(?:-|转|ext\.? ?)[0-9]{1,5})?"));
static ABROAD: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"\+[1-9][0-9]{0,2}[-. ]?\(?[0-9]{1,4}\)?(?:[-. ]?[0-9]{2,4}){2,4}|\(?[2-9][0-9]{2}\)?[-. ][2-9][0-9]{2}[-. ][0-9]{4}"));
static SPELLED: LazyLock<Option<Regex>> = LazyLock::new(|| form("[一幺][三四五六七八九][零〇一幺二三四五六七八九]{9}"));
static PASSPORT: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(?:护照|passport)(?:号码?| number| no\.?|编号)?(?: ?(?:是|为|is|:|：|#))* ?([a-z]{0,2}[0-9]{7,9})"));
static PLATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| form(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][·.\- ]?(?:[a-hj-np-z0-9]{5,6}|[a-hj-np-z0-9]{4}[学警挂港澳领])"));
static WECHAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| form(r"(?:微信|薇信|绿泡泡|v信|wechat|weixin|vx|wx)(号码?|账号|id| id)?( ?(?:是|为|is|:|：))* ?([a-z][a-z0-9_-]{5,19})"));
static QQ: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(?:qq|扣扣)(?:号码?|账号| number)?(?: ?(?:是|为|is|:|：))* ?([1-9][0-9]{4,10})"));
/// What stands right before a number that counts or names a thing.
static OF_A_THING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    form(concat!(
        r"(?:订单|单号|运单|物流|快递单|流水|编号|序列|型号|版本|批次|工单|合同|发票|凭证|条码|商品|货号|票号|券码|交易|申请|案件|报案|保单|取件码|验证码|参考|设备|税号|信用代码|imei|sn|sku|order|tracking|invoice|ticket|ref|reference|serial|model|case|transaction|receipt|parcel|booking)",
        r"(?:编?号码?|number|no\.?|id|代码)?(?: ?(?:是|为|is|was|:|：|#|=|number|no\.?|id))* ?[a-z]{0,6}[-#]?$"
    ))
});
static OF_A_PERSON: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(身份证件?|证件|id card|idcard)(?:号码?|number|no\.?)?(?: ?(?:是|为|is|:|：|#))* ?$"));
static OF_A_CARD: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(卡号|银行卡|储蓄卡|信用卡|借记卡|账户|账号|bank card|card number|credit card|debit card|card no\.?)(?:号码?|number|no\.?)?(?: ?(?:是|为|is|:|：|#))* ?$"));
static OF_A_LANDLINE: LazyLock<Option<Regex>> = LazyLock::new(|| form(r"(电话|座机|固话|致电|拨打|tel|phone|call)(?:号码?|number)?(?: ?(?:是|为|is|:|：))* ?$"));

/// Bytes before a number that are looked at.
const BEFORE_BYTES: usize = 48;

/// In a normalised text.
pub(super) fn find(text: &str) -> Vec<Claim> {
    let mut out: Vec<Claim> = ranges(&EMAIL, text, 0).into_iter().map(|it| (Kind::Email, it)).collect();
    out.extend(ranges(&DIGITS, text, 0).into_iter().flat_map(|it| long(text, it)));
    let phones = [&MOBILE, &LANDLINE, &ABROAD].into_iter().flat_map(|it| ranges(it, text, 0)).filter(|it| stands_alone(text, it) && !is_told(&OF_A_THING, text, it.start));
    out.extend(phones.filter_map(|it| phone(text, it)).map(|it| (Kind::Phone, it)));
    out.extend(ranges(&SPELLED, text, 0).into_iter().map(|it| (Kind::Phone, it)));
    out.extend(ranges(&PASSPORT, text, 1).into_iter().filter(|it| stands_alone(text, it)).map(|it| (Kind::Passport, it)));
    out.extend(ranges(&PLATE, text, 0).into_iter().filter_map(|it| plate(text, it)).map(|it| (Kind::LicencePlate, it)));
    out.extend(wechat(text).into_iter().chain(ranges(&QQ, text, 1).into_iter().filter(|it| stands_alone(text, it))).map(|it| (Kind::Account, it)));
    out
}

fn ranges(form: &LazyLock<Option<Regex>>, text: &str, group: usize) -> Vec<Range<usize>> {
    let Some(form) = form.as_ref() else { return Vec::new() };
    form.captures_iter(text).filter_map(|it| Some(it.get(group)?.range())).collect()
}

/// Whether the form matches what stands right before.
fn is_told(form: &LazyLock<Option<Regex>>, text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(BEFORE_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    form.as_ref().is_some_and(|it| text.get(from..at).is_some_and(|before| it.is_match(before)))
}

/// Not a part of a longer number, id or word.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before: Vec<char> = text.get(..range.start).into_iter().flat_map(|it| it.chars().rev().take(2)).collect();
    let after: Vec<char> = text.get(range.end..).into_iter().flat_map(|it| it.chars().take(2)).collect();
    let joins = |side: &[char]| match side {
        [c, ..] if is_part(*c) => true,
        ['-' | '.' | '/' | '=', c, ..] => c.is_ascii_alphanumeric(),
        _ => false,
    };
    // `phone=138…` and `tel.138…` are no longer words.
    let joins_before = match before.as_slice() {
        ['=', ..] => false,
        side => joins(side) && !matches!(side, ['.' | '/', c, ..] if c.is_ascii_alphabetic()),
    };
    !joins_before && !joins(&after)
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|it| it - b'0').collect()
}

/// Numbers of 13 digits and more: identity card or bank card. Blanks may also part two numbers, so each run is tried as a whole and piece by piece.
fn long(text: &str, range: Range<usize>) -> Vec<Claim> {
    let whole = text.get(range.clone()).unwrap_or_default();
    if let Some(kind) = classified(text, &range) {
        return vec![(kind, range)];
    }
    let mut out = Vec::new();
    let mut from = range.start;
    for piece in whole.split(' ') {
        let at = from..from + piece.len();
        from = at.end + 1;
        if piece.len() < whole.len() && let Some(kind) = classified(text, &at) {
            out.push((kind, at));
        }
    }
    out
}

fn classified(text: &str, range: &Range<usize>) -> Option<Kind> {
    let written = text.get(range.clone())?;
    if !stands_alone(text, range) || is_told(&OF_A_THING, text, range.start) {
        return None;
    }
    let numbers = digits(written);
    let is_checked = written.ends_with('x');
    let length = numbers.len() + usize::from(is_checked);
    let is_named = is_told(&OF_A_PERSON, text, range.start);
    if length == 18 && (is_named || is_id_card(&numbers, is_checked)) || length == 15 && !is_checked && (is_named || is_old_id_card(&numbers)) {
        return Some(Kind::IdCard);
    }
    let is_card = !is_checked && (has_known_issuer(&numbers) && is_luhn(&numbers) || (15..=19).contains(&length) && is_told(&OF_A_CARD, text, range.start));
    is_card.then_some(Kind::BankCard)
}

/// Shape: 18 places, the last a digit or X. Source: GB 11643, ISO 7064 MOD 11-2.
fn is_id_card(numbers: &[u8], ends_with_x: bool) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [u8; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = numbers.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let check = if ends_with_x { Some(10) } else { numbers.get(17).copied() };
    let expected = usize::try_from(sum % 11).ok().and_then(|it| CHECKS.get(it).copied());
    numbers.len() == if ends_with_x { 17 } else { 18 } && check == expected && is_province(numbers) && is_date(number(numbers, 6..10), number(numbers, 10..12), number(numbers, 12..14))
}

/// The form of before 2000: two places of the year, no check digit.
fn is_old_id_card(numbers: &[u8]) -> bool {
    numbers.len() == 15 && is_province(numbers) && is_date(1_900 + number(numbers, 6..8), number(numbers, 8..10), number(numbers, 10..12))
}

fn number(digits: &[u8], range: Range<usize>) -> u32 {
    digits.get(range).unwrap_or_default().iter().fold(0, |number, digit| number * 10 + u32::from(*digit))
}

fn is_province(digits: &[u8]) -> bool {
    matches!(number(digits, 0..2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1_900..=2_099).contains(&year) && (1..=days).contains(&day)
}

/// Issuers and the lengths they give. Source: ISO/IEC 7812 as published by the schemes.
fn has_known_issuer(digits: &[u8]) -> bool {
    let (two, three, four) = (number(digits, 0..2), number(digits, 0..3), number(digits, 0..4));
    match digits.len() {
        13 => two / 10 == 4,
        14 => two == 36 || two == 38 || (300..=305).contains(&three),
        15 => two == 34 || two == 37,
        16 => two / 10 == 4 || two == 62 || (51..=55).contains(&two) || (2_221..=2_720).contains(&four) || two == 35 || four == 6_011 || two == 65,
        17 | 18 => two == 62,
        19 => two == 62 || two / 10 == 4 || four == 6_011 || two == 65,
        _ => false,
    }
}

/// Source: ISO/IEC 7812-1, annex B.
fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| u32::from(*digit) * if at % 2 == 1 { 2 } else { 1 }).map(|it| it / 10 + it % 10).sum();
    sum.is_multiple_of(10)
}

fn phone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let written = text.get(range.clone())?;
    let count = digits(written).len();
    let is_bare_landline = written.starts_with('0') && !written.contains(['-', ' ', ')', '转']);
    let is_bare = is_bare_landline && !written.starts_with("00") && !is_told(&OF_A_LANDLINE, text, range.start);
    (!is_bare && (8..=18).contains(&count)).then_some(range)
}

fn plate(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let written = text.get(range.clone())?;
    let after = text.get(range.end..)?.chars().next();
    (digits(written).len() >= 2 && !after.is_some_and(|it| it.is_ascii_alphanumeric())).then_some(range)
}

/// "wechat payment" names no account: it has a digit or is announced.
fn wechat(text: &str) -> Vec<Range<usize>> {
    let Some(form) = WECHAT.as_ref() else { return Vec::new() };
    form.captures_iter(text)
        .filter_map(|it| {
            let id = it.get(3)?;
            let is_announced = it.get(1).is_some() || it.get(2).is_some();
            (is_announced || id.as_str().contains(|c: char| c.is_ascii_digit() || c == '_')).then(|| id.range())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_checked() {
        assert!(is_id_card(&digits("11010519491231002"), true));
        assert!(is_id_card(&digits("440524188001010014"), false) || !is_date(1_880, 1, 1));
        assert!(!is_id_card(&digits("110105194912310021"), false));
        assert!(is_luhn(&digits("4111111111111111")) && !is_luhn(&digits("4111111111111112")));
        assert!(is_date(2_024, 2, 29) && !is_date(2_023, 2, 29));
    }

    #[test]
    fn every_form_compiles() {
        let forms = [&EMAIL, &DIGITS, &MOBILE, &LANDLINE, &ABROAD, &SPELLED, &PASSPORT, &PLATE, &WECHAT, &QQ, &OF_A_THING, &OF_A_PERSON, &OF_A_CARD, &OF_A_LANDLINE];
        assert!(forms.iter().all(|it| it.is_some()));
    }
}
