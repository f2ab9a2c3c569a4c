//! What a greeted peer's frame asks for: messages and actions to the intake, typing and presence to the bus.

use rapport_channels::webchat::{self, Visitor};
use rapport_model::{Actor, ContactId, Content, ConversationId, Fault, InboxId, Input, MemberAction, MemberId, TenantId, codes};
use rapport_ports::{Address, Command, Signal};
use rapport_wire::live::{self, ClientFrame, SentContent, ServerFrame};

use super::session::Session;
use crate::{attachments, auth::Principal};

/// The conversation that was looked at last, so that typing needs no read each time.
#[derive(Default)]
pub(super) struct Known(Option<(ConversationId, ContactId, InboxId)>);

/// The answer, or the error with the frame's id.
type Answer = Result<Option<ServerFrame>, (Option<String>, Fault)>;

pub(super) async fn act(session: &mut Session, frame: ClientFrame) -> Answer {
    match frame {
        ClientFrame::Hello { .. } => Err((None, Fault::with(codes::BAD_FRAME, "hello was said already"))),
        ClientFrame::Ping => Ok(Some(ServerFrame::Pong)),
        ClientFrame::Typing { conversation, on } => typing(session, conversation, on).await.map_err(|fault| (None, fault)).map(|()| None),
        ClientFrame::Presence { presence } => {
            let (tenant, member) = member_of(&session.principal).map_err(|fault| (None, fault))?;
            session.state.intake.set_presence(tenant, member, presence);
            Ok(None)
        }
        ClientFrame::Send { ref id, .. } | ClientFrame::Act { ref id, .. } => {
            let id = id.clone();
            let receipt = match &session.principal {
                Principal::Visitor { tenant, contact, inbox } => {
                    visitor(session, Visitor { tenant: *tenant, contact: *contact, inbox: *inbox }, frame).await
                }
                Principal::Member { .. } | Principal::Token { .. } => member(session, frame).await,
            };
            match receipt {
                Ok(it) => Ok(Some(ServerFrame::Ack { id, seq: it.seq, conversation: it.conversation, duplicate: it.duplicate })),
                Err(fault) => Err((Some(id), fault)),
            }
        }
    }
}

fn member_of(principal: &Principal) -> Result<(TenantId, MemberId), Fault> {
    match principal {
        Principal::Member { tenant, member, .. } => Ok((*tenant, *member)),
        Principal::Visitor { .. } | Principal::Token { .. } => Err(Fault::new(codes::FORBIDDEN)),
    }
}

async fn visitor(session: &Session, visitor: Visitor, mut frame: ClientFrame) -> Result<rapport_ports::Receipt, Fault> {
    let owner = Actor::Customer(visitor.contact);
    let blob = sent_file(&mut frame).map(|it| it.blob);
    if let Some(file) = sent_file(&mut frame) {
        *file = attachments::sendable(&*session.tenant, file.blob, owner).await?;
    }
    let message = session.state.entropy.ids(session.state.clock.now()).next();
    let (_, command) = webchat::receive(visitor, frame, message)?;
    let receipt = session.state.intake.submit(command).await?;
    if let Some(blob) = blob {
        session.tenant.tie_attachment(blob, receipt.conversation).await?;
    }
    Ok(receipt)
}

fn sent_file(frame: &mut ClientFrame) -> Option<&mut rapport_model::Attachment> {
    match frame {
        ClientFrame::Send { content: SentContent::Image { file } | SentContent::File { file }, .. } => Some(file),
        ClientFrame::Send { content: SentContent::Text { .. }, .. }
        | ClientFrame::Hello { .. }
        | ClientFrame::Act { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::Presence { .. }
        | ClientFrame::Ping => None,
    }
}

async fn member(session: &Session, frame: ClientFrame) -> Result<rapport_ports::Receipt, Fault> {
    let (tenant, by) = member_of(&session.principal)?;
    let (id, conversation, action) = match frame {
        ClientFrame::Send { id, conversation, content } => (id, conversation, MemberAction::Send { content: content.checked()? }),
        ClientFrame::Act { id, conversation, action } => (id, conversation, live::member_action(action)?),
        ClientFrame::Hello { .. } | ClientFrame::Typing { .. } | ClientFrame::Presence { .. } | ClientFrame::Ping => {
            return Err(Fault::new(codes::BAD_FRAME));
        }
    };
    let conversation = conversation.ok_or_else(|| Fault::with(codes::BAD_FIELD, "conversation: needed"))?;
    submit_member_action(session.state.as_ref(), tenant, by, conversation, id, action).await
}

/// The one way in which a member acts on a conversation, over the socket and over HTTP.
pub(crate) async fn submit_member_action(
    state: &crate::ApiState,
    tenant: TenantId,
    by: MemberId,
    conversation: ConversationId,
    id: String,
    mut action: MemberAction,
) -> Result<rapport_ports::Receipt, Fault> {
    if let MemberAction::Send { content: Content::Image { file } | Content::File { file } } = &mut action {
        let store = state.store.tenant(tenant);
        *file = attachments::sendable(&*store, file.blob, Actor::Member(by)).await?;
        // Before the message: its customer may ask for the file as soon as they see it.
        if !store.tie_attachment(file.blob, conversation).await? {
            return Err(Fault::new(codes::NOT_FOUND));
        }
    }
    let command = Command {
        tenant,
        address: Address::Conversation(conversation),
        input: Input::Member { by, action },
        external_id: Some(format!("{id}:{by}")),
        client_id: Some(id),
        on_behalf_of: None,
    };
    state.intake.submit(command).await
}

async fn typing(session: &mut Session, conversation: ConversationId, on: bool) -> Result<(), Fault> {
    let (contact, inbox) = match session.known.0 {
        Some((known, contact, inbox)) if known == conversation => (contact, inbox),
        Some(_) | None => {
            let found = session.tenant.conversation(conversation).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
            session.known = Known(Some((conversation, found.state.contact, found.state.inbox)));
            (found.state.contact, found.state.inbox)
        }
    };
    let actor = match &session.principal {
        Principal::Visitor { contact: own, .. } if *own != contact => return Err(Fault::new(codes::NOT_FOUND)),
        Principal::Visitor { contact, .. } => Actor::Customer(*contact),
        Principal::Member { member, .. } => Actor::Member(*member),
        Principal::Token { .. } => return Err(Fault::new(codes::FORBIDDEN)),
    };
    session.state.bus.signal(session.principal.tenant(), Signal::Typing { conversation, contact, inbox, actor, on });
    Ok(())
}
