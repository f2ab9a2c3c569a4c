//! Everything a decision rests on, read before it is made, and which parts of it an input needs.

use rapport_model::{
    AgentView, Calendar, Consent, Contact, Content, Conversation, CustomerAction, ChoiceId, Inbox, Input, Intent, MemberAction, MemberId, QueueEntry, Seq,
    Status, TimerKind, Timestamp, Understanding,
};

use crate::{Care, intent, numbers};

/// A snapshot of the world for one decision.
pub struct Context<'a> {
    pub now: Timestamp,
    pub tenant_name: &'a str,
    pub inbox: &'a Inbox,
    pub contact: &'a Contact,
    /// `None`: none open yet; a customer's input then opens one.
    pub conversation: Option<&'a Conversation>,
    /// Last agent of this contact's earlier conversation, for sticky routing.
    pub previous_agent: Option<MemberId>,
    pub calendar: Option<&'a Calendar>,
    /// Active members with presence and load.
    pub roster: &'a [AgentView],
    /// All waiting conversations of the tenant, for position and estimate.
    pub queue: &'a [QueueEntry],
    /// Recent mean handling time of the tenant.
    pub handle_time_ms: Option<i64>,
    pub knowledge: Option<&'a rapport_knowledge::Index>,
    /// What the tenant taught the bot to answer; read with the knowledge.
    pub intents: &'a [Intent],
    /// What the customer's text was taken for; `None` where nothing is taught. Read with the knowledge.
    pub understanding: Option<&'a Understanding>,
    /// All that the contact ever answered, where `Reads::consents` asks for it.
    pub consents: &'a [Consent],
    /// How the customer feels after this message, and what may follow; `None` where nobody may know.
    pub care: Option<Care<'a>>,
    /// Public number for a conversation that this decision opens.
    pub next_number: u64,
    pub last_seq: Seq,
}

/// What has to be loaded for an input. The hot path (a message in an assigned conversation) loads nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    pub roster: bool,
    pub queue: bool,
    pub knowledge: bool,
    pub consents: bool,
}

const NOTHING: Reads = Reads { roster: false, queue: false, knowledge: false, consents: false };
const ROUTING: Reads = Reads { roster: true, queue: true, ..NOTHING };
const ROSTER: Reads = Reads { roster: true, ..NOTHING };
const KNOWLEDGE: Reads = Reads { knowledge: true, ..NOTHING };
const CONSENTS: Reads = Reads { consents: true, ..NOTHING };

/// Which parts of the context `decide` looks at for this input.
pub fn reads(input: &Input, conversation: Option<&Conversation>) -> Reads {
    let status = conversation.map(|it| it.status);
    match input {
        Input::Start => NOTHING,
        Input::CustomerMessage { message } => reads_of_message(&message.content, conversation),
        Input::Customer { action } => reads_of_customer(action, status),
        Input::Member { by: _, action } => reads_of_member(action),
        Input::TimerFired { timer } => match timer {
            TimerKind::OfferExpires { .. } | TimerKind::SnoozeEnds | TimerKind::QueueCheck => ROUTING,
            TimerKind::RatingReminder | TimerKind::BotIdle => NOTHING,
        },
        Input::Route | Input::MemberLeft { .. } => ROUTING,
        Input::TicketMoved { .. } | Input::SpendingJudged { .. } | Input::Delivery { .. } => NOTHING,
    }
}

fn reads_of_message(content: &Content, conversation: Option<&Conversation>) -> Reads {
    if let Some(action) = numbers::picked(conversation, content) {
        return reads_of_customer(&action, conversation.map(|it| it.status));
    }
    match conversation.map(|it| it.status) {
        None | Some(Status::Bot) => {
            let wants_person = matches!(content, Content::Text { text } if intent::asks_for_person(text));
            if wants_person || conversation.is_some_and(|it| it.quarantined) { ROUTING } else { KNOWLEDGE }
        }
        Some(Status::Queued | Status::Offered { .. } | Status::Assigned { .. }) => NOTHING,
        Some(Status::Snoozed { .. }) => ROUTING,
        Some(Status::Resolved { .. }) => Reads { knowledge: true, ..ROUTING },
    }
}

fn reads_of_customer(action: &CustomerAction, status: Option<Status>) -> Reads {
    match action {
        CustomerAction::RequestPerson | CustomerAction::Object { .. } | CustomerAction::Choose { choice: ChoiceId::RequestPerson } => {
            if matches!(status, Some(Status::Assigned { .. } | Status::Queued | Status::Offered { .. })) { NOTHING } else { ROUTING }
        }
        CustomerAction::Choose { choice: ChoiceId::Intent(_) } => KNOWLEDGE,
        CustomerAction::Consent { .. } => CONSENTS,
        CustomerAction::LeaveQueue
        | CustomerAction::Choose { choice: ChoiceId::Helped | ChoiceId::NotHelped | ChoiceId::LeaveQueue | ChoiceId::AcceptCompensation { .. } }
        | CustomerAction::Rate { .. }
        | CustomerAction::MarkRead { .. }
        | CustomerAction::UpdateContact { .. }
        | CustomerAction::End => NOTHING,
    }
}

fn reads_of_member(action: &MemberAction) -> Reads {
    match action {
        MemberAction::DeclineOffer | MemberAction::Assign { to: None } | MemberAction::SetTeam { .. } | MemberAction::Wake => ROUTING,
        MemberAction::Assign { to: Some(_) } => ROSTER,
        MemberAction::Send { .. }
        | MemberAction::Note { .. }
        | MemberAction::AcceptOffer
        | MemberAction::Take
        | MemberAction::Snooze { .. }
        | MemberAction::Resolve
        | MemberAction::Reopen
        | MemberAction::ReturnToBot
        | MemberAction::SetPriority { .. }
        | MemberAction::SetLabels { .. }
        | MemberAction::MarkRead { .. }
        | MemberAction::CreateTicket { .. } => NOTHING,
    }
}
