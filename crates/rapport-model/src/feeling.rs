//! What a firm teaches about how its customers feel: sentences with the state that they show, and how a model that learned them does.

use serde::{Deserialize, Serialize};

use crate::{ContactId, ConversationId, ExampleSource, FeelingExampleId, FeelingState, Locale, Seq, Timestamp};

/// Longest sentence that is taught. Units: characters.
pub const FEELING_CHARS_MAX: usize = 500;
/// So many sentences a firm can teach.
pub const FEELING_EXAMPLES_MAX: usize = 10_000;

/// A sentence and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeelingExample {
    pub id: FeelingExampleId,
    /// Personal data masked.
    pub text: String,
    pub state: FeelingState,
    #[serde(default)]
    pub anxious: bool,
    #[serde(default)]
    pub urgent: bool,
    pub source: ExampleSource,
    /// Where a customer wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<SaidIn>,
    pub at: Timestamp,
}

impl FeelingExample {
    /// The signals that stand beside the state, as files name them.
    pub const ANXIOUS: &'static str = "anxious";
    pub const URGENT: &'static str = "urgent";

    /// Whether both teach the same.
    pub fn says_as(&self, other: &Self) -> bool {
        (self.text.as_str(), self.state, self.anxious, self.urgent) == (other.text.as_str(), other.state, other.anxious, other.urgent)
    }
}

/// An entry of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SaidIn {
    pub conversation: ConversationId,
    pub seq: Seq,
}

/// What members wrote or imported; a firm has one such list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeelingLessons {
    pub examples: Vec<FeelingExample>,
}

/// What was learned from one customer's own words. It stands and falls with their consent to being noticed: the store keeps it only while that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeelingsSaid {
    pub contact: ContactId,
    pub examples: Vec<FeelingExample>,
}

/// Puts an example into a list: one text shows one thing, what was taught last. Whether anything changed.
pub fn teach_feeling(examples: &mut Vec<FeelingExample>, example: FeelingExample) -> bool {
    match examples.iter_mut().find(|it| it.text == example.text) {
        Some(known) if known.says_as(&example) => false,
        Some(known) => {
            *known = FeelingExample { id: known.id, ..example };
            true
        }
        None => {
            examples.push(example);
            true
        }
    }
}

/// How a way of reading does on sentences held aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeelingFigures {
    pub accuracy: f32,
    /// Bounds of the 95 % interval (Wilson).
    pub low: f32,
    pub high: f32,
    pub macro_f1: f32,
    /// Nats; a guess among four has 1.39.
    pub log_loss: f32,
    /// Expected calibration error over 15 bins.
    pub ece: f32,
}

/// What is to be known of the model that ships.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShippedFeelings {
    /// First 16 hex digits of the SHA-256 of the model.
    pub model: String,
    /// When it was trained: a day.
    pub date: String,
    pub bytes: u64,
    /// On sentences held aside, a language each.
    pub measured: Vec<ShippedMeasure>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShippedMeasure {
    pub language: Locale,
    pub sentences: u32,
    pub accuracy: f32,
    /// Bounds of the 95 % interval.
    pub low: f32,
    pub high: f32,
    /// Nats; a guess among four has 1.39.
    pub log_loss: f32,
}

/// What a model of a firm's own feelings does for the firm's own sentences, each read by what the others teach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeelingReport {
    pub examples: u32,
    /// As it ships.
    pub shipped: FeelingFigures,
    /// With what the firm taught.
    pub own: FeelingFigures,
    /// How far what was learned counts, 0 to 1; 0: it did not help with sentences held aside.
    pub strength: f32,
    /// How far sentences count that are merely like one that was taught, 0 to 1.
    pub nearness: f32,
    /// Customers whose own words it learned from: it goes with the consent of any.
    #[serde(default)]
    pub said_by: Vec<ContactId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_what_was_taught_last() {
        let example = |n: u128, text: &str, state| FeelingExample {
            id: FeelingExampleId(uuid::Uuid::from_u128(n)),
            text: text.to_owned(),
            state,
            anxious: false,
            urgent: false,
            source: ExampleSource::Taught,
            said: None,
            at: Timestamp(1),
        };
        let mut all = Vec::new();
        assert!(teach_feeling(&mut all, example(1, "离谱", FeelingState::Upset)));
        assert!(!teach_feeling(&mut all, example(2, "离谱", FeelingState::Upset)));
        assert!(teach_feeling(&mut all, example(3, "离谱", FeelingState::Angry)));
        assert_eq!((all.len(), all[0].id.0.as_u128(), all[0].state), (1, 1, FeelingState::Angry));
    }
}
