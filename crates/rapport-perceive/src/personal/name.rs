//! Names of persons, told by what introduces them: 我叫, 收件人, a title, a phone number beside them, `my name is`, `Mr`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::lexicon::words;

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤\
    温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阎时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀胥郁南班储原栗燕楚鄢扶劳谌奚皮粟冼蔺楼盘满闻位厉伊";
const COMPOUND: &[&str] = &["欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "长孙", "宇文", "南宫", "端木", "独孤", "轩辕", "百里", "东郭", "西门", "呼延", "赫连"];

/// Surely a name follows.
static STRONG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:我叫|我名叫|本人叫|本人姓名|名字(?:是|叫|为|:)|姓名(?:是|为|:|叫)?|(?:收件|收货|联系|寄件|取件|下单|投保|被保险|入住|乘机|乘车|报案|开户|持卡|申请|购票|预约|经办|负责)人(?:姓名|名字)?(?:是|为|:|叫|改成|改为|写|填)?|户名(?:是|为|:)?|机主|车主|业主|房主|户主|患者|乘客|旅客|就诊人)(?: ?:)? ?").ok()
});
/// A name may follow.
static WEAK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:我是|本人|这里是|麻烦转告|请转告|请找|联系)").ok());
static SURNAME_ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:我姓|免贵姓|本人姓) ?").ok());
static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:先生|女士|小姐|太太|师傅|老师|经理|医生|阿姨)").ok());

/// Words with which the text goes on after a name.
const GOES_ON: &[&str] = &[
    "的", "电话", "手机", "身份", "先生", "女士", "小姐", "住", "是", "今年", "订", "买", "联系", "地址", "和", "在", "有", "要", "想", "号码", "卡号", "尾号", "，", "我", "收", "购", "于", "证件", "下单", "预约", "你", "来", "已", "申请", "户", "微信", "邮箱", "老师",
    "同学", "，", "医生", "打", "性别", "男", "女", "吗", "吧", "不", "没",
];
/// Not a given name, though a surname may stand before.
const NEVER_GIVEN: &str = "了的吗呢吧是我你他她它们么个这那就都也很还要会能说去到给把被过没不";

/// In a normalised text; `phones` are the numbers found in it.
pub(super) fn find(text: &str, phones: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = ends(&STRONG, text).filter_map(|at| introduced(text, at, true)).collect();
    out.extend(ends(&WEAK, text).filter_map(|at| introduced(text, at, false)));
    out.extend(ends(&SURNAME_ALONE, text).filter_map(|at| surname(text, at)));
    out.extend(TITLE.as_ref().into_iter().flat_map(|it| it.find_iter(text)).filter_map(|it| titled(text, it.range())));
    out.extend(phones.iter().flat_map(|it| beside(text, it)));
    out
}

fn ends<'a>(form: &'a LazyLock<Option<Regex>>, text: &'a str) -> impl Iterator<Item = usize> + 'a {
    form.as_ref().into_iter().flat_map(move |it| it.find_iter(text)).map(|it| it.end())
}

/// Bytes of the surname that stands at the byte.
fn surname(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let length = COMPOUND.iter().find(|it| rest.starts_with(**it)).map(|it| it.len()).or_else(|| rest.chars().next().filter(|it| SURNAMES.contains(*it)).map(char::len_utf8))?;
    Some(at..at + length)
}

/// Surname and a given name of two characters or one, whichever ends where a name ends.
fn introduced(text: &str, at: usize, is_sure: bool) -> Option<Range<usize>> {
    let family = surname(text, at)?;
    let given: Vec<(usize, char)> = text.get(family.end..)?.char_indices().take(2).take_while(|(_, c)| rapport_model::is_han(*c) && !NEVER_GIVEN.contains(*c)).collect();
    let end = |count: usize| given.get(count - 1).map(|(at, c)| family.end + at + c.len_utf8());
    let length = [2, 1].into_iter().filter_map(end).find(|end| is_end(text, *end)).or_else(|| if is_sure { end(2) } else { None })?;
    let range = family.start..length;
    (is_sure || !is_common(text.get(range.clone())?)).then_some(range)
}

fn is_end(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    !rest.chars().next().is_some_and(rapport_model::is_han) && !rest.starts_with(|c: char| c.is_ascii_alphabetic()) || GOES_ON.iter().any(|it| rest.starts_with(it))
}

/// Whether it begins or ends with a word: 高中生, 金牌.
fn is_common(name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    chars.windows(2).any(|it| matches!(it, [a, b] if words::is_word(*a, *b)))
}

/// 王先生, 欧阳女士, 王小明先生.
fn titled(text: &str, title: Range<usize>) -> Option<Range<usize>> {
    let before: Vec<(usize, char)> = text.get(..title.start)?.char_indices().rev().take(4).take_while(|(_, c)| rapport_model::is_han(*c)).collect();
    let at = |count: usize| before.get(count.checked_sub(1)?).map(|it| it.0);
    let full = [2, 3, 4].into_iter().filter_map(at).find(|from| surname(text, *from).is_some_and(|it| it.end < title.start) && follows_a_border(text, *from) && !text.get(*from..title.start).is_some_and(is_common));
    let compound = at(2).filter(|from| surname(text, *from).is_some_and(|it| it.end == title.start));
    let single = at(1).filter(|from| surname(text, *from).is_some() && !joins_a_word(text, *from));
    let from = full.or(compound).or(single)?;
    Some(from..if full.is_some() { title.start } else { title.end })
}

fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

fn follows_a_border(text: &str, at: usize) -> bool {
    before(text, at).is_none_or(|it| !rapport_model::is_han(it) || "是叫找给和与跟转请为".contains(it))
}

/// 谢谢老师: the character belongs to the one before.
fn joins_a_word(text: &str, at: usize) -> bool {
    let here = text.get(at..).and_then(|it| it.chars().next());
    matches!((before(text, at), here), (Some(a), Some(b)) if words::is_word(a, b) || a == b)
}

/// "张伟 13800000000" and "13800000000 张伟": two or three characters alone beside a number.
fn beside(text: &str, phone: &Range<usize>) -> Vec<Range<usize>> {
    let is_gap = |c: char| " ,，:：;、/()".contains(c);
    let left = text.get(..phone.start).unwrap_or_default().trim_end_matches(is_gap);
    let from = left.char_indices().rev().take(5).take_while(|(_, c)| rapport_model::is_han(*c)).last().map_or(left.len(), |it| it.0);
    let right_at = text.len() - text.get(phone.end..).unwrap_or_default().trim_start_matches(is_gap).len();
    let right = text.get(right_at..).unwrap_or_default();
    let right_end = right_at + right.char_indices().take(5).take_while(|(_, c)| rapport_model::is_han(*c)).map(|(at, c)| at + c.len_utf8()).last().unwrap_or(0);
    [from..left.len(), right_at..right_end].into_iter().filter(|it| is_whole_name(text, it) && (it.end < phone.start || it.start > phone.end)).collect()
}

fn is_whole_name(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let Some(family) = surname(text, range.start) else { return false };
    let given = text.get(family.end..range.end).unwrap_or_default();
    (1..=2).contains(&given.chars().count()) && !given.contains(|c| NEVER_GIVEN.contains(c)) && !is_common(written)
}

static INTRODUCED_LATIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i:\bmy (?:full )?name(?: is|'s|’s)|\bname:|\brecipient:|\bcontact(?: person)?:|\battn:?|\bcall me|\baccount holder(?: is|:)?)\s+(?P<sure>[A-Z][\p{L}'’-]+(?:\s(?:[A-Z]\.|[A-Z][\p{L}'’-]+)){0,3})",
        r"|(?i:\bi am|\bi'm|\bi’m|\bthis is)\s+(?P<full>[A-Z][\p{L}'’-]+\s(?:[A-Z]\.\s)?[A-Z][\p{L}'’-]+)",
        r"|\b(?P<title>(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s[A-Z][\p{L}'’-]+(?:\s[A-Z][\p{L}'’-]+)?)",
        r"|(?i:\bmy name is|\bmy name's)\s+(?P<small>[a-z]+(?:\s[a-z]+)?)",
    ))
    .ok()
});
/// In small letters after "my name is", these are no second name.
const NO_NAME: &[&str] = &["and", "i", "from", "my", "but", "with", "the", "on", "not", "in", "spelled", "spelt", "wrong", "is", "so", "can", "for", "misspelled", "incorrect", "please", "missing", "still", "also", "it", "to", "a", "at", "here", "could", "showing"];
const NO_FIRST_NAME: &[&str] = &["Not", "Very", "So", "Chinese", "American", "English", "New", "Looking", "Just", "Still", "The", "A", "An", "Customer", "Order", "Premium", "Gold", "Amazon", "Apple"];

/// In the text as given: capitals tell.
pub(super) fn find_latin(text: &str) -> Vec<Range<usize>> {
    let Some(form) = INTRODUCED_LATIN.as_ref() else { return Vec::new() };
    form.captures_iter(text)
        .filter_map(|it| {
            let group = ["sure", "full", "title", "small"].into_iter().find_map(|name| it.name(name))?;
            let words: Vec<&str> = group.as_str().split_whitespace().collect();
            let first = words.first()?;
            if NO_FIRST_NAME.contains(first) || NO_NAME.contains(first) {
                return None;
            }
            let is_second = words.get(1).is_some_and(|it| NO_NAME.contains(&it.to_lowercase().as_str()));
            Some(group.start()..if is_second { group.start() + first.len() } else { group.end() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles() {
        assert!([&STRONG, &WEAK, &SURNAME_ALONE, &TITLE, &INTRODUCED_LATIN].iter().all(|it| it.is_some()));
    }
}
