//! Customers: the list with search, one, and what members correct in it.

use std::collections::BTreeMap;

use axum::Json;
use rapport_model::{CONTACT_FIELDS_MAX, Contact, ContactId, Fault, codes};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::Agent,
    configuration::{Page, bounded, needed},
    extract::{Body, Id, Params, given},
    failure::{Failure, Outcome},
    masking,
};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 100;
/// How many pages of contacts are looked through for one of which enough may be shown.
const READS_MAX: u32 = 20;
const SEARCH_CHARS_MAX: usize = 200;
const NAME_CHARS_MAX: usize = 100;
/// Of RFC 5321.
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_CHARS_MAX: usize = 40;
const NOTES_CHARS_MAX: usize = 8_000;
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
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    let mut before = query.before;
    // What was found by hidden data is left out, so it may take several reads to fill a page.
    for _ in 0..READS_MAX {
        let read = caller.store.contacts(text.as_deref(), before, limit.saturating_add(1)).await?;
        let more = read.len() > wanted;
        before = read.last().map(|it| it.id);
        for contact in read {
            if caller.sees_personal_data || is_found_in_sight(&contact, text.as_deref().unwrap_or_default())? {
                items.push(contact);
            }
        }
        if !more || items.len() > wanted {
            break;
        }
    }
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = items.last().filter(|_| more).map(|it| it.id.to_string());
    Ok(Json(Page { items, next }))
}

/// Whether the text is found in what a member sees who does not see personal data: asking for a number must not tell that it is the right one.
pub(super) fn is_found_in_sight(contact: &Contact, text: &str) -> Outcome<bool> {
    let shown = masking::shown(contact)?;
    let text = text.trim().to_lowercase();
    Ok([Some(shown.name), shown.email, shown.phone].into_iter().flatten().any(|it| it.to_lowercase().contains(&text)))
}

#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), responses((status = 200, body = Contact)))]
pub(crate) async fn one(Agent(caller): Agent, Id(id): Id<ContactId>) -> Outcome<Json<Contact>> {
    Ok(Json(caller.store.contact(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?))
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
    let change = change.checked()?;
    let names = change.names();
    let sees_all = caller.sees_personal_data;
    let changed = move |it: Contact| Ok(if sees_all { change.applied(it) } else { change.meant(&it)?.applied(it) });
    let changed = caller.store.change_contact(id, Box::new(changed)).await?;
    let contact = changed.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    // Which parts, never what is in them.
    caller.audit("contact.changed", id, names).await?;
    Ok(Json(contact))
}

impl Change {
    /// In the form in which it is stored. Errors: `input.bad_field`.
    fn checked(self) -> Outcome<Self> {
        let name = self.name.map(|it| if it.trim().is_empty() { Ok(String::new()) } else { needed("name", &it, NAME_CHARS_MAX) }).transpose()?;
        let email = self.email.map(|it| filled(it).map(|it| checked_email(&it)).transpose()).transpose()?;
        let phone = self.phone.map(|it| filled(it).map(|it| checked_phone(&it)).transpose()).transpose()?;
        let notes = self.notes.map(|it| bounded("notes", &it, NOTES_CHARS_MAX)).transpose()?;
        let fields = self.fields.map(checked_fields).transpose()?;
        Ok(Self { name, email, phone, notes, fields })
    }

    /// By somebody who saw the contact masked: what they left hidden stays. Errors: `personal_data.hidden`.
    fn meant(&self, contact: &Contact) -> Result<Self, Fault> {
        let shown = masking::shown(contact)?;
        let kept = |given: &Option<String>, stored: &str, shown: &str| given.clone().map(|it| masking::kept(it, stored, shown)).transpose();
        let maybe = |given: &Option<Option<String>>, stored: &Option<String>, shown: &Option<String>| {
            let text = |it: &Option<String>| it.clone().unwrap_or_default();
            given.as_ref().map(|it| kept(it, &text(stored), &text(shown))).transpose()
        };
        let field = |(name, given): (&String, &String)| {
            let of = |it: &Contact| it.fields.get(name).cloned().unwrap_or_default();
            Ok((name.clone(), masking::kept(given.clone(), &of(contact), &of(&shown))?))
        };
        Ok(Self {
            name: kept(&self.name, &contact.name, &shown.name)?,
            email: maybe(&self.email, &contact.email, &shown.email)?,
            phone: maybe(&self.phone, &contact.phone, &shown.phone)?,
            notes: kept(&self.notes, &contact.notes, &shown.notes)?,
            fields: self.fields.as_ref().map(|it| it.iter().map(field).collect::<Result<_, Fault>>()).transpose()?,
        })
    }

    fn applied(&self, contact: Contact) -> Contact {
        Contact {
            name: self.name.clone().unwrap_or(contact.name),
            email: self.email.clone().unwrap_or(contact.email),
            phone: self.phone.clone().unwrap_or(contact.phone),
            notes: self.notes.clone().unwrap_or(contact.notes),
            fields: self.fields.clone().unwrap_or(contact.fields),
            ..contact
        }
    }

    /// The parts that it sets.
    fn names(&self) -> String {
        let parts = [
            ("name", self.name.is_some()),
            ("email", self.email.is_some()),
            ("phone", self.phone.is_some()),
            ("notes", self.notes.is_some()),
            ("fields", self.fields.is_some()),
        ];
        parts.iter().filter(|it| it.1).map(|it| it.0).collect::<Vec<_>>().join(" ")
    }
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
    if fields.len() > CONTACT_FIELDS_MAX {
        return Err(Failure::field(format!("fields: at most {CONTACT_FIELDS_MAX}")));
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
