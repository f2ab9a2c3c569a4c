//! How satisfied a customer probably is with a conversation, from the course of its mood. An estimate beside asking, never instead of it.

use super::mood::{Mood, Point};

/// How much the end counts, and the course before it, and the worst of it.
const END: f32 = 0.6;
const COURSE: f32 = 0.25;
const WORST: f32 = 0.15;

/// -1 (not at all) to 1 (very); `None` where the customer has said nothing.
///
/// The end counts most, as people remember it (Kahneman et al., "When more pain is preferred to less", 1993), then the mean and the worst turn.
pub fn estimate(mood: &Mood) -> Option<f32> {
    let last = mood.trend().last()?;
    let count = u16::try_from(mood.trend().len()).unwrap_or(u16::MAX);
    let mean = mood.trend().map(shown).sum::<f32>() / f32::from(count);
    let worst = mood.trend().map(shown).fold(1.0_f32, f32::min);
    Some((END * shown(last) + COURSE * mean + WORST * worst).clamp(-1.0, 1.0))
}

/// Valence as filtered, less what the states know of tension.
fn shown(point: &Point) -> f32 {
    0.5 * point.valence - 0.5 * (2.0 * point.tense - 1.0)
}

#[cfg(test)]
mod tests {
    use rapport_model::{Modality, Reading, Seq, Timestamp};

    use super::estimate;
    use crate::emotion::{Mood, Rules};

    fn of(valences: &[f32]) -> Option<f32> {
        let mut mood = Mood::default();
        for (number, valence) in (0_u64..).zip(valences) {
            let bad = (-valence).max(0.0) * 0.8;
            let reading = Reading { valence: *valence, states: [0.9 - bad, 0.05, bad, 0.05], ..Reading::default() };
            mood.observe(&Rules::default(), Seq(number), Timestamp(30_000 * i64::try_from(number).unwrap()), Modality::Text, &reading);
        }
        estimate(&mood)
    }

    #[test]
    fn the_end_counts_most() {
        assert_eq!(of(&[]), None);
        let (recovered, spoiled) = (of(&[-0.9, -0.8, 0.6, 0.8]).unwrap(), of(&[0.8, 0.6, -0.8, -0.9]).unwrap());
        assert!(recovered > 0.2 && spoiled < -0.1, "{recovered} {spoiled}");
        assert!(of(&[0.5, 0.5]).unwrap() > recovered);
    }
}
