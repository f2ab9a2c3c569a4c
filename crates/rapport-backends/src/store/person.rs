//! Everything about one person: read for whoever asks what is held of them, and erased.

use std::collections::BTreeMap;

use rapport_model::{Actor, Attachment, BlobId, ContactId, Conversation, ConversationId, Entry, FeelingExample, FeelingsSaid, Identity, IdentityKind, RemoteAddress, Seq, TenantId, Ticket, TicketId, Timestamp};
use rapport_ports::{Erased, PersonData, Record as _};

use super::{
    care, conversation, counters, directory, journal, record,
    text::{json, like, parse, read_id},
};
use crate::sql::{Sql, SqlError};

/// Their conversations, with the newest entry of each.
fn talks(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<(ConversationId, u64)>, SqlError> {
    let text = "select id, last_seq from conversation where tenant = $1 and contact = $2 order by number";
    let rows = sql.rows(text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?;
    rows.iter().map(|it| Ok((read_id(it.bytes(0)?)?, it.count(1)?))).collect()
}

/// All entries of a conversation, oldest first.
fn entries_of(sql: &mut dyn Sql, tenant: TenantId, newest: u64) -> Result<Vec<Entry>, SqlError> {
    let mut entries = journal::between(sql, tenant, &[(0, newest)])?;
    entries.sort_unstable_by_key(|it| it.seq);
    Ok(entries)
}

fn identities(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<Identity>, SqlError> {
    let text = "select kind, inbox, value, verified_at from identity where tenant = $1 and contact = $2";
    let rows = sql.rows(text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?;
    let kinds = [IdentityKind::ExternalUser, IdentityKind::Email, IdentityKind::Phone, IdentityKind::Remote, IdentityKind::UnionId];
    rows.iter()
        .map(|it| {
            let name = it.text(0)?;
            let kind = kinds.into_iter().find(|kind| kind.name() == name).ok_or_else(|| SqlError::Other("stored kind of identity".to_owned()))?;
            let inbox = it.bytes(1)?;
            let inbox = if inbox.iter().all(|byte| *byte == 0) { None } else { Some(read_id(inbox)?) };
            Ok(Identity { contact, kind, inbox, value: it.text(2)?.to_owned(), verified_at: it.maybe_int(3).map(Timestamp) })
        })
        .collect()
}

/// Files that they sent, and those that their conversations show.
fn attachments(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, talks: &[(ConversationId, u64)]) -> Result<Vec<Attachment>, SqlError> {
    let owner = json(&Actor::Customer(contact))?;
    let mut rows = sql.rows("select body from attachment where tenant = $1 and owner = $2", &[tenant.as_bytes().into(), owner.as_str().into()])?;
    for (talk, _) in talks {
        rows.extend(sql.rows("select body from attachment where tenant = $1 and conversation = $2", &[tenant.as_bytes().into(), talk.as_bytes().into()])?);
    }
    let mut found: Vec<Attachment> = Vec::new();
    for row in &rows {
        let file: Attachment = parse(row.text(0)?)?;
        if !found.contains(&file) {
            found.push(file);
        }
    }
    Ok(found)
}

fn tickets(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, conversations: &[Conversation]) -> Result<Vec<Ticket>, SqlError> {
    let ids: Vec<TicketId> = conversations.iter().flat_map(|it| it.tickets.iter().copied()).collect();
    let found = ids.into_iter().map(|it| directory::ticket(sql, tenant, it)).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().filter(|it| it.contact == contact).collect())
}

fn said(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<FeelingExample>, SqlError> {
    let stored = record::one(sql, tenant, FeelingsSaid::KIND, *contact.as_bytes())?;
    let said: Option<FeelingsSaid> = stored.map(|it| parse(&it.body)).transpose()?;
    Ok(said.map(|it| it.examples).unwrap_or_default())
}

pub(crate) fn data(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<PersonData, SqlError> {
    let talks = talks(sql, tenant, contact)?;
    let mut conversations = Vec::new();
    let mut entries = Vec::new();
    for (id, newest) in &talks {
        conversations.extend(conversation::one(sql, tenant, *id)?.map(|it| it.state));
        entries.extend(entries_of(sql, tenant, *newest)?);
    }
    entries.sort_unstable_by_key(|it| it.seq);
    Ok(PersonData {
        contact: directory::contact(sql, tenant, contact)?,
        identities: identities(sql, tenant, contact)?,
        tickets: tickets(sql, tenant, contact, &conversations)?,
        attachments: attachments(sql, tenant, contact, &talks)?,
        conversations,
        entries,
        consents: care::consents(sql, tenant, contact)?,
        samples: care::samples_of(sql, tenant, contact)?,
        spendings: care::spendings_of(sql, tenant, contact)?,
        alerts: care::alerts_of(sql, tenant, contact)?,
        feelings_taught: said(sql, tenant, contact)?,
    })
}

/// In the caller's transaction. Numbers of the journal, of conversations and of tickets stay, without what was in them.
pub(crate) fn erase(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Erased, SqlError> {
    // Locks the tenant's numbers: nobody commits meanwhile.
    if counters::read(sql, tenant)?.is_none() {
        return Ok(Erased::default());
    }
    let talks = talks(sql, tenant, contact)?;
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut conversations = Vec::new();
    for (_, newest) in &talks {
        let (emptied, state) = erase_talk(sql, tenant, *newest)?;
        *counts.entry("journal").or_default() += emptied;
        conversations.extend(state);
    }
    let files = attachments(sql, tenant, contact, &talks)?;
    for ticket in tickets(sql, tenant, contact, &conversations)? {
        sql.run("delete from ticket where tenant = $1 and id = $2", &[tenant.as_bytes().into(), ticket.id.as_bytes().into()])?;
        *counts.entry("ticket").or_default() += 1;
    }
    for file in &files {
        sql.run("delete from attachment where tenant = $1 and id = $2", &[tenant.as_bytes().into(), file.blob.as_bytes().into()])?;
        *counts.entry("attachment").or_default() += 1;
    }
    for (talk, _) in &talks {
        for table in ["outbox", "timer", "queue_entry"] {
            let text = format!("delete from {table} where tenant = $1 and conversation = $2");
            *counts.entry(table).or_default() += sql.run(&text, &[tenant.as_bytes().into(), talk.as_bytes().into()])?;
        }
    }
    *counts.entry("record").or_default() += forget_addresses(sql, tenant, contact)?;
    for table in ["emotion_sample", "mood", "care_alert", "care_entry", "spending", "consent", "identity", "person_key"] {
        let text = format!("delete from {table} where tenant = $1 and contact = $2");
        *counts.entry(table).or_default() += sql.run(&text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?;
    }
    *counts.entry("record").or_default() += u64::from(record::delete(sql, tenant, FeelingsSaid::KIND, *contact.as_bytes())?);
    let gone = sql.run("delete from contact where tenant = $1 and id = $2", &[tenant.as_bytes().into(), contact.as_bytes().into()])?;
    counts.insert("contact", gone);
    counts.insert("conversation", u64::try_from(talks.len()).unwrap_or(u64::MAX));
    counts.retain(|_, count| *count > 0);
    let blobs: Vec<BlobId> = files.iter().map(|it| it.blob).collect();
    Ok(Erased { counts, blobs })
}

/// Where the providers of channels reach them, and what providers told of them that is not on the timeline yet: how many addresses.
fn forget_addresses(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<u64, SqlError> {
    let mut gone = 0;
    for identity in identities(sql, tenant, contact)? {
        let (IdentityKind::Remote, Some(inbox)) = (identity.kind, identity.inbox) else { continue };
        gone += u64::from(record::delete(sql, tenant, RemoteAddress::KIND, RemoteAddress::id_of(inbox, contact))?);
        // As it stands in the fact, which stands as a text in the effect.
        let from = json(&format!("\"from\":{{\"id\":{}", json(&identity.value)?))?;
        let text = "delete from outbox where tenant = $1 and conversation is null and effect like $2 escape '!'";
        sql.run(text, &[tenant.as_bytes().into(), like(from.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(&from)).into()])?;
    }
    Ok(gone)
}

/// Empties a conversation's entries, and makes its state anew of what is left.
fn erase_talk(sql: &mut dyn Sql, tenant: TenantId, newest: u64) -> Result<(u64, Option<Conversation>), SqlError> {
    let (mut state, mut emptied): (Option<Conversation>, u64) = (None, 0);
    for entry in entries_of(sql, tenant, newest)? {
        let event = entry.event.erased();
        care::put_entry(sql, tenant, entry.seq.0, &event, &[])?;
        emptied = emptied.saturating_add(1);
        match &mut state {
            None => state = Conversation::open(&event, entry.at),
            Some(state) => state.apply(entry.actor, entry.at, &event),
        }
    }
    if let Some(state) = &state {
        care::put_state(sql, tenant, state, Seq(newest))?;
    }
    Ok((emptied, state))
}

/// Every column of text in every table that has a tenant, as the database itself lists them: none can be forgotten.
fn columns(sql: &mut dyn Sql) -> Result<BTreeMap<String, Vec<String>>, SqlError> {
    let text = if sql.is_postgres() {
        "select table_name::text, column_name::text from information_schema.columns c where table_schema = 'public' and data_type = 'text' \
         and exists (select 1 from information_schema.columns o where o.table_schema = c.table_schema and o.table_name = c.table_name and o.column_name = 'tenant')"
    } else {
        "select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and lower(p.type) = 'text' \
         and exists (select 1 from pragma_table_info(m.name) o where o.name = 'tenant')"
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in sql.rows(text, &[])? {
        found.entry(row.text(0)?.to_owned()).or_default().push(row.text(1)?.to_owned());
    }
    Ok(found)
}

pub(crate) fn scan(sql: &mut dyn Sql, tenant: TenantId, texts: &[String]) -> Result<u64, SqlError> {
    let columns = columns(sql)?;
    let mut hits = 0_u64;
    for text in texts {
        // As it stands in a column of its own, in lower case for search, and inside a document.
        let quoted = json(text)?;
        let inside = quoted.trim_matches('"');
        for (table, columns) in &columns {
            let found: Vec<String> = columns.iter().map(|it| format!("{it} like $2 escape '!' or {it} like $3 escape '!' or {it} like $4 escape '!'")).collect();
            let query = format!("select count(*) from {table} where tenant = $1 and ({})", found.join(" or "));
            let values = [tenant.as_bytes().into(), like(text).into(), like(&text.to_lowercase()).into(), like(inside).into()];
            hits = hits.saturating_add(sql.row(&query, &values)?.map_or(Ok(0), |it| it.count(0))?);
        }
    }
    Ok(hits)
}
