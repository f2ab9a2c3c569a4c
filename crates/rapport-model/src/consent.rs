//! What a customer was asked and allowed: purposes, the plain words of each question, consents with their time.

use serde::{Deserialize, Serialize};

use crate::{Bilingual, ContactId, Timestamp};

/// What a customer allows or not, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum ConsentPurpose {
    /// To notice how somebody feels in order to serve them better; nothing else.
    #[serde(rename = "emotion:care")]
    EmotionCare,
    /// To write first: reminders, news, offers.
    #[serde(rename = "contact:proactive")]
    ProactiveContact,
    /// To draw conclusions from earlier purchases and conversations.
    #[serde(rename = "profile")]
    Profile,
}

impl ConsentPurpose {
    pub const ALL: [Self; 3] = [Self::EmotionCare, Self::ProactiveContact, Self::Profile];

    /// Stable name, as stored, on the wire and in policies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmotionCare => "emotion:care",
            Self::ProactiveContact => "contact:proactive",
            Self::Profile => "profile",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What is asked today. Whoever changes the meaning of a text raises `version` and `oldest_valid`; who changes only its words raises `version`.
    pub fn question(self) -> ConsentQuestion {
        let (title, text) = match self {
            Self::EmotionCare => (
                Bilingual::new("以更好地服务您", "To serve you better"),
                Bilingual::new(
                    "我们可以从您写的话里留意您是否着急或不满，好让回复更体贴、更快请人工接手，必要时补偿您。\
                     不会用于营销、定价或推荐。不同意也照常服务；随时可以撤回，撤回后立即停止并删除。",
                    "We may notice from your words whether you are worried or upset, so that we answer with more care, bring in a person sooner and make good where we should. \
                     Never for marketing, prices or recommendations. You are served all the same if you say no; take it back at any time, and it stops and is deleted at once.",
                ),
            ),
            Self::ProactiveContact => (
                Bilingual::new("主动联系您", "To write to you first"),
                Bilingual::new(
                    "有与您有关的提醒、新消息或优惠时，我们可以主动给您发消息，夜间不打扰。不同意也照常服务；随时可以撤回，立即生效。",
                    "We may write to you first when there is a reminder, news or an offer that concerns you, never at night. \
                     You are served all the same if you say no; take it back at any time, with effect at once.",
                ),
            ),
            Self::Profile => (
                Bilingual::new("按您的记录推荐", "To suggest what suits you"),
                Bilingual::new(
                    "我们可以根据您以往的购买和咨询，推荐可能适合您的内容。价格不会因此因人而异。不同意时您看到的是不针对个人的内容；随时可以撤回，立即生效。",
                    "We may suggest what could suit you from your earlier purchases and questions. It never changes the price for you. \
                     If you say no you see what is not chosen for you; take it back at any time, with effect at once.",
                ),
            ),
        };
        ConsentQuestion { purpose: self, version: 1, oldest_valid: 1, title, text }
    }
}

/// The plain words in which a customer is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsentQuestion {
    pub purpose: ConsentPurpose,
    /// Kept with each consent, so that it can be shown what was agreed to.
    pub version: u32,
    /// Consents to an older text do not count: it meant something else.
    pub oldest_valid: u32,
    pub title: Bilingual,
    pub text: Bilingual,
}

/// Where the question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChannel {
    Widget,
    Portal,
    /// Told to an agent, who wrote it down.
    Agent,
    /// Vouched for by the tenant's own site.
    Import,
}

/// One answer of a customer. A refusal is no consent and is not kept as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Consent {
    pub contact: ContactId,
    pub purpose: ConsentPurpose,
    /// `ConsentQuestion::version` of what was asked.
    pub text_version: u32,
    pub channel: ConsentChannel,
    pub given_at: Timestamp,
    #[serde(default)]
    pub withdrawn_at: Option<Timestamp>,
}

impl Consent {
    /// Whether it counts at that time: given, to a text that still means the same, and never withdrawn, whatever the clock says: one that was set back must not
    /// bring it to life again.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.given_at <= at && self.withdrawn_at.is_none() && self.text_version >= self.purpose.question().oldest_valid
    }
}

/// What a tenant has switched on. Everything is off until somebody does so knowingly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct TenantSwitches {
    /// Feelings may be perceived of customers who consented, and care may follow from them.
    pub feelings: bool,
    /// Customers who consented may be written to first.
    pub proactive_contact: bool,
}

/// Whether offers are held back from a person for now. All that commerce ever learns of how somebody feels, and it can only make it say less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suppression {
    Open,
    Locked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_speaks_both_languages_and_says_how_to_take_it_back() {
        for purpose in ConsentPurpose::ALL {
            let question = purpose.question();
            assert_eq!(ConsentPurpose::from_name(purpose.name()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.name());
            assert!(question.oldest_valid <= question.version);
            assert!(question.text.zh.contains("随时可以撤回") && question.text.en.contains("take it back at any time"), "{purpose:?}");
            assert!(question.text.zh.contains("不同意") && question.text.en.contains("say no"), "{purpose:?}");
        }
    }

    #[test]
    fn a_consent_counts_from_when_it_was_given_and_never_once_it_was_withdrawn() {
        let check = |given: i64, withdrawn: Option<i64>, version: u32, at: i64, expected: bool| {
            let consent = Consent {
                contact: ContactId(uuid::Uuid::nil()),
                purpose: ConsentPurpose::EmotionCare,
                text_version: version,
                channel: ConsentChannel::Widget,
                given_at: Timestamp(given),
                withdrawn_at: withdrawn.map(Timestamp),
            };
            assert_eq!(consent.is_in_force(Timestamp(at)), expected, "{consent:?} at {at}");
        };
        check(10, None, 1, 9, false);
        check(10, None, 1, 10, true);
        check(10, Some(20), 1, 19, false);
        check(10, Some(20), 1, 20, false);
        check(10, None, 0, 15, false);
    }
}
