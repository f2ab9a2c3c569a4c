//! A decision as entries of the journal: which one carries the sender's name and key, and where the reasons stand.

use rapport_model::{Actor, Decision, Event, Input, NewEntry, Reason, Timestamp};

/// The first message that a member's input makes carries the member's own id for it, so that their desk recognises it.
pub fn named(mut decision: Decision, input: &Input, client_id: Option<&str>) -> Decision {
    let Input::Member { by, .. } = input else { return decision };
    let sender = Actor::Member(*by);
    for (_, event) in decision.events.iter_mut().filter(|(actor, _)| *actor == sender) {
        if let Event::MessageSent { message } | Event::NoteAdded { message, .. } = event {
            message.client_id = client_id.map(str::to_owned);
            break;
        }
    }
    decision
}

/// The entries of a decision, all at `now`. The first carries the reasons. The key of the inbound fact stands on the message that the
/// sender named, so that a receipt given twice names the same entry; without such a message on the first.
pub fn entries(events: Vec<(Actor, Event)>, reasons: Vec<Reason>, external_id: Option<String>, now: Timestamp) -> Vec<NewEntry> {
    let own = |event: &Event| event.message().is_some_and(|it| it.client_id.is_some());
    let keyed = events.iter().position(|(_, event)| own(event)).unwrap_or(0);
    let (mut reasons, mut external_id) = (Some(reasons), external_id);
    let numbered = events.into_iter().enumerate();
    let entry = |(at, (actor, event)): (usize, (Actor, Event))| NewEntry {
        at: now,
        actor,
        event,
        reasons: reasons.take().unwrap_or_default(),
        external_id: if at == keyed { external_id.take() } else { None },
    };
    numbered.map(entry).collect()
}

/// Which entry the sender's receipt names.
pub fn receipt_entry(entries: &[NewEntry]) -> usize {
    entries.iter().position(|it| it.external_id.is_some()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rapport_model::{ContactId, Content, MemberAction, MemberId, Message, MessageId};

    use super::*;

    fn message(client_id: Option<&str>) -> Message {
        let content = Content::Text { text: "好".to_owned() };
        Message { id: MessageId(uuid::Uuid::nil()), client_id: client_id.map(str::to_owned), content }
    }

    #[test]
    fn key_and_name_stand_on_the_senders_message_and_reasons_on_the_first_entry() {
        let member = MemberId(uuid::Uuid::from_u128(7));
        let input = Input::Member { by: member, action: MemberAction::Send { content: Content::Text { text: "好".to_owned() } } };
        let events = vec![(Actor::Member(member), Event::Assigned { to: member }), (Actor::Member(member), Event::MessageSent { message: message(None) })];
        let decision = Decision { events, reasons: vec![Reason::new("message.from_member")], ..Decision::default() };
        let decision = named(decision, &input, Some("m-1"));
        let made = entries(decision.events, decision.reasons, Some("key".to_owned()), Timestamp(5));
        let keys: Vec<_> = made.iter().map(|it| it.external_id.as_deref()).collect();
        assert_eq!((keys, receipt_entry(&made)), (vec![None, Some("key")], 1));
        assert_eq!(made[1].event.message().and_then(|it| it.client_id.as_deref()), Some("m-1"));
        assert_eq!((made[0].reasons.len(), made[1].reasons.len()), (1, 0));
    }

    #[test]
    fn what_has_no_message_of_its_own_is_keyed_on_its_first_entry() {
        let customer = Actor::Customer(ContactId(uuid::Uuid::nil()));
        let events = vec![(customer, Event::LeftQueue), (Actor::Bot, Event::MessageSent { message: message(None) })];
        let made = entries(events, Vec::new(), Some("key".to_owned()), Timestamp(5));
        assert_eq!(made.iter().map(|it| it.external_id.is_some()).collect::<Vec<_>>(), vec![true, false]);
    }
}
