//! Who a provider's person is to us: by what is verified, and by nothing else.

use rapport_model::{Contact, ContactId, Fault, Identity, IdentityKind, Inbox, InboxId, Locale, RemoteAddress, TenantId, Timestamp};
use rapport_ports::{Expect, Records as _, TenantStore};
use rapport_wire::channel::{Remote, Vouched};

use super::{Channels, intake::external_id};

/// Longest name that is kept. Units: characters.
const NAME_CHARS_MAX: usize = 60;

/// By what somebody is heard of.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    /// The provider's id of the fact.
    pub(super) fact: &'a str,
    /// Whether they leave by the same call.
    pub(super) leaving: bool,
}

impl Channels {
    /// The contact whom the provider knows by this id; a new one where nobody is. Two calls at once make one.
    pub(super) async fn contact_of(&self, tenant: TenantId, inbox: &Inbox, from: &Remote, told: Told<'_>) -> Result<ContactId, Fault> {
        let store = self.store(tenant);
        let now = self.pipeline.clock.now();
        let contact = match store.find_identity(IdentityKind::Remote, Some(inbox.id), &from.id).await? {
            Some(known) => known.contact,
            None => self.new_contact(&*store, inbox, from, now).await?,
        };
        self.keep_address(&store, (inbox.id, contact, from), told, now).await?;
        Ok(contact)
    }

    async fn new_contact(&self, store: &dyn TenantStore, inbox: &Inbox, from: &Remote, now: Timestamp) -> Result<ContactId, Fault> {
        let vouched = vouched(from);
        let mut known = None;
        for (kind, value) in &vouched {
            if known.is_none() {
                // Somebody else's word that this is their number is no proof: only what was verified joins two channels.
                known = store.find_identity(*kind, None, value).await?.filter(|it| it.verified_at.is_some()).map(|it| it.contact);
            }
        }
        let contact = match known {
            Some(contact) => contact,
            None => {
                let contact = contact(self.pipeline.entropy.ids(now).next(), inbox, from, now);
                store.put_contact(&contact).await?;
                contact.id
            }
        };
        let identity = |kind, inbox, value: &str| Identity { contact, kind, inbox, value: value.to_owned(), verified_at: Some(now) };
        // Whoever was first has it: the other's new contact stays empty and is nobody's.
        let first = store.put_identity(&identity(IdentityKind::Remote, Some(inbox.id), &from.id)).await?;
        if first.contact == contact {
            for (kind, value) in vouched {
                store.put_identity(&identity(kind, None, &value)).await?;
            }
        }
        Ok(first.contact)
    }

    /// Where answers go; written only where it changed. Who had left is back by what they say, but not by what is told again.
    async fn keep_address(
        &self,
        store: &std::sync::Arc<dyn TenantStore>,
        (inbox, contact, from): (InboxId, ContactId, &Remote),
        told: Told<'_>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let id = RemoteAddress::id_of(inbox, contact);
        let old: Option<RemoteAddress> = store.get(id).await?;
        let was_gone = old.as_ref().is_some_and(|it| it.left_at.is_some());
        if (was_gone || told.leaving) && store.find_external(inbox, &external_id(told.fact, 0)).await?.is_some() {
            return Ok(());
        }
        let (left_at, left_by) = (told.leaving.then_some(now), old.as_ref().and_then(|it| it.left_by.clone()));
        let address =
            RemoteAddress { id, inbox, contact, remote: from.id.clone(), reply_to: from.reply_to.clone(), name: from.name.clone(), left_at, left_by, updated_at: now };
        let same = old.is_some_and(|old| RemoteAddress { updated_at: now, ..old } == address);
        if !same {
            store.put(&address, Expect::Any).await?;
        }
        Ok(())
    }

    /// The provider reaches them under another id from here on: the same contact.
    pub(super) async fn moved(&self, tenant: TenantId, inbox: &Inbox, from: &Remote, to: &str, told: Told<'_>) -> Result<(), Fault> {
        let store = self.store(tenant);
        let now = self.pipeline.clock.now();
        let Some(known) = store.find_identity(IdentityKind::Remote, Some(inbox.id), &from.id).await? else { return Ok(()) };
        store.put_identity(&Identity { value: to.to_owned(), verified_at: Some(now), ..known.clone() }).await?;
        self.keep_address(&store, (inbox.id, known.contact, &Remote { id: to.to_owned(), reply_to: None, ..from.clone() }), told, now).await
    }

    /// They cannot be reached any more, until they write again. `fact`: the provider's id of it, which may be told again after they are back.
    pub(super) async fn left(&self, tenant: TenantId, inbox: &Inbox, from: &Remote, fact: &str) -> Result<(), Fault> {
        let store = self.store(tenant);
        let Some(known) = store.find_identity(IdentityKind::Remote, Some(inbox.id), &from.id).await? else { return Ok(()) };
        let Some(old) = store.get::<RemoteAddress>(RemoteAddress::id_of(inbox.id, known.contact)).await? else { return Ok(()) };
        if old.left_by.as_deref() == Some(fact) {
            return Ok(());
        }
        store.put(&RemoteAddress { left_at: Some(self.pipeline.clock.now()), left_by: Some(fact.to_owned()), ..old }, Expect::Any).await.map(drop)
    }
}

fn contact(id: ContactId, inbox: &Inbox, from: &Remote, now: Timestamp) -> Contact {
    let name = from.name.as_deref().unwrap_or_default();
    let name: String = name.chars().filter(|it| !it.is_control()).take(NAME_CHARS_MAX).collect();
    let phone = from.vouched.iter().find(|it| it.0 == Vouched::Phone).map(|it| it.1.clone());
    let locale = from.language.as_deref().map_or(inbox.locale, Locale::from_tag);
    Contact {
        id,
        name: name.trim().to_owned(),
        email: None,
        phone,
        locale,
        fields: std::collections::BTreeMap::new(),
        verified_at: None,
        notes: String::new(),
        created_at: now,
        last_seen_at: now,
    }
}

/// What the provider vouches for and that holds beyond this inbox.
fn vouched(from: &Remote) -> Vec<(IdentityKind, String)> {
    let kind = |it: Vouched| match it {
        Vouched::UnionId => Some(IdentityKind::UnionId),
        Vouched::Phone => Some(IdentityKind::Phone),
        // A staff id holds within one company's directory, which another inbox need not share.
        Vouched::StaffId => None,
    };
    from.vouched.iter().filter_map(|(it, value)| Some((kind(*it)?, value.clone()))).collect()
}
