//! Deliberate faults to measure with, and to train against: misheard characters, and dialect in place of the standard term.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{By, Entry, Lexicon, pinyin, words};

/// Small seeded generator. Source: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below one, with 32 bits.
    fn share(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(0);
        f64::from(high) / 4_294_967_296.0
    }
}

/// Characters by sound with their weight, which falls with their rank as Zipf has it.
type Sounding = BTreeMap<&'static str, Vec<(char, f64)>>;

struct Homophones {
    plain: Sounding,
    fuzzy: Sounding,
}

static HOMOPHONES: LazyLock<Homophones> = LazyLock::new(|| {
    let (mut plain, mut fuzzy) = (Sounding::new(), Sounding::new());
    for (rank, c) in (0_u32..).zip(words::characters()) {
        let Some(sound) = pinyin::syllable(*c) else { continue };
        let weight = 1.0 / (f64::from(rank) + 20.0);
        plain.entry(sound.plain()).or_default().push((*c, weight));
        fuzzy.entry(sound.fuzzy()).or_default().push((*c, weight));
    }
    Homophones { plain, fuzzy }
});

/// Of the characters that are misheard, how many only sound alike (z for zh, in for ing) rather than the same.
const FUZZY_SHARE: f64 = 0.3;

/// Each Chinese character is replaced, with the given probability, by another of the same sound (or one that is confused with it), commoner ones
/// more often. The same seed gives the same text.
pub fn misheard(text: &str, share: f64, seed: u64) -> String {
    let mut dice = Dice(seed ^ hash(text));
    let sounds = pinyin::syllables(text);
    text.chars()
        .zip(sounds)
        .map(|(c, sound)| {
            let Some(sound) = sound.filter(|_| dice.share() < share) else { return c };
            let fuzzy = HOMOPHONES.fuzzy.get(sound.fuzzy());
            let plain = HOMOPHONES.plain.get(sound.plain());
            let pool = if dice.share() < FUZZY_SHARE { fuzzy } else { plain };
            pool.and_then(|it| picked(it, c, dice.share())).unwrap_or(c)
        })
        .collect()
}

fn picked(pool: &[(char, f64)], but: char, at: f64) -> Option<char> {
    let others = || pool.iter().filter(|(c, _)| *c != but);
    let mut left = at * others().map(|it| it.1).sum::<f64>();
    others()
        .find(|(_, weight)| {
            left -= weight;
            left < 0.0
        })
        .map(|it| it.0)
}

/// Which half of the items one is of: stable, by its own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    First,
    Second,
}

/// The entries with those variants only that fall into the half.
pub fn half(entries: &[Entry], of: Half) -> Vec<Entry> {
    let is_of = |entry: &Entry, variant: &str| (hash(&format!("{}\t{variant}", entry.canonical)).is_multiple_of(2)) == (of == Half::First);
    entries
        .iter()
        .map(|it| Entry { variants: it.variants.iter().filter(|variant| is_of(it, variant)).cloned().collect(), ..it.clone() })
        .filter(|it| !it.variants.is_empty())
        .collect()
}

/// The lexicon turned round: canonical terms become one of their variants.
#[derive(Debug)]
pub struct Dialect {
    terms: Lexicon,
    variants: BTreeMap<String, Vec<String>>,
}

impl Dialect {
    pub fn new(entries: &[Entry]) -> Self {
        let mut variants: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for it in entries {
            variants.entry(it.canonical.clone()).or_default().extend(it.variants.iter().cloned());
        }
        // Each term as a variant of a mark, so that it is found as a variant is.
        let marked = |term: &String| Entry { canonical: format!("\u{E000}{term}"), variants: vec![term.clone()], group: super::Group::Own, note: String::new() };
        Self { terms: Lexicon::new(variants.keys().map(marked).collect()), variants }
    }

    /// The text with every canonical term in it said otherwise, or `None` if it has none. The same seed gives the same text.
    pub fn spoken(&self, text: &str, seed: u64) -> Option<String> {
        let mut dice = Dice(seed ^ hash(text));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for it in self.terms.find(text).into_iter().filter(|it| it.by == By::Exact) {
            let term = it.canonical.trim_start_matches('\u{E000}');
            let Some(variants) = self.variants.get(term).filter(|it| !it.is_empty()) else { continue };
            let at = usize::try_from(dice.next() % u64::try_from(variants.len()).unwrap_or(1)).unwrap_or(0);
            out.push_str(text.get(done..it.range.start)?);
            out.push_str(variants.get(at)?);
            done = it.range.end;
        }
        out.push_str(text.get(done..)?);
        (done > 0).then_some(out)
    }
}

/// FNV-1a: stable across runs.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::starter;

    #[test]
    fn misheard_characters_sound_alike_and_are_as_many_as_asked() {
        let text = "请帮我查一下订单什么时候发货，地址能不能改到公司".repeat(40);
        let heard = misheard(&text, 0.1, 7);
        assert_eq!(heard, misheard(&text, 0.1, 7));
        assert_ne!(heard, misheard(&text, 0.1, 8));
        let han = text.chars().filter(|it| *it != '，').count();
        let changed: Vec<(char, char)> = text.chars().zip(heard.chars()).filter(|(a, b)| a != b).collect();
        assert!((han * 7 / 100..han * 13 / 100).contains(&changed.len()), "{} of {han}", changed.len());
        let alike = |(a, b): &(char, char)| pinyin::sounds_like(&a.to_string(), &b.to_string());
        assert!(changed.iter().filter(|it| alike(it)).count() * 10 > changed.len() * 9, "{changed:?}");
        assert_eq!(misheard(&text, 0.0, 7), text);
        assert_eq!(misheard("abc 123", 1.0, 7), "abc 123");
    }

    #[test]
    fn halves_share_nothing_and_make_the_whole() {
        let all = starter::entries();
        let count = |entries: &[Entry]| entries.iter().map(|it| it.variants.len()).sum::<usize>();
        let (first, second) = (half(&all, Half::First), half(&all, Half::Second));
        assert_eq!(count(&first) + count(&second), count(&all));
        assert!(count(&first) * 10 > count(&all) * 4 && count(&second) * 10 > count(&all) * 4);
    }

    #[test]
    fn what_is_said_in_dialect_is_led_back() {
        let entries = starter::entries();
        let (dialect, lexicon) = (Dialect::new(&entries), Lexicon::new(entries));
        for text in ["今天天气怎么样", "退货地址在哪里", "帮我看一下什么时候发货", "这个多少钱", "没有收到怎么办"] {
            let mut changed = 0;
            for seed in 0..20 {
                let spoken = dialect.spoken(text, seed).unwrap();
                changed += usize::from(spoken != text);
                assert_eq!(lexicon.rewrite(&spoken).text, text, "{spoken}");
            }
            assert!(changed > 15, "{text}");
        }
        assert_eq!(dialect.spoken("", 1), None);
    }
}
