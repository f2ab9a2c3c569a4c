//! Consent and what rests on it: what was noticed, moods, alerts, entries to be emptied; and what was spent on making good.

use std::collections::{HashMap, HashSet};

use rapport_model::{
    Alert, Consent, ConsentChannel, ConsentPurpose, ContactId, ConversationId, Event, FeelingsSaid, Reason, Seq, Spending, SpendingId, SpendingState, Spent, TenantId, Timestamp,
};
use rapport_ports::{CareWrite, Commit, Record as _, Sample};

use super::{
    conversation, counters, journal, kept, record,
    text::{json, number, parse, read_id},
};
use crate::sql::{Row, Sql, SqlError, Value};

/// Reasons that tell of a feeling begin so.
const CARE_REASON: &str = "care.";

const CONSENT: &str = "select contact, purpose, text_version, channel, given_at, withdrawn_at from consent where tenant = $1 and contact = $2";

fn read_consent(row: &Row) -> Result<Consent, SqlError> {
    let purpose = ConsentPurpose::from_name(row.text(1)?).ok_or_else(|| SqlError::Other("stored purpose".to_owned()))?;
    Ok(Consent {
        contact: read_id(row.bytes(0)?)?,
        purpose,
        text_version: u32::try_from(row.int(2)?).unwrap_or(0),
        channel: parse::<ConsentChannel>(row.text(3)?)?,
        given_at: Timestamp(row.int(4)?),
        withdrawn_at: row.maybe_int(5).map(Timestamp),
    })
}

pub(crate) fn consents(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<Consent>, SqlError> {
    sql.rows(&format!("{CONSENT} order by purpose"), &[tenant.as_bytes().into(), contact.as_bytes().into()])?.iter().map(read_consent).collect()
}

pub(crate) fn mood(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Option<String>, SqlError> {
    let row = sql.row("select body from mood where tenant = $1 and conversation = $2", &[tenant.as_bytes().into(), conversation.as_bytes().into()])?;
    row.map(|it| it.text(0).map(str::to_owned)).transpose()
}

const SAMPLE: &str = "select conversation, seq, at, body, expires_at from emotion_sample where tenant = $1";

fn read_sample(row: &Row) -> Result<Sample, SqlError> {
    let (seq, at, expires_at) = (Seq(row.count(1)?), Timestamp(row.int(2)?), Timestamp(row.int(4)?));
    Ok(Sample { conversation: read_id(row.bytes(0)?)?, seq, at, body: row.text(3)?.to_owned(), expires_at })
}

pub(crate) fn samples(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Vec<Sample>, SqlError> {
    let text = format!("{SAMPLE} and conversation = $2 order by seq");
    sql.rows(&text, &[tenant.as_bytes().into(), conversation.as_bytes().into()])?.iter().map(read_sample).collect()
}

pub(crate) fn samples_of(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<Sample>, SqlError> {
    let text = format!("{SAMPLE} and contact = $2 order by seq");
    sql.rows(&text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?.iter().map(read_sample).collect()
}

/// With the moods of conversations of which nothing is left.
pub(crate) fn expire(sql: &mut dyn Sql, tenant: TenantId, now: Timestamp) -> Result<u64, SqlError> {
    let gone = sql.run("delete from emotion_sample where tenant = $1 and expires_at <= $2", &[tenant.as_bytes().into(), now.0.into()])?;
    if gone > 0 {
        let text = "delete from mood where tenant = $1 and not exists (select 1 from emotion_sample e where e.tenant = mood.tenant and e.conversation = mood.conversation)";
        sql.run(text, &[tenant.as_bytes().into()])?;
    }
    Ok(gone)
}

pub(crate) fn spent(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, day: i64) -> Result<Spent, SqlError> {
    let sum = |row: Option<Row>| row.and_then(|it| it.maybe_int(0)).unwrap_or(0);
    let of = |what: &str| format!("select cast(sum(amount_minor) as bigint) from spending where tenant = $1 and {what} = $2 and state <> 'declined'");
    let customer_minor = sum(sql.row(&of("contact"), &[tenant.as_bytes().into(), contact.as_bytes().into()])?);
    let day_minor = sum(sql.row(&of("day"), &[tenant.as_bytes().into(), day.into()])?);
    Ok(Spent { customer_minor, day_minor })
}

pub(crate) fn spendings(sql: &mut dyn Sql, tenant: TenantId, state: Option<SpendingState>, limit: u32) -> Result<Vec<Spending>, SqlError> {
    let state = state.map_or("%", SpendingState::name);
    let text = "select body from spending where tenant = $1 and state like $2 order by at desc, id desc limit $3";
    sql.rows(text, &[tenant.as_bytes().into(), state.into(), limit.clamp(1, 1_000).into()])?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn spendings_of(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<Spending>, SqlError> {
    let text = "select body from spending where tenant = $1 and contact = $2 order by id";
    sql.rows(text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn spending(sql: &mut dyn Sql, tenant: TenantId, id: SpendingId) -> Result<Option<Spending>, SqlError> {
    let row = sql.row("select body from spending where tenant = $1 and id = $2", &[tenant.as_bytes().into(), id.as_bytes().into()])?;
    row.map(|it| parse(it.text(0)?)).transpose()
}

pub(crate) fn alerts(sql: &mut dyn Sql, tenant: TenantId) -> Result<Vec<Alert>, SqlError> {
    sql.rows("select body from care_alert where tenant = $1 order by at desc", &[tenant.as_bytes().into()])?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn alerts_of(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<Vec<Alert>, SqlError> {
    let text = "select body from care_alert where tenant = $1 and contact = $2";
    sql.rows(text, &[tenant.as_bytes().into(), contact.as_bytes().into()])?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn see_alert(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<bool, SqlError> {
    let text = "delete from care_alert where tenant = $1 and conversation = $2";
    Ok(sql.run(text, &[tenant.as_bytes().into(), conversation.as_bytes().into()])? > 0)
}

/// Whether what was noticed of the contact may be kept.
pub(crate) fn agreed(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId) -> Result<bool, SqlError> {
    // Locks the tenant's numbers: nobody withdraws meanwhile.
    counters::read(sql, tenant)?;
    let values = [tenant.as_bytes().into(), contact.as_bytes().into(), ConsentPurpose::EmotionCare.name().into()];
    let stored = sql.row(&format!("{CONSENT} and purpose = $3"), &values)?;
    // Given in the past, whatever the clock says.
    Ok(stored.as_ref().map(read_consent).transpose()?.is_some_and(|it| it.is_in_force(Timestamp(i64::MAX))))
}

pub(crate) fn person_key(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, fresh: [u8; 32]) -> Result<[u8; 32], SqlError> {
    let key = [tenant.as_bytes().into(), contact.as_bytes().into(), (&fresh).into()];
    sql.run("insert into person_key (tenant, contact, secret) values ($1, $2, $3) on conflict do nothing", &key)?;
    let [tenant, contact, _] = key;
    let row = sql.row("select secret from person_key where tenant = $1 and contact = $2", &[tenant, contact])?;
    let row = row.ok_or_else(|| SqlError::Other("key of a person".to_owned()))?;
    row.bytes(0)?.try_into().map_err(|_wrong| SqlError::Other("stored key".to_owned()))
}

/// What the commits of one transaction rest on, as it was when the transaction began, and what those before have changed of it.
#[derive(Default)]
pub(crate) struct Grounds {
    in_force: HashMap<ContactId, Option<Consent>>,
    spent: HashMap<ContactId, Spent>,
    days: HashMap<i64, i64>,
    /// By a commit before, in this transaction: what is known of their other conversations is out of date.
    withdrawn: HashSet<ContactId>,
}

impl Grounds {
    /// Reads what these need; nothing for commits without care, which are nearly all.
    pub(crate) fn load<'c>(sql: &mut dyn Sql, tenant: TenantId, commits: impl Iterator<Item = &'c Commit>) -> Result<Self, SqlError> {
        let mut grounds = Self::default();
        for (care, at) in commits.filter_map(|it| it.care.as_ref().map(|care| (care, it.at))) {
            if care.rests_on_feeling && !grounds.in_force.contains_key(&care.contact) {
                let values = [tenant.as_bytes().into(), care.contact.as_bytes().into(), ConsentPurpose::EmotionCare.name().into()];
                let stored = sql.row(&format!("{CONSENT} and purpose = $3"), &values)?;
                grounds.in_force.insert(care.contact, stored.as_ref().map(read_consent).transpose()?);
            }
            if care.budget.is_some() {
                let day = rapport_model::day_of(at);
                let spent = spent(sql, tenant, care.contact, day)?;
                grounds.spent.entry(care.contact).or_insert(spent);
                grounds.days.entry(day).or_insert(spent.day_minor);
            }
        }
        Ok(grounds)
    }

    /// Whether what the commit rests on holds no more.
    pub(crate) fn refuses(&self, commit: &Commit) -> bool {
        if self.withdrawn.contains(&commit.state.contact) {
            return true;
        }
        let Some(care) = &commit.care else { return false };
        let in_force = || self.in_force.get(&care.contact).and_then(Option::as_ref).is_some_and(|it| it.is_in_force(commit.at));
        (care.rests_on_feeling && !in_force()) || self.is_overspent(care, commit.at)
    }

    fn is_overspent(&self, care: &CareWrite, at: Timestamp) -> bool {
        let Some(budget) = &care.budget else { return false };
        let wanted: i64 = care.spendings.iter().map(|it| it.amount_minor).sum();
        let customer = self.spent.get(&care.contact).map_or(0, |it| it.customer_minor);
        let day = self.days.get(&rapport_model::day_of(at)).copied().unwrap_or(0);
        customer.saturating_add(wanted) > budget.per_customer_minor || day.saturating_add(wanted) > budget.per_day_minor
    }

    /// The commit is written.
    pub(crate) fn take(&mut self, commit: &Commit) {
        let Some(care) = &commit.care else { return };
        if care.budget.is_some() {
            let wanted: i64 = care.spendings.iter().map(|it| it.amount_minor).sum();
            let spent = self.spent.entry(care.contact).or_default();
            spent.customer_minor = spent.customer_minor.saturating_add(wanted);
            let day = self.days.entry(rapport_model::day_of(commit.at)).or_default();
            *day = day.saturating_add(wanted);
        }
        if let Some(consent) = care.consent.as_ref().filter(|it| it.purpose == ConsentPurpose::EmotionCare) {
            self.in_force.insert(care.contact, Some(consent.clone()));
            if consent.withdrawn_at.is_some() {
                self.withdrawn.insert(care.contact);
            }
        }
    }
}

/// Whether the withdrawal of a consent empties this entry.
pub(crate) fn rests_on_feeling(event: &Event, reasons: &[Reason]) -> bool {
    event.rests_on_feeling() || reasons.iter().any(|it| it.code.starts_with(CARE_REASON))
}

/// Writes what a commit changes, after its entries. `first` is the number of the first. Answers conversations whose version was moved on.
pub(crate) fn write(sql: &mut dyn Sql, tenant: TenantId, commit: &Commit, care: &CareWrite, first: u64, resting: &[usize]) -> Result<Vec<ConversationId>, SqlError> {
    let (tenant_key, contact, conversation) = (tenant.as_bytes(), care.contact.as_bytes(), commit.state.id.as_bytes());
    let seq = |place: usize| number(first.saturating_add(u64::try_from(place).unwrap_or(u64::MAX)));
    for place in resting {
        let text = "insert into care_entry (tenant, contact, seq, conversation) values ($1, $2, $3, $4) on conflict do nothing";
        sql.run(text, &[tenant_key.into(), contact.into(), seq(*place), conversation.into()])?;
    }
    if let Some(body) = &care.mood {
        let text = "insert into mood (tenant, conversation, contact, body, at) values ($1, $2, $3, $4, $5) \
                    on conflict (tenant, conversation) do update set body = excluded.body, at = excluded.at";
        sql.run(text, &[tenant_key.into(), conversation.into(), contact.into(), body.as_str().into(), commit.at.0.into()])?;
    }
    if let Some(sample) = &care.sample {
        let text = "insert into emotion_sample (tenant, conversation, seq, contact, body, at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)";
        let values = [tenant_key.into(), conversation.into(), seq(sample.entry), contact.into(), sample.body.as_str().into(), commit.at.0.into(), sample.expires_at.0.into()];
        sql.run(text, &values)?;
    }
    if let Some(alert) = &care.alert {
        let text = "insert into care_alert (tenant, conversation, contact, at, body) values ($1, $2, $3, $4, $5) \
                    on conflict (tenant, conversation) do update set at = excluded.at, body = excluded.body";
        sql.run(text, &[tenant_key.into(), conversation.into(), contact.into(), alert.at.0.into(), json(alert)?.into()])?;
    }
    for it in &care.spendings {
        put_spending(sql, tenant, it)?;
    }
    for (id, state, by) in &care.settled {
        if let Some(stored) = spending(sql, tenant, *id)? {
            put_spending(sql, tenant, &Spending { state: *state, by: by.or(stored.by), ..stored })?;
        }
    }
    let Some(consent) = &care.consent else { return Ok(Vec::new()) };
    put_consent(sql, tenant, consent)?;
    let ends = consent.withdrawn_at.is_some() && consent.purpose == ConsentPurpose::EmotionCare;
    if ends { forget_feelings(sql, tenant, care.contact, Some(commit.state.id)) } else { Ok(Vec::new()) }
}

fn put_spending(sql: &mut dyn Sql, tenant: TenantId, it: &Spending) -> Result<(), SqlError> {
    let text = "insert into spending (tenant, id, contact, conversation, amount_minor, day, state, at, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                on conflict (tenant, id) do update set state = excluded.state, body = excluded.body";
    let values = [
        tenant.as_bytes().into(),
        it.id.as_bytes().into(),
        it.contact.as_bytes().into(),
        it.conversation.as_bytes().into(),
        it.amount_minor.into(),
        it.day().into(),
        it.state.name().into(),
        it.at.0.into(),
        json(it)?.into(),
    ];
    sql.run(text, &values).map(drop)
}

fn put_consent(sql: &mut dyn Sql, tenant: TenantId, it: &Consent) -> Result<(), SqlError> {
    let text = "insert into consent (tenant, contact, purpose, text_version, channel, given_at, withdrawn_at) values ($1, $2, $3, $4, $5, $6, $7) \
                on conflict (tenant, contact, purpose) do update set text_version = excluded.text_version, channel = excluded.channel, \
                given_at = excluded.given_at, withdrawn_at = excluded.withdrawn_at";
    let values: [Value<'_>; 7] = [
        tenant.as_bytes().into(),
        it.contact.as_bytes().into(),
        it.purpose.name().into(),
        it.text_version.into(),
        json(&it.channel)?.into(),
        it.given_at.0.into(),
        it.withdrawn_at.map(|at| at.0).into(),
    ];
    sql.run(text, &values).map(drop)
}

/// Deletes what was noticed of a contact and empties what the journal holds of it. The states of their conversations follow; `but` is written by whoever asks.
fn forget_feelings(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, but: Option<ConversationId>) -> Result<Vec<ConversationId>, SqlError> {
    let key = [tenant.as_bytes().into(), contact.as_bytes().into()];
    for table in ["emotion_sample", "mood", "care_alert"] {
        sql.run(&format!("delete from {table} where tenant = $1 and contact = $2"), &key)?;
    }
    record::delete(sql, tenant, FeelingsSaid::KIND, *contact.as_bytes())?;
    let resting = sql.rows("select seq, conversation from care_entry where tenant = $1 and contact = $2", &key)?;
    let mut touched = Vec::new();
    for row in &resting {
        empty(sql, tenant, row.count(0)?)?;
        let conversation: ConversationId = read_id(row.bytes(1)?)?;
        if Some(conversation) != but && !touched.contains(&conversation) {
            touched.push(conversation);
        }
    }
    sql.run("delete from care_entry where tenant = $1 and contact = $2", &key)?;
    for conversation in &touched {
        if let Some(mut found) = conversation::one(sql, tenant, *conversation)? {
            found.state.care = rapport_model::CareState::default();
            put_state(sql, tenant, &found.state, found.last_seq)?;
        }
    }
    Ok(touched)
}

/// Writes a state beside its entries and moves the version on, so that nobody goes on from what they remember.
pub(crate) fn put_state(sql: &mut dyn Sql, tenant: TenantId, state: &rapport_model::Conversation, last_seq: Seq) -> Result<(), SqlError> {
    let (tenant, id) = (tenant.as_bytes(), state.id.as_bytes());
    let text = "update conversation_state set seq = $3, state = $4 where tenant = $1 and id = $2";
    sql.run(text, &[tenant.into(), id.into(), number(last_seq.0), kept::text(state)?.into()])?;
    sql.run("update conversation set version = version + 1 where tenant = $1 and id = $2", &[tenant.into(), id.into()]).map(drop)
}

/// Leaves of an entry what does not rest on a feeling.
fn empty(sql: &mut dyn Sql, tenant: TenantId, seq: u64) -> Result<(), SqlError> {
    let place = journal::place("journal", "=", "$2", sql.is_postgres());
    let key = [tenant.as_bytes().into(), number(seq)];
    let Some(row) = sql.row(&format!("select payload, reasons from journal where {place}"), &key)? else { return Ok(()) };
    let event: Event = parse(row.text(0)?)?;
    let event = if event.rests_on_feeling() { Event::CareErased } else { event };
    let reasons: Vec<Reason> = row.maybe_text(1).map_or(Ok(Vec::new()), parse)?;
    let reasons: Vec<Reason> = reasons.into_iter().filter(|it| !it.code.starts_with(CARE_REASON)).collect();
    put_entry(sql, tenant, seq, &event, &reasons)
}

/// Replaces what an entry holds.
pub(crate) fn put_entry(sql: &mut dyn Sql, tenant: TenantId, seq: u64, event: &Event, reasons: &[Reason]) -> Result<(), SqlError> {
    let place = journal::place("journal", "=", "$2", sql.is_postgres());
    let reasons = if reasons.is_empty() { None } else { Some(json(&reasons)?) };
    let text = format!("update journal set kind = $3, payload = $4, reasons = $5 where {place}");
    sql.run(&text, &[tenant.as_bytes().into(), number(seq), event.kind().into(), json(event)?.into(), reasons.into()]).map(drop)
}
