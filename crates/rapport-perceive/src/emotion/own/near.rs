//! Sentences that are the same or nearly the same as one that was taught.

use std::collections::HashMap;

use super::{Found, Lesson, row};
use crate::emotion::prepared::Prepared;

/// Less like than this is not alike. Cosine.
const LIKE_MIN: f32 = 0.5;
/// From here on it is as good as the same.
const SAME: f32 = 0.97;
/// How much a sentence counts that is the same, and one that is barely alike.
const WEIGHT_SAME: f32 = 0.9;
const WEIGHT_LIKE: f32 = 0.25;
const NEAREST: usize = 5;
/// What two sentences share is shown from so many characters on.
const SHARED_MIN: usize = 2;
const SHARED_MAX: usize = 24;

#[derive(Debug)]
struct Known {
    chars: Vec<char>,
    state: usize,
    signals: [bool; 2],
}

/// All sentences of a firm, found by their n-grams.
#[derive(Debug)]
pub(super) struct Near {
    known: Vec<Known>,
    postings: HashMap<u64, Vec<(u32, f32)>>,
}

/// What the nearest sentences say.
#[derive(Clone, Debug)]
pub(super) struct Nudge {
    /// Cosine of the nearest one.
    likeness: f32,
    /// Shares of the states among the nearest.
    states: [f32; 4],
    /// Shares of those with the signals: anxious, urgent.
    pub(super) signals: [f32; 2],
    /// What the text has in common with the nearest one.
    pub(super) shared: Option<String>,
}

impl Nudge {
    /// How much it counts beside everything else, 0 to 1. `nearness`: of what is merely alike; the same sentence counts whatever it is.
    pub(super) fn weight(&self, nearness: f32) -> f32 {
        if self.likeness >= SAME {
            return WEIGHT_SAME;
        }
        let share = ((self.likeness - LIKE_MIN) / (SAME - LIKE_MIN)).clamp(0.0, 1.0).sqrt();
        nearness * (WEIGHT_LIKE + (WEIGHT_SAME - WEIGHT_LIKE) * share)
    }

    pub(super) fn mixed(&self, states: [f32; 4], weight: f32) -> [f32; 4] {
        let [mut a, mut b, mut c, mut d] = states;
        for (p, said) in [&mut a, &mut b, &mut c, &mut d].into_iter().zip(self.states) {
            *p = (1.0 - weight) * *p + weight * said;
        }
        [a, b, c, d]
    }
}

impl Near {
    pub(super) fn new(lessons: &[Lesson]) -> Self {
        let mut postings: HashMap<u64, Vec<(u32, f32)>> = HashMap::new();
        let mut known = Vec::with_capacity(lessons.len());
        for (at, it) in (0_u32..).zip(lessons) {
            let prepared = Prepared::new(&it.text);
            for (hash, value) in row(&prepared) {
                postings.entry(hash).or_default().push((at, value));
            }
            known.push(Known { chars: prepared.chars, state: place(it), signals: [it.anxious, it.urgent] });
        }
        Self { known, postings }
    }

    /// `but`: sentences that are passed over, by their place; they are held aside.
    pub(super) fn of(&self, prepared: &Prepared, found: &Found, but: Option<&dyn Fn(usize) -> bool>) -> Option<Nudge> {
        let mut likeness: HashMap<u32, f32> = HashMap::new();
        for (hash, value) in found {
            for (at, own) in self.postings.get(hash).into_iter().flatten() {
                *likeness.entry(*at).or_default() += value * own;
            }
        }
        let mut nearest: Vec<(usize, f32)> = likeness.into_iter().filter_map(|(at, it)| Some((usize::try_from(at).ok()?, it))).collect();
        nearest.retain(|(at, it)| *it >= LIKE_MIN && !but.is_some_and(|but| but(*at)));
        // By place where alike: the order of a map is by chance.
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nearest.truncate(NEAREST);
        let (first, most) = *nearest.first()?;
        // The same sentence is not outvoted by those like it.
        if most >= SAME {
            nearest.retain(|it| it.1 >= SAME);
        }
        let total: f32 = nearest.iter().map(|it| it.1.powi(4)).sum();
        let (mut states, mut signals) = ([0.0_f32; 4], [0.0_f32; 2]);
        for (at, it) in &nearest {
            let Some(known) = self.known.get(*at) else { continue };
            let share = it.powi(4) / total;
            if let Some(sum) = states.get_mut(known.state) {
                *sum += share;
            }
            for (sum, has) in signals.iter_mut().zip(known.signals) {
                *sum += if has { share } else { 0.0 };
            }
        }
        let shared = self.known.get(first).and_then(|it| shared(&prepared.chars, &it.chars));
        Some(Nudge { likeness: most, states, signals, shared })
    }
}

pub(super) fn place(lesson: &Lesson) -> usize {
    rapport_model::FeelingState::ALL.iter().position(|it| *it == lesson.state).unwrap_or_default()
}

/// The longest piece that stands in both, as it stands in the first: nobody is shown the words of another.
fn shared(text: &[char], other: &[char]) -> Option<String> {
    let (mut best, mut end) = (0_usize, 0_usize);
    let mut before = vec![0_usize; other.len() + 1];
    for (at, it) in text.iter().enumerate() {
        let mut row = vec![0_usize; other.len() + 1];
        for (place, (its, diagonal)) in other.iter().zip(&before).enumerate() {
            if it == its
                && let Some(length) = row.get_mut(place + 1)
            {
                *length = diagonal + 1;
                if *length > best {
                    (best, end) = (*length, at + 1);
                }
            }
        }
        before = row;
    }
    let piece: String = text.get(end - best..end)?.iter().take(SHARED_MAX).collect();
    let piece = piece.trim_matches(|it: char| it.is_whitespace() || it.is_ascii_punctuation()).to_owned();
    (piece.chars().count() >= SHARED_MIN).then_some(piece)
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn what_two_sentences_share_is_the_longest_piece() {
        let check = |a: &str, b: &str, expect: Option<&str>| {
            let chars = |it: &str| it.chars().collect::<Vec<_>>();
            assert_eq!(shared(&chars(a), &chars(b)).as_deref(), expect, "{a} / {b}");
        };
        check("你们这也太离谱了吧!", "这也太离谱了", Some("这也太离谱了"));
        check("a, b", "c, d", None);
        check("", "x", None);
        check("so bogus", "bogus!", Some("bogus"));
    }
}
