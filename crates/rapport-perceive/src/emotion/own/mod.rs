//! What a firm teaches itself about feelings: its own sentences, each with the state that it shows, correct what ships.
//!
//! Two parts. A sentence that is the same or nearly the same as one that was taught follows it at once (`near`); a small linear model learns what the
//! sentences have in common, and counts only as far as that was right of sentences held aside (`learn`). What is like nothing that was taught is read as it ships.

mod learn;
mod near;

use std::sync::OnceLock;

use rapport_model::{FeelingState, Weight};
use sha2::{Digest as _, Sha256};

pub use self::learn::{Corrector, Figures, Learned, enough, learn};
use self::near::Near;
use super::{fit, grams, grams::Shape, prepared::Prepared, train::shipped_seeds};

const FEATURES_MAX: usize = 4;
/// Probabilities never get nearer to 0 than this, so that no taught sentence has to move a mountain.
const FLOOR: f32 = 1e-3;

/// A sentence and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    pub text: String,
    pub state: FeelingState,
    pub anxious: bool,
    pub urgent: bool,
}

/// Corrects the readings of one firm.
#[derive(Debug)]
pub struct Own {
    near: Near,
    corrector: Option<Corrector>,
    id: String,
}

/// What a correction makes of a reading.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Corrected {
    pub(super) states: [f32; 4],
    /// Anxious, urgent.
    pub(super) signals: [f32; 2],
    pub(super) features: Vec<Weight>,
}

impl Own {
    pub fn new(lessons: &[Lesson], corrector: Option<Corrector>) -> Self {
        let mut hash = Sha256::new();
        hash.update(corrector.as_ref().map_or("", Corrector::id));
        for it in lessons {
            hash.update(it.state.name());
            hash.update([u8::from(it.anxious), u8::from(it.urgent), 0]);
            hash.update(&it.text);
            hash.update([0]);
        }
        let id = hash.finalize().iter().take(8).map(|it| format!("{it:02x}")).collect();
        Self { near: Near::new(lessons), corrector, id }
    }

    /// First 16 hex digits of the SHA-256 of the corrector and of what is taught.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `None`: the text is like nothing that was taught.
    pub(super) fn correct(&self, prepared: &Prepared, shipped: [f32; 4], signals: [f32; 2]) -> Option<Corrected> {
        let found = row(prepared);
        let nudge = self.near.of(prepared, &found, None);
        let shift = self.corrector.as_ref().map(|it| it.shift(&found)).filter(|it| it.iter().any(|it| it.abs() > 1e-4));
        if nudge.is_none() && shift.is_none() {
            return None;
        }
        let mut states = shifted(shipped, shift.unwrap_or_default());
        let mut features = Vec::new();
        let mut corrected_signals = signals;
        if let Some(nudge) = nudge {
            let weight = nudge.weight(self.corrector.as_ref().map_or(1.0, Corrector::nearness));
            states = nudge.mixed(states, weight);
            for (p, said) in corrected_signals.iter_mut().zip(nudge.signals) {
                *p = p.max(weight * said);
            }
            features.extend(nudge.shared.map(|what| Weight { what, weight }));
        }
        let likeliest = likeliest(&states);
        features.extend(self.corrector.iter().flat_map(|it| it.features(prepared, &found, likeliest)));
        features.truncate(FEATURES_MAX);
        Some(Corrected { states, signals: corrected_signals, features })
    }
}

fn likeliest(states: &[f32; 4]) -> usize {
    states.iter().enumerate().fold((0, f32::MIN), |best, it| if *it.1 > best.1 { (it.0, *it.1) } else { best }).0
}

/// Probabilities of states after their scores moved by so much.
fn shifted(states: [f32; 4], shift: [f32; 4]) -> [f32; 4] {
    if shift.iter().all(|it| it.abs() < 1e-9) {
        return states;
    }
    let scores: Vec<f32> = states.iter().zip(shift).map(|(p, shift)| p.max(FLOOR).ln() + shift).collect();
    let p = fit::probabilities(&scores);
    std::array::from_fn(|at| p.get(at).copied().unwrap_or_default())
}

/// N-grams of a text by their whole hash, rarer ones counting more, of length 1.
type Found = Vec<(u64, f32)>;

fn row(prepared: &Prepared) -> Found {
    let mut hashes = grams::hashes(prepared, Shape::OWN);
    hashes.sort_unstable();
    let weigh = |it: &[u64]| it.first().map(|hash| (*hash, (1.0 + crate::linear::count(it.len()).ln()) * rarity(*hash)));
    let mut row: Found = hashes.chunk_by(|a, b| a == b).filter_map(weigh).collect();
    let length = row.iter().map(|it| it.1 * it.1).sum::<f32>().sqrt();
    if length > 0.0 {
        for it in &mut row {
            it.1 /= length;
        }
    }
    row
}

/// How rare an n-gram is among the sentences that ship: everyday words make no two sentences alike.
fn rarity(hash: u64) -> f32 {
    static SEEN: OnceLock<(std::collections::HashMap<u64, u32>, f32)> = OnceLock::new();
    let (seen, most) = SEEN.get_or_init(|| {
        let (zh, en) = shipped_seeds();
        let mut seen = std::collections::HashMap::new();
        for it in zh.iter().chain(&en) {
            let mut hashes = grams::hashes(&Prepared::new(&it.text), Shape::OWN);
            hashes.sort_unstable();
            hashes.dedup();
            for hash in hashes {
                *seen.entry(hash).or_insert(0_u32) += 1;
            }
        }
        (seen, crate::linear::count(zh.len() + en.len()))
    });
    let times = seen.get(&hash).copied().map_or(0.0, |it| crate::linear::count(usize::try_from(it).unwrap_or_default()));
    ((most + 1.0) / (times + 1.0)).ln()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rapport_model::FeelingState::{self, Angry, Calm, Concerned, Upset};

    use super::{Corrector, Lesson, Own, learn};
    use crate::emotion::{Reader, text::likeliest};

    fn lessons(pairs: &[(&str, FeelingState)]) -> Vec<Lesson> {
        pairs.iter().map(|(text, state)| Lesson { text: (*text).to_owned(), state: *state, anxious: false, urgent: false }).collect()
    }

    fn taught(reader: &Reader, pairs: &[(&str, FeelingState)]) -> Reader {
        reader.with_own(Arc::new(Own::new(&lessons(pairs), None)))
    }

    #[test]
    fn a_few_sentences_move_what_is_like_them_and_nothing_else() {
        let shipped = Reader::shipped().unwrap();
        let own = taught(&shipped, &[("这也太离谱了吧", Angry), ("that is so bogus", Upset)]);
        for (text, state) in [("这也太离谱了吧", Angry), ("你们这也太离谱了吧！", Angry), ("That is so bogus!!", Upset), ("honestly that is so bogus", Upset)] {
            let (before, after) = (shipped.read(text), own.read(text));
            assert_eq!(likeliest(&after), state, "{text}: {before:?} {after:?}");
            assert!(after.features.iter().any(|it| text.to_lowercase().contains(&it.what) && it.weight > 0.3), "{after:?}");
            assert_ne!(after.model, before.model);
        }
        for text in ["请问周末营业吗？", "好的，谢谢你了", "这个多少钱", "太好了吧", "Could you tell me the opening hours?", "that is great", "", "。。。", "😀"] {
            assert_eq!(own.read(text), shipped.read(text), "{text}");
        }
    }

    #[test]
    fn without_sentences_it_reads_as_it_ships() {
        let shipped = Reader::shipped().unwrap();
        let own = taught(&shipped, &[]);
        for text in ["请问周末营业吗？", "气死我了，垃圾", "You lying thieves", ""] {
            assert_eq!(own.read(text), shipped.read(text), "{text}");
        }
        assert_eq!(own.without_own().read("气死我了"), shipped.read("气死我了"));
    }

    #[test]
    fn signals_are_taught_beside_the_state() {
        let shipped = Reader::shipped().unwrap();
        let lesson = Lesson { text: "车间等米下锅呢".to_owned(), state: Concerned, anxious: true, urgent: true };
        let own = shipped.with_own(Arc::new(Own::new(&[lesson], None)));
        let (before, after) = (shipped.read("车间等米下锅呢"), own.read("车间等米下锅呢"));
        assert!(after.urgent > 0.8 && after.anxious > 0.8 && before.urgent < 0.7, "{before:?} {after:?}");
    }

    /// A firm whose customers say 「翻车」 when they are upset and 「蹲一个」 when they merely ask.
    fn set() -> Vec<Lesson> {
        let things = ["鞋", "快递", "客服", "订单", "包裹", "尺码", "颜色", "赠品", "发票", "售后", "直播", "优惠"];
        let mut all = Vec::new();
        for it in things {
            all.extend(lessons(&[(&format!("{it}翻车了"), Upset), (&format!("蹲一个{it}的链接"), Calm)]));
        }
        all
    }

    #[test]
    fn what_sentences_have_in_common_is_learned_and_the_same_bytes_come_of_it() {
        let shipped = Reader::shipped().unwrap();
        let set = set();
        let learned = learn(&shipped, &set).unwrap();
        assert!(learned.strength > 0.0 && learned.own.accuracy > learned.shipped.accuracy && learned.own.log_loss < learned.shipped.log_loss, "{learned:?}");
        let bytes = learned.corrector.to_bytes().unwrap();
        assert!(bytes.len() < 300 << 10, "{}", bytes.len());
        assert_eq!(bytes, learn(&shipped, &set).unwrap().corrector.to_bytes().unwrap());
        let again = Corrector::from_bytes(&bytes).unwrap();
        assert_eq!(again.id(), learned.corrector.id());
        let own = shipped.with_own(Arc::new(Own::new(&set, Some(again))));
        // A sentence of other words than any that was taught.
        let reading = own.read("我买的那双靴子第二天就翻车了，你们看看");
        assert_eq!(likeliest(&reading), Upset, "{:?} {reading:?}", shipped.read("我买的那双靴子第二天就翻车了，你们看看"));
        assert!(reading.features.iter().any(|it| it.what.contains("翻车") && it.weight > 0.0), "{reading:?}");
        for text in ["请问周末营业吗？", "好的，谢谢", "Could you tell me the opening hours?", "你好，我想改一下地址"] {
            let (before, after) = (shipped.read(text).states, own.read(text).states);
            assert!(before.iter().zip(after).all(|(a, b)| (a - b).abs() < 0.08), "{text}: {before:?} {after:?}");
        }
    }

    #[test]
    fn damaged_bytes_and_too_few_sentences_are_refused() {
        let shipped = Reader::shipped().unwrap();
        assert!(learn(&shipped, &set()[..10]).is_none());
        let bytes = learn(&shipped, &set()).unwrap().corrector.to_bytes().unwrap();
        for cut in [0, 4, 9, 40, bytes.len() - 1] {
            assert!(Corrector::from_bytes(&bytes[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn labels_by_chance_teach_next_to_nothing() {
        let shipped = Reader::shipped().unwrap();
        let all: Vec<Lesson> = set().into_iter().enumerate().map(|(at, it)| Lesson { state: FeelingState::ALL[(at * 7 + at / 3) % 4], ..it }).collect();
        let learned = learn(&shipped, &all).unwrap();
        assert!(learned.own.log_loss <= learned.shipped.log_loss + 1e-4, "{learned:?}");
    }
}
