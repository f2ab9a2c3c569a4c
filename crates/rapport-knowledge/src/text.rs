//! Text to index terms: Han by characters and their pairs, other scripts by lightly stemmed words, and concepts of the synonym table.

use rapport_model::is_han;
use unicode_normalization::UnicodeNormalization;

use crate::synonym;

/// A term as the index knows it: a packed Han unigram or bigram, the hash of a word, or the number of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// One Han (or kana, hangul, …) character.
    Single,
    /// Two that stand side by side.
    Pair,
    Word,
    Concept,
}

impl Key {
    fn single(c: char) -> Self {
        Self(u64::from(u32::from(c)))
    }
    fn pair(a: char, b: char) -> Self {
        Self(1 << 62 | u64::from(u32::from(a)) << 21 | u64::from(u32::from(b)))
    }
    fn word(word: &str) -> Self {
        Self(2 << 62 | hash(word) >> 2)
    }
    fn concept(number: u16) -> Self {
        Self(3 << 62 | u64::from(number))
    }
    /// Whether it is a concept of the wide world.
    pub(crate) fn is_worldly(self) -> bool {
        self.kind() == Kind::Concept && synonym::is_worldly(u16::try_from(self.0 & 0xFFFF).unwrap_or(0))
    }

    pub(crate) fn kind(self) -> Kind {
        match self.0 >> 62 {
            0 => Kind::Single,
            1 => Kind::Pair,
            2 => Kind::Word,
            _ => Kind::Concept,
        }
    }
}

/// FNV-1a: stable across runs, which the hasher of the standard library does not promise.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A term and which tokens of the text it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub key: Key,
    /// First token.
    pub from: u32,
    /// Number of tokens.
    pub count: u32,
}

/// One Han character or one word, normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub text: String,
    pub is_char: bool,
    /// Carries no subject of its own: 的, 吗, `the`, 请问.
    pub is_stop: bool,
    /// Common in any text, so that its absence from an article says little.
    pub is_light: bool,
    /// Whether it follows the token before it without a border between.
    pub joined: bool,
}

/// A text taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysis {
    pub tokens: Vec<Token>,
    pub terms: Vec<Term>,
}

/// Full-width forms folded, lower case.
pub(crate) fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Scripts written without spaces are indexed by character.
fn is_char_script(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{AC00}'..='\u{D7AF}' | '\u{0E00}'..='\u{0E7F}' | '\u{3005}' | '\u{3007}')
}

/// Tokens of a normalised text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut word = String::new();
    let mut joined = false;
    let flush = |word: &mut String, joined: &mut bool, tokens: &mut Vec<Token>| {
        if !word.is_empty() {
            let is_stop = STOP_WORDS.binary_search(&word.as_str()).is_ok();
            let is_light = LIGHT_WORDS.binary_search(&word.as_str()).is_ok();
            tokens.push(Token { text: stem(word), is_char: false, is_stop, is_light, joined: *joined });
            word.clear();
            *joined = true;
        }
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_char_script(c) {
            flush(&mut word, &mut joined, &mut tokens);
            tokens.push(Token { text: c.to_string(), is_char: true, is_stop: STOP_CHARS.contains(c), is_light: LIGHT_CHARS.contains(c), joined });
            joined = true;
        } else if c.is_alphanumeric() || is_decimal_point(c, &word, chars.peek()) {
            if word.chars().count() < WORD_CHARS_MAX {
                word.push(c);
            }
        } else if matches!(c, '\'' | '’') && !word.is_empty() {
            // "don't" and "customer's" stay one word; the stemmer takes the possessive off.
            word.push('\'');
        } else if !is_mark(c) {
            flush(&mut word, &mut joined, &mut tokens);
            joined = joined && c == '-';
        }
    }
    flush(&mut word, &mut joined, &mut tokens);
    tokens
}

/// Longer runs of letters and digits are no words; their tail is dropped.
const WORD_CHARS_MAX: usize = 40;

fn is_decimal_point(c: char, word: &str, next: Option<&char>) -> bool {
    c == '.' && word.ends_with(|it: char| it.is_ascii_digit()) && next.is_some_and(char::is_ascii_digit)
}

/// Combining marks and invisible characters do not part a word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{00AD}')
}

/// Marks what customers wrap a question in (请问, 能不能, 一下) as carrying no subject.
fn mark_stop_phrases(tokens: &mut [Token]) {
    for start in 0..tokens.len() {
        for phrase in STOP_PHRASES {
            let length = phrase.chars().count();
            let Some(window) = tokens.get_mut(start..start + length) else { continue };
            let same = window.iter().zip(phrase.chars()).enumerate().all(|(at, (token, c))| {
                token.is_char && token.text.starts_with(c) && (at == 0 || token.joined)
            });
            if same {
                for token in window {
                    token.is_stop = true;
                }
            }
        }
    }
}

/// Takes the text of an article apart into tokens and the terms they make.
pub(crate) fn analyse(text: &str) -> Analysis {
    terms_of(tokens(&normalise(text)))
}

/// Takes a customer's question apart; what it is wrapped in makes no terms.
pub(crate) fn analyse_query(text: &str) -> Analysis {
    let mut tokens = tokens(&normalise(text));
    mark_stop_phrases(&mut tokens);
    terms_of(tokens)
}

fn terms_of(tokens: Vec<Token>) -> Analysis {
    let mut terms = Vec::with_capacity(tokens.len() * 2);
    let mut previous: Option<&Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        let from = u32::try_from(at).unwrap_or(u32::MAX);
        if token.is_char {
            let c = first_char(token);
            if !token.is_stop {
                terms.push(Term { key: Key::single(c), from, count: 1 });
            }
            if let Some(before) = previous.filter(|_| token.joined) {
                // A number and its unit make a pair as well: 7天 is not 15天.
                if before.is_char && !(before.is_stop && token.is_stop) {
                    terms.push(Term { key: Key::pair(first_char(before), c), from: from - 1, count: 2 });
                } else if before.text.starts_with(|it: char| it.is_ascii_digit()) {
                    terms.push(Term { key: Key::word(&format!("{}{c}", before.text)), from: from - 1, count: 2 });
                }
            }
        } else if !token.is_stop {
            terms.push(Term { key: Key::word(&token.text), from, count: 1 });
        }
        previous = Some(token);
    }
    synonym::concepts(&tokens, |number, from, count| {
        terms.push(Term { key: Key::concept(number), from, count });
    });
    Analysis { tokens, terms }
}

fn first_char(token: &Token) -> char {
    token.text.chars().next().unwrap_or(' ')
}

/// Light English stemming: plural, possessive, -ing, -ed; enough that "exchanging shoes" meets "exchange a shoe".
pub(crate) fn stem(word: &str) -> String {
    let word = word.trim_end_matches('\'').trim_end_matches("'s").replace('\'', "");
    if word.len() < 4 || !word.is_ascii() || word.bytes().any(|it| it.is_ascii_digit()) {
        return word;
    }
    let stem = |suffix: &str, least: usize| word.strip_suffix(suffix).filter(|it| it.len() >= least);
    let base = if let Some(base) = stem("ies", 2) {
        format!("{base}y")
    } else if let Some(base) = stem("sses", 1) {
        format!("{base}ss")
    } else if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        word.clone()
    } else if let Some(base) = stem("s", 3) {
        base.to_owned()
    } else {
        word.clone()
    };
    let base = ["ing", "ed"]
        .iter()
        .find_map(|suffix| base.strip_suffix(suffix).filter(|it| it.len() >= 3 && it.contains(['a', 'e', 'i', 'o', 'u', 'y'])))
        .map_or_else(|| base.clone(), undouble);
    // "exchange", "exchanged" and "exchanging" meet in "exchang".
    base.strip_suffix('e').filter(|it| it.len() >= 3).map_or_else(|| base.clone(), str::to_owned)
}

/// "shipp" → "ship", but "fall" and "pass" stay.
fn undouble(base: &str) -> String {
    let mut tail = base.bytes().rev();
    let (last, before) = (tail.next(), tail.next());
    if last == before && last.is_some_and(|it| !b"aeioulsz".contains(&it)) {
        return base.get(..base.len() - 1).unwrap_or(base).to_owned();
    }
    base.to_owned()
}

/// Characters that say nothing about the subject.
const STOP_CHARS: &str = "的了吗呢吧啊呀哦哈嘛么我你您他她它们是在有和与及或就都也还又再很太把被让给这那哪个些该所之其而但则即若因为于对从到向以可能会要想应请谁什怎样如何几";

/// Characters among the most common of any Chinese text.
const LIGHT_CHARS: &str = "一二三两十个人上下中来去大小多少不没说时间出到后前里外用过得着自己看见生成方天年月日点样面起做作事情当好现本然只从同回话头手心开动起行拿走真算搞弄老总非常比较最近今明昨每另别次件东西些儿吗先才刚正直都全部完边地方家种定进入分使它放身给打带拉随便自从该肯敢愿";

/// What a question is wrapped in.
const STOP_PHRASES: &[&str] = &[
    "请问", "你好", "您好", "谢谢", "麻烦", "一下", "能不能", "可不可以", "可以吗", "行不行", "是不是", "有没有", "怎么办", "怎么样", "怎么", "什么", "多少",
    "想问", "问下", "问一下", "知道", "告诉", "需要", "应该", "如果", "但是", "因为", "所以", "然后", "已经", "现在", "时候", "你们", "我们", "咱们", "他们", "这个", "那个",
    "哪里", "哪儿", "没有", "不能", "不可", "帮我", "帮忙", "有点", "觉得", "感觉", "一个", "一些", "亲", "客服", "想要", "打算", "刚才", "刚刚", "必须", "一定", "喜欢", "政策", "规定", "规则", "情况",
];

/// English function words and the courtesies of a question; sorted for binary search.
const STOP_WORDS: &[&str] = &[
    "a", "about", "again", "all", "also", "am", "an", "and", "any", "anyone", "anything", "are", "as", "at", "be", "because", "been", "before", "being", "but", "by",
    "can", "can't", "could", "did", "didn't", "do", "does", "doesn't", "don't", "for", "from", "get", "getting", "go", "going", "got", "had", "has", "have", "hello", "help",
    "her", "here", "hey", "hi", "him", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "just", "know", "let",
    "like", "may", "me", "might", "must", "my", "need", "no", "not", "of", "on", "one", "or", "our", "please", "shall", "she", "should", "so", "some", "someone", "something",
    "tell", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "this", "those", "to", "too", "us", "very", "want", "wanted", "was",
    "we", "well", "were", "what", "what's", "when", "where", "which", "who", "whom", "why", "will", "with", "won't", "would", "you", "your", "yours",
];

/// English words that are common in any text; sorted for binary search.
const LIGHT_WORDS: &[&str] = &[
    "able", "accept", "accepted", "actually", "after", "again", "ago", "already", "always", "another", "around", "away", "back", "become", "best",
    "bit", "bring", "came", "come", "day", "days", "else", "ever", "every", "exactly", "few", "find", "first", "give", "given", "good", "handle",
    "happen", "happens", "info", "information", "instead", "keep", "last", "late", "later", "least", "left", "little", "long", "look", "looking",
    "lot", "made", "make", "many", "maybe", "month", "months", "more", "most", "much", "never", "new", "next", "now", "off", "offer", "old", "once",
    "only", "option", "options", "ordering", "other", "out", "over", "own", "policies", "policy", "possible", "put", "really", "right", "rules",
    "same", "say", "says", "see", "show", "shows", "since", "start", "still", "stop", "such", "sure", "take", "taken", "takes", "taking", "time",
    "today", "together", "tomorrow", "tried", "try", "trying", "two", "until", "up", "use", "used", "using", "way", "week", "weeks", "went", "while",
    "within", "without", "work", "working", "works", "yesterday", "yet",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        analyse_query(text).tokens.into_iter().filter(|it| !it.is_stop).map(|it| it.text).collect()
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted() && LIGHT_WORDS.is_sorted());
    }

    #[test]
    fn text_becomes_tokens() {
        let check = |text: &str, expect: &[&str]| assert_eq!(words(text), expect, "{text}");
        check("Exchanging shoes", &["exchang", "sho"]);
        check("I exchanged a shoe", &["exchang", "sho"]);
        check("the policies", &["policy"]);
        check("shipping", &["ship"]);
        check("my customer's boss", &["customer", "boss"]);
        check("ＦＵＬＬ－ｗｉｄｔｈ １２", &["full", "width", "12"]);
        check("size 8.5. Then", &["siz", "8.5"]);
        check("请问可以换鞋吗", &["换", "鞋"]);
        check("7天内", &["7", "天", "内"]);
        check("", &[]);
        check("🙂🙂", &[]);
    }

    #[test]
    fn pairs_do_not_cross_borders() {
        let check = |text: &str, pairs: usize| assert_eq!(analyse(text).terms.iter().filter(|it| it.key.kind() == Kind::Pair).count(), pairs, "{text}");
        check("退货", 1);
        check("退，货", 0);
        check("退货运费", 3);
        check("退货 运费", 2);
    }

    #[test]
    fn forms_of_a_character_share_their_key() {
        let keys = |text: &str| analyse(text).terms.into_iter().map(|it| it.key).collect::<Vec<_>>();
        assert_eq!(keys("ＶＩＰ"), keys("vip"));
        assert_eq!(keys("７天"), keys("7天"));
    }
}
