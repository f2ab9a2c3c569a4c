//! A set of Cedar policies, checked against the schema: default deny, and deny whenever anything about the question is in error.

use std::collections::BTreeMap;

use cedar_policy::{
    Authorizer, Context, Decision, Effect, Entities, EntityUid, Policy, PolicyId, PolicySet, Request as CedarRequest, Schema, ValidationMode, Validator,
};
use rapport_model::Bilingual;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{PlainRequest, hex};

const SCHEMA: &str = include_str!("../policies/rapport.cedarschema");
/// What ships, in the order in which it is hashed.
const SHIPPED: [&str; 4] =
    [include_str!("../policies/offices.cedar"), include_str!("../policies/care.cedar"), include_str!("../policies/commerce.cedar"), include_str!("../policies/rights.cedar")];

/// What is wrong with a set of policies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    #[error("the policies cannot be read: {0}")]
    Syntax(String),
    #[error("the policies do not fit the schema: {0}")]
    Schema(String),
    #[error("a policy has no @id: {0}")]
    Unnamed(String),
    #[error("two policies are called {0}")]
    Twice(String),
    #[error("policy {0} must say in @zh and @en what it means")]
    Wordless(String),
    #[error("a tenant's policy may only forbid: {0}")]
    Permits(String),
    #[error("there is no policy {0}")]
    Unknown(String),
}

impl PolicyFault {
    /// Stable name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "syntax",
            Self::Schema(_) => "schema",
            Self::Unnamed(_) => "unnamed",
            Self::Twice(_) => "twice",
            Self::Wordless(_) => "wordless",
            Self::Permits(_) => "permits",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    /// Ids of the policies that decided, in order; empty when no office may do this at all, or when the question was in error.
    pub determining: Vec<String>,
    /// First 16 hex digits of the SHA-256 of schema and policies.
    pub version: String,
    /// What was wrong with the question; anything here means denied.
    pub errors: Vec<String>,
}

/// Policies by their `@id`, with what each says in plain words.
#[derive(Clone)]
pub struct Policies {
    set: PolicySet,
    schema: Schema,
    words: BTreeMap<String, Bilingual>,
    version: String,
}

impl Policies {
    /// What ships with the product.
    pub fn shipped() -> Result<Self, PolicyFault> {
        Self::read(&SHIPPED)
    }

    /// What ships, and more that a tenant forbids. A tenant cannot permit anything: its policies can only narrow.
    pub fn stricter(forbids: &str) -> Result<Self, PolicyFault> {
        for policy in parsed(forbids)? {
            if policy.effect() == Effect::Permit {
                return Err(PolicyFault::Permits(name(&policy)?));
            }
        }
        Self::read(&[SHIPPED.as_slice(), &[forbids]].concat())
    }

    /// Any texts: for reviews and tests of policies; only what ships can open the gate.
    pub fn read(texts: &[&str]) -> Result<Self, PolicyFault> {
        let mut hash = Sha256::new().chain_update(SCHEMA.as_bytes());
        let mut all = Vec::new();
        for text in texts {
            // A byte that no text holds keeps two texts from being taken for one.
            hash = hash.chain_update([0xFF]).chain_update(text.as_bytes());
            all.extend(parsed(text)?);
        }
        let version = hex(&hash.finalize()).chars().take(16).collect();
        Self::of(all, version)
    }

    fn of(all: Vec<Policy>, version: String) -> Result<Self, PolicyFault> {
        let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| PolicyFault::Schema(error.to_string()))?;
        let mut set = PolicySet::new();
        let mut words = BTreeMap::new();
        for policy in all {
            let id = name(&policy)?;
            let said = |key: &str| policy.annotation(key).filter(|it| !it.is_empty()).map(str::to_owned).ok_or_else(|| PolicyFault::Wordless(id.clone()));
            if words.insert(id.clone(), Bilingual::new(said("zh")?, said("en")?)).is_some() {
                return Err(PolicyFault::Twice(id));
            }
            set.add(policy.new_id(PolicyId::new(&id))).map_err(|error| PolicyFault::Syntax(error.to_string()))?;
        }
        let checked = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        if !checked.validation_passed_without_warnings() {
            let found = checked.validation_errors().map(ToString::to_string).chain(checked.validation_warnings().map(ToString::to_string));
            return Err(PolicyFault::Schema(found.collect::<Vec<_>>().join("; ")));
        }
        Ok(Self { set, schema, words, version })
    }

    /// First 16 hex digits of the SHA-256 of schema and policies.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What a policy says, in both languages.
    pub fn words(&self, id: &str) -> Option<&Bilingual> {
        self.words.get(id)
    }

    /// Ids of the policies that forbid, sorted.
    pub fn forbids(&self) -> Vec<String> {
        let mut found: Vec<_> = self.set.policies().filter(|it| it.effect() == Effect::Forbid).map(|it| it.id().to_string()).collect();
        found.sort();
        found
    }

    /// The same without one policy, to see what hangs on it.
    pub fn without(&self, id: &str) -> Result<Self, PolicyFault> {
        if !self.words.contains_key(id) {
            return Err(PolicyFault::Unknown(id.to_owned()));
        }
        let kept = self.set.policies().filter(|it| it.id() != &PolicyId::new(id)).cloned().collect();
        Self::of(kept, format!("{}-{id}", self.version))
    }

    /// Denies by default, and whenever anything is in error. Cedar itself skips a forbid whose condition errors, which would allow.
    pub fn decide(&self, request: &PlainRequest) -> Verdict {
        match self.question(request) {
            Ok((question, entities)) => self.judge(&question, &entities),
            Err(error) => Verdict { allowed: false, determining: Vec::new(), version: self.version.clone(), errors: vec![error] },
        }
    }

    /// Held to the schema: an attribute that is missing, too much or of another kind is an error.
    fn question(&self, request: &PlainRequest) -> Result<(CedarRequest, Entities), String> {
        let (office, action, person) = uids(request)?;
        let context = Context::from_json_value(request.context.clone(), Some((&self.schema, &action))).map_err(|error| error.to_string())?;
        let entities = Entities::from_json_value(persons(request), Some(&self.schema)).map_err(|error| error.to_string())?;
        let question = CedarRequest::new(office, action, person, context, Some(&self.schema)).map_err(|error| error.to_string())?;
        Ok((question, entities))
    }

    fn judge(&self, question: &CedarRequest, entities: &Entities) -> Verdict {
        let answer = Authorizer::new().is_authorized(question, &self.set, entities);
        let errors: Vec<_> = answer.diagnostics().errors().map(ToString::to_string).collect();
        let mut determining: Vec<_> = answer.diagnostics().reason().map(ToString::to_string).collect();
        determining.sort();
        let allowed = answer.decision() == Decision::Allow && errors.is_empty();
        if !errors.is_empty() && answer.decision() == Decision::Allow {
            determining.clear();
        }
        Verdict { allowed, determining, version: self.version.clone(), errors }
    }
}

/// Office, action and person of a question.
fn uids(request: &PlainRequest) -> Result<(EntityUid, EntityUid, EntityUid), String> {
    let uid = |kind: &str, id: &str| EntityUid::from_json(json!({"type": kind, "id": id})).map_err(|error| error.to_string());
    Ok((uid("Office", &request.office)?, uid("Action", &request.action)?, uid("Person", "subject")?))
}

fn persons(request: &PlainRequest) -> serde_json::Value {
    json!([{"uid": {"type": "Person", "id": "subject"}, "attrs": request.person, "parents": []}])
}

fn parsed(text: &str) -> Result<Vec<Policy>, PolicyFault> {
    let set: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| PolicyFault::Syntax(error.to_string()))?;
    if set.templates().next().is_some() {
        return Err(PolicyFault::Syntax("templates are not taken".to_owned()));
    }
    Ok(set.policies().cloned().collect())
}

fn name(policy: &Policy) -> Result<String, PolicyFault> {
    policy.annotation("id").filter(|it| !it.is_empty()).map(str::to_owned).ok_or_else(|| PolicyFault::Unnamed(policy.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked without the schema, so that only the second wall stands.
    fn unheld(policies: &Policies, request: &PlainRequest) -> (Decision, Verdict) {
        let (office, action, person) = uids(request).unwrap();
        let context = Context::from_json_value(request.context.clone(), None).unwrap();
        let entities = policies.schema.action_entities().unwrap().add_entities(Entities::from_json_value(persons(request), None).unwrap(), None).unwrap();
        let question = CedarRequest::new(office, action, person, context, None).unwrap();
        let bare = Authorizer::new().is_authorized(&question, &policies.set, &entities).decision();
        (bare, policies.judge(&question, &entities))
    }

    #[test]
    fn an_error_denies_where_cedar_itself_would_allow() {
        let policies = Policies::shipped().unwrap();
        let whole = PlainRequest {
            office: "commerce".into(),
            action: "upsell".into(),
            person: json!({"role": "customer", "consents": ["profile"]}),
            context: json!({"derived_from": ["emotion"], "customer_state": "angry", "minutes_since_state": 1, "opted_out": true}),
        };
        let (bare, verdict) = unheld(&policies, &whole);
        assert_eq!((bare, verdict.allowed), (Decision::Deny, false));
        assert_eq!(verdict.determining, ["commerce.after_heavy_moment", "commerce.from_emotion", "commerce.opted_out"]);
        let empty = PlainRequest { context: json!({}), ..whole };
        let (bare, verdict) = unheld(&policies, &empty);
        assert_eq!(bare, Decision::Allow, "the trap: every forbid errors and is skipped");
        assert!(!verdict.allowed && !verdict.errors.is_empty() && verdict.determining.is_empty(), "{verdict:?}");
        assert!(!policies.decide(&empty).allowed);
    }

    #[test]
    fn what_is_wrong_with_a_set_is_said() {
        let check = |text: &str, expected: &str| {
            let found = Policies::stricter(text).err().map_or("none", |it| it.kind());
            assert_eq!(found, expected, "{text}");
        };
        let forbid = |id: &str, when: &str| format!("@id(\"{id}\") @zh(\"不\") @en(\"no\") forbid (principal, action == Action::\"soothe\", resource) when {{ {when} }};");
        check(&forbid("mine", "context.tenant_switch"), "none");
        check("", "none");
        check("forbid (", "syntax");
        check(&forbid("mine", "context.no_such"), "schema");
        check(&forbid("emotion.no_consent", "context.tenant_switch"), "twice");
        check("forbid (principal, action, resource);", "unnamed");
        check("@id(\"x\") @zh(\"不\") forbid (principal, action, resource);", "wordless");
        check("@id(\"x\") @zh(\"可\") @en(\"yes\") permit (principal, action, resource);", "permits");
        check("@id(\"x\") @zh(\"不\") @en(\"no\") forbid (principal == ?principal, action, resource);", "syntax");
        assert_eq!(Policies::shipped().unwrap().without("nobody").err().map(|it| it.kind()), Some("unknown"));
    }

    #[test]
    fn the_version_follows_the_text() {
        let (shipped, stricter) = (Policies::shipped().unwrap(), Policies::stricter("").unwrap());
        assert_eq!(shipped.version().len(), 16);
        assert_eq!(shipped.version(), Policies::shipped().unwrap().version());
        assert_ne!(shipped.version(), stricter.version());
    }
}
