//! Who is at their desk, and what follows when somebody comes or goes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rapport_model::{AgentView, Fault, Input, MemberId, Presence, Status};
use rapport_ports::{Address, Command, Intake, Signal};

use super::{Pipeline, Tenant, configuration::Configuration};

/// How long a desk may be gone (a reload, a change of network) before offers to its member are taken back.
const GRACE: Duration = Duration::from_secs(5);

/// What members set by hand; the rest follows from whether a desk is connected.
#[derive(Default)]
pub(super) struct Presences {
    by_hand: Mutex<HashMap<MemberId, Presence>>,
    announced: Mutex<HashMap<MemberId, Presence>>,
}

impl Pipeline {
    pub(super) fn presence_of(&self, tenant: &Tenant, member: MemberId) -> Presence {
        let connected = self.bus.members_online(tenant.id).contains(&member);
        tenant.presences.effective(member, connected)
    }

    pub(super) fn presence_set(&self, tenant: &Arc<Tenant>, member: MemberId, presence: Presence) {
        tenant.presences.by_hand.lock().unwrap_or_else(PoisonError::into_inner).insert(member, presence);
        self.presence_moved(tenant, member);
    }

    /// Tells the desks, and lets routing follow: who came may be offered what waits, who went loses their offers.
    pub(super) fn presence_moved(&self, tenant: &Arc<Tenant>, member: MemberId) {
        let presence = self.presence_of(tenant, member);
        if !tenant.presences.announce(member, presence) {
            return;
        }
        self.bus.signal(tenant.id, Signal::Presence { member, presence });
        // Who waits waits shorter or longer now.
        tenant.queue_changed.notify_one();
        let (this, tenant) = (self.this.clone(), Arc::clone(tenant));
        tokio::spawn(async move {
            if presence != Presence::Online {
                tokio::time::sleep(GRACE).await;
            }
            let Some(pipeline) = this.upgrade() else { return };
            let outcome = if presence == Presence::Online {
                pipeline.route_queue(&tenant).await
            } else if pipeline.presence_of(&tenant, member) == Presence::Online {
                Ok(())
            } else {
                pipeline.take_back_offers(&tenant, member).await
            };
            if let Err(fault) = outcome {
                tracing::warn!(%fault, "routing after a change of presence");
            }
        });
    }

    async fn take_back_offers(&self, tenant: &Tenant, member: MemberId) -> Result<(), Fault> {
        for conversation in tenant.store.held_by(member).await? {
            let offered = tenant.store.conversation(conversation).await?.is_some_and(|it| matches!(it.state.status, Status::Offered { .. }));
            if offered {
                let input = Input::MemberLeft { member };
                let address = Address::Conversation(conversation);
                self.submit(Command { tenant: tenant.id, address, input, external_id: None, client_id: None, on_behalf_of: None }).await?;
            }
        }
        Ok(())
    }

    /// Active members with presence, load and when they last got a conversation.
    pub(super) async fn roster_of(&self, tenant: &Tenant, configuration: &Configuration) -> Result<Vec<AgentView>, Fault> {
        let loads: HashMap<_, _> = tenant.store.loads().await?.into_iter().map(|(id, load, last)| (id, (load, last))).collect();
        let connected = self.bus.members_online(tenant.id);
        let agents = configuration.members.iter().filter(|it| it.active).map(|member| {
            let (load, last_assigned_at) = loads.get(&member.id).copied().unwrap_or_default();
            AgentView {
                id: member.id,
                name: member.name.clone(),
                presence: tenant.presences.effective(member.id, connected.contains(&member.id)),
                teams: member.teams.clone(),
                skills: member.skills.clone(),
                capacity: member.capacity,
                load,
                last_assigned_at,
            }
        });
        Ok(agents.collect())
    }
}

impl Presences {
    fn effective(&self, member: MemberId, connected: bool) -> Presence {
        if !connected {
            return Presence::Offline;
        }
        self.by_hand.lock().unwrap_or_else(PoisonError::into_inner).get(&member).copied().unwrap_or(Presence::Online)
    }

    /// Whether this differs from what was last told.
    fn announce(&self, member: MemberId, presence: Presence) -> bool {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).insert(member, presence) != Some(presence)
    }
}
