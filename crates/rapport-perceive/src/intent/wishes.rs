//! Several wishes in one message, each as its own part of the text.

use std::ops::Range;

/// Parts of one message; what comes later stays with the last.
pub const PARTS_MAX: usize = 5;

/// Shape: byte ranges of the text, in order, without overlap, at most [`PARTS_MAX`]; greetings, thanks and the word that joins two wishes lie at no end
/// of one. What explains a wish stays with it. Empty if nothing is said but a greeting. Linear in the text. Errors: none.
pub fn wishes(text: &str) -> Vec<Range<usize>> {
    // Same bytes, one case.
    let lower = text.to_ascii_lowercase();
    let mut parts: Vec<Part> = Vec::new();
    let mut link = Link::Open;
    for clause in clauses(&lower).into_iter().flat_map(|it| it.taken_apart(&lower)) {
        let said = Said::new(&lower, &clause);
        if said.words.is_empty() || is_courtesy(said.words) {
            link = if said.opening == Opening::Strong { Link::Announced } else { link };
            continue;
        }
        let begins = parts.last().is_none_or(|before| parts.len() < PARTS_MAX && said.begins_after(before, &clause, link));
        match parts.last_mut() {
            Some(before) if !begins => before.extend(&said),
            _ => parts.push(Part { range: said.range(), asks: said.asks, is_question: said.is_question, is_enough: is_enough(said.words) }),
        }
        link = said.link(link);
    }
    parts.into_iter().map(|it| it.range).collect()
}

/// How a clause stands to the one that comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Open,
    /// "如果…，": the next belongs to it, unless a sentence ends between.
    Held,
    /// "另外，": the next is a wish of its own.
    Announced,
}

struct Part {
    range: Range<usize>,
    asks: bool,
    is_question: bool,
    is_enough: bool,
}

impl Part {
    fn extend(&mut self, said: &Said<'_>) {
        self.range.end = said.at + said.words.len();
        self.asks |= said.asks;
        self.is_question |= said.is_question;
        self.is_enough |= is_enough(said.words);
    }
}

/// What separates a clause from the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Border {
    Sentence,
    Comma,
    /// A joining word in the middle of a clause.
    Word,
}

struct Clause {
    range: Range<usize>,
    before: Border,
    has_mark: bool,
}

const SENTENCE_ENDS: &str = "。！？!?；;\n…";
const COMMAS: &str = "，,～~";

fn clauses(text: &str) -> Vec<Clause> {
    let mut out = Vec::new();
    let (mut from, mut before) = (0, Border::Sentence);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|it| it.1);
        let is_full_stop = c == '.' && next.is_none_or(char::is_whitespace);
        let is_digit_comma = c == ',' && next.is_some_and(|it| it.is_ascii_digit());
        let border = match c {
            _ if SENTENCE_ENDS.contains(c) || is_full_stop => Border::Sentence,
            _ if COMMAS.contains(c) && !is_digit_comma => Border::Comma,
            _ => continue,
        };
        out.push(Clause { range: from..at, before, has_mark: matches!(c, '?' | '？') });
        (from, before) = (at + c.len_utf8(), border);
    }
    out.push(Clause { range: from..text.len(), before, has_mark: false });
    out
}

impl Clause {
    /// Cut before joining words, where both sides ask for something.
    fn taken_apart(self, text: &str) -> Vec<Self> {
        let mut out = Vec::new();
        let mut rest = self.range.clone();
        let mut before = self.before;
        let words = text.get(self.range.clone()).unwrap_or_default();
        for at in joints(words) {
            let at = self.range.start + at;
            if at <= rest.start || out.len() == PARTS_MAX {
                continue;
            }
            let left = Said::of(text.get(rest.start..at).unwrap_or_default());
            let right = Said::of(text.get(at..rest.end).unwrap_or_default());
            // "I tried to log in and check it" is one: what is joined must be asked for on both sides.
            if left.asks && right.asks && is_phrase(left.words) && is_enough(right.words) && right.opening != Opening::None && !starts_with(left.words, HELD_EN) {
                out.push(Self { range: rest.start..at, before, has_mark: false });
                (rest.start, before) = (at, Border::Word);
            }
        }
        out.push(Self { range: rest, before, has_mark: self.has_mark });
        out
    }
}

const JOINTS: &[&str] = &["还有", "另外", "顺便", "顺带", "再就是", "同时", "以及", "此外", "然后帮", "然后再", "然后请", "再帮", "再给我", "也帮", " and ", " also ", " plus ", " by the way ", " btw ", " & "];

/// Looked at in one clause, each of which reads the clause once.
const JOINTS_MAX: usize = 64;

/// Where joining words start, in order.
fn joints(words: &str) -> Vec<usize> {
    let mut found: Vec<usize> = JOINTS.iter().flat_map(|joint| words.match_indices(joint).map(|(at, _)| if joint.starts_with(' ') { at + 1 } else { at })).collect();
    found.sort_unstable();
    found.truncate(JOINTS_MAX);
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    None,
    /// "也帮我", "and check": joins a wish only to a wish.
    Weak,
    /// "另外": a new subject.
    Strong,
}

/// A clause without the word that joins it.
struct Said<'a> {
    at: usize,
    words: &'a str,
    opening: Opening,
    asks: bool,
    is_question: bool,
}

impl<'a> Said<'a> {
    fn new(text: &'a str, clause: &Clause) -> Self {
        let mut out = Self::of(text.get(clause.range.clone()).unwrap_or_default());
        out.at += clause.range.start;
        out.is_question |= clause.has_mark;
        out.asks |= clause.has_mark;
        out
    }

    fn of(clause: &'a str) -> Self {
        let bare = trimmed(clause);
        let (opening, length) = opening(bare);
        let words = trimmed(bare.get(length..).unwrap_or_default());
        let at = words.as_ptr().addr() - clause.as_ptr().addr();
        let is_question = is_question(words);
        Self { at, words, opening, asks: is_question || is_request(words), is_question }
    }

    fn range(&self) -> Range<usize> {
        self.at..self.at + self.words.len()
    }

    fn begins_after(&self, before: &Part, clause: &Clause, link: Link) -> bool {
        if !before.is_enough || !is_enough(self.words) {
            return false;
        }
        if clause.before == Border::Word || link == Link::Announced {
            return true;
        }
        let is_sentence = clause.before == Border::Sentence;
        if link == Link::Held || is_preface(self.words) && !is_sentence {
            return false;
        }
        match self.opening {
            Opening::Strong => before.asks || self.asks,
            Opening::Weak => before.asks && self.asks,
            Opening::None if starts_with(self.words, FOLLOWING) || !is_sentence && starts_with(self.words, SUBORDINATE) => false,
            Opening::None if is_sentence => before.asks && self.asks,
            Opening::None => before.is_question && self.is_question,
        }
    }

    fn link(&self, before: Link) -> Link {
        let is_held = starts_with(self.words, SUBORDINATE) || SUBORDINATE_ENDS.iter().any(|it| self.words.ends_with(it)) || is_preface(self.words);
        match before {
            _ if is_held => Link::Held,
            Link::Open | Link::Held | Link::Announced => Link::Open,
        }
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && !"#$%@&+".contains(c) || "。！？；…，～、：“”‘’（）《》—·".contains(c))
}

/// Joining words at the start of a clause that are no part of the wish.
const STRONG: &[&str] = &[
    "还有就是", "还有一个问题", "还有个问题", "还有一件事", "还有件事", "还有", "另外一个问题", "另外", "顺便", "顺带", "再就是", "再一个", "除此之外", "此外", "对了", "其次", "第二个问题", "第三个问题", "第二点", "第三点",
    "最后一个问题", "and also", "also", "plus", "by the way", "btw", "oh and", "another thing", "one more thing", "another question", "additionally", "besides", "in addition", "secondly", "furthermore",
];
const WEAK: &[&str] = &["同时", "以及", "然后再", "然后", "and then", "and", "&", "then please"];
/// The same, but part of the wish.
const WEAK_KEPT: &[&str] = &["还想", "还要", "还需要", "也想", "也要", "也帮", "也请", "再帮", "再给", "再查", "再问", "再把", "再来", "再看", "再改"];
/// After 还有 these make it a verb: "还有货吗".
const HAVE_ZH: &[&str] = &[
    "货", "多", "几", "没", "吗", "库存", "效", "什么", "剩", "票", "房", "位", "优惠", "券", "活动", "机会", "别的", "其他", "一个没", "一件没", "两", "三", "钱", "余额", "人", "谁", "哪些", "一个月", "一天", "一周", "半",
];

fn opening(words: &str) -> (Opening, usize) {
    let joined = |list: &[&str]| list.iter().find(|it| words.starts_with(**it) && ends_word(words, it)).map(|it| it.len());
    if let Some(length) = joined(STRONG) {
        let after = words.get(length..).unwrap_or_default();
        let is_verb = length == "还有".len() && words.starts_with("还有") && starts_with(after, HAVE_ZH);
        return if is_verb { (Opening::None, 0) } else { (Opening::Strong, length) };
    }
    if let Some(length) = joined(WEAK) {
        return (Opening::Weak, length);
    }
    if starts_with(words, WEAK_KEPT) { (Opening::Weak, 0) } else { (Opening::None, 0) }
}

/// Whether the phrase is no mere start of a longer Latin word.
fn ends_word(words: &str, phrase: &str) -> bool {
    let is_latin = phrase.ends_with(|c: char| c.is_ascii_alphabetic());
    !(is_latin && words.get(phrase.len()..).is_some_and(|it| it.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\'')))
}

fn starts_with(words: &str, list: &[&str]) -> bool {
    list.iter().any(|it| words.starts_with(it) && ends_word(words, it))
}

/// Enough to be a wish: two Chinese characters or a word of four letters.
fn is_enough(words: &str) -> bool {
    words.chars().filter(|it| rapport_model::is_han(*it)).count() >= 2 || words.chars().filter(|it| it.is_alphabetic()).count() >= 4
}

/// "can you" is not yet a phrase in "can you also check".
fn is_phrase(words: &str) -> bool {
    is_enough(words) && (words.chars().any(rapport_model::is_han) || words.split_whitespace().count() >= 3)
}

const SUBORDINATE: &[&str] = &[
    "如果", "要是", "假如", "倘若", "万一", "因为", "由于", "虽然", "既然", "只要", "不管", "无论", "除非", "当", "if", "when", "because", "since", "although", "though", "while", "unless", "after", "before", "once", "in case",
];
const SUBORDINATE_ENDS: &[&str] = &["的话", "的时候", "之后", "以后"];
const FOLLOWING: &[&str] = &[
    "所以", "但是", "但", "可是", "不过", "那么", "那", "就", "否则", "不然", "要不", "结果", "因此", "而且", "并且", "才", "却", "还是", "怎么还", "为什么还", "then", "so", "but", "otherwise", "or", "which", "that",
];
/// A clause that begins so tells of two steps.
const HELD_EN: &[&str] = &["how", "i tried", "i've tried", "i have tried", "when i", "if i"];

const QUESTIONS_ZH: &[&str] = &[
    "怎么", "什么", "多少", "几点", "几天", "几号", "几个", "哪里", "哪个", "哪天", "哪儿", "哪家", "吗", "为啥", "啥", "咋", "能不能", "可不可以", "是不是", "有没有", "要不要", "会不会", "行不行", "谁", "多久", "何时", "如何",
    "多长", "多大", "呢", "是否",
];
const QUESTIONS_EN: &[&str] = &[
    "how", "what", "what's", "where", "where's", "when", "when's", "who", "why", "which", "is", "are", "do", "does", "did", "can", "could", "will", "would", "should", "may", "has", "have you", "am i",
];
const REQUESTS_ZH: &[&str] = &[
    "帮", "请", "我要", "我想", "想要", "想", "要求", "麻烦", "查", "给我", "需要", "申请", "取消", "修改", "改", "退", "换", "催", "打开", "关", "播放", "放", "投诉", "开发票", "开票", "补发", "转", "提醒", "设置", "导航", "订", "买",
    "联系", "安排", "告诉", "推荐", "发",
];
const REQUESTS_EN: &[&str] = &[
    "please", "i want", "i need", "i'd like", "i would like", "i wish", "help", "tell me", "show me", "give me", "send", "check", "cancel", "change", "update", "refund", "return", "exchange", "track", "book", "order", "turn", "play", "set",
    "remind", "call", "transfer", "reset", "delete", "add", "remove", "find", "let me know", "get me", "open", "close", "stop", "block", "unsubscribe", "connect",
];

fn is_question(words: &str) -> bool {
    starts_with(words, QUESTIONS_EN) || QUESTIONS_ZH.iter().any(|it| words.contains(it))
}

/// Chinese tells a request by a verb anywhere near its start, English by its first word.
fn is_request(words: &str) -> bool {
    let start: &str = words.char_indices().nth(8).map_or(words, |(at, _)| words.get(..at).unwrap_or(words));
    let is_told = ["已经", "昨天", "刚才", "上次", "一直"].iter().any(|it| start.contains(it)) && !["我要", "我想", "帮我"].iter().any(|it| start.contains(it));
    starts_with(words, REQUESTS_EN) || !is_told && REQUESTS_ZH.iter().any(|it| start.contains(it))
}

/// A whole clause that only leads to the wish.
const PREFACES: &[&str] = &[
    "请问", "请问一下", "问一下", "问下", "我想问", "我想问一下", "我想问下", "想问一下", "想问下", "我想咨询一下", "想咨询一下", "咨询一下", "麻烦问一下", "打扰一下", "帮个忙", "帮我个忙", "能帮我吗", "可以帮我吗", "能帮我查一下吗",
    "能帮我看一下吗", "帮我看看", "帮我看一下", "帮我查一下", "我有个问题", "有个问题", "有两个问题", "我有两个问题", "我想知道", "想知道", "那个", "i have a question", "i have two questions", "quick question", "just wondering",
    "i was wondering", "excuse me", "can you help me", "could you help me", "i need help", "i need some help", "can i ask", "can i ask something", "two things", "please",
];

fn is_preface(words: &str) -> bool {
    PREFACES.contains(&words)
}

/// A whole clause that wishes nothing.
const COURTESIES: &[&str] = &[
    "你好", "您好", "你好啊", "您好啊", "在吗", "在么", "亲", "亲在吗", "早", "早上好", "上午好", "下午好", "晚上好", "嗨", "哈喽", "哈啰", "喂", "谢谢", "谢谢你", "谢谢您", "谢谢了", "谢谢啦", "多谢", "感谢", "非常感谢", "十分感谢", "辛苦了", "麻烦了",
    "麻烦你了", "麻烦您了", "拜托", "拜托了", "好的", "好", "嗯", "嗯嗯", "行", "可以", "ok", "okay", "再见", "拜拜", "不好意思", "打扰了", "请帮忙", "请尽快处理", "尽快处理", "尽快", "急", "很急", "在线等", "hi", "hello", "hey", "hi there", "hello there",
    "good morning", "good afternoon", "good evening", "thanks", "thank you", "thanks a lot", "thank you so much", "thank you very much", "many thanks", "thanks in advance", "cheers", "please help", "bye", "goodbye", "sorry", "yes", "no", "dear", "asap",
    "你好呀", "客服你好", "您好客服", "hi team", "thx", "好的谢谢", "谢谢客服", "have a nice day", "有人吗", "anyone there", "great", "sure",
];

fn is_courtesy(words: &str) -> bool {
    COURTESIES.contains(&words)
}

#[cfg(test)]
mod tests;
