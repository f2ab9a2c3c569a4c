//! Common words and characters of standard Chinese, to tell a word that was meant from one that only sounds or looks like another.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

/// Words of two characters and their rank, the commonest first. Source: the dictionary of jieba (MIT), those counted 60 times and more, without names; and words of shops and service.
static PAIRS: LazyLock<HashMap<(char, char), usize>> = LazyLock::new(|| {
    let mut chars = include_str!("../../data/words.txt").trim().chars();
    let mut pairs = HashMap::new();
    while let (Some(a), Some(b)) = (chars.next(), chars.next()) {
        let rank = pairs.len();
        pairs.entry((a, b)).or_insert(rank);
    }
    pairs
});

/// The commonest characters, the commonest first. Source: counted over the same dictionary.
static CHARACTERS: LazyLock<Vec<char>> = LazyLock::new(|| include_str!("../../data/characters.txt").trim().chars().collect());
static ORDINARY: LazyLock<BTreeSet<char>> = LazyLock::new(|| CHARACTERS.iter().take(ORDINARY_COUNT).copied().collect());
const ORDINARY_COUNT: usize = 2_500;

/// Particles, pronouns and the like: a text of only these says nothing by its sound.
const FUNCTION: &str = "的一是了不在有我他她它你您们这那个就都也很还要会能说对上下里来去到和与或及为以于把被让给从向着过吗呢吧啊呀哦嗯么得地没无可再又才只好多少大小几想用看问请帮叫做时候人什怎";

/// Words up to this rank are met every day; those of service are counted among them.
const EVERYDAY_RANK: usize = 8_000;

/// Whether the two form a word.
pub(crate) fn is_word(a: char, b: char) -> bool {
    PAIRS.contains_key(&(a, b))
}

/// Whether the two form a word that is met every day.
pub(crate) fn is_everyday(a: char, b: char) -> bool {
    PAIRS.get(&(a, b)).is_some_and(|rank| *rank < EVERYDAY_RANK)
}

/// Whether it is among the commonest characters of the standard language.
pub(crate) fn is_ordinary(c: char) -> bool {
    ORDINARY.contains(&c)
}

/// Whether it stands in a text of any subject: a fifth of the ordinary ones.
pub(crate) fn is_common(c: char) -> bool {
    CHARACTERS.iter().take(ORDINARY_COUNT / 5).any(|it| *it == c)
}

pub(crate) fn is_function(c: char) -> bool {
    FUNCTION.contains(c)
}

/// The commonest first.
pub(crate) fn characters() -> &'static [char] {
    &CHARACTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_hold_whole_words_of_simplified_characters() {
        assert!(PAIRS.len() > 20_000);
        assert_eq!(characters().iter().collect::<BTreeSet<_>>().len(), characters().len());
        for word in ["退货", "怎么", "没事", "周边", "电池"] {
            let mut chars = word.chars();
            assert!(is_word(chars.next().unwrap(), chars.next().unwrap()), "{word}");
        }
        assert!(!is_word('腿', '货'));
        assert!(is_ordinary('货') && !is_ordinary('嘅') && !is_ordinary('冇'));
    }
}
