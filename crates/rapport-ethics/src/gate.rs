//! The gate: after the tenant's switch, the customer's consent and the policies agree, and only then, there is a capability.

use rapport_model::{Bilingual, Suppression, TenantSwitches, Timestamp};

use crate::{Action, Capability, Care, Commerce, HeavyMoment, Office, Policies, PolicyFault, Request, Sealed, Sources, Subject, Verdict};

/// The policy by which offers wait after a heavy moment.
const LOCK: &str = "commerce.after_heavy_moment";

/// Decides, and is the only one that makes capabilities. It stands on what ships; a tenant can only forbid more.
pub struct Gate {
    policies: Policies,
}

/// Why there is no capability. An expected outcome: the caller goes on without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Ids of the policies that refused.
    pub policies: Vec<String>,
    pub version: String,
    /// In plain words.
    pub reason: Bilingual,
}

/// Whether offers are held back, and what decided so: holding back because of a feeling is itself a use of it, for care, and is audited as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub suppression: Suppression,
    pub verdict: Verdict,
}

impl Gate {
    /// With what ships. Errors: what ships does not hold together, which its tests exclude.
    pub fn new() -> Result<Self, PolicyFault> {
        Ok(Self { policies: Policies::shipped()? })
    }

    /// With what ships and what a tenant forbids beyond (Cedar text). Errors: its text is in error, or permits something.
    pub fn stricter(forbids: &str) -> Result<Self, PolicyFault> {
        Ok(Self { policies: Policies::stricter(forbids)? })
    }

    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    pub fn decide(&self, request: &Request<'_>, now: Timestamp) -> Verdict {
        self.policies.decide(&request.plain(now))
    }

    /// Leave to notice and use how this person feels, for this one decision.
    pub fn allow_care(&self, subject: &Subject<'_>, switches: &TenantSwitches, now: Timestamp) -> Result<Capability<Care>, Refusal> {
        let action = Action::InferEmotion { tenant_switch: switches.feelings };
        let verdict = self.decide(&Request { office: Office::Care, subject: *subject, action }, now);
        if verdict.allowed {
            Ok(Capability::granted(subject.contact, verdict.version, verdict.determining))
        } else {
            Err(self.refusal(verdict))
        }
    }

    /// What the verdict says in plain words.
    pub fn reason(&self, verdict: &Verdict) -> Bilingual {
        let said: Vec<_> = verdict.determining.iter().filter_map(|it| self.policies.words(it)).collect();
        let join = |parts: Vec<&str>, between: &str| parts.join(between);
        if said.is_empty() {
            return Bilingual::new("没有允许这样做的规则", "No rule allows this");
        }
        Bilingual::new(join(said.iter().map(|it| it.zh.as_str()).collect(), "；"), join(said.iter().map(|it| it.en.as_str()).collect(), "; "))
    }

    /// Whether offers wait for now. All that leaves the seal is the lock itself; in doubt it is locked.
    pub fn suppression(&self, subject: &Subject<'_>, heavy: Option<&Sealed<HeavyMoment, Care>>, now: Timestamp) -> Lock {
        let commerce = Commerce { derived_from: Sources::new(), heavy, opted_out: false };
        let verdict = self.decide(&Request { office: Office::Commerce, subject: *subject, action: Action::Upsell(commerce) }, now);
        let locked = verdict.determining.iter().any(|it| it == LOCK) || !verdict.errors.is_empty();
        Lock { suppression: if locked { Suppression::Locked } else { Suppression::Open }, verdict }
    }

    fn refusal(&self, verdict: Verdict) -> Refusal {
        let reason = self.reason(&verdict);
        Refusal { policies: verdict.determining, version: verdict.version, reason }
    }
}
