//! A tenant's lexicon: its own terms and those that ship.

use rapport_model::{Fault, LexiconTerm, TERM_GROUPS_SETTING, TermGroup, groups_on};
use rapport_perceive::lexicon::{Entry, Group, Lexicon};
use rapport_ports::Records as _;

use crate::pipeline::Tenant;

/// The tenant's own terms before those of the starter groups that it uses.
pub(super) async fn lexicon(tenant: &Tenant) -> Result<Lexicon, Fault> {
    let own = tenant.store.list::<LexiconTerm>().await?;
    let on = groups_on(tenant.store.setting(TERM_GROUPS_SETTING).await?.as_deref());
    let mut entries: Vec<Entry> = own.into_iter().map(entry).collect();
    entries.extend(starter().into_iter().filter(|it| on.contains(&group_of(it.group))));
    Ok(Lexicon::new(entries))
}

pub(super) fn entry(it: LexiconTerm) -> Entry {
    Entry { canonical: it.canonical, variants: it.variants, group: Group::of_name(it.group.name()).unwrap_or(Group::Own), note: it.note }
}

pub(super) fn group_of(group: Group) -> TermGroup {
    TermGroup::of_name(group.name()).unwrap_or_default()
}

/// What ships.
pub(super) fn starter() -> Vec<Entry> {
    rapport_perceive::lexicon::starter::entries()
}
