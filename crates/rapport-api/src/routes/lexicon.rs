//! The lexicon: standard terms and how else customers say them; the tenant's own beside those that the product ships.

use std::collections::BTreeMap;

use axum::{Json, extract::DefaultBodyLimit, http::StatusCode};
use rapport_model::{LexiconTerm, LexiconTermId, TERM_GROUPS_SETTING, TermGroup, codes, groups_on};
use rapport_ports::{Expect, FoundTerm, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Agent, Caller, Supervisor},
    configuration::{self, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch, Params, Raw},
    failure::{Failure, Outcome},
};

const TERM_CHARS_MAX: usize = 60;
const VARIANTS_MAX: usize = 50;
const TERMS_MAX: usize = 5_000;
/// Largest file of terms. Units: bytes.
const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;

pub(super) fn router() -> Router {
    let import = Router::new().routes(routes!(import)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX));
    Router::new().routes(routes!(list, create)).routes(routes!(save, remove)).routes(routes!(starter)).routes(routes!(switch)).merge(import)
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct TermBody {
    canonical: String,
    variants: Vec<String>,
    #[serde(default)]
    group: TermGroup,
    #[serde(default)]
    note: String,
}

impl TermBody {
    fn checked(self, id: LexiconTermId) -> Outcome<LexiconTerm> {
        let canonical = needed("canonical", &self.canonical, TERM_CHARS_MAX)?;
        let variants = configuration::words("variants", &self.variants, VARIANTS_MAX)?;
        if variants.is_empty() || variants.iter().any(|it| it.contains('|')) {
            return Err(Failure::field("variants: at least one, without |"));
        }
        Ok(LexiconTerm { id, canonical, variants, group: self.group, note: bounded("note", self.note.trim(), 300)? })
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct StarterGroup {
    group: TermGroup,
    on: bool,
    /// How many it has.
    terms: usize,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LexiconView {
    /// The tenant's own, by term.
    terms: Vec<Versioned<LexiconTerm>>,
    groups: Vec<StarterGroup>,
}

#[utoipa::path(get, path = "/lexicon", tag = "lexicon", responses((status = 200, body = LexiconView)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<LexiconView>> {
    let mut terms = configuration::list::<LexiconTerm>(&caller).await?;
    terms.sort_by(|a, b| a.record.canonical.cmp(&b.record.canonical));
    Ok(Json(LexiconView { terms, groups: groups(&caller).await? }))
}

async fn groups(caller: &Caller) -> Outcome<Vec<StarterGroup>> {
    let on = groups_on(caller.store.setting(TERM_GROUPS_SETTING).await?.as_deref());
    let starter = caller.state.intents.starter(None);
    let count = |group: TermGroup| starter.iter().filter(|it| it.group == group).count();
    Ok(TermGroup::STARTERS.into_iter().map(|group| StarterGroup { group, on: on.contains(&group), terms: count(group) }).collect())
}

#[utoipa::path(post, path = "/lexicon", tag = "lexicon", request_body = TermBody, responses((status = 200, body = Versioned<LexiconTerm>)))]
pub(crate) async fn create(Supervisor(caller): Supervisor, Body(body): Body<TermBody>) -> Outcome<Json<Versioned<LexiconTerm>>> {
    if caller.store.list::<LexiconTerm>().await?.len() >= TERMS_MAX {
        return Err(Failure::field(format!("at most {TERMS_MAX} terms")));
    }
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    put(&caller, body.checked(id)?, Expect::New).await.map(Json)
}

#[utoipa::path(put, path = "/lexicon/{id}", tag = "lexicon", params(("id" = LexiconTermId, Path)), request_body = TermBody, responses((status = 200, body = Versioned<LexiconTerm>)))]
pub(crate) async fn save(
    Supervisor(caller): Supervisor,
    Id(id): Id<LexiconTermId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<TermBody>,
) -> Outcome<Json<Versioned<LexiconTerm>>> {
    configuration::get::<LexiconTerm>(&caller, *id.as_bytes()).await?;
    put(&caller, body.checked(id)?, expect).await.map(Json)
}

#[utoipa::path(delete, path = "/lexicon/{id}", tag = "lexicon", params(("id" = LexiconTermId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Supervisor(caller): Supervisor, Id(id): Id<LexiconTermId>) -> Outcome<StatusCode> {
    if !caller.store.remove::<LexiconTerm>(*id.as_bytes()).await? {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    caller.audit("lexicon_term.removed", id, "").await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn put(caller: &Caller, term: LexiconTerm, expect: Expect) -> Outcome<Versioned<LexiconTerm>> {
    caller.state.intents.check_term(&term)?;
    let version = caller.store.put(&term, expect).await?;
    let verb = if expect == Expect::New { "lexicon_term.created" } else { "lexicon_term.changed" };
    caller.audit(verb, term.id, &term.canonical).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Versioned { version, record: term })
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedTerms {
    terms_new: usize,
    terms_changed: usize,
    terms_known: usize,
}

/// The body is the file: `canonical,variants,group,note`, variants separated by `|`. A term that is there already gets the variants of the file beside its own.
/// Errors: `import.bad_line` with the line in `detail`; then nothing was imported.
#[utoipa::path(
    post,
    path = "/lexicon/import",
    tag = "lexicon",
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportedTerms))
)]
pub(crate) async fn import(Supervisor(caller): Supervisor, Raw(content): Raw) -> Outcome<Json<ImportedTerms>> {
    let found = caller.state.intents.read_terms(content).await?;
    let stored = configuration::list::<LexiconTerm>(&caller).await?;
    let mut known: BTreeMap<String, Versioned<LexiconTerm>> = stored.into_iter().map(|it| (it.record.canonical.to_lowercase(), it)).collect();
    let mut ids = caller.state.entropy.ids(caller.state.clock.now());
    let mut changed: BTreeMap<String, (LexiconTerm, Expect)> = BTreeMap::new();
    let mut outcome = ImportedTerms { terms_new: 0, terms_changed: 0, terms_known: 0 };
    for it in found {
        let body = TermBody { canonical: it.canonical, variants: it.variants, group: it.group, note: it.note };
        let mut term = body.checked(ids.next())?;
        let key = term.canonical.to_lowercase();
        // The same term twice in a file is one term.
        let before = changed.get(&key).map(|it| (it.0.clone(), it.1)).or_else(|| known.remove(&key).map(|it| (it.record, Expect::Version(it.version))));
        let expect = if let Some((old, expect)) = before {
            let fresh: Vec<String> = term.variants.iter().filter(|it| !old.variants.contains(it)).cloned().collect();
            term = LexiconTerm { variants: old.variants.iter().cloned().chain(fresh.iter().cloned()).take(VARIANTS_MAX).collect(), ..old };
            if fresh.is_empty() && !changed.contains_key(&key) {
                outcome.terms_known += 1;
                continue;
            }
            expect
        } else {
            Expect::New
        };
        changed.insert(key, (term, expect));
    }
    outcome.terms_new = changed.values().filter(|it| it.1 == Expect::New).count();
    outcome.terms_changed = changed.len() - outcome.terms_new;
    for (term, expect) in changed.into_values() {
        caller.store.put(&term, expect).await?;
    }
    caller.audit("lexicon.imported", "", format!("{} new, {} changed", outcome.terms_new, outcome.terms_changed)).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Json(outcome))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct OfGroup {
    #[serde(default)]
    group: Option<TermGroup>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct StarterTerm {
    canonical: String,
    variants: Vec<String>,
    group: TermGroup,
    note: String,
}

impl From<FoundTerm> for StarterTerm {
    fn from(it: FoundTerm) -> Self {
        Self { canonical: it.canonical, variants: it.variants, group: it.group, note: it.note }
    }
}

/// Terms that the product ships; read only.
#[utoipa::path(get, path = "/lexicon/starter", tag = "lexicon", params(OfGroup), responses((status = 200, body = Vec<StarterTerm>)))]
pub(crate) async fn starter(Agent(caller): Agent, Params(of): Params<OfGroup>) -> Outcome<Json<Vec<StarterTerm>>> {
    Ok(Json(caller.state.intents.starter(of.group).into_iter().map(StarterTerm::from).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct GroupsBody {
    /// The groups of the starter lexicon that are used; the others are not.
    on: Vec<TermGroup>,
}

#[utoipa::path(put, path = "/lexicon/groups", tag = "lexicon", request_body = GroupsBody, responses((status = 200, body = Vec<StarterGroup>)))]
pub(crate) async fn switch(Supervisor(caller): Supervisor, Body(body): Body<GroupsBody>) -> Outcome<Json<Vec<StarterGroup>>> {
    let names: Vec<&str> = TermGroup::STARTERS.into_iter().filter(|it| body.on.contains(it)).map(TermGroup::name).collect();
    caller.store.put_setting(TERM_GROUPS_SETTING, &names.join(",")).await?;
    caller.audit("lexicon.groups_set", "", names.join(", ")).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Json(groups(&caller).await?))
}
