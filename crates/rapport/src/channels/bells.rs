//! Doorbells: what waits behind one is pulled page by page, and the place to go on from is kept after what its page told.

use rapport_model::{ChannelCursor, Fault, TenantId, codes};
use rapport_ports::{Expect, Records as _};
use rapport_wire::channel::Inbound;

use super::{Channels, Open, id_of};

/// Most pages of one try; what is left then is for the next.
const PAGES_MAX: usize = 200;

impl Channels {
    /// All that waits. A page's facts are durable before its cursor is: after a crash in between they are told again, and known.
    ///
    /// Errors: those of the store, and a provider that does not answer; both are tried again.
    pub(super) async fn answer_bell(&self, tenant: TenantId, open: &Open, bell: &Inbound) -> Result<(), Fault> {
        let (store, inbox) = (self.store(tenant), open.inbox.id);
        let id = id_of(&[b"cursor", inbox.as_bytes(), bell.from.id.as_bytes()]);
        let mut cursor = store.get::<ChannelCursor>(id).await?.map(|it| it.cursor);
        for _page in 0..PAGES_MAX {
            let link = self.link(&open.channel, &open.inbox);
            let pulled = open.adapter.pull(&link, &bell.fact, cursor.clone()).await;
            let pulled = pulled.map_err(|fault| Fault::with(codes::STORE_UNAVAILABLE, format!("{} of {inbox}: {fault}", bell.from.id)))?;
            self.take_all(tenant, open, pulled.facts).await?;
            // A provider that says there is more, but not from where, is asked when it rings again.
            let Some(next) = pulled.cursor.filter(|it| cursor.as_ref() != Some(it)) else { return Ok(()) };
            let updated_at = self.pipeline.clock.now();
            store.put(&ChannelCursor { id, inbox, account: bell.from.id.clone(), cursor: next.clone(), updated_at }, Expect::Any).await?;
            if !pulled.more {
                return Ok(());
            }
            cursor = Some(next);
        }
        Err(Fault::with(codes::STORE_UNAVAILABLE, "more waits than was pulled"))
    }
}
