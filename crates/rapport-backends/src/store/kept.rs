//! A conversation's state as it is kept: written now and then, without what has its usual value, and brought up to date by the entries after it when
//! it is read. A message touches a row of some hundred bytes then, not the outline of all that was said (docs/adr/0006-state-and-the-entries-after-it.md).

use std::collections::HashMap;

use rapport_model::{
    BotMemory, CareState, CompensationOffer, ContactId, Conversation, ConversationId, Csat, Event, InboxId, Locale, MemberId, Preview, Priority, QueueEntry, Seq, Status, Summary, TeamId,
    TenantId, TicketId, Timestamp,
};
use rapport_ports::Commit;
use serde::Serialize;

use super::{journal, text::{json_of, parse}};
use crate::sql::{Row, Sql, SqlError};

/// Versions of a conversation from one that is kept to the next, where nothing but messages comes between.
const EVERY: u64 = 16;

/// Whether the state is written with this commit: with the first, with all that do more than say or read something, and with every sixteenth.
/// What is not written follows from its entries alone, which is what the state is (`fold(journal)`).
pub(crate) fn is_due(commit: &Commit) -> bool {
    let version = commit.expected_version.saturating_add(1);
    let is_message = |it: &Event| matches!(it, Event::MessageReceived { .. } | Event::MessageSent { .. } | Event::NoteAdded { .. } | Event::ReadMarked { .. });
    version == 1 || version.is_multiple_of(EVERY) || !commit.entries.iter().all(|it| is_message(&it.event))
}

/// A state that was read.
pub(crate) struct Read {
    state: Conversation,
    /// The newest entry that it holds.
    seq: u64,
    /// The newest entry that there was when it was read.
    pub(crate) newest: u64,
}

impl Read {
    /// From the columns of `state` and `seq` in `conversation_state`, and `last_seq` in `conversation`.
    pub(crate) fn new(row: &Row, [state, seq, newest]: [usize; 3]) -> Result<Self, SqlError> {
        Ok(Self { state: parse(row.text(state)?)?, seq: row.count(seq)?, newest: row.count(newest)? })
    }
}

/// The states with the entries applied that came after them. Whatever is written meanwhile is not seen: entries never change, and where to end is known.
pub(crate) fn up_to_date(sql: &mut dyn Sql, tenant: TenantId, read: Vec<Read>) -> Result<Vec<Conversation>, SqlError> {
    let behind: Vec<_> = read.iter().filter(|it| it.seq < it.newest).map(|it| (it.seq, it.newest)).collect();
    let mut later: HashMap<ConversationId, Vec<_>> = HashMap::new();
    for entry in journal::between(sql, tenant, &behind)? {
        later.entry(entry.conversation).or_default().push(entry);
    }
    let mut states = Vec::with_capacity(read.len());
    for Read { mut state, .. } in read {
        let mut entries = later.remove(&state.id).unwrap_or_default();
        entries.sort_unstable_by_key(|it| it.seq);
        for entry in entries {
            state.apply(entry.actor, entry.at, &entry.event);
        }
        states.push(state);
    }
    Ok(states)
}

/// Read back as a `Conversation`, whose fields have the same usual values.
#[derive(Serialize)]
struct Kept<'a> {
    id: ConversationId,
    number: u64,
    inbox: InboxId,
    contact: ContactId,
    locale: Locale,
    status: &'a Status,
    #[serde(skip_serializing_if = "is_usual")]
    priority: &'a Priority,
    #[serde(skip_serializing_if = "is_usual")]
    labels: &'a Vec<String>,
    #[serde(skip_serializing_if = "is_usual")]
    team: &'a Option<TeamId>,
    opened_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "is_usual")]
    waiting_since: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "is_usual")]
    queue: &'a Option<QueueEntry>,
    #[serde(skip_serializing_if = "is_usual")]
    last_agent: &'a Option<MemberId>,
    #[serde(skip_serializing_if = "is_usual")]
    summary: &'a Option<Summary>,
    #[serde(skip_serializing_if = "is_usual")]
    bot: &'a BotMemory,
    #[serde(skip_serializing_if = "is_usual")]
    last_message: &'a Option<Preview>,
    messages: u32,
    #[serde(skip_serializing_if = "is_usual")]
    unread_by_members: &'a u32,
    #[serde(skip_serializing_if = "is_usual")]
    unread_by_customer: &'a u32,
    #[serde(skip_serializing_if = "is_usual")]
    read_by_customer: &'a Seq,
    #[serde(skip_serializing_if = "is_usual")]
    read_by_members: &'a Seq,
    #[serde(skip_serializing_if = "is_usual")]
    csat: &'a Csat,
    #[serde(skip_serializing_if = "is_usual")]
    tickets: &'a Vec<TicketId>,
    #[serde(skip_serializing_if = "is_usual")]
    page: &'a Option<String>,
    #[serde(skip_serializing_if = "is_usual")]
    quarantined: &'a bool,
    #[serde(skip_serializing_if = "is_usual")]
    care: &'a CareState,
    #[serde(skip_serializing_if = "is_usual")]
    compensations: &'a Vec<CompensationOffer>,
    #[serde(skip_serializing_if = "is_usual")]
    customer_wrote_at: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "is_usual")]
    sent_since: &'a u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference to the field")]
fn is_usual<T: Default + PartialEq>(value: &&T) -> bool {
    **value == T::default()
}

/// The JSON of a state.
pub(crate) fn text(state: &Conversation) -> Result<String, SqlError> {
    // Named one by one: a new field that is not kept does not compile.
    let Conversation {
        id,
        number,
        inbox,
        contact,
        locale,
        status,
        priority,
        labels,
        team,
        opened_at,
        updated_at,
        waiting_since,
        queue,
        last_agent,
        summary,
        bot,
        last_message,
        messages,
        unread_by_members,
        unread_by_customer,
        read_by_customer,
        read_by_members,
        csat,
        tickets,
        page,
        quarantined,
        care,
        compensations,
        customer_wrote_at,
        sent_since,
    } = state;
    let kept = Kept {
        id: *id,
        number: *number,
        inbox: *inbox,
        contact: *contact,
        locale: *locale,
        status,
        priority,
        labels,
        team,
        opened_at: *opened_at,
        updated_at: *updated_at,
        waiting_since,
        queue,
        last_agent,
        summary,
        bot,
        last_message,
        messages: *messages,
        unread_by_members,
        unread_by_customer,
        read_by_customer,
        read_by_members,
        csat,
        tickets,
        page,
        quarantined,
        care,
        compensations,
        customer_wrote_at,
        sent_since,
    };
    json_of(&kept, 1_024)
}

#[cfg(test)]
mod tests {
    use rapport_model::{Actor, Content, Message, SummaryKind};

    use super::*;

    fn check(state: &Conversation) -> usize {
        let text = text(state).expect("kept");
        assert_eq!(&parse::<Conversation>(&text).expect("read"), state, "{text}");
        text.len()
    }

    #[test]
    fn what_is_kept_is_read_back_whole() {
        let id = uuid::Uuid::from_u128(7);
        let opened = Event::ConversationOpened {
            conversation: id.into(),
            number: 3,
            inbox: id.into(),
            contact: id.into(),
            locale: Locale::Zh,
            bot: true,
            page: None,
        };
        let mut state = Conversation::open(&opened, Timestamp(5)).expect("opens");
        let usual = check(&state);
        assert!(usual < 320, "{usual} bytes of usual values");
        state.apply(Actor::Bot, Timestamp(6), &Event::MessageSent { message: Message { id: id.into(), client_id: None, content: Content::Text { text: "好".to_owned() } } });
        state.bot.points.push(rapport_model::SummaryPoint { kind: SummaryKind::Told, text: "好".into() });
        state.csat.reminded = true;
        state.priority = Priority::Urgent;
        state.labels = vec!["vip".to_owned()];
        state.team = Some(id.into());
        state.waiting_since = Some(Timestamp(0));
        state.last_agent = Some(id.into());
        state.summary = Some(Summary::default());
        state.page = Some(String::new());
        state.tickets = vec![id.into()];
        state.read_by_customer = Seq(1);
        state.read_by_members = Seq(2);
        state.unread_by_members = 1;
        state.quarantined = true;
        state.care.skills.push("complaints".to_owned());
        let offer = CompensationOffer { spending: id.into(), amount_minor: 5, currency: "CNY".to_owned(), state: rapport_model::SpendingState::Offered };
        state.compensations.push(offer);
        check(&state);
    }
}
