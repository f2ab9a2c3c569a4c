//! What customers and agents do, drawn by lot.

use rand::Rng as _;
use rapport_model::{
    Attachment, BlobId, ChoiceId, ConsentChannel, ConsentPurpose, ContactId, Content, Conversation, ConversationId, CustomerAction, DAY_MS, Input, MINUTE_MS, MemberAction,
    MemberId, Message, Priority, RoutingMode, SECOND_MS, Seq, Status, StatusCategory, TicketStage,
};

use super::{Happening, World};
use crate::{
    client::Who,
    node::{Address, Command},
};

const SAYINGS: &[&str] = &[
    "我买的鞋码数不合适，可以换吗？",
    "发票怎么开？",
    "你们火星店几点开门",
    "转人工",
    "我要投诉，找真人客服",
    "谢谢",
    "你好",
    "还是不行，帮我看看订单",
    "Can I exchange shoes that do not fit?",
    "How do I get an invoice?",
    "What is the airspeed of an unladen swallow?",
    "I want to talk to a human",
    "thanks!",
    "are you a bot?",
    "It still does not work",
    "等了三天没人管，你们太让人失望了！！！",
    "再不处理我就打12315投诉你们",
    "This is the third time I ask. I am really angry now!!",
];

pub(super) fn act(world: &mut World, client: usize) {
    let Some(it) = world.clients.get(client) else { return };
    let (who, tenant) = (it.who, it.tenant);
    let next_ms = match who {
        Who::Customer(contact) => {
            if world.calm {
                return;
            }
            customer(world, client, tenant, contact);
            world.rng.random_range(3 * SECOND_MS..12 * MINUTE_MS)
        }
        Who::Member(member) => {
            agent(world, client, tenant, member);
            if world.calm { 20 * MINUTE_MS } else { world.rng.random_range(SECOND_MS..90 * SECOND_MS) }
        }
    };
    world.after(next_ms, Happening::Acts { client });
}

fn customer(world: &mut World, client: usize, tenant: usize, contact: ContactId) {
    let Some(address) = where_to(world, tenant, contact) else { return };
    let seen = world.clients.get(client).map_or(Seq(0), |it| it.seen);
    let action = match world.rng.random_range(0..100) {
        0..66 => {
            let burst = world.rng.random_range(1..=3);
            for _ in 0..burst {
                say(world, client, address, contact);
            }
            return;
        }
        66..70 => {
            let given = world.chance(650);
            CustomerAction::Consent { purpose: ConsentPurpose::EmotionCare, given, text_version: 1, channel: ConsentChannel::Widget }
        }
        70..78 => CustomerAction::RequestPerson,
        78..82 => CustomerAction::LeaveQueue,
        82..88 => CustomerAction::Rate { score: world.rng.random_range(1..=5), comment: String::new() },
        88..93 => CustomerAction::MarkRead { up_to: seen },
        93..95 => CustomerAction::UpdateContact { fields: [("email".to_owned(), "c@example.org".to_owned())].into() },
        95..97 => CustomerAction::End,
        97 => CustomerAction::Choose { choice: ChoiceId::Helped },
        98 => CustomerAction::Choose { choice: ChoiceId::NotHelped },
        _ => CustomerAction::Choose { choice: ChoiceId::RequestPerson },
    };
    let input = Input::Customer { action };
    world.send(client, Command { address, input, external_id: None, on_behalf_of: Some(contact) });
}

/// Mostly the open conversation or a new one; sometimes an older one by its id; sometimes one that is somebody else's.
fn where_to(world: &mut World, tenant: usize, contact: ContactId) -> Option<Address> {
    let lot = world.rng.random_range(0..100);
    let place = world.tenants.get(tenant)?;
    let own = place.store.latest_of(contact).map(|it| Address::Conversation(it.state.id));
    let inbox = *place.store.inboxes.keys().next()?;
    let here = Address::Visitor { contact, inbox };
    match lot {
        0..70 => Some(here),
        70..97 => Some(own.unwrap_or(here)),
        _ => {
            let other = world.rng.random_range(0..world.tenants.len());
            let foreign = world.tenants.get(other)?.store.conversations.values().find(|it| it.state.contact != contact);
            Some(foreign.map_or(here, |it| Address::Conversation(it.state.id)))
        }
    }
}

fn say(world: &mut World, client: usize, address: Address, contact: ContactId) {
    let Some(it) = world.clients.get(client) else { return };
    let mark = it.mark(it.next_n);
    let id = world.ids().next();
    let content = if world.chance(60) {
        let file = Attachment { blob: BlobId(id), name: "photo.jpg".to_owned(), media_type: "image/jpeg".to_owned(), bytes: 1000, width: None, height: None };
        Content::Image { file }
    } else {
        let saying = world.rng.random_range(0..SAYINGS.len());
        Content::Text { text: SAYINGS.get(saying).copied().unwrap_or("…").to_owned() }
    };
    let message = Message { id: rapport_model::MessageId(id), client_id: Some(mark), content };
    world.send(client, Command { address, input: Input::CustomerMessage { message }, external_id: None, on_behalf_of: Some(contact) });
}

fn does(world: &mut World, client: usize, id: ConversationId, by: MemberId, action: MemberAction) {
    world.send(client, Command { address: Address::Conversation(id), input: Input::Member { by, action }, external_id: None, on_behalf_of: None });
}

fn agent(world: &mut World, client: usize, tenant: usize, member: MemberId) {
    if world.clients.get(client).is_none_or(|it| !it.connected) {
        return;
    }
    let mine = conversations(world, tenant, |it| match it.status {
        Status::Offered { to, .. } | Status::Assigned { to, .. } | Status::Snoozed { to: Some(to), .. } => to == member,
        Status::Snoozed { to: None, .. } => world.calm,
        Status::Queued | Status::Bot | Status::Resolved { .. } => false,
    });
    for (id, status) in mine {
        let action = match status {
            Status::Offered { .. } => answer_offer(world),
            Status::Snoozed { .. } => world.chance(50).then_some(MemberAction::Wake),
            Status::Assigned { .. } => Some(attend(world, client, member, tenant)),
            Status::Bot | Status::Queued | Status::Resolved { .. } => None,
        };
        if let Some(action) = action {
            does(world, client, id, member, action);
            if world.calm && matches!(status, Status::Assigned { .. }) {
                does(world, client, id, member, MemberAction::Resolve);
            }
        }
    }
    help_oneself(world, client, tenant, member);
    if !world.calm && world.chance(150) {
        move_some_ticket(world, client, tenant);
    }
}

/// Agents of a manual inbox take who waits; a few meddle with anything.
fn help_oneself(world: &mut World, client: usize, tenant: usize, member: MemberId) {
    let waiting = conversations(world, tenant, |it| it.status.category() == StatusCategory::Waiting);
    let manual = world.tenants.get(tenant).is_some_and(|it| it.store.inboxes.values().any(|it| it.routing.mode == RoutingMode::Manual));
    let takes = if manual { world.calm || world.chance(300) } else { world.chance(15) };
    if takes && let Some((id, _)) = waiting.first() {
        does(world, client, *id, member, MemberAction::Take);
    }
    if !world.calm && world.chance(20) {
        let any = conversations(world, tenant, |_| true);
        let Some((id, _)) = any.get(world.rng.random_range(0..any.len().max(1))) else { return };
        let until = world.clock().plus_ms(MINUTE_MS);
        let actions = [
            MemberAction::Take,
            MemberAction::Reopen,
            MemberAction::AcceptOffer,
            MemberAction::DeclineOffer,
            MemberAction::Resolve,
            MemberAction::Assign { to: None },
            MemberAction::Assign { to: Some(member) },
            MemberAction::SetPriority { priority: Priority::Urgent },
            MemberAction::SetTeam { team: None },
            MemberAction::Snooze { until },
            MemberAction::ReturnToBot,
            MemberAction::Wake,
        ];
        let action = actions.get(world.rng.random_range(0..actions.len())).cloned().unwrap_or(MemberAction::Take);
        does(world, client, *id, member, action);
    }
}

fn move_some_ticket(world: &mut World, client: usize, tenant: usize) {
    let Some(place) = world.tenants.get(tenant) else { return };
    let tickets: Vec<_> = place.store.tickets.values().map(|it| (it.id, it.stage)).collect();
    // Mostly the one that was just made.
    let any = world.rng.random_range(0..tickets.len().max(1));
    let at = if world.chance(700) { tickets.len().saturating_sub(1) } else { any };
    let Some((id, stage)) = tickets.get(at) else { return };
    let next: &[TicketStage] = rapport_engine::ticket::next_stages(*stage);
    let Some(to) = next.get(world.rng.random_range(0..next.len().max(1))) else { return };
    let node = world.clients.get(client).map_or(0, |it| it.node);
    // Refused or died on the way: the administration shows an error and somebody presses the button again.
    let _shown = world.move_ticket(node, tenant, *id, *to, "");
}

fn conversations(world: &World, tenant: usize, wanted: impl Fn(&Conversation) -> bool) -> Vec<(ConversationId, Status)> {
    let Some(place) = world.tenants.get(tenant) else { return Vec::new() };
    place.store.conversations.values().filter(|it| wanted(&it.state)).map(|it| (it.state.id, it.state.status)).collect()
}

fn answer_offer(world: &mut World) -> Option<MemberAction> {
    match world.rng.random_range(0..10) {
        _ if world.calm => Some(MemberAction::AcceptOffer),
        0..7 => Some(MemberAction::AcceptOffer),
        7 | 8 => Some(MemberAction::DeclineOffer),
        _ => None,
    }
}

fn attend(world: &mut World, client: usize, member: MemberId, tenant: usize) -> MemberAction {
    let mark = world.clients.get(client).map(|it| it.mark(it.next_n)).unwrap_or_default();
    let reply = MemberAction::Send { content: Content::Text { text: format!("reply {mark}") } };
    if world.calm {
        return reply;
    }
    let clock = world.clock();
    match world.rng.random_range(0..100) {
        0..50 => reply,
        50..58 => MemberAction::Note { text: format!("note {mark}"), mentions: Vec::new() },
        58..66 => MemberAction::MarkRead { up_to: Seq(u64::MAX) },
        66..72 => {
            let ahead_ms = world.rng.random_range(MINUTE_MS..3 * DAY_MS);
            MemberAction::Snooze { until: clock.plus_ms(ahead_ms) }
        }
        72..75 => MemberAction::Assign { to: None },
        75..78 => {
            let colleague = world.tenants.get(tenant).and_then(|it| it.store.agents.keys().find(|it| **it != member)).copied();
            MemberAction::Assign { to: colleague }
        }
        78..80 => MemberAction::ReturnToBot,
        80..84 => {
            let ticket = world.ids().next();
            let number = world.tenants.get_mut(tenant).map_or(1, |it| it.store.allot_number());
            MemberAction::CreateTicket { ticket, number, title: format!("ticket {mark}"), description: String::new(), path: format!("/t/{number}") }
        }
        84..87 => MemberAction::SetLabels { labels: vec!["vip".to_owned()] },
        _ => MemberAction::Resolve,
    }
}
