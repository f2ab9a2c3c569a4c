//! One command through a server: load, decide, commit, publish, acknowledge, with a place to fail between each two.

use rapport_model::{ConversationId, CustomerAction, Fault, Input, QueueEntry, codes};

use super::{Happening, World};
use crate::{
    invariants,
    node::{Address, Command, Prepared},
    sabotage::Sabotage,
    store::{Commit, Refused},
};

/// How a command ended at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    Refused(Fault),
    /// The server died on the way; nobody hears anything.
    Died,
}

/// What became of one try.
enum Tried {
    Ended(Ended),
    /// Load again and decide again.
    Conflict,
}

const ATTEMPTS_MAX: u32 = 12;

impl World {
    /// `from`: client, connection and number of the frame.
    pub(crate) fn submit(&mut self, node: usize, tenant: usize, from: Option<(usize, u32, u64)>, command: &Command) -> Ended {
        for _ in 0..ATTEMPTS_MAX {
            if !self.is_up(node) || self.dies(node, "before deciding") {
                return Ended::Died;
            }
            match self.attempt(node, tenant, from, command) {
                Tried::Ended(Ended::Done) => {
                    self.keep_contact(tenant, command);
                    return Ended::Done;
                }
                Tried::Ended(ended) => return ended,
                Tried::Conflict => {
                    self.count("conflicts");
                    if let Address::Conversation(id) = command.address {
                        self.forget(node, tenant, id);
                    }
                }
            }
        }
        Ended::Refused(Fault::new(codes::CONFLICT))
    }

    fn attempt(&mut self, node: usize, tenant: usize, from: Option<(usize, u32, u64)>, command: &Command) -> Tried {
        let (now, mut ids, presences) = (self.clock(), self.ids(), self.presences());
        let decision_fails = self.chance(self.faults.panic);
        let (Some(server), Some(place)) = (self.nodes.get(node), self.tenants.get_mut(tenant)) else { return Tried::Ended(Ended::Died) };
        let prepared = server.prepare(place, command, &presences, decision_fails, now, &mut ids);
        // A commit proves that the state was fresh; a refusal and a decision to do nothing have none.
        let is_final = matches!(prepared, Ok(Prepared::Commit(_)));
        if !is_final && server.is_outdated(place, command) && place.store.sabotage != Some(Sabotage::TrustCache) {
            return Tried::Conflict;
        }
        let known = place.known(command).is_some();
        if decision_fails && is_final {
            self.count("quarantines");
        }
        let commit = match prepared {
            Ok(Prepared::Commit(commit)) => *commit,
            Ok(Prepared::Nothing(decision)) => {
                invariants::check_reasons(self, &decision.reasons);
                return Tried::Ended(Ended::Done);
            }
            // A refused input may be the second copy of one that was accepted.
            Err(fault) => return Tried::Ended(if known { Ended::Done } else { Ended::Refused(fault) }),
        };
        if let Some((client, epoch, n)) = from
            && self.sabotaged(tenant) == Some(Sabotage::AcknowledgeEarly)
        {
            self.at(self.now, Happening::Acknowledge { client, epoch, n });
        }
        self.let_others_in(node, tenant, from.map(|it| it.0));
        if !self.is_up(node) || self.dies(node, "between decision and commit") {
            return Tried::Ended(Ended::Died);
        }
        self.commit(node, tenant, commit, &mut ids)
    }

    fn commit(&mut self, node: usize, tenant: usize, commit: Commit, ids: &mut rapport_model::Ids) -> Tried {
        let conversation = commit.state.id;
        let in_doubt = self.chance(self.faults.doubt);
        let nothing_written = in_doubt && self.chance(500);
        let Some(place) = self.tenants.get_mut(tenant) else { return Tried::Ended(Ended::Died) };
        if nothing_written {
            return self.unavailable(node, tenant, conversation);
        }
        let before = place.store.last_seq();
        match place.store.commit(commit, ids) {
            Ok(_) => {
                if let (Some(stored), Some(server)) = (place.store.conversations.get(&conversation), self.nodes.get_mut(node)) {
                    server.conversations.insert((place.store.id, conversation), stored.clone());
                }
                self.count("commits");
                invariants::check_commit(self, tenant, conversation, before);
                self.publish(tenant, before);
                self.plan_work();
                if in_doubt {
                    return self.unavailable(node, tenant, conversation);
                }
                let died = self.dies(node, "after the commit, before the acknowledgement");
                Tried::Ended(if died { Ended::Died } else { Ended::Done })
            }
            Err(Refused::Duplicate { .. }) => {
                self.count("duplicates_seen");
                Tried::Ended(Ended::Done)
            }
            Err(Refused::Conflict) => Tried::Conflict,
        }
    }

    /// The store gave no answer: what this node has of the conversation may be wrong.
    fn unavailable(&mut self, node: usize, tenant: usize, conversation: ConversationId) -> Tried {
        self.count("doubts");
        self.forget(node, tenant, conversation);
        Tried::Ended(Ended::Refused(Fault::new(codes::STORE_UNAVAILABLE)))
    }

    /// What a node has of a conversation is no longer to be trusted.
    fn forget(&mut self, node: usize, tenant: usize, conversation: ConversationId) {
        if let (Some(server), Some(place)) = (self.nodes.get_mut(node), self.tenants.get(tenant)) {
            server.conversations.remove(&(place.store.id, conversation));
        }
    }

    /// What a customer told about themselves is written beside the timeline, also when told a second time.
    fn keep_contact(&mut self, tenant: usize, command: &Command) {
        let Input::Customer { action: CustomerAction::UpdateContact { fields } } = &command.input else { return };
        let Address::Visitor { contact, .. } = command.address else { return };
        if let Some(contact) = self.tenants.get_mut(tenant).and_then(|it| it.store.contacts.get_mut(&contact)) {
            for (key, value) in fields {
                match key.as_str() {
                    "email" => contact.email = Some(value.clone()),
                    "phone" => contact.phone = Some(value.clone()),
                    // Clients are known by their names here.
                    _another_field => {}
                }
            }
        }
    }

    /// Between decision and commit something else is committed: the decision may rest on what is no longer so.
    fn let_others_in(&mut self, node: usize, tenant: usize, not: Option<usize>) {
        if self.depth > 0 || !self.chance(self.faults.interleave) {
            return;
        }
        self.depth += 1;
        let other = (node + 1) % self.nodes.len().max(1);
        if let Some(arrival) = self.take_other_arrival(tenant, not)
            && let Happening::Arrive { client, node, epoch, n } = arrival
        {
            self.arrive(client, node, epoch, n);
        } else if self.chance(500) {
            self.work(other);
        } else {
            self.route_queue(other, tenant);
        }
        self.depth -= 1;
    }

    /// Goes through who waits in order of service.
    pub(crate) fn route_queue(&mut self, node: usize, tenant: usize) -> Ended {
        let Some(place) = self.tenants.get(tenant) else { return Ended::Done };
        let mut waiting: Vec<QueueEntry> = place.store.queue.values().cloned().collect();
        waiting.sort_by_key(QueueEntry::rank);
        for entry in waiting {
            let ended = self.submit(node, tenant, None, &Command::internal(entry.conversation, Input::Route));
            let left_the_queue = matches!(&ended, Ended::Refused(fault) if fault.kind.status < 500 && fault.kind.code != codes::CONFLICT.code);
            if ended != Ended::Done && !left_the_queue {
                return ended;
            }
        }
        Ended::Done
    }

    pub(super) fn sabotaged(&self, tenant: usize) -> Option<Sabotage> {
        self.tenants.get(tenant).and_then(|it| it.store.sabotage)
    }
}
