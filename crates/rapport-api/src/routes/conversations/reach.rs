//! What the customer's channel allows now: how long a text may be, until when an answer is taken, how many are left.

use axum::Json;
use rapport_channels::capabilities_of;
use rapport_model::{ChannelKind, Conversation, ConversationId, Inbox, RemoteAddress, Timestamp, codes};
use rapport_ports::Records as _;
use rapport_wire::channel::capabilities::{self, WindowState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Agent, Caller},
    extract::Id,
    failure::{Failure, Outcome},
};

#[derive(Serialize, ToSchema)]
pub(crate) struct Reach {
    channel: ChannelKind,
    /// `bytes`, `characters`, `utf16` or `sms`: what `text_max` counts.
    unit: &'static str,
    /// A longer text goes out in several messages.
    text_max: usize,
    /// How many buttons a message may have; none where the customer picks by number.
    #[serde(skip_serializing_if = "Option::is_none")]
    buttons: Option<usize>,
    /// Whether the provider tells that a message was read.
    read_receipts: bool,
    /// `open`, `closed`, or `always` where there is no limit. Outside an open window the provider refuses what is sent.
    window: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes_at: Option<Timestamp>,
    /// Messages that may still be sent before the customer writes again.
    #[serde(skip_serializing_if = "Option::is_none")]
    quota_left: Option<u32>,
    /// Whether a form that the provider approved may be sent outside the window.
    template_outside: bool,
    /// Since when the provider says that the customer cannot be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_at: Option<Timestamp>,
}

/// What the customer's channel allows now.
#[utoipa::path(get, path = "/conversations/{id}/reach", tag = "conversations", params(("id" = ConversationId, Path)), responses((status = 200, body = Reach)))]
pub(crate) async fn reach(Agent(caller): Agent, Id(id): Id<ConversationId>) -> Outcome<Json<Reach>> {
    let missing = || Failure::new(codes::NOT_FOUND);
    let talk = caller.store.conversation(id).await?.ok_or_else(missing)?.state;
    let inbox: Inbox = caller.store.get(*talk.inbox.as_bytes()).await?.ok_or_else(missing)?;
    let left_at = address(&caller, &talk).await?.and_then(|it| it.left_at);
    Ok(Json(of(&inbox, &talk, left_at, caller.state.clock.now())))
}

async fn address(caller: &Caller, talk: &Conversation) -> Outcome<Option<RemoteAddress>> {
    Ok(caller.store.get(RemoteAddress::id_of(talk.inbox, talk.contact)).await?)
}

fn of(inbox: &Inbox, talk: &Conversation, left_at: Option<Timestamp>, now: Timestamp) -> Reach {
    use rapport_wire::channel::split::Unit;
    let can = capabilities_of(inbox.channel);
    let (window, closes_at) = match capabilities::person_window(can, talk.customer_wrote_at, now) {
        WindowState::Always => ("always", None),
        WindowState::Open { closes_at } => ("open", Some(closes_at)),
        WindowState::Closed => ("closed", None),
    };
    Reach {
        channel: inbox.channel,
        unit: match can.text.unit {
            Unit::Bytes => "bytes",
            Unit::Characters => "characters",
            Unit::Utf16 => "utf16",
            Unit::Sms => "sms",
        },
        text_max: can.text.limit,
        buttons: can.buttons.as_ref().map(|it| it.count),
        read_receipts: can.receipts.read,
        window,
        closes_at,
        quota_left: capabilities::quota_left(can, talk.sent_since),
        template_outside: can.template_outside,
        left_at,
    }
}
