//! Tenants, credentials, contacts with identities, tickets, descriptions of files.

use std::borrow::Cow;

use rapport_model::{
    Actor, Attachment, BlobId, Contact, ContactId, ConversationId, Counter, CredentialId, Fault, Identity, IdentityKind, InboxId, Locale, MemberId, Role,
    Tenant, TenantId, Ticket, TicketId, TicketStage, Timestamp, codes,
};
use rapport_ports::{Caution, Change, Credential, CredentialKind};

use super::{
    counters,
    text::{json, like, number, parse, read_id},
};
use crate::sql::{Row, Scope, Sql, SqlError, Value};

pub(crate) fn create_tenant(sql: &mut dyn Sql, tenant: &Tenant) -> Result<(), SqlError> {
    let key = tenant.id.as_bytes();
    let values = [key.into(), tenant.slug.as_str().into(), tenant.name.as_str().into(), tenant.locale.tag().into(), tenant.created_at.0.into()];
    let text = "insert into tenant (id, slug, name, locale, created_at) values ($1, $2, $3, $4, $5) \
                on conflict (id) do update set name = excluded.name, locale = excluded.locale";
    sql.run(text, &values)?;
    sql.scope(Scope::Tenant(tenant.id))?;
    counters::begin(sql, tenant.id)
}

pub(crate) fn put_tenant(sql: &mut dyn Sql, tenant: TenantId, it: &Tenant) -> Result<(), SqlError> {
    let values = [it.name.as_str().into(), it.locale.tag().into(), tenant.as_bytes().into()];
    sql.run("update tenant set name = $1, locale = $2 where id = $3", &values).map(drop)
}

pub(crate) fn tenants(sql: &mut dyn Sql) -> Result<Vec<Tenant>, SqlError> {
    let rows = sql.rows("select id, slug, name, locale, created_at from tenant order by created_at", &[])?;
    rows.iter()
        .map(|it| {
            Ok(Tenant {
                id: read_id(it.bytes(0)?)?,
                slug: it.text(1)?.to_owned(),
                name: it.text(2)?.to_owned(),
                locale: Locale::from_tag(it.text(3)?),
                created_at: Timestamp(it.int(4)?),
            })
        })
        .collect()
}

pub(crate) fn describe(sql: &mut dyn Sql) -> Result<String, SqlError> {
    let (text, name) = if sql.is_postgres() { ("select split_part(version(), ' ', 2)", "postgresql") } else { ("select sqlite_version()", "sqlite") };
    let row = sql.row(text, &[])?.ok_or_else(|| SqlError::Other("no version".to_owned()))?;
    Ok(format!("{name} {}", row.text(0)?))
}

pub(crate) fn cautions(sql: &mut dyn Sql) -> Result<Vec<Caution>, SqlError> {
    if !sql.is_postgres() {
        let found = sql.rows("pragma quick_check(3)", &[])?;
        let faults = found.iter().filter_map(|it| it.maybe_text(0)).filter(|it| *it != "ok");
        return Ok(faults.map(|it| Caution::Damaged { found: it.to_owned() }).collect());
    }
    let role = sql.rows("select rolname::text from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)", &[])?;
    let settings = "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name";
    let settings = sql.rows(settings, &[])?;
    let role = role.iter().map(|it| Ok(Caution::BypassesRowSecurity { role: it.text(0)?.to_owned() }));
    let settings = settings.iter().map(|it| Ok(Caution::NotDurable { setting: it.text(0)?.to_owned(), value: it.text(1)?.to_owned() }));
    role.chain(settings).collect()
}

pub(crate) fn allot(sql: &mut dyn Sql, tenant: TenantId, counter: Counter) -> Result<u64, SqlError> {
    let text = "insert into counter (tenant, name, value) values ($1, $2, 1) on conflict (tenant, name) do update set value = counter.value + 1 returning value";
    let row = sql.row(text, &[tenant.as_bytes().into(), counter.name().into()])?;
    row.ok_or_else(|| SqlError::Other("counter".to_owned()))?.count(0)
}

const CREDENTIAL: &str = "select id, tenant, kind, hash, member, role, label, detail, created_at, expires_at, last_used_at from credential";

fn read_credential(row: &Row) -> Result<Credential, SqlError> {
    let kinds = [CredentialKind::Session, CredentialKind::ApiToken, CredentialKind::SignInLink, CredentialKind::Password];
    let kind = kinds.into_iter().find(|it| Ok(it.name()) == row.text(2).map_err(drop));
    Ok(Credential {
        id: read_id(row.bytes(0)?)?,
        tenant: read_id(row.bytes(1)?)?,
        kind: kind.ok_or_else(|| SqlError::Other("stored kind of credential".to_owned()))?,
        hash: row.bytes(3)?.try_into().map_err(|_wrong| SqlError::Other("stored hash".to_owned()))?,
        member: row.maybe_bytes(4).map(read_id).transpose()?,
        role: row.maybe_text(5).and_then(Role::parse),
        label: row.text(6)?.to_owned(),
        detail: row.text(7)?.to_owned(),
        created_at: Timestamp(row.int(8)?),
        expires_at: row.maybe_int(9).map(Timestamp),
        last_used_at: row.maybe_int(10).map(Timestamp),
    })
}

pub(crate) fn credential(sql: &mut dyn Sql, hash: [u8; 32]) -> Result<Option<Credential>, SqlError> {
    sql.row(&format!("{CREDENTIAL} where hash = $1"), &[(&hash).into()])?.as_ref().map(read_credential).transpose()
}

/// The writer runs one job after another, so that reading and deleting are one step.
pub(crate) fn take_credential(sql: &mut dyn Sql, hash: [u8; 32], now: Timestamp) -> Result<Option<Credential>, SqlError> {
    let found = credential(sql, hash)?.filter(|it| it.kind == CredentialKind::SignInLink);
    let taken = sql.run("delete from credential where hash = $1 and kind = 'sign_in_link'", &[(&hash).into()])?;
    Ok(found.filter(|it| taken == 1 && it.expires_at.is_none_or(|at| at > now)))
}

pub(crate) fn put_credential(sql: &mut dyn Sql, it: &Credential) -> Result<(), SqlError> {
    let text = "insert into credential (id, tenant, kind, hash, member, role, label, detail, created_at, expires_at, last_used_at) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do update set hash = excluded.hash, detail = excluded.detail, \
                expires_at = excluded.expires_at, last_used_at = excluded.last_used_at where credential.tenant = excluded.tenant";
    let values: [Value<'_>; 11] = [
        it.id.as_bytes().into(),
        it.tenant.as_bytes().into(),
        it.kind.name().into(),
        (&it.hash).into(),
        it.member.as_ref().map(MemberId::as_bytes).into(),
        it.role.map(Role::name).into(),
        it.label.as_str().into(),
        it.detail.as_str().into(),
        it.created_at.0.into(),
        it.expires_at.map(|it| it.0).into(),
        it.last_used_at.map(|it| it.0).into(),
    ];
    let kept = sql.run(text, &values)?;
    // An id that is there already and belongs to somebody else.
    if kept == 0 { Err(SqlError::Refused(codes::DUPLICATE_KEY.into())) } else { Ok(()) }
}

pub(crate) fn credentials(sql: &mut dyn Sql, tenant: TenantId, kind: CredentialKind) -> Result<Vec<Credential>, SqlError> {
    let text = format!("{CREDENTIAL} where tenant = $1 and kind = $2 order by created_at");
    sql.rows(&text, &[tenant.as_bytes().into(), kind.name().into()])?.iter().map(read_credential).collect()
}

pub(crate) fn delete_credential(sql: &mut dyn Sql, tenant: TenantId, key: CredentialId) -> Result<bool, SqlError> {
    Ok(sql.run("delete from credential where tenant = $1 and id = $2", &[tenant.as_bytes().into(), key.as_bytes().into()])? > 0)
}

pub(crate) fn revoke_member(sql: &mut dyn Sql, tenant: TenantId, member: MemberId, kinds: &[CredentialKind]) -> Result<u64, SqlError> {
    let text = "delete from credential where tenant = $1 and member = $2 and kind = $3";
    let mut gone = 0_u64;
    for kind in kinds {
        gone = gone.saturating_add(sql.run(text, &[tenant.as_bytes().into(), member.as_bytes().into(), kind.name().into()])?);
    }
    Ok(gone)
}

pub(crate) fn contact(sql: &mut dyn Sql, tenant: TenantId, key: ContactId) -> Result<Option<Contact>, SqlError> {
    let row = sql.row("select body from contact where tenant = $1 and id = $2", &[tenant.as_bytes().into(), key.as_bytes().into()])?;
    row.map(|it| parse(it.text(0)?)).transpose()
}

pub(crate) fn put_contact(sql: &mut dyn Sql, tenant: TenantId, contact: &Contact) -> Result<(), SqlError> {
    let (email, phone) = (contact.email.as_deref().unwrap_or_default(), contact.phone.as_deref().unwrap_or_default());
    let search = format!("{}\n{email}\n{phone}", contact.name).to_lowercase();
    let text = "insert into contact (tenant, id, name, email, phone, search, body, last_seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
                on conflict (tenant, id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone, \
                search = excluded.search, body = excluded.body, last_seen_at = excluded.last_seen_at";
    let values = [
        tenant.as_bytes().into(),
        contact.id.as_bytes().into(),
        contact.name.as_str().into(),
        contact.email.as_deref().into(),
        contact.phone.as_deref().into(),
        search.into(),
        json(contact)?.into(),
        contact.last_seen_at.0.into(),
    ];
    sql.run(text, &values).map(drop)
}

/// The refusal of a change is no fault of the database's.
type Changed<T> = Result<Option<T>, Fault>;

/// Until the transaction ends nobody else changes the row.
fn locked<'s>(sql: &dyn Sql, text: &'s str) -> Cow<'s, str> {
    if sql.is_postgres() { Cow::Owned(format!("{text} for update")) } else { Cow::Borrowed(text) }
}

pub(crate) fn change_contact(sql: &mut dyn Sql, tenant: TenantId, key: ContactId, change: &Change<Contact>) -> Result<Changed<Contact>, SqlError> {
    let text = locked(sql, "select body from contact where tenant = $1 and id = $2");
    let Some(row) = sql.row(&text, &[tenant.as_bytes().into(), key.as_bytes().into()])? else { return Ok(Ok(None)) };
    match change(parse(row.text(0)?)?) {
        Ok(changed) => put_contact(sql, tenant, &changed).map(|()| Ok(Some(changed))),
        Err(refusal) => Ok(Err(refusal)),
    }
}

pub(crate) fn contacts(
    sql: &mut dyn Sql,
    tenant: TenantId,
    text: Option<&str>,
    before: Option<ContactId>,
    limit: u32,
) -> Result<Vec<Contact>, SqlError> {
    let last = before.map_or([0xFF_u8; 16], |it| *it.as_bytes());
    let pattern = like(&text.unwrap_or_default().trim().to_lowercase());
    let query = "select body from contact where tenant = $1 and id < $2 and search like $3 escape '!' order by id desc limit $4";
    let rows = sql.rows(query, &[tenant.as_bytes().into(), (&last).into(), pattern.into(), limit.clamp(1, 500).into()])?;
    rows.iter().map(|it| parse(it.text(0)?)).collect()
}

/// No inbox is stored as sixteen zeros, so that it can be part of the key.
fn inbox_key(inbox: Option<&InboxId>) -> Value<'_> {
    inbox.map_or(&[0; 16], InboxId::as_bytes).into()
}

pub(crate) fn find_identity(
    sql: &mut dyn Sql,
    tenant: TenantId,
    kind: IdentityKind,
    inbox: Option<InboxId>,
    value: &str,
) -> Result<Option<Identity>, SqlError> {
    let text = "select contact, verified_at from identity where tenant = $1 and kind = $2 and inbox = $3 and value = $4";
    let row = sql.row(text, &[tenant.as_bytes().into(), kind.name().into(), inbox_key(inbox.as_ref()), value.into()])?;
    row.map(|it| {
        let (contact, verified_at) = (read_id(it.bytes(0)?)?, it.maybe_int(1).map(Timestamp));
        Ok(Identity { contact, kind, inbox, value: value.to_owned(), verified_at })
    })
    .transpose()
}

pub(crate) fn put_identity(sql: &mut dyn Sql, tenant: TenantId, identity: &Identity) -> Result<Identity, SqlError> {
    let text = "insert into identity (tenant, kind, inbox, value, contact, verified_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    let values = [
        tenant.as_bytes().into(),
        identity.kind.name().into(),
        inbox_key(identity.inbox.as_ref()),
        identity.value.as_str().into(),
        identity.contact.as_bytes().into(),
        identity.verified_at.map(|it| it.0).into(),
    ];
    sql.run(text, &values)?;
    let holds = find_identity(sql, tenant, identity.kind, identity.inbox, &identity.value)?;
    holds.ok_or_else(|| SqlError::Other("identity".to_owned()))
}

pub(crate) fn put_ticket(sql: &mut dyn Sql, tenant: TenantId, ticket: &Ticket) -> Result<(), SqlError> {
    let text = "insert into ticket (tenant, id, number, stage, body) values ($1, $2, $3, $4, $5) \
                on conflict (tenant, id) do nothing";
    let values = [tenant.as_bytes().into(), ticket.id.as_bytes().into(), number(ticket.number), ticket.stage.name().into(), json(ticket)?.into()];
    sql.run(text, &values).map(drop)
}

pub(crate) fn change_ticket(sql: &mut dyn Sql, tenant: TenantId, key: TicketId, change: &Change<Ticket>) -> Result<Changed<Ticket>, SqlError> {
    let text = locked(sql, "select body from ticket where tenant = $1 and id = $2");
    let Some(row) = sql.row(&text, &[tenant.as_bytes().into(), key.as_bytes().into()])? else { return Ok(Ok(None)) };
    match change(parse(row.text(0)?)?) {
        Ok(changed) => {
            let values = [tenant.as_bytes().into(), key.as_bytes().into(), changed.stage.name().into(), json(&changed)?.into()];
            sql.run("update ticket set stage = $3, body = $4 where tenant = $1 and id = $2", &values)?;
            Ok(Ok(Some(changed)))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

pub(crate) fn ticket(sql: &mut dyn Sql, tenant: TenantId, key: TicketId) -> Result<Option<Ticket>, SqlError> {
    let row = sql.row("select body from ticket where tenant = $1 and id = $2", &[tenant.as_bytes().into(), key.as_bytes().into()])?;
    row.map(|it| parse(it.text(0)?)).transpose()
}

pub(crate) fn tickets(sql: &mut dyn Sql, tenant: TenantId, open_only: bool, before: Option<u64>, limit: u32) -> Result<Vec<Ticket>, SqlError> {
    let [done, cancelled] = if open_only { [TicketStage::Done.name(), TicketStage::Cancelled.name()] } else { ["", ""] };
    let text = "select body from ticket where tenant = $1 and number < $2 and stage not in ($3, $4) order by number desc limit $5";
    let values = [tenant.as_bytes().into(), number(before.unwrap_or(u64::MAX)), done.into(), cancelled.into(), limit.clamp(1, 500).into()];
    sql.rows(text, &values)?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn put_attachment(
    sql: &mut dyn Sql,
    tenant: TenantId,
    attachment: &Attachment,
    owner: Actor,
    conversation: Option<ConversationId>,
    at: Timestamp,
) -> Result<(), SqlError> {
    let text = "insert into attachment (tenant, id, owner, conversation, body, at) values ($1, $2, $3, $4, $5, $6)";
    let values = [
        tenant.as_bytes().into(),
        attachment.blob.as_bytes().into(),
        json(&owner)?.into(),
        conversation.as_ref().map(ConversationId::as_bytes).into(),
        json(attachment)?.into(),
        at.0.into(),
    ];
    sql.run(text, &values).map(drop)
}

pub(crate) fn attachment(
    sql: &mut dyn Sql,
    tenant: TenantId,
    blob: BlobId,
) -> Result<Option<(Attachment, Actor, Option<ConversationId>)>, SqlError> {
    let text = "select body, owner, conversation from attachment where tenant = $1 and id = $2";
    let row = sql.row(text, &[tenant.as_bytes().into(), blob.as_bytes().into()])?;
    row.map(|it| Ok((parse(it.text(0)?)?, parse(it.text(1)?)?, it.maybe_bytes(2).map(read_id).transpose()?))).transpose()
}

pub(crate) fn tie_attachment(sql: &mut dyn Sql, tenant: TenantId, blob: BlobId, conversation: ConversationId) -> Result<bool, SqlError> {
    let text = "update attachment set conversation = $3 where tenant = $1 and id = $2 and (conversation is null or conversation = $3)";
    Ok(sql.run(text, &[tenant.as_bytes().into(), blob.as_bytes().into(), conversation.as_bytes().into()])? > 0)
}
