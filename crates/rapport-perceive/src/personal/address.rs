//! Postal addresses, Chinese and English, down to a street or a house; a city alone is none.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

/// Where a house is named: a street with its number, an estate with its block, or block and staircase.
static HOUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:(?:路|街|大道|巷|胡同|弄|村|镇|庄|屯|组|环)(?:[东西南北中]?[一二三四]?段)? ?[0-9]{1,5}(?:-[0-9]{1,4})? ?(?:号|弄|巷|组)(?:院|楼|大院)?",
        r"|(?:小区|花园|公寓|大厦|广场|苑|家园|新村|名城|名苑|华庭|府|庭|湾|城|宿舍|写字楼|国际|园区|大学|学院|中学|社区|里) ?(?:[东西南北]区)? ?(?:[a-z]|[0-9]{1,4}|[一二三四五六七八九十]{1,3}) ?(?:栋|幢|座|号楼|单元|室|#)",
        r"|[0-9]{1,3} ?(?:栋|幢|号楼|座) ?[0-9一二三四五六七八九]{1,2} ?单元)",
        r"(?:[ ,-]?[\p{Han}]{0,8}?(?:[a-z]?[0-9]{1,4}|[a-z]|[一二三四五六七八九十]{1,3}) ?(?:栋|幢|座|号楼|单元|层|楼|室|号|户|房|院))*(?:[ -]?[0-9]{3,4})?",
    ))
    .ok()
});
/// Province or city, district, and a street or estate without a number.
static STREET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\p{Han}]{2,4}(?:省|市|自治区) ?[\p{Han}]{1,5}?(?:市|区|县|州|旗) ?(?:[\p{Han}]{1,5}?(?:区|县|市|镇|乡|街道) ?)?[\p{Han}0-9]{1,10}?(?:路|街|街道|镇|乡|村|大道|小区|花园|大厦|苑|公寓|巷|胡同)(?: ?[0-9]{1,5}(?:号|弄))?").ok()
});
/// What follows "address:".
static LABELLED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:地址|住址|住处|家住|住在|寄到|送到|寄往|寄回)(?:信息)?(?: ?(?:是|为|在|改成|改为|改到|换成|:|：))* ?([\p{Han}a-z0-9 #()-]{5,60})").ok());
/// Parts of an address, of which a labelled one has two.
static PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\p{Han}]{2}(?:省|市|区|县|镇|乡|街道|路|街|大道|村|巷|弄|小区|花园|苑|公寓|大厦|广场|家园)|[0-9a-z一二三四五六七八九十](?:号|栋|幢|座|单元|室|号楼|层)").ok()
});
/// Where an address ends that is followed by more words.
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r" ?(?:收|谢谢|吗|吧|呢|了|啊|的|这|可以|能|行|怎么|有|需要|是|电话|手机|联系|邮编|收件|姓名|和|要|多久|几天|附近|请|就|不|没|改|送|寄|发|我|你|好|[\p{Han}]{2,3} ?1[3-9][0-9]{9}|1[3-9][0-9]{9})").ok());
static ENGLISH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b[0-9]{1,6}[a-z]? ((?:[a-z0-9'.]+ ){1,4}?)(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|square|sq|terrace|way|highway|hwy|parkway|close|crescent)\b\.?",
        r"(?:,? (?:apt|apartment|suite|unit|flat|floor|no)\.? ?#?[a-z0-9-]+)?",
        r"(?:,? [a-z .,]{2,40}?,? (?:[a-z]{2} [0-9]{5}(?:-[0-9]{4})?|[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}))?",
    ))
    .ok()
});
/// No name of a street has these.
const NOT_IN_A_STREET: &[&str] = &[
    "the", "my", "your", "a", "an", "of", "on", "in", "to", "for", "is", "are", "was", "and", "or", "any", "this", "that", "by", "with", "from", "at", "i", "you", "it", "items", "orders", "days", "hours", "minutes", "per", "no", "not", "all",
    "same", "have", "times", "people", "way", "weeks", "dollars", "percent", "star", "miles", "more", "first", "one", "long", "half",
];

/// Words after which an address begins.
const BEGINS_AFTER: &[&str] = &["地址", "是", "在", "到", "往", "址", "寄", "送", "住", "改成", "改为", "换成", "给", "为", "我家", "去", "发", "从", "了", "的", "我", "请", "来", "搬", "和"];
/// With these before the last of them, an address begins earlier: 从化, 来广营, 发展路, 和平路.
const BUT_NOT: &[&str] = &["从化", "来广", "来安", "来凤", "发展", "和平", "和县", "去学"];

/// Characters before the house that may belong to its address.
const LEFT_CHARS: usize = 32;

/// In a normalised text.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut out = labelled(text);
    out.extend(matches(&HOUSE, text).filter_map(|it| house(text, it)));
    out.extend(matches(&STREET, text).map(|it| begin(text, it.start, it.end).unwrap_or(it.start)..it.end));
    out.extend(english(text));
    joined(out)
}

fn matches<'a>(form: &'a LazyLock<Option<Regex>>, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    form.as_ref().into_iter().flat_map(move |it| it.find_iter(text)).map(|it| it.range())
}

/// What was found in pieces that touch or overlap is one address.
fn joined(mut all: Vec<Range<usize>>) -> Vec<Range<usize>> {
    all.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
    let mut out: Vec<Range<usize>> = Vec::new();
    for it in all {
        match out.last_mut() {
            Some(before) if it.start <= before.end => before.end = before.end.max(it.end),
            _ => out.push(it),
        }
    }
    out
}

fn house(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut range = range;
    if text.get(range.end..)?.starts_with(|c: char| c.is_ascii_digit()) {
        // The start of a longer number, and no room.
        range.end = range.start + text.get(range.clone())?.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '-').len();
    }
    // 地铁2号线, 3号店: no house.
    let after = text.get(range.end..)?.chars().next();
    if text.get(range.clone())?.ends_with('号') && after.is_some_and(|it| "线店机车楼梯".contains(it)) {
        return None;
    }
    let from = begin(text, range.start, range.start)?;
    let name = text.get(from..range.start)?;
    // A street has a name, unless the match has its block and staircase.
    let starts_with_number = text.get(range.clone())?.starts_with(|c: char| c.is_ascii_digit());
    (starts_with_number || name.chars().filter(|it| it.is_alphanumeric()).count() >= 1).then_some(from..range.end)
}

/// Where the address that goes on at `at` begins, if anything of it stands before `within`.
fn begin(text: &str, at: usize, within: usize) -> Option<usize> {
    let before = text.get(..within)?;
    let from = before.char_indices().rev().take(LEFT_CHARS).take_while(|(_, c)| rapport_model::is_han(*c) || c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '·')).last().map_or(at, |it| it.0);
    let window = text.get(from..within)?;
    let cut = BEGINS_AFTER
        .iter()
        .filter_map(|word| window.rmatch_indices(word).find(|(at, _)| !BUT_NOT.iter().any(|it| window.get(*at..).is_some_and(|rest| rest.starts_with(it)))).map(|(at, _)| at + word.len()))
        .max()
        .unwrap_or(0);
    let rest = window.get(cut..)?;
    Some(from + cut + (rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '-').len()))
}

fn labelled(text: &str) -> Vec<Range<usize>> {
    let (Some(label), Some(parts)) = (LABELLED.as_ref(), PARTS.as_ref()) else { return Vec::new() };
    label
        .captures_iter(text)
        .filter_map(|it| {
            let told = it.get(1)?;
            let places: Vec<Range<usize>> = parts.find_iter(told.as_str()).map(|it| it.range()).collect();
            let last = places.last()?.end;
            // What stands right behind the last part still belongs to it, up to a word that does not.
            let rest = told.as_str().get(last..)?;
            let more = AFTER.as_ref().and_then(|it| it.find(rest)).map_or(rest.len(), |it| it.start());
            let more = if rest.get(..more)?.chars().count() <= 12 { more } else { 0 };
            (places.len() >= 2).then(|| told.start()..told.start() + told.as_str().get(..last + more).map_or(last, |it| it.trim_end().len()))
        })
        .collect()
}

fn english(text: &str) -> Vec<Range<usize>> {
    let Some(form) = ENGLISH.as_ref() else { return Vec::new() };
    form.captures_iter(text)
        .filter(|it| it.get(1).is_some_and(|name| !name.as_str().split_whitespace().any(|word| NOT_IN_A_STREET.contains(&word))))
        .filter_map(|it| Some(it.get(0)?.range()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles() {
        assert!([&HOUSE, &STREET, &LABELLED, &PARTS, &AFTER, &ENGLISH].iter().all(|it| it.is_some()));
    }
}
