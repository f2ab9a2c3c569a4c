//! A conversation as its row keeps it: what has its usual value is left out, since the row is written again with every message.

use rapport_model::{
    BotMemory, ContactId, Conversation, ConversationId, Csat, InboxId, Locale, MemberId, Preview, Priority, QueueEntry, Seq, Status, Summary, TeamId,
    TicketId, Timestamp,
};
use serde::Serialize;

use super::text::json_of;
use crate::sql::SqlError;

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
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference to the field")]
fn is_usual<T: Default + PartialEq>(value: &&T) -> bool {
    **value == T::default()
}

/// The JSON of a conversation's row.
pub(crate) fn kept(state: &Conversation) -> Result<String, SqlError> {
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
    };
    json_of(&kept, 1_024)
}

#[cfg(test)]
mod tests {
    use rapport_model::{Actor, Content, Event, Message, SummaryKind};

    use super::*;
    use crate::store::text::parse;

    fn check(state: &Conversation) -> usize {
        let text = kept(state).expect("kept");
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
        state.bot.points.push(rapport_model::SummaryPoint { kind: SummaryKind::Told, text: "好".to_owned() });
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
        check(&state);
    }
}
