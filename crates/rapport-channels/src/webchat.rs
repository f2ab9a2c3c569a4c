//! The web chat widget: a visitor's frames become commands for the intake.

use rapport_model::{ContactId, Fault, InboxId, Input, Message, MessageId, TenantId, codes};
use rapport_ports::{Address, Command};
use rapport_wire::live::{ClientFrame, customer_action};

/// A visitor whose token was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub tenant: TenantId,
    pub contact: ContactId,
    pub inbox: InboxId,
}

/// What a visitor's frame asks for: the frame's id and the command. `message` is the id that a new message will have.
///
/// Errors: `live.bad_frame` for frames that are not a visitor's to send; those of the content.
pub fn receive(visitor: Visitor, frame: ClientFrame, message: MessageId) -> Result<(String, Command), Fault> {
    let (id, conversation, input) = match frame {
        ClientFrame::Send { id, conversation, content } => {
            let content = content.checked()?;
            let message = Message { id: message, client_id: Some(id.clone()), content };
            (id, conversation, Input::CustomerMessage { message })
        }
        ClientFrame::Act { id, conversation, action } => {
            let action = customer_action(action)?;
            (id, conversation, Input::Customer { action })
        }
        ClientFrame::Hello { .. } | ClientFrame::Typing { .. } | ClientFrame::Presence { .. } | ClientFrame::Ping => {
            return Err(Fault::new(codes::BAD_FRAME));
        }
    };
    let address = conversation.map_or(Address::Visitor { contact: visitor.contact, inbox: visitor.inbox }, Address::Conversation);
    // The contact is part of the key, so that one visitor cannot occupy another's ids; it comes last, since ids that begin with their time (UUIDv7) then
    // stand together in the index, whoever sent them.
    let external_id = Some(format!("{id}:{}", visitor.contact));
    let client_id = Some(id.clone());
    Ok((id, Command { tenant: visitor.tenant, address, input, external_id, client_id, on_behalf_of: Some(visitor.contact) }))
}
