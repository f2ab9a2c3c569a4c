//! A conversation as a row of the desk's lists: its state with the customer in place of the customer's id.

use rapport_model::{
    CareState, CompensationOffer, Contact, Conversation, ConversationId, Csat, InboxId, Locale, MemberId, Preview, Priority, QueueEntry, Seq, Status, Summary, TeamId, TicketId,
    Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Row {
    id: ConversationId,
    number: u64,
    inbox: InboxId,
    contact: Contact,
    locale: Locale,
    status: Status,
    priority: Priority,
    labels: Vec<String>,
    team: Option<TeamId>,
    opened_at: Timestamp,
    updated_at: Timestamp,
    waiting_since: Option<Timestamp>,
    queue: Option<QueueEntry>,
    last_agent: Option<MemberId>,
    summary: Option<Summary>,
    last_message: Option<Preview>,
    messages: u32,
    unread_by_members: u32,
    unread_by_customer: u32,
    read_by_customer: Seq,
    read_by_members: Seq,
    csat: Csat,
    tickets: Vec<TicketId>,
    page: Option<String>,
    quarantined: bool,
    /// What rules do for the customer now.
    care: CareState,
    compensations: Vec<CompensationOffer>,
    /// The state is that after this entry.
    last_seq: Seq,
}

impl Row {
    pub(super) fn new(state: Conversation, contact: Contact, last_seq: Seq) -> Self {
        // Field by field, so that a new one is thought about here. The bot's memory is the bot's.
        let Conversation {
            id,
            number,
            inbox,
            contact: _,
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
            bot: _,
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
            // What of them matters is told by `reach`.
            customer_wrote_at: _,
            sent_since: _,
        } = state;
        Self {
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
            last_seq,
        }
    }
}
