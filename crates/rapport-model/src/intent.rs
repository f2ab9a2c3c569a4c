//! What a firm teaches about its customers' wishes: intents with examples, jargon, trained models; and what was understood of a text.

use serde::{Deserialize, Serialize};

use crate::{Bilingual, BlobId, Evidence, IntentId, LexiconTermId, Locale, ModelId, Neighbour, Timestamp};

/// The intent of this name holds texts that are about nothing the firm deals with: they move the threshold of being out of scope and are learned from
/// in no other way. Files of examples use the same label.
pub const OUT_OF_SCOPE: &str = "oos";

/// Something that customers want, taught by examples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Intent {
    pub id: IntentId,
    /// Unique within the tenant; customers read it on a button when they are asked back.
    pub name: String,
    /// For people; and each line is a question by which the knowledge finds the answer where the customer's words do not.
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub examples: Vec<IntentExample>,
    /// What the bot answers. Without it the knowledge answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Bilingual>,
    /// Off: kept, and neither learned from nor answered.
    pub enabled: bool,
    /// How many examples it ever had: numbers are not given twice.
    #[serde(default)]
    pub examples_made: u32,
}

impl Intent {
    pub fn new(id: IntentId, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), description: String::new(), examples: Vec::new(), reply: None, enabled: true, examples_made: 0 }
    }

    /// Adds an example unless it is known; spaces around it do not count. `None`: known already.
    pub fn teach(&mut self, text: &str, source: ExampleSource, at: Timestamp) -> Option<u32> {
        let text = text.trim();
        if self.examples.iter().any(|it| it.text == text) {
            return None;
        }
        self.examples_made = self.examples_made.saturating_add(1);
        let id = self.examples_made;
        self.examples.push(IntentExample { id, text: text.to_owned(), source, at });
        Some(id)
    }

    pub fn is_out_of_scope(&self) -> bool {
        self.name == OUT_OF_SCOPE
    }

    /// Takes an example away; whether it was there.
    pub fn unteach(&mut self, example: u32) -> bool {
        let before = self.examples.len();
        self.examples.retain(|it| it.id != example);
        self.examples.len() < before
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IntentExample {
    /// Unique within its intent.
    pub id: u32,
    pub text: String,
    pub source: ExampleSource,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExampleSource {
    /// Written in the administration.
    Taught,
    Imported,
    /// Taken from a conversation, personal data masked.
    Corrected,
}

/// A term of the tenant and how else it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LexiconTerm {
    pub id: LexiconTermId,
    /// The standard term; unique within the tenant.
    pub canonical: String,
    pub variants: Vec<String>,
    /// `own`, or one of the groups of the starter lexicon.
    pub group: TermGroup,
    #[serde(default)]
    pub note: String,
}

/// Where a variant comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TermGroup {
    /// 粤语
    Cantonese,
    /// 川渝
    Sichuan,
    /// 东北
    Northeast,
    /// 吴语
    Wu,
    /// 闽台
    Min,
    /// 网络语
    Internet,
    /// The tenant's own jargon.
    #[default]
    Own,
}

impl TermGroup {
    /// Those that the product ships terms of.
    pub const STARTERS: [Self; 6] = [Self::Cantonese, Self::Sichuan, Self::Northeast, Self::Wu, Self::Min, Self::Internet];

    /// As it stands in a file and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cantonese => "cantonese",
            Self::Sichuan => "sichuan",
            Self::Northeast => "northeast",
            Self::Wu => "wu",
            Self::Min => "min",
            Self::Internet => "internet",
            Self::Own => "own",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::STARTERS.into_iter().chain([Self::Own]).find(|it| it.name() == name)
    }
}

/// The tenant's setting with the names of the starter groups that are used, separated by commas.
pub const TERM_GROUPS_SETTING: &str = "lexicon.groups";

/// Groups of the starter lexicon that are used: all, until a tenant chose.
pub fn groups_on(setting: Option<&str>) -> Vec<TermGroup> {
    setting.map_or_else(|| TermGroup::STARTERS.to_vec(), |it| it.split(',').filter_map(TermGroup::of_name).collect())
}

/// A trained model in the registry. Its bytes and report are files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TrainedModel {
    pub id: ModelId,
    pub kind: ModelKind,
    pub state: ModelState,
    /// Share of the customers that a canary answers, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_share: Option<f32>,
    pub card: ModelCard,
    /// How often it said what the live model said, while it ran beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    pub bytes_in: BlobId,
    pub report_in: BlobId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    Intent,
    /// Corrects how the shipped model reads feelings.
    Feeling,
}

/// Exactly one model of a kind is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Trained, and used nowhere.
    Candidate,
    /// Predicts beside the live one and is only compared with it.
    Shadow,
    /// Answers a share of the customers.
    Canary,
    Live,
    /// Was live once; can be made so again.
    Retired,
}

impl ModelState {
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Shadow => "shadow",
            Self::Canary => "canary",
            Self::Live => "live",
            Self::Retired => "retired",
        }
    }
}

/// What is to be known of a model before it is trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ModelCard {
    /// First 16 hex digits of the SHA-256 of the model.
    pub model: String,
    /// First 16 hex digits of the SHA-256 of what it learned from.
    pub data_hash: String,
    pub examples: u32,
    pub labels: u32,
    /// Share of examples held aside that it got right; with the bounds of its 95 % interval (Wilson).
    pub accuracy: f32,
    pub low: f32,
    pub high: f32,
    /// Expected calibration error over 15 bins.
    pub ece: f32,
    pub made_at: Timestamp,
    /// When its examples were read: later ones it does not know.
    pub read_at: Timestamp,
    pub train_s: f32,
    pub bytes: u64,
    /// Whether sentence vectors helped and were kept.
    pub vectors: bool,
    /// From this probability on it answers by itself: nine of ten held aside that were as sure were right.
    #[serde(default)]
    pub sure_min: f32,
    /// So like the nearest example a text has to be, where there are too few to say what is out of scope. Cosine.
    #[serde(default)]
    pub near_min: f32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Agreement {
    pub seen: u64,
    pub same: u64,
}

/// How well a model did on examples held aside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IntentReport {
    pub accuracy: f32,
    pub low: f32,
    pub high: f32,
    pub ece: f32,
    pub examples: u32,
    /// Names of its intents.
    pub labels: Vec<String>,
    /// What was taken for something else, most first.
    pub confusion: Vec<Confusion>,
    pub per_intent: Vec<IntentFigures>,
    pub vectors: bool,
    pub date: Timestamp,
    pub train_s: f32,
    pub bytes: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Confusion {
    pub truth: String,
    pub said: String,
    pub count: u32,
    /// A few of them, the surest first.
    pub examples: Vec<Confused>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Confused {
    pub text: String,
    /// How sure the model was of what it said.
    pub p: f32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IntentFigures {
    pub name: String,
    /// Held aside.
    pub examples: u32,
    pub right: u32,
    pub recall: f32,
    pub precision: f32,
}

/// What was understood of a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Understanding {
    /// `None`: nothing in it is a word.
    pub language: Option<Locale>,
    /// Jargon and dialect, and what it was read as.
    pub replaced: Vec<Replaced>,
    /// At least one; several where the text asks for several things.
    pub wishes: Vec<Wish>,
    /// First 16 hex digits of the SHA-256 of the model that answered; `None`: only fresh examples did.
    pub model: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replaced {
    /// What stands in the text.
    pub surface: String,
    pub canonical: String,
    pub by: ReplacedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplacedBy {
    /// A variant stands there as written.
    Exact,
    /// It sounds like the term or one of its variants.
    Sound,
}

/// One thing that a text asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wish {
    /// Its part of the text, as written.
    pub text: String,
    /// Likeliest first, at most three.
    pub choices: Vec<IntentChoice>,
    /// How much it is like anything known; below `scope_min` it is out of scope.
    pub scope: f32,
    pub scope_min: f32,
    /// Nearest examples.
    pub neighbours: Vec<Neighbour>,
    /// Whether the bot would ask back by the likeliest choices, if the knowledge has no answer either.
    pub asked_back: bool,
}

impl Wish {
    /// What it asks for, where that is plain: not out of scope, and more likely than not.
    pub fn sure(&self) -> Option<&IntentChoice> {
        self.choices.first().filter(|it| !it.evidence.abstained && it.evidence.p >= SURE_MIN)
    }

    /// What to ask back with, where nothing is sure: the likeliest choices, if there are two and the text is like anything that was taught.
    pub fn likely(&self) -> &[IntentChoice] {
        let is_worth_asking = self.sure().is_none() && self.choices.len() >= 2 && !self.neighbours.is_empty();
        if is_worth_asking { &self.choices } else { &[] }
    }
}

/// From this probability on an intent answers by itself.
pub const SURE_MIN: f32 = 0.5;

/// A prediction with the intent that its label names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IntentChoice {
    pub intent: IntentId,
    #[serde(flatten)]
    pub evidence: Evidence,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(choices: &[(f32, bool)]) -> Wish {
        let choice = |(p, abstained): &(f32, bool)| IntentChoice {
            intent: IntentId(uuid::Uuid::nil()),
            evidence: Evidence { p: *p, abstained: *abstained, ..Evidence::default() },
        };
        Wish { choices: choices.iter().map(choice).collect(), neighbours: vec![Neighbour::default()], ..Wish::default() }
    }

    #[test]
    fn a_wish_is_sure_or_asked_back_or_neither() {
        let check = |choices: &[(f32, bool)], sure: bool, likely: usize| {
            let it = wish(choices);
            assert_eq!((it.sure().is_some(), it.likely().len()), (sure, likely), "{choices:?}");
        };
        check(&[], false, 0);
        check(&[(0.9, false), (0.1, false)], true, 0);
        check(&[(0.9, true), (0.06, true), (0.01, true)], false, 3);
        check(&[(0.4, false), (0.3, false), (0.2, false)], false, 3);
        check(&[(0.99, true)], false, 0);
        let strange = Wish { neighbours: Vec::new(), ..wish(&[(0.4, false), (0.3, false)]) };
        assert_eq!(strange.likely(), []);
    }

    #[test]
    fn an_example_is_learned_once_and_its_number_is_not_given_again() {
        let mut it = Intent::new(IntentId(uuid::Uuid::nil()), "return");
        let at = Timestamp(1);
        assert_eq!(it.teach("我要退货", ExampleSource::Taught, at), Some(1));
        assert_eq!(it.teach(" 我要退货 ", ExampleSource::Imported, at), None);
        assert!(it.unteach(1));
        assert!(!it.unteach(1));
        assert_eq!(it.teach("我要退货", ExampleSource::Taught, at), Some(2));
    }
}
