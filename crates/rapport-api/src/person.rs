//! What a person may ask of what is held about them: to see it, to take it along, to have it erased. And what may be seen of it, by leave of the gate.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use rapport_ethics::{Action, Care, EthicsRecord, Office, PersonRole, PseudonymKey, Request, Sealed, Subject};
use rapport_model::{
    Actor, Contact, ContactId, Conversation, CustomerAction, ExampleSource, Fault, Felt, Input, Intent, IntentExample, MoodPoint, StatusCategory, TenantId, codes,
};
use rapport_ports::{Address, Command, Expect, PersonData, Records as _, TenantStore};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    ApiState,
    failure::{Failure, Outcome},
    routes::{ethics_in_force, example_text},
};

/// Shorter words are everybody's; a scan for them would find others'. Units: characters.
const WORDS_MIN: usize = 12;
const FIELD_MIN: usize = 6;

/// The trend of a conversation; `None` where nobody may know it.
pub(crate) async fn mood_of(state: &ApiState, store: &Arc<dyn TenantStore>, conversation: &Conversation) -> Outcome<Option<Vec<MoodPoint>>> {
    let consents = store.consents(conversation.contact).await?;
    let subject = Subject { contact: conversation.contact, role: PersonRole::Customer, consents: &consents };
    let switches = ethics_in_force(store).await?.switches;
    let Ok(allowed) = state.gate.allow_care(&subject, &switches, state.clock.now()) else { return Ok(None) };
    let mut points = Vec::new();
    for sample in store.samples(conversation.id).await? {
        match Sealed::<Felt, Care>::from_stored(&sample.body) {
            Ok(felt) => points.push(MoodPoint { seq: sample.seq, at: sample.at, felt: felt.into_inner(&allowed) }),
            Err(fault) => tracing::warn!(%fault, "a stored sample"),
        }
    }
    Ok(Some(points))
}

/// Asks whether this may be done with a person's data, and keeps the evidence. Errors: `ethics.refused`.
async fn asked(state: &ApiState, store: &Arc<dyn TenantStore>, contact: ContactId, actor: Actor, action: Action<'_>) -> Outcome<()> {
    let now = state.clock.now();
    let mut fresh = [0_u8; 32];
    state.entropy.fill(&mut fresh);
    let consents = store.consents(contact).await?;
    let subject = Subject { contact, role: PersonRole::Customer, consents: &consents };
    let request = Request { office: Office::Privacy, subject, action };
    let verdict = state.gate.decide(&request, now);
    let key = PseudonymKey::new(store.person_key(contact, fresh).await?);
    let line = EthicsRecord::new(&request, &verdict, &[], &[], &key).line(now, actor);
    store.audit(line.into_iter().collect()).await?;
    if verdict.allowed { Ok(()) } else { Err(Fault::with(codes::ETHICS_REFUSED, state.gate.reason(&verdict).en).into()) }
}

/// Everything about one person, as they may take it along.
#[derive(Serialize, ToSchema)]
pub(crate) struct Export {
    /// When it was made.
    at: rapport_model::Timestamp,
    #[schema(value_type = Object)]
    data: Value,
}

pub(crate) async fn export(state: &ApiState, store: &Arc<dyn TenantStore>, contact: ContactId, actor: Actor) -> Outcome<Export> {
    let data = store.person_data(contact).await?;
    if data.contact.is_none() {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    asked(state, store, contact, actor, Action::Export { identity_verified: true }).await?;
    Ok(Export { at: state.clock.now(), data: document(&data) })
}

fn document(data: &PersonData) -> Value {
    let samples: Vec<Value> = data
        .samples
        .iter()
        .map(|it| json!({"conversation": it.conversation, "seq": it.seq, "at": it.at, "expires_at": it.expires_at, "noticed": serde_json::from_str::<Value>(&it.body).unwrap_or_default()}))
        .collect();
    json!({
        "contact": data.contact, "identities": data.identities, "consents": data.consents, "noticed": samples, "compensations": data.spendings, "alerts": data.alerts,
        "tickets": data.tickets, "files": data.attachments, "feelings_taught": data.feelings_taught, "conversations": data.conversations, "journal": data.entries,
    })
}

/// The same as a page that anybody can read.
pub(crate) fn html(export: &Export) -> String {
    let mut out = String::from("<!doctype html><meta charset=\"utf-8\"><title>我的数据 · My data</title><style>body{font:14px/1.5 sans-serif;max-width:60rem;margin:2rem auto}dt{font-weight:600}dd{margin:0 0 .3rem 1rem}ol{padding-left:1.5rem}</style><h1>我的数据 · My data</h1>");
    let _infallible = write!(out, "<p>{}</p>", export.at.0);
    render(&mut out, &export.data);
    out
}

fn render(out: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            out.push_str("<dl>");
            for (name, value) in fields {
                let _infallible = write!(out, "<dt>{}</dt><dd>", escaped(name));
                render(out, value);
                out.push_str("</dd>");
            }
            out.push_str("</dl>");
        }
        Value::Array(items) => {
            out.push_str("<ol>");
            for item in items {
                out.push_str("<li>");
                render(out, item);
                out.push_str("</li>");
            }
            out.push_str("</ol>");
        }
        Value::String(text) => out.push_str(&escaped(text)),
        Value::Null => out.push('–'),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What an erasure did.
#[derive(Serialize, ToSchema)]
pub(crate) struct Erasure {
    /// Rows by table.
    erased: BTreeMap<String, u64>,
    /// Rows anywhere in which something of them was found afterwards.
    rescan_hits: u64,
}

/// Erases a person everywhere, and looks whether anything of them is left.
pub(crate) async fn erase(state: &ApiState, tenant: TenantId, store: &Arc<dyn TenantStore>, contact: ContactId, actor: Actor) -> Outcome<Erasure> {
    let data = store.person_data(contact).await?;
    let Some(known) = &data.contact else { return Err(Failure::new(codes::NOT_FOUND)) };
    asked(state, store, contact, actor, Action::Erase { identity_verified: true, legal_hold: false }).await?;
    let needles = needles(known, &data);
    // Nobody must go on waiting for a person who is gone.
    for conversation in data.conversations.iter().filter(|it| it.status.category() != StatusCategory::Done) {
        let input = Input::Customer { action: CustomerAction::End };
        let command = Command { tenant, address: Address::Conversation(conversation.id), input, external_id: None, client_id: None, on_behalf_of: None };
        state.intake.submit(command).await?;
    }
    forget_examples(state, tenant, store, &data).await?;
    let erased = store.erase_person(contact).await?;
    state.intake.contact_changed(tenant, contact);
    for blob in &erased.blobs {
        state.blobs.delete(tenant, *blob).await?;
    }
    let rescan_hits = store.scan(&needles).await?;
    let counts: BTreeMap<String, u64> = erased.counts.into_iter().map(|(table, count)| (table.to_owned(), count)).collect();
    Ok(Erasure { erased: counts, rescan_hits })
}

/// What somebody made an example of is theirs too, also with its personal data masked; and so is a model that learned from it.
async fn forget_examples(state: &ApiState, tenant: TenantId, store: &Arc<dyn TenantStore>, data: &PersonData) -> Outcome<()> {
    let said = data.entries.iter().filter_map(|it| it.event.message()).map(|it| it.content.plain_text());
    let texts: BTreeSet<String> = said.filter_map(|it| example_text(&state.intents.masked(it)).ok()).collect();
    let is_theirs = |it: &IntentExample| it.source == ExampleSource::Corrected && texts.contains(it.text.as_str());
    let mut changed = false;
    for mut intent in store.list::<Intent>().await? {
        let before = intent.examples.len();
        intent.examples.retain(|it| !is_theirs(it));
        if intent.examples.len() < before {
            store.put(&intent, Expect::Any).await?;
            changed = true;
        }
    }
    if changed {
        state.intake.configuration_changed(tenant).await?;
        state.intents.forgotten(tenant).await?;
    }
    Ok(())
}

/// What they are known by, and what they wrote.
fn needles(contact: &Contact, data: &PersonData) -> Vec<String> {
    let known = [Some(contact.name.clone()), contact.email.clone(), contact.phone.clone(), Some(contact.notes.clone())];
    let long = |it: &str, least: usize| it.chars().nth(least.saturating_sub(1)).is_some();
    let mut needles: Vec<String> = known.into_iter().flatten().filter(|it| long(it, 2)).collect();
    needles.extend(data.identities.iter().map(|it| it.value.clone()));
    needles.extend(contact.fields.values().filter(|it| long(it, FIELD_MIN)).cloned());
    let own = data.entries.iter().filter(|it| it.actor == Actor::Customer(contact.id));
    needles.extend(own.filter_map(|it| it.event.message()).map(|it| it.content.plain_text().to_owned()).filter(|it| long(it, WORDS_MIN)));
    needles.sort();
    needles.dedup();
    needles
}
