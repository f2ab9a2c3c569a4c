//! What was understood of a message: evidence for a label, and a feeling as numbers.

use serde::{Deserialize, Serialize};

/// One prediction with all that is needed to show why: every model of the product answers in this form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// Name of the intent, state or class; empty where nothing could be said.
    pub label: String,
    /// Calibrated probability that the label is right, 0 to 1.
    pub p: f32,
    /// First 16 hex digits of the SHA-256 of the model that said so.
    pub model: String,
    /// What spoke for the label, strongest first; a negative weight spoke against it.
    pub features: Vec<Weight>,
    /// Below this `p` the model abstains.
    pub threshold: f32,
    /// Whether it is no answer: out of scope, or too unsure.
    pub abstained: bool,
}

/// A word, phrase or other sign, and how much it counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Weight {
    pub what: String,
    pub weight: f32,
}

/// An example that a text is near to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Neighbour {
    pub text: String,
    pub label: String,
    /// Cosine, 0 to 1.
    pub similarity: f32,
}

/// Where an observation of a feeling comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    Text,
    Voice,
    /// How somebody writes: capitals, repeated signs, the same again, impatience.
    Behaviour,
}

/// The four states that rules speak of, mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeelingState {
    #[default]
    Calm,
    Concerned,
    Upset,
    Angry,
}

impl FeelingState {
    pub const ALL: [Self; 4] = [Self::Calm, Self::Concerned, Self::Upset, Self::Angry];
    pub fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Concerned => "concerned",
            Self::Upset => "upset",
            Self::Angry => "angry",
        }
    }
}

/// What one message or utterance shows of a feeling, by one modality.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reading {
    /// -1 (bad) to 1 (good).
    pub valence: f32,
    /// -1 (drowsy) to 1 (agitated).
    pub arousal: f32,
    /// Calibrated probabilities of the states in the order of `FeelingState::ALL`; they sum to 1.
    pub states: [f32; 4],
    /// Calibrated probability that the writer is anxious.
    pub anxious: f32,
    /// Calibrated probability that it is urgent to the writer.
    pub urgent: f32,
    /// Words that call for a person at once whatever the filter says (threat of complaint, harm), as found.
    pub alarms: Vec<String>,
    /// What moved it, strongest first.
    pub features: Vec<Weight>,
    /// First 16 hex digits of the SHA-256 of the model that said so.
    pub model: String,
}

/// Where a customer stands after one of their turns: what rules act on, and one point of the trend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Felt {
    /// -1 (bad) to 1 (good), over the conversation.
    pub valence: f32,
    /// -1 (drowsy) to 1 (agitated), over the conversation.
    pub arousal: f32,
    pub state: FeelingState,
    /// P(upset or angry).
    pub tense: f32,
    /// Whether the level is raised: somebody should look.
    pub raised: bool,
    /// Of this message alone.
    pub anxious: f32,
    /// Of this message alone.
    pub urgent: f32,
    pub alarms: Vec<String>,
    /// Turns one after the other, this one included, in which the customer was not calm.
    pub uneasy_turns: u32,
    /// What moved it, strongest first.
    pub moved: Vec<Weight>,
    /// `Reading::model`.
    pub model: String,
}
