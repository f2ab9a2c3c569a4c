//! Why something was decided: a stable code and the facts it rested on.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

/// One reason. `code` is stable (`routing.least_loaded`); `facts` hold what was compared, already as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub facts: BTreeMap<Cow<'static, str>, String>,
}

impl Reason {
    pub fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), facts: BTreeMap::new() }
    }
    pub fn with(mut self, fact: &'static str, value: impl ToString) -> Self {
        self.facts.insert(Cow::Borrowed(fact), value.to_string());
        self
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        for (fact, value) in &self.facts {
            write!(f, " {fact}={value}")?;
        }
        Ok(())
    }
}
