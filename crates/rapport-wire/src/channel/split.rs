//! Texts cut to what a provider takes, in the provider's own unit, between sentences where that is possible and never within a character as people see it.

use unicode_segmentation::UnicodeSegmentation as _;

/// What a provider counts a text in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes of UTF-8 (WeChat and its family, Instagram).
    Bytes,
    /// Unicode scalar values (WhatsApp, Messenger).
    Characters,
    /// UTF-16 code units (Telegram).
    Utf16,
    /// Septets of GSM 03.38, or UTF-16 code units where the text has something else: a limit counts in septets, and half as much otherwise (SMS).
    Sms,
}

impl Unit {
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Sms => gsm_septets(text).unwrap_or_else(|| text.encode_utf16().count() * 2),
        }
    }
}

/// Pieces of at most `limit` units, in order. Blanks at a cut are let go; everything else is kept. One character that alone is longer than the limit is cut
/// between its scalar values. `limit` is at least 8.
pub fn split(text: &str, unit: Unit, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut pieces = Vec::new();
    let mut rest = text.trim_end();
    while !rest.is_empty() {
        let fits = fitting(rest, unit, limit);
        if fits == rest.len() {
            pieces.push(rest.to_owned());
            break;
        }
        let (head, _) = rest.split_at(fits);
        let cut = best_cut(head).unwrap_or(fits);
        let (piece, after) = rest.split_at(cut);
        let piece = piece.trim_end();
        if !piece.is_empty() {
            pieces.push(piece.to_owned());
        }
        rest = after.trim_start();
    }
    pieces
}

/// Bytes of the longest beginning that fits; at least one scalar value.
fn fitting(text: &str, unit: Unit, limit: usize) -> usize {
    let (mut end, mut counted) = (0, 0);
    // Whether the text so far is free of what GSM 03.38 lacks decides what it counts: asked anew only where it changes.
    for (at, grapheme) in text.grapheme_indices(true) {
        let next = at + grapheme.len();
        counted = match unit {
            Unit::Sms => text.get(..next).map_or(usize::MAX, |it| unit.length(it)),
            Unit::Bytes | Unit::Characters | Unit::Utf16 => counted + unit.length(grapheme),
        };
        if counted > limit {
            break;
        }
        end = next;
    }
    if end > 0 {
        return end;
    }
    let mut counted = 0;
    for (at, character) in text.char_indices() {
        counted += unit.length(character.encode_utf8(&mut [0; 4]));
        if counted > limit {
            return at.max(character.len_utf8());
        }
    }
    text.len()
}

/// After the last paragraph, line, sentence, clause or word, whichever leaves the piece at least a third full; the strongest first.
fn best_cut(head: &str) -> Option<usize> {
    let least = head.len() / 3;
    let after_last = |is_end: fn(char) -> bool| {
        let found = head.char_indices().rev().find(|(_, it)| is_end(*it)).map(|(at, it)| at + it.len_utf8());
        found.filter(|it| *it > least && *it < head.len())
    };
    let paragraph = head.rfind("\n\n").map(|at| at + 2).filter(|it| *it > least && *it < head.len());
    paragraph
        .or_else(|| after_last(|it| it == '\n'))
        .or_else(|| after_last(|it| "。！？!?；;…".contains(it)).or_else(|| sentence_stop(head, least)))
        .or_else(|| after_last(|it| "，、,：:".contains(it)))
        .or_else(|| after_last(char::is_whitespace))
}

/// After a full stop that a blank follows: those within numbers and addresses are none.
fn sentence_stop(head: &str, least: usize) -> Option<usize> {
    head.rfind(". ").map(|at| at + 2).filter(|it| *it > least && *it < head.len())
}

/// Septets of a text in GSM 03.38 with its extension table (two each); `None` where a character is in neither.
pub fn gsm_septets(text: &str) -> Option<usize> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENDED: &str = "^{}\\[~]|€\u{C}";
    text.chars().try_fold(0, |sum, it| {
        if BASIC.contains(it) {
            Some(sum + 1)
        } else {
            EXTENDED.contains(it).then_some(sum + 2)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_sentences_in_the_provider_s_unit() {
        let check = |text: &str, unit: Unit, limit: usize, expected: &[&str]| assert_eq!(split(text, unit, limit), expected, "{text} {unit:?} {limit}");
        check("", Unit::Bytes, 10, &[]);
        check("好", Unit::Bytes, 10, &["好"]);
        check("您好。订单已发出。请查收", Unit::Bytes, 27, &["您好。订单已发出。", "请查收"]);
        check("one two three four", Unit::Characters, 9, &["one two", "three", "four"]);
        check("Version 3.5 is out. Please update", Unit::Characters, 22, &["Version 3.5 is out.", "Please update"]);
        check("a\n\nbbbbbbbbbbbb\n\ncc", Unit::Characters, 18, &["a\n\nbbbbbbbbbbbb", "cc"]);
        check("abcdefghijkl", Unit::Utf16, 8, &["abcdefgh", "ijkl"]);
    }

    #[test]
    fn nothing_is_lost_and_no_visible_character_is_cut() {
        let family = "👨‍👩‍👧‍👦";
        let text = format!("{}𠮷野家{}👍🏽 e\u{301}nd", family.repeat(5), "字".repeat(40));
        for unit in [Unit::Bytes, Unit::Characters, Unit::Utf16, Unit::Sms] {
            for limit in 30..90 {
                let pieces = split(&text, unit, limit);
                assert!(pieces.iter().all(|it| unit.length(it) <= limit), "{unit:?} {limit} {pieces:?}");
                let joined: String = pieces.concat();
                let solid = |it: &str| it.chars().filter(|it| !it.is_whitespace()).collect::<String>();
                assert_eq!(solid(&joined), solid(&text), "{unit:?} {limit}");
                let whole = pieces.iter().map(|it| it.matches(family).count()).sum::<usize>();
                assert!(whole == 5 || unit.length(family) > limit, "{unit:?} {limit}: {whole}");
            }
        }
    }

    #[test]
    fn a_character_longer_than_the_limit_is_still_sent() {
        let long = format!("e{}", "\u{301}".repeat(50));
        let pieces = split(&long, Unit::Bytes, 8);
        assert!(pieces.len() > 1 && pieces.concat() == long && pieces.iter().all(|it| it.len() <= 8), "{pieces:?}");
    }

    #[test]
    fn sms_count_septets_until_something_else_stands_in_them() {
        assert_eq!([Unit::Sms.length("hello"), Unit::Sms.length("€5"), Unit::Sms.length("你好"), Unit::Sms.length("it’s")], [5, 3, 4, 8]);
    }
}
