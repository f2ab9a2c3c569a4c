//! How somebody writes: capitals, repeated signs, the same again, impatience. A weak modality beside the words.

use rapport_model::{Reading, Weight};

use super::{prepared::{Prepared, Surface}, text::EMPTY_STATES};

/// Texts before the last one that are looked at for repetition.
const EARLIER_MAX: usize = 5;
/// Characters of a text that are compared.
const COMPARED_MAX: usize = 400;
/// Messages that come this fast one after the other show impatience. Milliseconds.
const QUICK_MS: i64 = 4_000;

/// What the manner of a text shows; `None` where it is unremarkable, which is no observation at all.
///
/// `earlier`: the customer's own texts before it, the newest last. `gap_ms`: since the customer's last message, where no reply came between. Milliseconds.
pub fn read(text: &str, earlier: &[String], gap_ms: Option<i64>) -> Option<Reading> {
    let prepared = Prepared::new(text);
    let Surface { exclaims, bursts, capitals, drawn_out, .. } = prepared.surface;
    let repeats = repeats(&prepared, earlier);
    let quick = gap_ms.is_some_and(|it| (0..QUICK_MS).contains(&it));
    let small = |it: u32, most: u32| f32::from(u16::try_from(it.min(most)).unwrap_or_default());
    // A word in capitals may be a name: shouting begins with the second.
    let signs = [
        ("!!", 0.25 * small(bursts, 2) + 0.08 * small(exclaims, 3)),
        ("ABC", 0.3 * small(capitals.saturating_sub(1), 3)),
        ("sooo", 0.1 * small(drawn_out, 2)),
        ("the same again", 0.5 * f32::from(u8::from(repeats))),
        ("at once", 0.15 * f32::from(u8::from(quick))),
    ];
    let sum: f32 = signs.iter().map(|it| it.1).sum();
    if sum < 0.2 {
        return None;
    }
    let agitated = (sum / 1.2).min(1.0);
    // Agitation is no anger by itself: joy shouts too. The states stay near what is usual, and valence is left where it is.
    let [calm, concerned, upset, angry] = EMPTY_STATES;
    let states = [calm * (1.0 - 0.5 * agitated), concerned, upset * (1.0 + agitated), angry * (1.0 + 2.0 * agitated)];
    let total: f32 = states.iter().sum();
    let features = signs.iter().filter(|it| it.1 > 0.0).map(|(what, weight)| Weight { what: (*what).to_owned(), weight: *weight }).collect();
    Some(Reading { valence: -0.15 * agitated, arousal: 0.2 + 0.6 * agitated, states: states.map(|it| it / total), features, ..Reading::default() })
}

/// Whether the text says what an earlier one of some length said.
fn repeats(prepared: &Prepared, earlier: &[String]) -> bool {
    let own = bigrams(prepared);
    own.len() >= 6 && earlier.iter().rev().take(EARLIER_MAX).any(|it| alike(&own, &bigrams(&Prepared::new(it))))
}

fn bigrams(prepared: &Prepared) -> Vec<(char, char)> {
    let letters: Vec<char> = prepared.chars.iter().copied().filter(|it| it.is_alphanumeric()).take(COMPARED_MAX).collect();
    let mut pairs: Vec<(char, char)> = letters.iter().copied().zip(letters.iter().copied().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Jaccard of 0.7 or more.
fn alike(a: &[(char, char)], b: &[(char, char)]) -> bool {
    let both = a.iter().filter(|it| b.binary_search(it).is_ok()).count();
    both * 10 >= (a.len() + b.len() - both) * 7
}

#[cfg(test)]
mod tests {
    use super::read;

    fn check(text: &str, earlier: &[&str], expect: &[&str]) {
        let earlier: Vec<String> = earlier.iter().map(|it| (*it).to_owned()).collect();
        let found: Vec<String> = read(text, &earlier, None).map(|it| it.features.into_iter().map(|it| it.what).collect()).unwrap_or_default();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn manner_is_seen() {
        check("请问几点开门？", &[], &[]);
        check("WHERE IS MY PARCEL", &[], &["ABC"]);
        check("快点!!!", &[], &["!!"]);
        check("我的快递到底在哪里", &["你好", "我的快递到底在哪里？"], &["the same again"]);
        check("ok", &["ok"], &[]);
        check("I use NASA data", &[], &[]);
    }

    #[test]
    fn impatience_needs_more_than_speed() {
        assert!(read("你好", &[], Some(1_000)).is_none());
        assert!(read("在吗!!", &[], Some(1_000)).is_some());
    }
}
