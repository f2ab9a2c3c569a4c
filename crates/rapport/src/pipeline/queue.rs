//! Goes through who waits: asks the engine for an agent for each, and tells the waiting where they stand.

use std::{sync::Arc, time::Duration};

use rapport_model::{Fault, Input, Presence, codes};
use rapport_ports::{Address, Command, Intake, Signal};

use super::{Pipeline, Tenant};

/// Standings are told at most this often a tenant.
const STANDINGS_EVERY: Duration = Duration::from_millis(300);

impl Pipeline {
    /// Lets the engine look at each waiting conversation, in order of service, while somebody is free.
    pub(crate) async fn route_queue(&self, tenant: &Tenant) -> Result<(), Fault> {
        let mut queue = tenant.store.queue().await?;
        queue.sort_by_key(rapport_model::QueueEntry::rank);
        for entry in queue {
            let configuration = tenant.configuration.current(self, tenant).await?;
            let roster = self.roster_of(tenant, &configuration).await?;
            let somebody_is_free = roster.iter().any(|it| it.presence == Presence::Online && it.load < it.capacity);
            if !somebody_is_free {
                break;
            }
            let address = Address::Conversation(entry.conversation);
            let command = Command { tenant: tenant.id, address, input: Input::Route, external_id: None, client_id: None, on_behalf_of: None };
            match self.submit(command).await {
                Ok(_) => {}
                // It left the queue between the list and here.
                Err(fault) if [codes::NOT_FOUND.code, codes::CONVERSATION_CLOSED.code].contains(&fault.kind.code) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Tells every waiting customer their place and estimate whenever the queue moved. Runs as long as the server.
    pub(crate) async fn tell_standings(self: Arc<Self>, tenant: Arc<Tenant>) {
        loop {
            tenant.queue_changed.notified().await;
            tokio::time::sleep(STANDINGS_EVERY).await;
            if let Err(fault) = self.tell_standings_once(&tenant).await {
                tracing::warn!(%fault, "queue standings");
            }
        }
    }

    async fn tell_standings_once(&self, tenant: &Tenant) -> Result<(), Fault> {
        let queue = tenant.store.queue().await?;
        if queue.is_empty() {
            return Ok(());
        }
        let configuration = tenant.configuration.current(self, tenant).await?;
        let roster = self.roster_of(tenant, &configuration).await?;
        let handle_time_ms = tenant.store.handle_time_ms().await?;
        for entry in &queue {
            if let Some(standing) = rapport_engine::queue_standing(entry.conversation, &queue, &roster, handle_time_ms) {
                let (conversation, contact, inbox) = (entry.conversation, entry.contact, entry.inbox);
                let (position, estimate_s) = (standing.position, standing.estimate_s);
                self.bus.signal(tenant.id, Signal::Queue { conversation, contact, inbox, position, estimate_s });
            }
        }
        Ok(())
    }
}
