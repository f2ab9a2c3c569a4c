//! The one door through which inputs reach the engine; it answers only after what it decided is durable.

use async_trait::async_trait;
use rapport_model::{AgentView, ContactId, ConversationId, Fault, InboxId, Input, MemberId, Presence, Seq, TenantId};

/// Which conversation an input is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    Conversation(ConversationId),
    /// The visitor's open conversation in this inbox, or a new one.
    Visitor { contact: ContactId, inbox: InboxId },
}

#[derive(Clone, Debug)]
pub struct Command {
    pub tenant: TenantId,
    pub address: Address,
    pub input: Input,
    /// The sender's own id of this fact: submitting it again changes nothing and gives the first receipt.
    pub external_id: Option<String>,
    /// The sender's name for the message it makes, by which it recognises its optimistic copy.
    pub client_id: Option<String>,
    /// When set, the conversation must be this contact's (a visitor's command).
    pub on_behalf_of: Option<ContactId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub conversation: ConversationId,
    /// The first entry it made; where it made none, the tenant's newest number.
    pub seq: Seq,
    pub duplicate: bool,
}

#[async_trait]
pub trait Intake: Send + Sync {
    async fn submit(&self, command: Command) -> Result<Receipt, Fault>;
    /// What a member set by hand; combined with whether a desk is connected.
    fn set_presence(&self, tenant: TenantId, member: MemberId, presence: Presence);
    fn presence(&self, tenant: TenantId, member: MemberId) -> Presence;
    /// Called when a member's desk connects or its last one goes.
    fn desk_changed(&self, tenant: TenantId, member: MemberId);
    /// Members as routing sees them now.
    async fn roster(&self, tenant: TenantId) -> Result<Vec<AgentView>, Fault>;
    /// A contact's consents or data were changed outside a conversation: what is remembered of them is dropped.
    fn contact_changed(&self, tenant: TenantId, contact: ContactId);
    /// Configuration of the tenant changed (member, inbox, calendar, article): caches are dropped before this returns.
    async fn configuration_changed(&self, tenant: TenantId) -> Result<(), Fault>;
}
