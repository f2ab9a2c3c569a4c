//! One turn of a customer who agreed: their text read, the mood of the conversation moved on, all of it sealed. Nobody without the capability gets here.

use rapport_ethics::{Capability, Care, HeavyMoment, HeavyState, Sealed};
use rapport_model::{FeelingState, Felt, Modality, Seq, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Mood, Reader, Rules};

/// What is kept of a conversation from one turn to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub mood: Mood,
    /// Turns so far.
    pub turns: u64,
    /// Turns one after the other in which the customer was not calm.
    pub uneasy_turns: u32,
    /// After it nothing is offered for a day.
    pub heavy: Option<HeavyMoment>,
}

/// What came of a turn.
pub struct Turn {
    pub kept: Sealed<Kept, Care>,
    pub felt: Sealed<Felt, Care>,
}

/// At this probability a message alone counts as anxious.
const ANXIOUS: f32 = 0.7;

/// Reads a text and moves the mood on.
pub fn assess(reader: &Reader, rules: &Rules, before: Option<Sealed<Kept, Care>>, at: Timestamp, text: &str, allowed: &Capability<Care>) -> Turn {
    let mut kept = before.map(|it| it.into_inner(allowed)).unwrap_or_default();
    let reading = reader.read(text);
    kept.turns = kept.turns.saturating_add(1);
    kept.mood.observe(rules, Seq(kept.turns), at, Modality::Text, &reading);
    let state = kept.mood.state();
    kept.uneasy_turns = if state == FeelingState::Calm { 0 } else { kept.uneasy_turns.saturating_add(1) };
    let heavy = HeavyState::of(state).or((reading.anxious >= ANXIOUS).then_some(HeavyState::Anxious));
    if let Some(state) = heavy {
        kept.heavy = Some(HeavyMoment { state, at });
    }
    let felt = Felt {
        valence: kept.mood.valence(),
        arousal: kept.mood.arousal(),
        state,
        tense: kept.mood.tense(),
        raised: kept.mood.is_raised(),
        anxious: reading.anxious,
        urgent: reading.urgent,
        alarms: reading.alarms,
        uneasy_turns: kept.uneasy_turns,
        moved: reading.features.into_iter().filter(|it| it.weight.is_finite()).take(4).collect(),
        model: reading.model,
    };
    Turn { kept: Sealed::new(kept), felt: Sealed::new(felt) }
}
