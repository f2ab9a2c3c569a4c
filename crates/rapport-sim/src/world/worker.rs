//! What a server does by itself: fires timers that are due, carries out effects from the outbox.

use rapport_model::{Effect, Fault, HOUR_MS, Input, TicketId, TicketStage, Timer, codes};

use super::{World, server::Ended};
use crate::{invariants, node::Command, sabotage::Sabotage, store::Pending};

/// For how long a claimed effect is this node's.
const LEASE_MS: i64 = 30_000;

impl World {
    /// One round: timers, then effects.
    pub(super) fn work(&mut self, node: usize) {
        if !self.is_up(node) {
            return;
        }
        for tenant in 0..self.tenants.len() {
            if !self.fire_timers(node, tenant) || !self.work_off_outbox(node, tenant) {
                break;
            }
            invariants::check_idle_hands(self, tenant);
        }
        self.plan_work();
    }

    /// `false`: the server died or the store does not answer.
    fn fire_timers(&mut self, node: usize, tenant: usize) -> bool {
        let mut clock = self.clock();
        if self.sabotaged(tenant) == Some(Sabotage::HurryTimers) {
            clock = clock.plus_ms(30 * HOUR_MS);
        }
        let due: Vec<Timer> = self.tenants.get(tenant).map(|it| it.store.due_timers(clock)).unwrap_or_default();
        for timer in due {
            self.trace(|_| format!("timer {:?} fires", timer.kind));
            let command = Command::internal(timer.conversation, Input::TimerFired { timer: timer.kind });
            match self.submit(node, tenant, None, &command) {
                Ended::Done => {}
                Ended::Refused(fault) if !is_for_later(&fault) => {}
                Ended::Refused(_) | Ended::Died => return false,
            }
            if self.dies(node, "before the timer is cleared") {
                return false;
            }
            if let Some(place) = self.tenants.get_mut(tenant) {
                place.store.clear_timer(timer.id);
            }
        }
        true
    }

    fn work_off_outbox(&mut self, node: usize, tenant: usize) -> bool {
        let clock = self.clock();
        let Some(place) = self.tenants.get_mut(tenant) else { return true };
        for pending in place.store.claim_effects(clock, LEASE_MS) {
            if self.sabotaged(tenant) == Some(Sabotage::SettleEarly) {
                self.settle(tenant, &pending);
            }
            if self.dies(node, "after an effect was claimed") {
                return false;
            }
            match &pending.effect {
                Effect::RouteQueue => {
                    if self.route_queue(node, tenant) != Ended::Done {
                        return false;
                    }
                }
                Effect::StoreTicket { ticket } => {
                    if let Some(place) = self.tenants.get_mut(tenant) {
                        place.store.store_ticket(ticket.clone());
                    }
                    invariants::check_tickets(self, tenant);
                }
                // Everybody here is on the web.
                Effect::Deliver { .. } | Effect::Take { .. } => {}
            }
            if !self.is_up(node) || self.dies(node, "before an effect was settled") {
                return false;
            }
            self.settle(tenant, &pending);
        }
        true
    }

    fn settle(&mut self, tenant: usize, pending: &Pending) {
        if let Some(place) = self.tenants.get_mut(tenant) {
            place.store.outbox.remove(&pending.id);
        }
    }

    /// Makes sure that each server looks when the next timer or effect falls due.
    pub(crate) fn plan_work(&mut self) {
        let Some(due) = self.tenants.iter().filter_map(|it| it.store.next_due()).min() else { return };
        let delay_ms = due.since_ms(self.clock()).clamp(20, HOUR_MS);
        let at = self.now.plus_ms(delay_ms);
        for node in 0..self.nodes.len() {
            if self.is_up(node) {
                self.work_by(node, at);
            }
        }
    }

    /// A member takes a ticket a step on, as the administration's form does; the conversation is told.
    pub(crate) fn move_ticket(&mut self, node: usize, tenant: usize, id: TicketId, stage: TicketStage, note: &str) -> Result<(), Fault> {
        let now = self.clock();
        let place = self.tenants.get_mut(tenant).ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        let ticket = place.store.tickets.get(&id).cloned().ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        let ticket = rapport_engine::ticket::progress(ticket, stage, note, true, None, now)?;
        let (number, title, conversation) = (ticket.number, ticket.title.clone(), ticket.conversation);
        place.store.tickets.insert(id, ticket);
        invariants::check_tickets(self, tenant);
        let Some(conversation) = conversation else { return Ok(()) };
        let input = Input::TicketMoved { ticket: id, number, title, stage, note: note.to_owned(), path: String::new() };
        match self.submit(node, tenant, None, &Command::internal(conversation, input)) {
            Ended::Refused(fault) => Err(fault),
            Ended::Done | Ended::Died => Ok(()),
        }
    }
}

/// Whether trying again later may help.
fn is_for_later(fault: &Fault) -> bool {
    fault.kind.status >= 500 || fault.kind.code == codes::CONFLICT.code
}
