//! Customers: the list with search, one, and what members correct in it.

use std::collections::BTreeMap;

use axum::Json;
use rapport_model::{Contact, ContactId, codes};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Agent, Caller},
    configuration::{Page, bounded, needed},
    extract::{Body, Id, Params, given},
    failure::{Failure, Outcome},
};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 100;
const SEARCH_CHARS_MAX: usize = 200;
const NAME_CHARS_MAX: usize = 100;
/// Of RFC 5321.
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_CHARS_MAX: usize = 40;
const NOTES_CHARS_MAX: usize = 8_000;
const FIELDS_MAX: usize = 40;
const FIELD_NAME_CHARS_MAX: usize = 40;
const FIELD_CHARS_MAX: usize = 2_000;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list)).routes(routes!(one, change))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Query {
    /// Found in name, e-mail or phone.
    #[serde(default)]
    q: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    before: Option<ContactId>,
    #[serde(default)]
    limit: Option<u32>,
}

/// Newest first.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(Query), responses((status = 200, body = Page<Contact>)))]
pub(crate) async fn list(Agent(caller): Agent, Params(query): Params<Query>) -> Outcome<Json<Page<Contact>>> {
    let text = query.q.as_deref().map(|it| bounded("q", it, SEARCH_CHARS_MAX)).transpose()?;
    let limit = query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let mut items = caller.store.contacts(text.as_deref(), query.before, limit.saturating_add(1)).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = items.last().filter(|_| more).map(|it| it.id.to_string());
    Ok(Json(Page { items, next }))
}

async fn find(caller: &Caller, id: ContactId) -> Outcome<Contact> {
    caller.store.contact(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))
}

#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), responses((status = 200, body = Contact)))]
pub(crate) async fn one(Agent(caller): Agent, Id(id): Id<ContactId>) -> Outcome<Json<Contact>> {
    Ok(Json(find(&caller, id).await?))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Change {
    #[serde(default)]
    name: Option<String>,
    /// `null` or an empty text removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// `null` or an empty text removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[serde(default)]
    notes: Option<String>,
    /// All of them: what is not named is removed.
    #[serde(default)]
    fields: Option<BTreeMap<String, String>>,
}

#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), request_body = Change, responses((status = 200, body = Contact)))]
pub(crate) async fn change(Agent(caller): Agent, Id(id): Id<ContactId>, Body(change): Body<Change>) -> Outcome<Json<Contact>> {
    let mut contact = find(&caller, id).await?;
    let changed = apply(&mut contact, change)?;
    caller.store.put_contact(&contact).await?;
    // Which parts, never what is in them.
    caller.audit("contact.changed", id, changed.join(" ")).await?;
    Ok(Json(contact))
}

/// The names of the parts that the change sets. Errors: `input.bad_field`.
fn apply(contact: &mut Contact, change: Change) -> Outcome<Vec<&'static str>> {
    let mut changed = Vec::new();
    if let Some(name) = change.name {
        contact.name = if name.trim().is_empty() { String::new() } else { needed("name", &name, NAME_CHARS_MAX)? };
        changed.push("name");
    }
    if let Some(email) = change.email {
        contact.email = filled(email).map(|it| checked_email(&it)).transpose()?;
        changed.push("email");
    }
    if let Some(phone) = change.phone {
        contact.phone = filled(phone).map(|it| checked_phone(&it)).transpose()?;
        changed.push("phone");
    }
    if let Some(notes) = change.notes {
        contact.notes = bounded("notes", &notes, NOTES_CHARS_MAX)?;
        changed.push("notes");
    }
    if let Some(fields) = change.fields {
        contact.fields = checked_fields(fields)?;
        changed.push("fields");
    }
    Ok(changed)
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|it| !it.trim().is_empty())
}

/// One `@` between something and a host. More cannot be known without writing to it.
fn checked_email(text: &str) -> Outcome<String> {
    let email = needed("email", text, EMAIL_CHARS_MAX)?;
    let fits = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if fits && !email.contains(char::is_whitespace) { Ok(email) } else { Err(Failure::field("email: name@host")) }
}

/// Digits and the signs that people write between them.
fn checked_phone(text: &str) -> Outcome<String> {
    let phone = needed("phone", text, PHONE_CHARS_MAX)?;
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let fits = phone.chars().all(|it| it.is_ascii_digit() || " +-().#*/".contains(it)) && digits >= 3;
    if fits { Ok(phone) } else { Err(Failure::field("phone: digits, spaces and + - ( ) . # * /")) }
}

fn checked_fields(fields: BTreeMap<String, String>) -> Outcome<BTreeMap<String, String>> {
    if fields.len() > FIELDS_MAX {
        return Err(Failure::field(format!("fields: at most {FIELDS_MAX}")));
    }
    let checked = |(name, value): (String, String)| Ok((needed("fields", &name, FIELD_NAME_CHARS_MAX)?, bounded("fields", value.trim(), FIELD_CHARS_MAX)?));
    fields.into_iter().map(checked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_checked_for_form_alone() {
        let email = |text: &str| checked_email(text).is_ok();
        assert!(["a@b", " li.lan+x@例子.中国 ", "a@b.example"].into_iter().all(email));
        assert!(!["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n"].into_iter().any(|it| it.trim() != "a@b" && email(it)));
        let phone = |text: &str| checked_phone(text).is_ok();
        assert!(["+86 138-0013-8000", "(021) 6289.1234 #12", "110"].into_iter().all(phone));
        assert!(!["", "12", "call me", "１３８００", "138\u{200b}00138000"].into_iter().any(phone));
    }
}
