//! How Chinese characters sound: syllables without tones, and the classes that dialects and speech recognition confuse.

use std::{collections::BTreeMap, sync::LazyLock};

use pinyin::ToPinyin as _;

/// A syllable without its tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Syllable(u16);

impl Syllable {
    /// As written without tone: `zhang`, `nü`.
    pub fn plain(self) -> &'static str {
        TABLE.names.get(usize::from(self.0)).map_or("", |it| it.plain)
    }

    /// The class it is confused within: `zan` for zhang, zang, zhan and zan.
    pub fn fuzzy(self) -> &'static str {
        TABLE.names.get(usize::from(self.0)).map_or("", |it| it.fuzzy.as_str())
    }
}

struct Table {
    /// From U+3400 to U+9FFF: one more than the number of the syllable, or zero.
    by_char: Vec<u16>,
    /// In order of the alphabet.
    names: Vec<Name>,
}

struct Name {
    plain: &'static str,
    fuzzy: String,
}

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let plain = |code: u32| char::from_u32(code).and_then(|c| c.to_pinyin()).map(|it| it.plain());
    let mut numbers: BTreeMap<&'static str, u16> = (FIRST..=LAST).filter_map(plain).chain(READINGS.iter().map(|it| it.1)).map(|it| (it, 0)).collect();
    for (at, number) in (1_u16..).zip(numbers.values_mut()) {
        *number = at;
    }
    let by_char = (FIRST..=LAST).map(|code| plain(code).and_then(|it| numbers.get(it).copied()).unwrap_or(0)).collect();
    Table { by_char, names: numbers.into_keys().map(|plain| Name { plain, fuzzy: folded(plain) }).collect() }
});

/// The commonest reading of a character, if it is a Chinese one.
pub fn syllable(c: char) -> Option<Syllable> {
    let at = u32::from(c).checked_sub(FIRST)?;
    TABLE.by_char.get(usize::try_from(at).ok()?)?.checked_sub(1).map(Syllable)
}

/// Shape: one for each `char` of the text; `None` for what is no Chinese character.
/// A character of several readings takes that of the word it stands in with a neighbour, else the commonest.
/// Source: the data of pinyin-data (MIT), through the crate `pinyin`.
pub fn syllables(text: &str) -> Vec<Option<Syllable>> {
    let mut before = None;
    let mut chars = text.chars().peekable();
    let mut out = Vec::new();
    while let Some(c) = chars.next() {
        out.push(other_reading(before, c, chars.peek().copied()).or_else(|| syllable(c)));
        before = Some(c);
    }
    out
}

/// Character, other reading, and the words of two characters in which it has that.
const READINGS: &[(char, &str, &str)] = &[
    ('行', "hang", "银行 行业 行情 同行 央行 外行 内行 行家 商行 农行 工行 建行 招行 分行 支行 总行 行号 发行"),
    ('长', "chang", "长度 多长 太长 很长 长短 长期 时长 较长 长的 长袖 长裤 长款 加长 延长 长久 长时 全长 长途 特长 长裙 长城 长江 长沙 长春 偏长"),
    ('重', "chong", "重新 重复 重发 重启 重装 重置 重做 重叠 重庆 重来 重拍 重寄 重买 重下"),
    ('了', "liao", "了解 不了 得了 了结 明了 为了"),
    ('还', "huan", "归还 退还 还款 还钱 偿还 还债 还书 还车 还清 还贷 还给"),
    ('便', "pian", "便宜"),
    ('会', "kuai", "会计 财会"),
    ('乐', "yue", "音乐 乐器 乐曲 乐队 声乐 民乐 乐谱 乐团"),
    ('觉', "jiao", "睡觉 午觉"),
    ('大', "dai", "大夫"),
    ('参', "shen", "人参 海参 党参"),
    ('差', "chai", "出差 差遣 快差"),
    ('传', "zhuan", "自传 传记 外传 水浒传"),
    ('弹', "tan", "弹琴 弹性 弹力 弹簧 弹出 弹窗 乱弹 弹唱"),
    ('降', "xiang", "投降"),
    ('校', "jiao", "校对 校正 校准"),
    ('朝', "zhao", "朝阳 朝夕"),
    ('曾', "zeng", "曾祖 姓曾"),
    ('藏', "zang", "西藏 藏族 宝藏 藏语"),
    ('厦', "xia", "厦门"),
    ('都', "du", "成都 首都 都市 古都"),
    ('着', "zhao", "睡着 着急 着火 着凉"),
    ('得', "dei", "总得 非得"),
    ('的', "di", "目的 的确"),
    ('调', "tiao", "空调 调整 调节 调价 调试 调解 协调 烹调"),
    ('系', "ji", "系鞋"),
    ('车', "ju", "车马"),
    ('石', "dan", "担石"),
    ('单', "shan", "单县"),
    ('什', "shi", "什锦"),
    ('没', "mo", "没收 淹没 埋没"),
    ('宿', "xiu", "星宿"),
    ('薄', "bo", "薄弱 单薄 薄荷"),
    ('省', "xing", "反省"),
    ('说', "shui", "游说"),
    ('吓', "he", "恐吓"),
    ('给', "ji", "给予 供给 补给"),
    ('落', "la", "丢落 落下"),
    ('露', "lou", "露馅"),
    ('模', "mu", "模样 模具 一模"),
    ('圈', "juan", "羊圈"),
    ('折', "she", "折本"),
    ('卡', "qia", "关卡 卡住 发卡"),
    ('角', "jue", "角色 主角"),
    ('扎', "za", "包扎"),
    ('和', "huo", "暖和 和面"),
];

fn other_reading(before: Option<char>, c: char, after: Option<char>) -> Option<Syllable> {
    let stands_in = |words: &str| {
        words.split(' ').any(|word| {
            let mut chars = word.chars();
            let (first, second) = (chars.next(), chars.next());
            first == Some(c) && second == after && after.is_some() || second == Some(c) && first == before
        })
    };
    let (_, reading, _) = READINGS.iter().find(|(of, _, words)| *of == c && stands_in(words))?;
    let at = TABLE.names.binary_search_by(|it| it.plain.cmp(reading)).ok()?;
    u16::try_from(at).ok().map(Syllable)
}

/// Folds zh/z, ch/c, sh/s, n/l, r/l, ang/an, eng/en, ing/in; and f with hu before a vowel, as southern speech does (hui and fei, hua and fa), which leaves
/// han and fan apart.
fn folded(plain: &str) -> String {
    let (initial, rest) = match plain.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => (plain.get(..1), plain.get(2..)),
        [b'n' | b'r' | b'l', _, ..] if plain != "ng" => (Some("l"), plain.get(1..)),
        [b'h', b'u', _, ..] => (Some("f"), plain.get(2..)),
        [b'h', b'u'] => (Some("f"), plain.get(1..)),
        _ => (Some(""), Some(plain)),
    };
    let mut out = format!("{}{}", initial.unwrap_or_default(), rest.unwrap_or_default());
    // hui is huei, hun is huen.
    for (of, to) in [("fi", "fei"), ("fn", "fen"), ("fue", "fe")] {
        if out == of {
            to.clone_into(&mut out);
        }
    }
    if ["ang", "eng", "ing"].iter().any(|it| out.ends_with(it)) {
        out.pop();
    }
    out
}

/// The number of edits between two syllables that one class hides; two texts sound alike if all their syllables share classes.
pub fn sounds_like(a: &str, b: &str) -> bool {
    let (a, b) = (syllables(a), syllables(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a.fuzzy() == b.fuzzy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let found: Vec<&str> = syllables(text).into_iter().map(|it| it.map_or("-", Syllable::plain)).collect();
        assert_eq!(found.join(" "), expect, "{text}");
    }

    #[test]
    fn characters_have_the_reading_of_their_word() {
        check("我要退货", "wo yao tui huo");
        check("银行行不行", "yin hang xing bu xing");
        check("重庆音乐真便宜", "chong qing yin yue zhen pian yi");
        check("还没还款", "hai mei huan kuan");
        check("女vip客服a座", "nü - - - ke fu - zuo");
        check("", "");
    }

    #[test]
    fn confused_sounds_share_a_class() {
        for (a, b) in [("张", "占"), ("是", "四"), ("吃", "词"), ("南", "兰"), ("人", "愣"), ("热", "乐"), ("灰", "飞"), ("花", "发"), ("湖", "福"), ("昏", "分"), ("京", "今"), ("生", "森"), ("黄", "饭")] {
            assert!(sounds_like(a, b), "{a} {b}: {:?} {:?}", syllable(a.chars().next().unwrap()).map(Syllable::fuzzy), syllable(b.chars().next().unwrap()).map(Syllable::fuzzy));
        }
        for (a, b) in [("汉", "饭"), ("大", "他"), ("东", "当"), ("退", "对"), ("安", "恩"), ("我", "饿"), ("a", "a"), ("退货", "退")] {
            assert!(!sounds_like(a, b), "{a} {b}");
        }
    }

    #[test]
    fn other_readings_are_others() {
        for (c, reading, words) in READINGS {
            assert!(c.to_pinyin().is_some_and(|it| it.plain() != *reading), "{c} {reading}");
            assert!(words.split(' ').all(|word| word.contains(*c)), "{c} {words}");
        }
    }
}
