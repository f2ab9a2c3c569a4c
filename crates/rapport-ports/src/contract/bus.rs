//! Promises of the bus: order, who hears what, and that nobody is buffered for ever.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use rapport_model::{
    Actor, ContactId, Content, ConversationId, Entry, Event, Ids, InboxId, MemberId, Message, Presence, Seq, TenantId,
};
use tokio::sync::mpsc::error::TryRecvError;

use super::world::NOW;
use crate::{Bus, Heard, Listener, Listening, Signal, WAITING_BYTES_MAX, WAITING_FRAMES_MAX};

/// An encoding whose size is that of the message: what members are sent, and for the customer, where it is for them, the same in other words.
pub fn frames(entry: &Entry) -> (Bytes, Option<Bytes>) {
    let text = entry.event.message().map(|it| it.content.plain_text().to_owned()).unwrap_or_default();
    let visitor = entry.event.for_customer().then(|| Bytes::from(format!("visitor {} {text}", entry.seq)));
    (Bytes::from(format!("member {} {text}", entry.seq)), visitor)
}

struct Ground {
    tenant: TenantId,
    member: MemberId,
    contact: ContactId,
    inbox: InboxId,
    conversation: ConversationId,
    ids: Ids,
}

impl Ground {
    fn new() -> Self {
        let mut ids = Ids::new(NOW, 0xB05);
        Self { tenant: ids.next(), member: ids.next(), contact: ids.next(), inbox: ids.next(), conversation: ids.next(), ids }
    }

    fn member(&self) -> Listener {
        Listener::Member { tenant: self.tenant, member: self.member }
    }

    fn visitor(&self) -> Listener {
        Listener::Visitor { tenant: self.tenant, contact: self.contact, inbox: self.inbox }
    }

    fn entry(&mut self, seq: u64, event: impl FnOnce(Message) -> Event, text: &str) -> Entry {
        let message = Message { id: self.ids.next(), client_id: None, content: Content::Text { text: text.to_owned() } };
        let (conversation, contact, inbox) = (self.conversation, self.contact, self.inbox);
        Entry { seq: Seq(seq), conversation, contact, inbox, at: NOW, actor: Actor::Bot, event: event(message), reasons: Vec::new() }
    }

    fn said(&mut self, seq: u64) -> Entry {
        self.entry(seq, |message| Event::MessageSent { message }, "hello")
    }
}

/// All that waits, as a reader takes it, and whether the bus has cut the reader.
fn drain(listening: &mut Listening) -> (Vec<Heard>, bool) {
    let mut heard = Vec::new();
    loop {
        match listening.heard.try_recv() {
            Ok(it) => heard.push(it),
            Err(end) => return (heard, end == TryRecvError::Disconnected),
        }
    }
}

fn sequence(listening: &mut Listening) -> Vec<u64> {
    drain(listening).0.iter().map(|it| if let Heard::Entry(live) = it { live.entry().seq.0 } else { 0 }).collect()
}

pub fn entries_are_heard_in_order_by_whom_they_are_for(bus: &dyn Bus) {
    let mut ground = Ground::new();
    let stranger = Listener::Visitor { tenant: ground.tenant, contact: ground.ids.next(), inbox: ground.inbox };
    let elsewhere = Listener::Visitor { tenant: ground.tenant, contact: ground.contact, inbox: ground.ids.next() };
    let foreign = Listener::Member { tenant: ground.ids.next(), member: ground.member };
    let (mut desk, mut second_desk, mut widget) = (bus.listen(ground.member()), bus.listen(ground.member()), bus.listen(ground.visitor()));
    let mut others = [bus.listen(stranger), bus.listen(elsewhere), bus.listen(foreign)];
    let note = |message| Event::NoteAdded { message, mentions: Vec::new() };
    let batches = [vec![ground.said(1), ground.entry(2, note, "between us"), ground.said(3)], vec![ground.said(4)]];
    for batch in &batches {
        bus.publish(ground.tenant, &batch.as_slice().into(), NOW);
    }
    let (heard, cut) = drain(&mut desk);
    assert!(!cut);
    for (wanted, heard) in batches.iter().flatten().zip(&heard) {
        let Heard::Entry(live) = heard else { panic!("an entry") };
        assert_eq!((live.entry(), live.tenant), (wanted, ground.tenant));
        let (member, visitor) = frames(wanted);
        assert_eq!((live.member_frame(), live.visitor_frame()), (&member, visitor.as_ref()));
    }
    assert_eq!(heard.len(), 4);
    assert_eq!(sequence(&mut second_desk), [1, 2, 3, 4]);
    assert_eq!(sequence(&mut widget), [1, 3, 4], "a note is not for the customer");
    for other in &mut others {
        assert_eq!(sequence(other), Vec::<u64>::new());
    }
}

pub fn signals_reach_whom_they_are_for(bus: &dyn Bus) {
    let mut ground = Ground::new();
    let (conversation, contact, inbox) = (ground.conversation, ground.contact, ground.inbox);
    let foreign = Listener::Member { tenant: ground.ids.next(), member: ground.member };
    let stranger = Listener::Visitor { tenant: ground.tenant, contact: ground.ids.next(), inbox };
    let mut colleague = bus.listen(Listener::Member { tenant: ground.tenant, member: ground.ids.next() });
    let (mut desk, mut widget, mut others) = (bus.listen(ground.member()), bus.listen(ground.visitor()), [bus.listen(foreign), bus.listen(stranger)]);
    for (signal, to_the_visitor) in [
        (Signal::Typing { conversation, contact, inbox, actor: Actor::Bot, on: true }, true),
        (Signal::Queue { conversation, contact, inbox, position: 2, estimate_s: Some(60) }, true),
        (Signal::Presence { member: ground.member, presence: Presence::Away }, false),
        (Signal::Visitor { contact, inbox, online: true }, false),
        (Signal::RightsChanged { member: ground.member }, false),
    ] {
        bus.signal(ground.tenant, signal.clone());
        let told = |listening: &mut Listening| {
            drain(listening).0.into_iter().map(|it| if let Heard::Signal(signal) = it { (*signal).clone() } else { panic!("a signal") }).collect::<Vec<_>>()
        };
        assert_eq!(told(&mut desk), vec![signal.clone()]);
        let concerns_one = matches!(signal, Signal::RightsChanged { .. });
        assert_eq!(told(&mut colleague), if concerns_one { Vec::new() } else { vec![signal.clone()] });
        assert_eq!(told(&mut widget), if to_the_visitor { vec![signal] } else { Vec::new() });
        for other in &mut others {
            assert_eq!(told(other), []);
        }
    }
}

pub fn a_slow_reader_is_cut_by_frames(bus: &dyn Bus) {
    let mut ground = Ground::new();
    let (mut slow, mut quick) = (bus.listen(ground.member()), bus.listen(ground.visitor()));
    let mut taken = 0;
    for seq in 1..=u64::try_from(WAITING_FRAMES_MAX).expect("fits") + 1 {
        bus.publish(ground.tenant, &[ground.said(seq)].into(), NOW);
        taken += sequence(&mut quick).len();
        quick.waiting_bytes.store(0, Ordering::Relaxed);
    }
    let (heard, cut) = drain(&mut slow);
    assert_eq!((heard.len(), cut), (WAITING_FRAMES_MAX, true), "what fitted, in order, and then the end");
    assert_eq!(taken, WAITING_FRAMES_MAX + 1, "a reader that keeps up misses nothing");
    assert!(!drain(&mut quick).1);
}

pub fn a_slow_reader_is_cut_by_bytes(bus: &dyn Bus) {
    const LARGE: usize = 60_000;
    let mut ground = Ground::new();
    let (mut slow, mut quick) = (bus.listen(ground.member()), bus.listen(ground.visitor()));
    let text = "x".repeat(LARGE);
    let fitting = WAITING_BYTES_MAX / LARGE;
    for seq in 1..=u64::try_from(fitting).expect("fits") + 1 {
        let entry = ground.entry(seq, |message| Event::MessageSent { message }, &text);
        bus.publish(ground.tenant, &[entry].into(), NOW);
        for heard in drain(&mut quick).0 {
            quick.waiting_bytes.fetch_sub(heard.weight(), Ordering::Relaxed);
        }
    }
    let (heard, cut) = drain(&mut slow);
    assert!(cut && heard.len() <= fitting && heard.len() + 1 >= fitting, "cut near {WAITING_BYTES_MAX} bytes, not after {} frames", heard.len());
    assert!(!drain(&mut quick).1, "a reader that keeps up is not cut");
    assert_eq!(quick.waiting_bytes.load(Ordering::Relaxed), 0, "bytes are counted as the reader takes them off");
}

pub fn whoever_left_is_gone(bus: &dyn Bus) {
    let mut ground = Ground::new();
    let nobody: ContactId = ground.ids.next();
    assert_eq!((bus.listeners(), bus.members_online(ground.tenant)), (0, Vec::new()));
    let (desk, second_desk, widget) = (bus.listen(ground.member()), bus.listen(ground.member()), bus.listen(ground.visitor()));
    assert_eq!(bus.listeners(), 3);
    assert_eq!(bus.members_online(ground.tenant), [ground.member], "once, however many desks");
    assert!(bus.visitor_online(ground.tenant, ground.contact) && !bus.visitor_online(ground.tenant, nobody));
    let foreign = ground.ids.next();
    assert!(bus.members_online(foreign).is_empty() && !bus.visitor_online(foreign, ground.contact));
    drop((desk, widget));
    assert_eq!((bus.listeners(), bus.members_online(ground.tenant)), (1, vec![ground.member]));
    assert!(!bus.visitor_online(ground.tenant, ground.contact));
    drop(second_desk);
    assert_eq!((bus.listeners(), bus.members_online(ground.tenant)), (0, Vec::new()));
    bus.publish(ground.tenant, &[ground.said(1)].into(), NOW);
}
