//! Short messages: what they cost in segments, the words that stop and start them, and two providers.
//!
//! A sender's number can be forged in many networks, so nothing here vouches for it: it names the talk, it does not prove who writes.

pub mod aliyun;
pub mod twilio;

use super::split::{Unit, gsm_septets};

/// What a text becomes on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    pub count: usize,
    /// Septets, or UTF-16 code units where `unicode`.
    pub units: usize,
    /// One character outside of GSM 03.38 is enough.
    pub unicode: bool,
}

/// Segments of a text: 160 septets in one or 153 in each of several; else 70 or 67 UTF-16 code units. What takes two units is not divided. Source: 3GPP TS 23.038, 23.040.
pub fn segments(text: &str) -> Segments {
    let unicode = gsm_septets(text).is_none();
    let length = |it: char| if unicode { it.len_utf16() } else { Unit::Sms.length(it.encode_utf8(&mut [0; 4])) };
    let units: usize = text.chars().map(length).sum();
    let (alone, of_several) = if unicode { (70, 67) } else { (160, 153) };
    let count = if units <= alone { usize::from(units > 0) } else { filled(text.chars().map(length), of_several) };
    Segments { count, units, unicode }
}

/// How many pieces of `room` are filled by lengths that are not divided.
fn filled(lengths: impl Iterator<Item = usize>, room: usize) -> usize {
    let (mut count, mut used) = (1, 0);
    for length in lengths {
        if used + length > room {
            count += 1;
            used = 0;
        }
        used += length;
    }
    count
}

/// Segments of a text in mainland China, where `【signature】` stands before it and each character counts alike: 70 in one, 67 in each of several.
pub fn signed_segments(signature: &str, text: &str) -> usize {
    let units = text.encode_utf16().count() + signature.encode_utf16().count() + 2;
    if units <= 70 { 1 } else { units.div_ceil(67) }
}

/// What a message asks for that is nothing but one of these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// No more messages to this number, by law.
    Stop,
    Start,
    Help,
}

const STOP: &[&str] = &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE", "TD", "T", "退订", "退訂"];
const START: &[&str] = &["START", "UNSTOP", "恢复订阅", "恢復訂閱"];
const HELP: &[&str] = &["HELP", "INFO", "帮助", "幫助"];

/// The word that a message consists of, in any case, also in full-width letters and with marks about it.
pub fn word(text: &str) -> Option<Word> {
    let narrow = |it: char| match it {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => u32::from(it).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(it),
        _ => it,
    };
    // Longer ones are no word of these, and need no copy.
    let text = text.trim_matches(|it: char| !it.is_alphanumeric());
    if text.len() > 48 {
        return None;
    }
    let text = text.chars().map(narrow).collect::<String>().to_uppercase();
    let among = |words: &[&str]| words.contains(&text.as_str());
    if among(STOP) {
        return Some(Word::Stop);
    }
    if among(START) {
        return Some(Word::Start);
    }
    among(HELP).then_some(Word::Help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_counted_as_they_are_charged() {
        let check = |text: &str, count: usize, units: usize, unicode: bool| assert_eq!(segments(text), Segments { count, units, unicode }, "{text}");
        check("", 0, 0, false);
        check(&"a".repeat(160), 1, 160, false);
        check(&"a".repeat(161), 2, 161, false);
        check(&"a".repeat(306), 2, 306, false);
        check(&"a".repeat(307), 3, 307, false);
        check(&"好".repeat(70), 1, 70, true);
        check(&"好".repeat(71), 2, 71, true);
        check(&"好".repeat(134), 2, 134, true);
        check(&"好".repeat(135), 3, 135, true);
        check("it’s", 1, 4, true);
        check("€5", 1, 3, false);
        check("👍", 1, 2, true);
        // 152 and a sign of two: it goes whole into the second.
        check(&format!("{}€{}", "a".repeat(152), "a".repeat(10)), 2, 164, false);
        check(&format!("{}€{}", "a".repeat(152), "a".repeat(151)), 2, 305, false);
        check(&format!("{}€{}", "a".repeat(152), "a".repeat(152)), 3, 306, false);
        check(&format!("{}👍{}", "好".repeat(66), "好".repeat(66)), 3, 134, true);
    }

    #[test]
    fn the_signature_counts_in_china() {
        let check = |text: usize, expected: usize| assert_eq!(signed_segments("阿里云", &"好".repeat(text)), expected, "{text}");
        check(65, 1);
        check(66, 2);
        check(129, 2);
        check(130, 3);
    }

    #[test]
    fn only_a_message_of_one_word_is_a_word() {
        let check = |text: &str, expected: Option<Word>| assert_eq!(word(text), expected, "{text}");
        for stop in ["STOP", "stop", " Stop. ", "退订", "退订！", "td", "T", "Ｔ", "【退订】", "t\n"] {
            check(stop, Some(Word::Stop));
        }
        check("START", Some(Word::Start));
        check("unstop", Some(Word::Start));
        check("帮助", Some(Word::Help));
        check("help?", Some(Word::Help));
        for none in ["", "please stop", "怎么退订会员", "yes", "TT", "不退订", "😀", "stop it"] {
            check(none, None);
        }
        check(&"退".repeat(5_000), None);
    }
}
