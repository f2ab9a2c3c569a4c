//! From a text to a reading: cues and n-grams of the words, weighed by the shipped heads.

use std::sync::Arc;

use rapport_model::{FeelingState, Reading, Weight};

use super::{
    alarm,
    cue::{Cue, Cues},
    grams,
    lexicon::Lexicon,
    model::{Damaged, Head, Model},
    own::Own,
    prepared::Prepared,
};

pub(super) const SHIPPED: &[u8] = include_bytes!("../../data/emotion.bin");

/// What is to be known of the model that ships, as JSON.
pub const SHIPPED_CARD: &str = include_str!("../../data/emotion.card.json");

/// Names of the heads in the model.
pub const STATES_ZH: &str = "states.zh";
pub const STATES_EN: &str = "states.en";
pub const SIGNALS_ZH: &str = "signals.zh";
pub const SIGNALS_EN: &str = "signals.en";
pub const EMOTIONS_ZH: &str = "emotions.zh";
pub const EMOTIONS_EN: &str = "emotions.en";
/// Labels of the heads of emotions.
pub const EMOTIONS: [&str; 7] = ["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"];
/// Labels of the heads of signals.
pub const SIGNALS: [&str; 2] = ["anxious", "urgent"];
/// Dense features of a text: its cues, and in English what the head of emotions says.
pub const DENSE: usize = Cue::COUNT + EMOTIONS.len();
/// N-grams count so much beside the cues, for the few examples that teach the states.
const GRAMS_WEIGHT: f32 = 1.0;

/// Where the states lie: valence and arousal.
const PLACES: [[f32; 2]; 4] = [[0.1, 0.0], [-0.25, 0.15], [-0.55, 0.4], [-0.85, 0.85]];
const FEATURES_MAX: usize = 8;
/// How often the states are among the messages of customers who write to a firm: what is said of a text without any sign.
pub const EMPTY_STATES: [f32; 4] = [0.55, 0.2, 0.15, 0.1];

/// Reads feelings from texts. Made once, used for every message; copies share what ships.
#[derive(Clone, Debug)]
pub struct Reader {
    lexicon: Arc<Lexicon>,
    model: Arc<Model>,
    /// What a firm taught itself.
    own: Option<Arc<Own>>,
}

/// What the heads are asked with.
#[derive(Clone, Debug)]
pub struct Asked {
    pub chinese: bool,
    pub dense: Vec<f32>,
    hashes: Vec<u64>,
    pub cues: Cues,
    prepared: Prepared,
}

impl Reader {
    /// The model that ships. Errors: only when the program was built with a broken file, which a test excludes.
    pub fn shipped() -> Result<Self, Damaged> {
        Self::new(SHIPPED)
    }

    pub fn new(model: &[u8]) -> Result<Self, Damaged> {
        Ok(Self { lexicon: Arc::new(Lexicon::shipped()), model: Arc::new(Model::read(model)?), own: None })
    }

    /// For training: the cues alone, without any head.
    pub fn untrained() -> Self {
        Self { lexicon: Arc::new(Lexicon::shipped()), model: Arc::new(Model { heads: Vec::new(), id: String::new() }), own: None }
    }

    /// First 16 hex digits of the SHA-256 of the model.
    pub fn model_id(&self) -> &str {
        &self.model.id
    }

    /// The same reader with these heads instead.
    pub fn with_heads(self, heads: Vec<Head>) -> Self {
        Self { lexicon: self.lexicon, model: Arc::new(Model { heads, id: String::new() }), own: self.own }
    }

    /// The same reader, corrected by what a firm taught.
    pub fn with_own(&self, own: Arc<Own>) -> Self {
        Self { own: Some(own), ..self.clone() }
    }

    /// As it ships.
    pub fn without_own(&self) -> Self {
        Self { own: None, ..self.clone() }
    }

    pub fn head(&self, name: &str) -> Option<&Head> {
        self.model.head(name)
    }

    /// What a text shows of a feeling. Any text has an answer; one that shows nothing is calm with little certainty.
    pub fn read(&self, text: &str) -> Reading {
        let asked = self.asked(text);
        let alarms = alarm::find(&asked.prepared);
        let (mut states, mut signals) = (self.states(&asked), self.signals(&asked));
        let corrected = self.own.as_ref().and_then(|own| Some((own.correct(&asked.prepared, states, signals)?, own.id())));
        let (mut features, mut model) = (Vec::new(), self.model.id.clone());
        if let Some((corrected, id)) = corrected {
            (states, signals, features) = (corrected.states, corrected.signals, corrected.features);
            id.clone_into(&mut model);
        }
        features.extend(self.features(&asked, &states));
        let [anxious, urgent] = signals;
        let [valence, arousal] = place(&states, &asked.cues, anxious, urgent);
        Reading { valence, arousal, states, anxious, urgent, alarms: alarms.into_iter().map(|it| it.1).collect(), features: strongest(features), model }
    }

    /// The features that the heads see, as `train` uses them too.
    pub fn asked(&self, text: &str) -> Asked {
        let prepared = Prepared::new(text);
        let cues = Cues::of(&self.lexicon, &prepared);
        let chinese = prepared.is_chinese();
        let mut asked = Asked { chinese, dense: cues.values.to_vec(), hashes: Vec::new(), cues, prepared };
        if chinese {
            asked.hashes = grams::hashes(&asked.prepared, grams::Shape::CHINESE);
            asked.dense.resize(DENSE, 0.0);
        } else {
            asked.hashes = grams::hashes(&asked.prepared, grams::Shape::ENGLISH);
            let emotions = self.model.head(EMOTIONS_EN).filter(|_| !asked.prepared.words.is_empty());
            let heard = emotions.map(|head| head.scores(&[], &self.grams(head, &asked)).iter().zip(&head.calibration).map(|(score, (a, b))| (a * score + b + 2.0).clamp(-2.0, 4.0) / 2.0).collect::<Vec<_>>());
            asked.dense.extend(heard.unwrap_or_else(|| vec![0.0; EMOTIONS.len()]));
        }
        asked
    }

    /// The n-grams of a text as places of a head's table.
    pub fn grams(&self, head: &Head, asked: &Asked) -> grams::Row {
        if head.bits == 0 { Vec::new() } else { grams::row(&asked.hashes, head.bits, |at| head.idf(at)) }
    }

    /// Probabilities of `EMOTIONS`, which sum to 1.
    pub fn emotions(&self, text: &str) -> [f32; 7] {
        let asked = self.asked(text);
        let name = if asked.chinese { EMOTIONS_ZH } else { EMOTIONS_EN };
        let Some(head) = self.model.head(name) else { return [1.0 / 7.0; 7] };
        let given = head.probabilities(&asked.dense, &self.grams(head, &asked));
        let sum: f32 = given.iter().sum::<f32>().max(1e-6);
        std::array::from_fn(|at| given.get(at).copied().unwrap_or_default() / sum)
    }

    fn states(&self, asked: &Asked) -> [f32; 4] {
        let Some(head) = self.model.head(if asked.chinese { STATES_ZH } else { STATES_EN }) else { return EMPTY_STATES };
        if asked.prepared.han + asked.prepared.letters == 0 && asked.cues.found.is_empty() {
            return EMPTY_STATES;
        }
        let p = head.probabilities(&asked.dense, &scaled(self.grams(head, asked)));
        std::array::from_fn(|at| p.get(at).copied().unwrap_or_default())
    }

    fn signals(&self, asked: &Asked) -> [f32; 2] {
        let Some(head) = self.model.head(if asked.chinese { SIGNALS_ZH } else { SIGNALS_EN }) else { return [0.0; 2] };
        let p = head.probabilities(&asked.dense, &scaled(self.grams(head, asked)));
        std::array::from_fn(|at| p.get(at).copied().unwrap_or_default())
    }

    /// What was found in the text, weighed by what it says for the likeliest state over the others.
    fn features(&self, asked: &Asked, states: &[f32; 4]) -> Vec<Weight> {
        let likeliest = states.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |it| it.0);
        let Some(head) = self.model.head(if asked.chinese { STATES_ZH } else { STATES_EN }) else { return Vec::new() };
        let weigh = |(cue, it): &(Cue, Weight)| Weight { what: it.what.clone(), weight: it.weight * head.speaks_for(likeliest, *cue as usize) };
        asked.cues.found.iter().map(weigh).filter(|it| it.weight.abs() > 0.02).collect()
    }
}

fn strongest(mut features: Vec<Weight>) -> Vec<Weight> {
    features.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.what.cmp(&b.what)));
    let mut seen = std::collections::BTreeSet::new();
    features.retain(|it| seen.insert(it.what.clone()));
    features.truncate(FEATURES_MAX);
    features
}

/// N-grams as the heads of states and signals count them.
pub fn scaled(mut row: grams::Row) -> grams::Row {
    for it in &mut row {
        it.1 *= GRAMS_WEIGHT;
    }
    row
}

/// Valence and arousal: the mean place of the states, moved by what is good in the text and by how it is written.
fn place(states: &[f32; 4], cues: &Cues, anxious: f32, urgent: f32) -> [f32; 2] {
    let mut at = [0.0_f32; 2];
    for (p, place) in states.iter().zip(PLACES) {
        for (at, place) in at.iter_mut().zip(place) {
            *at += p * place;
        }
    }
    let [calm, _, _, _] = *states;
    let good = cues.get(Cue::Joy) + cues.get(Cue::Gratitude) + cues.get(Cue::Praise) + 0.5 * cues.get(Cue::Resolution);
    let loud = cues.get(Cue::Exclaims) + cues.get(Cue::Bursts) + cues.get(Cue::Capitals) + cues.get(Cue::DrawnOut);
    let [valence, arousal] = at;
    [(valence + calm * 0.7 * good.tanh() - 0.2 * anxious).clamp(-1.0, 1.0), (arousal + 0.15 * loud.tanh() + 0.2 * urgent + 0.2 * anxious).clamp(-1.0, 1.0)]
}

/// The state of a reading taken by itself.
pub fn likeliest(reading: &Reading) -> FeelingState {
    FeelingState::ALL.into_iter().zip(reading.states).fold((FeelingState::Calm, f32::MIN), |best, it| if it.1 > best.1 { it } else { best }).0
}

#[cfg(test)]
mod tests {
    use rapport_model::FeelingState;

    use super::{EMPTY_STATES, Reader, likeliest};

    fn check(reader: &Reader, text: &str, expect: FeelingState) {
        let reading = reader.read(text);
        assert_eq!(likeliest(&reading), expect, "{text}: {reading:?}");
    }

    #[test]
    fn feelings_are_read_in_both_languages() {
        let reader = Reader::shipped().unwrap();
        check(&reader, "请问周末营业吗？", FeelingState::Calm);
        check(&reader, "谢谢你们！！太棒了！！", FeelingState::Calm);
        check(&reader, "说了多少遍了，每次都敷衍我，太失望了", FeelingState::Upset);
        check(&reader, "你们这群骗子，赶紧退钱！不要脸！", FeelingState::Angry);
        check(&reader, "Could you tell me the opening hours?", FeelingState::Calm);
        check(&reader, "I've told you three times already and nobody ever calls me back", FeelingState::Upset);
        check(&reader, "You lying thieves, give me my money back!", FeelingState::Angry);
    }

    #[test]
    fn signals_alarms_and_reasons_come_with_it() {
        let reader = Reader::shipped().unwrap();
        let (urgent, plain) = (reader.read("十万火急！马上就要开会了，赶紧帮我处理一下"), reader.read("请问有蓝色的吗"));
        assert!(urgent.urgent > 0.5 && plain.urgent < 0.2, "{} {}", urgent.urgent, plain.urgent);
        let (anxious, calm) = (reader.read("我很担心，怎么办，会不会出事，好害怕"), reader.read("好的，明天见"));
        assert!(anxious.anxious > 0.5 && calm.anxious < 0.2, "{} {}", anxious.anxious, calm.anxious);
        let angry = reader.read("骗子！我要报警，还要找律师起诉你们");
        assert_eq!(angry.alarms.len(), 2, "{:?}", angry.alarms);
        assert!(angry.features.iter().any(|it| it.what == "骗子" && it.weight > 0.0), "{:?}", angry.features);
        assert!(angry.valence < -0.3 && angry.arousal > 0.3);
        assert_eq!(angry.model, reader.model_id());
    }

    #[test]
    fn whatever_comes_has_a_defined_reading() {
        let reader = Reader::shipped().unwrap();
        for text in ["", " ", "\u{200b}\u{202e}", "。。。", "\0", "42"] {
            assert_eq!(reader.read(text).states.map(f32::to_bits), EMPTY_STATES.map(f32::to_bits), "{text:?}");
        }
        let odd = ["😀😀😀", "😡😡", "مرحبا، أين طلبي؟", "שלום", "Ｈｅｌｌｏ　你好 привет", "a\u{301}\u{301}\u{301}", "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "你\u{200b}好", "ﷺﷺﷺ"];
        let long = ["气死我了！".repeat(70_000), "a".repeat(1 << 20), "!?".repeat(1 << 19), "😡".repeat(1 << 18), "ﷺ".repeat(300_000), "you ".repeat(1 << 18)];
        for text in odd.iter().map(|it| (*it).to_owned()).chain(long) {
            let reading = reader.read(&text);
            assert!((reading.states.iter().sum::<f32>() - 1.0).abs() < 1e-3 && reading.states.iter().all(|it| (0.0..=1.0).contains(it)));
            assert!((-1.0..=1.0).contains(&reading.valence) && (-1.0..=1.0).contains(&reading.arousal));
            assert_eq!(reading, reader.read(&text));
        }
        assert_eq!(reader.read("太\u{200b}过\u{feff}分\u{202e}了"), reader.read("太过分了"));
    }

    #[test]
    fn time_does_not_grow_with_what_is_not_read() {
        // Both are cut to the same ends: the same work and the same reading.
        let reader = Reader::shipped().unwrap();
        let of = |times: usize| reader.read(&format!("{}{}{}", "气死我了！".repeat(2_000), "好".repeat(times), "垃圾平台！".repeat(2_000)));
        assert_eq!(of(10_000), of(300_000));
    }

    #[test]
    fn the_model_that_ships_is_whole_and_small() {
        assert!(super::SHIPPED.len() <= 2 << 20);
        let card: serde_json::Value = serde_json::from_str(super::SHIPPED_CARD).unwrap();
        assert_eq!(card["model"], Reader::shipped().unwrap().model_id());
    }
}
