//! A text made ready for the look-ups: bounded, normalised, in characters and in words, with the signs of how it was written.

use unicode_normalization::UnicodeNormalization as _;

use crate::lexicon::normalise::simplified;

/// What is read of a longer text: so much of its beginning and of its end, in bytes. A feeling shows there, and time stays bounded.
const HALF_BYTES: usize = 6_000;
/// A run of one character longer than this says no more than this many.
const RUN_MAX: usize = 3;

/// How somebody wrote, apart from the words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Surface {
    pub exclaims: u32,
    pub questions: u32,
    /// Runs of two or more of `!` and `?`.
    pub bursts: u32,
    /// Words of three or more letters in capitals, in a text that has others too or shouts as a whole.
    pub capitals: u32,
    /// Letters or characters drawn out ("sooo", "啊啊啊").
    pub drawn_out: u32,
    pub ellipses: u32,
}

/// Characters and words in the form the lexicons are in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    /// Lower case, NFKC, runs squeezed, nothing invisible.
    pub chars: Vec<char>,
    /// Latin words with their apostrophes, numbers, and every other visible sign by itself, in order.
    pub words: Vec<String>,
    /// Characters of Chinese, and letters of other scripts.
    pub han: usize,
    pub letters: usize,
    pub surface: Surface,
}

impl Prepared {
    pub(crate) fn new(text: &str) -> Self {
        let mut it = Self::default();
        let (head, tail) = ends(text);
        let cased: Vec<char> = head.chars().chain(tail.chars()).filter(|it| !is_invisible(*it)).nfkc().filter(|it| !is_invisible(*it)).map(|it| simplified(straight(it), None, None)).collect();
        it.capitals(&cased);
        it.squeeze(&cased);
        it.split();
        it
    }

    /// Whether Chinese is the language to judge it by.
    pub(crate) fn is_chinese(&self) -> bool {
        self.han > 0 && self.han * 4 >= self.letters
    }

    fn capitals(&mut self, cased: &[char]) {
        for word in cased.split(|it| !it.is_alphabetic()) {
            let shouted = word.len() >= 3 && word.iter().all(|it| it.is_uppercase());
            self.surface.capitals += u32::from(shouted);
        }
    }

    fn squeeze(&mut self, cased: &[char]) {
        let (mut last, mut run) = ('\0', 0_usize);
        for raw in cased {
            for it in raw.to_lowercase() {
                run = if it == last { run + 1 } else { 1 };
                last = it;
                self.surface.exclaims += u32::from(it == '!');
                self.surface.questions += u32::from(it == '?');
                self.surface.ellipses += u32::from((it == '.' || it == '。') && run == RUN_MAX);
                self.surface.drawn_out += u32::from(it.is_alphabetic() && run == RUN_MAX && !"哈嘻呵嘿哼w".contains(it));
                if run > RUN_MAX {
                    continue;
                }
                let mark = |it: char| it == '!' || it == '?';
                let before = self.chars.last().copied().is_some_and(mark);
                let two_before = self.chars.len().checked_sub(2).and_then(|at| self.chars.get(at)).copied().is_some_and(mark);
                self.surface.bursts += u32::from(mark(it) && before && !two_before);
                self.han += usize::from(rapport_model::is_han(it));
                self.letters += usize::from(it.is_alphabetic() && !rapport_model::is_han(it));
                self.chars.push(it);
            }
        }
    }

    fn split(&mut self) {
        let mut word = String::new();
        for it in &self.chars {
            if is_word(*it) {
                word.push(*it);
                continue;
            }
            if !word.is_empty() {
                self.words.push(std::mem::take(&mut word));
            }
            if !it.is_whitespace() {
                self.words.push(it.to_string());
            }
        }
        if !word.is_empty() {
            self.words.push(word);
        }
    }
}

/// Part of a word of a script with spaces.
pub(crate) fn is_word(it: char) -> bool {
    (it.is_alphanumeric() && !rapport_model::is_han(it)) || it == '\'' || it == '-' || it == '*'
}

fn ends(text: &str) -> (&str, &str) {
    if text.len() <= 2 * HALF_BYTES {
        return (text, "");
    }
    let head = text.get(..text.floor_char_boundary(HALF_BYTES)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(text.len() - HALF_BYTES)..).unwrap_or_default();
    (head, tail)
}

/// Marks that are not seen: zero width, direction, variation selectors, soft hyphen.
fn is_invisible(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}' | '\0')
}

fn straight(it: char) -> char {
    match it {
        '\u{2018}' | '\u{2019}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        _ => it,
    }
}

#[cfg(test)]
mod tests {
    use super::Prepared;

    fn check(text: &str, chars: &str, words: &[&str]) {
        let it = Prepared::new(text);
        assert_eq!(it.chars.iter().collect::<String>(), chars, "{text}");
        assert_eq!(it.words, words, "{text}");
    }

    #[test]
    fn texts_are_brought_into_one_form() {
        check("", "", &[]);
        check("ＯＫ！！！！！", "ok!!!", &["ok", "!", "!", "!"]);
        check("I’m SOOOOO mad", "i'm sooo mad", &["i'm", "sooo", "mad"]);
        check("態度惡劣", "态度恶劣", &["态", "度", "恶", "劣"]);
        check("太\u{200b}过\u{feff}分了", "太过分了", &["太", "过", "分", "了"]);
    }

    #[test]
    fn signs_of_writing_are_counted() {
        let it = Prepared::new("WHY is it NOT here??!! hellooooo...").surface;
        assert_eq!((it.capitals, it.exclaims, it.questions, it.bursts, it.drawn_out, it.ellipses), (2, 2, 2, 1, 1, 1));
        assert_eq!(Prepared::new("哈哈哈哈哈").surface.drawn_out, 0);
        assert_eq!(Prepared::new("烦啊啊啊啊").surface.drawn_out, 1);
    }

    #[test]
    fn a_long_text_is_read_at_both_ends() {
        let text = format!("开头{}结尾", "中".repeat(400_000));
        let it = Prepared::new(&text);
        assert!(it.chars.starts_with(&['开', '头']) && it.chars.ends_with(&['结', '尾']));
        assert!(it.chars.len() < 5_000);
    }
}
