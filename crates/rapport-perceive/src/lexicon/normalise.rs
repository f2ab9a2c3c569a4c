//! Text as models and the lexicon read it: one width, one case, simplified characters, bounded, with the way back to the original bytes.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::placeholder;

/// What is read of a text, in bytes; the rest is left away.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// The same character or emoji more often than this in a row says no more (digits excepted).
const REPEATS_MAX: usize = 3;
/// Combining marks kept on one character.
const MARKS_MAX: usize = 8;

/// What is done beyond one width, one case, simplified characters and squeezed repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folding {
    /// `<url>`, `<email>`, `<phone>`, `<order>`, `<amount>`, `<date>`, `<num>` stand for what they name.
    pub placeholders: bool,
    /// An emoji becomes its name: 😡 is `:rage:`.
    pub emoji_names: bool,
}

impl Folding {
    /// As features of a model want it.
    pub const FEATURES: Self = Self { placeholders: true, emoji_names: true };
    /// Characters only, so that what is found lies at bytes of the original.
    pub const PLAIN: Self = Self { placeholders: false, emoji_names: false };
}

/// A normalised text and where each piece of it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    pub text: String,
    pieces: Vec<Piece>,
}

/// Bytes from `at` (to the next piece) of the normalised text were `from..to` of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    at: u32,
    from: u32,
    to: u32,
}

impl Normalised {
    /// The bytes of the original that the given bytes of the normalised text come from; whole characters on both sides.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let piece = |at: usize| self.pieces.get(self.pieces.partition_point(|it| it.at as usize <= at).saturating_sub(1));
        let from = piece(range.start).map_or(0, |it| it.from as usize);
        let to = if range.is_empty() { from } else { piece(range.end - 1).map_or(from, |it| it.to as usize) };
        from..to.max(from)
    }

    fn push(&mut self, text: &str, from: usize, to: usize) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece { at: narrow(self.text.len()), from: narrow(from), to: narrow(to) });
        self.text.push_str(text);
    }
}

/// Offsets stay far below 4 GiB: a text is cut at [`TEXT_BYTES_MAX`], and a character expands to at most 18 or to an emoji's name.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The normalised text alone.
pub fn normalise(text: &str, folding: Folding) -> String {
    normalised(text, folding).text
}

/// Shape: any text to NFKC, half width, simplified, lower case, without control and zero-width characters, blanks single and none at the ends.
/// Units: bytes; linear time. Errors: none; what lies beyond [`TEXT_BYTES_MAX`] is left away.
/// Source: UAX #15 (NFKC), OpenCC's character table (Apache-2.0), gemoji short names.
pub fn normalised(text: &str, folding: Folding) -> Normalised {
    let mut out = Normalised::default();
    let mut last = Last::default();
    let mut rest = bounded(text);
    let mut at = 0;
    while let Some(first) = rest.chars().next() {
        let (length, emoji) = cluster(rest, first);
        let (head, tail) = rest.split_at(length);
        let (from, to) = (at, at + length);
        rest = tail;
        at = to;
        if let Some(name) = emoji {
            if last.again(head) {
                let name = if folding.emoji_names { format!(":{name}:") } else { head.to_owned() };
                out.push(&name, from, to);
            }
            continue;
        }
        // As UAX #15's stream-safe form does: no character carries marks without end.
        for folded in head.chars().filter(|it| !is_ignored(*it)).take(1 + MARKS_MAX).nfkc() {
            for lower in folded.to_lowercase() {
                keep(&mut out, &mut last, lower, rest, from..to);
            }
        }
    }
    while out.text.ends_with(' ') {
        out.text.pop();
        out.pieces.pop();
    }
    if folding.placeholders { placed(&out) } else { out }
}

fn keep(out: &mut Normalised, last: &mut Last, c: char, rest: &str, origin: Range<usize>) {
    if is_ignored(c) {
        return;
    }
    if c.is_whitespace() || c.is_control() {
        if !out.text.is_empty() && !out.text.ends_with(' ') {
            out.push(" ", origin.start, origin.end);
        }
        last.count = 0;
        return;
    }
    let simple = simplified(c, out.text.chars().next_back(), rest.chars().next());
    let mut buffer = [0; 4];
    let written: &str = simple.encode_utf8(&mut buffer);
    if last.again(written) || simple.is_ascii_digit() {
        out.push(written, origin.start, origin.end);
    }
}

/// What was written last and how often in a row.
#[derive(Default)]
struct Last {
    text: String,
    count: usize,
}

impl Last {
    /// Whether it may be written once more.
    fn again(&mut self, text: &str) -> bool {
        if self.text == text {
            self.count += 1;
        } else {
            self.text.clear();
            self.text.push_str(text);
            self.count = 1;
        }
        self.count <= REPEATS_MAX
    }
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Bytes of the next character with its marks, or of a whole emoji and its short name.
fn cluster(rest: &str, first: char) -> (usize, Option<String>) {
    if let Some((length, name)) = emoji(rest, first) {
        return (length, Some(name));
    }
    let marks = rest.chars().skip(1).take_while(|it| is_combining_mark(*it) && !is_ignored(*it)).map(char::len_utf8).sum::<usize>();
    (first.len_utf8() + marks, None)
}

/// Characters of the longest emoji that is looked up (a family of four with joiners and tones).
const EMOJI_CHARS_MAX: usize = 11;

fn emoji(rest: &str, first: char) -> Option<(usize, String)> {
    // Digits, # and * are bases of key-cap emoji but stay what they are; ©, ® and ™ as well.
    if u32::from(first) < 0x203C {
        return None;
    }
    if is_han(first) {
        return None;
    }
    let ends: Vec<usize> = rest.char_indices().take(EMOJI_CHARS_MAX).map(|(at, c)| at + c.len_utf8()).collect();
    ends.iter().rev().find_map(|end| {
        let found = emojis::get(rest.get(..*end)?)?;
        let plain = found.with_skin_tone(emojis::SkinTone::Default).unwrap_or(found);
        // No digits, which a placeholder would take.
        let name = plain.shortcodes().find(|it| !it.bytes().any(|it| it.is_ascii_digit())).unwrap_or(plain.name());
        Some((*end, name.chars().map(|c| if c.is_ascii_alphanumeric() || "+-".contains(c) { c } else { '_' }).collect()))
    })
}

fn is_han(c: char) -> bool {
    rapport_model::is_han(c)
}

/// Seen by nobody: zero-width, direction marks, variation selectors, tags, skin tones without a base, soft hyphen.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
        || c.is_control() && !c.is_whitespace()
}

/// Pairs of a traditional and its simplified character. Source: OpenCC, TSCharacters.txt (Apache-2.0), the first reading of each.
static SIMPLIFIED: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
    let mut chars = include_str!("../../data/simplified.txt").trim().chars();
    let mut table = BTreeMap::from([('妳', '你'), ('祢', '你'), ('牠', '它'), ('祂', '它'), ('祇', '只'), ('甦', '苏'), ('喫', '吃'), ('唸', '念'), ('菸', '烟')]);
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        table.insert(from, to);
    }
    table
});

/// The simplified form of a character between its neighbours, where they decide.
pub(crate) fn simplified(c: char, before: Option<char>, after: Option<char>) -> char {
    if !is_han(c) {
        return c;
    }
    match c {
        // 看著, but 著名, 显著.
        '著' if after.is_some_and(|it| "名作者称稱述书書".contains(it)) || before.is_some_and(|it| "显名卓土原编昭论专巨".contains(it)) => '著',
        '著' => '着',
        '乾' if after.is_some_and(|it| "坤隆".contains(it)) => '乾',
        '瞭' if after.is_some_and(|it| "解如若".contains(it)) || before == Some('明') => '了',
        '覆' if before.is_some_and(|it| "答回批".contains(it)) => '复',
        '畫' if before.is_some_and(|it| "计企规策".contains(it)) => '划',
        _ => SIMPLIFIED.get(&c).copied().unwrap_or(c),
    }
}

fn placed(plain: &Normalised) -> Normalised {
    let mut out = Normalised::default();
    let mut done = 0;
    for (range, name) in placeholder::find(&plain.text) {
        copy(plain, &mut out, done..range.start);
        let origin = plain.original(range.clone());
        out.push(name, origin.start, origin.end);
        done = range.end;
    }
    copy(plain, &mut out, done..plain.text.len());
    out
}

fn copy(from: &Normalised, to: &mut Normalised, range: Range<usize>) {
    let first = from.pieces.partition_point(|it| (it.at as usize) < range.start);
    let shift = to.text.len();
    for piece in from.pieces.iter().skip(first).take_while(|it| (it.at as usize) < range.end) {
        to.pieces.push(Piece { at: narrow(piece.at as usize - range.start + shift), ..*piece });
    }
    to.text.push_str(from.text.get(range).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(normalise(text, Folding::FEATURES), expect, "{text:?}");
    }

    #[test]
    fn one_form_for_what_is_written_in_many() {
        check("", "");
        check("  ＨＥＬＬＯ　Ｗorld！ ", "hello world!");
        check("請問這個產品還有貨嗎", "请问这个产品还有货吗");
        check("她看著著名的顯著瞭解明瞭", "她看着著名的显著了解明了");
        check("回覆我，計畫是畫畫", "回复我,计划是画画");
        check("好好好好好好的哈哈哈哈哈哈", "好好好的哈哈哈");
        check("sooooooo good!!!!!!", "sooo good!!!");
        check("退\u{200B}款\u{FEFF}\u{202E}吧", "退款吧");
        check("a\u{0}b\tc\r\n\r\nd", "ab c d");
        check("ﬁne Ⅷ ㎏", "fine viii kg");
        check("café cafe\u{301}", "café café");
    }

    #[test]
    fn emoji_have_names() {
        check("气死😡了", "气死:rage:了");
        check("👍🏽", ":thumbsup:");
        check("😡😡😡😡😡😡", ":rage::rage::rage:");
        check("❤️", ":heart:");
        assert_eq!(normalise("气死😡了", Folding::PLAIN), "气死😡了");
        assert!(normalise("👨‍👩‍👧‍👦 🇨🇳", Folding::FEATURES).is_ascii());
    }

    #[test]
    fn what_a_model_need_not_read_has_a_placeholder() {
        check("看 https://example.com/a?b=c 这个", "看 <url> 这个");
        check("打13812345678找我", "打<phone>找我");
        check("订单 E20240101123456789 到哪了", "订单 <order> 到哪了");
        check("花了￥1,299.00，退我50块", "花了<amount>,退我<amount>");
        check("3月5号下的单，第2次了", "<date>下的单,第<num>次了");
        check("i paid $20 on 2024-05-06, mail a.b@example.org", "i paid <amount> on <date>, mail <email>");
        check("1000000", "<num>");
        assert_eq!(normalise("1000000", Folding::PLAIN), "1000000");
    }

    #[test]
    fn the_way_back_leads_to_the_same_bytes() {
        let text = "ＡＢ 請😡問\u{200B}１３８１２３４５６７８！";
        let plain = normalised(text, Folding::PLAIN);
        let at = plain.text.find("13812345678").unwrap();
        assert_eq!(text.get(plain.original(at..at + 11)), Some("１３８１２３４５６７８"));
        let at = plain.text.find('请').unwrap();
        assert_eq!(text.get(plain.original(at..at + 3)), Some("請"));
        let marked = normalised(text, Folding::FEATURES);
        let at = marked.text.find("<phone>").unwrap();
        assert_eq!(text.get(marked.original(at..at + 7)), Some("１３８１２３４５６７８"));
        assert_eq!(text.get(marked.original(marked.text.len() - 1..marked.text.len())), Some("！"));
    }

    #[test]
    fn hostile_texts_have_a_defined_result() {
        assert_eq!(normalise("\u{200B}\u{202E}\u{FEFF}", Folding::FEATURES), "");
        assert_eq!(normalise(&"\u{301}".repeat(300_000), Folding::FEATURES).chars().count(), REPEATS_MAX);
        assert_eq!(normalise(&"退".repeat(2_000_000), Folding::FEATURES), "退退退");
        let long = normalise(&"退货 ".repeat(500_000), Folding::FEATURES);
        assert!(long.len() <= TEXT_BYTES_MAX);
        assert!(normalise(&"1-".repeat(500_000), Folding::FEATURES).len() <= TEXT_BYTES_MAX * 2);
        check("مرحبا بك", "مرحبا بك");
    }
}
