//! The widget's part of the API: its settings, a visitor's session, their conversations and files.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use rapport_model::{
    Actor, Attachment, Bilingual, BlobId, CONTACT_FIELDS_MAX, Calendar, Contact, ContactId, Conversation, ConversationId, DAY_MS, Identity, IdentityKind, Inbox, InboxId,
    Locale, Member, PrechatField, Seq, Status, TenantId, Timestamp, codes,
};
use rapport_ports::{ConversationFilter, Records as _, TenantStore};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    ApiState, attachments,
    auth::{self, Principal, SiteUser},
    caller::{Visitor, find_tenant},
    configuration::bounded,
    extract::{Body, Id, Params, Upload},
    failure::{Failure, Outcome},
    origin::Address,
    pages::find_inbox,
    timeline::{self, Entries, Range, Reader},
};

/// How long a visitor's token is good for; each session makes it new.
const TOKEN_MS: i64 = 30 * DAY_MS;
const LISTED_MAX: u32 = 50;

pub(super) fn router(upload_bytes_max: usize) -> Router {
    let uploads = Router::new().routes(routes!(upload)).layer(DefaultBodyLimit::max(upload_bytes_max.saturating_add(attachments::MULTIPART_EXTRA_BYTES)));
    Router::new().routes(routes!(config)).routes(routes!(session)).routes(routes!(conversations)).routes(routes!(entries)).routes(routes!(file)).merge(uploads)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Key {
    key: String,
}

/// What the launcher and the frame need to know before anybody speaks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Config {
    key: String,
    company: String,
    name: String,
    color: String,
    locale: Locale,
    welcome: Bilingual,
    prechat: Vec<PrechatField>,
    require_identity: bool,
    open_now: bool,
    next_open: Option<Timestamp>,
    csat: bool,
}

/// Read by the loader from pages of other sites; holds nothing that is not public.
#[utoipa::path(get, path = "/widget/config", tag = "widget", params(Key), responses((status = 200, body = Config)))]
pub(crate) async fn config(State(state): State<Arc<ApiState>>, Params(query): Params<Key>) -> Outcome<Response> {
    let (tenant, inbox) = find_inbox(&state, &query.key).await?;
    let now = state.clock.now();
    let calendar: Option<Calendar> = match inbox.calendar {
        Some(id) => state.store.tenant(tenant).get(*id.as_bytes()).await?,
        None => None,
    };
    let open_now = calendar.as_ref().is_none_or(|it| rapport_engine::calendar::is_open(it, now));
    let next_open = calendar.as_ref().filter(|_| !open_now).and_then(|it| rapport_engine::calendar::next_open(it, now));
    let config = Config {
        company: find_tenant(&state, tenant).await?.name,
        key: inbox.key,
        name: inbox.name,
        color: inbox.color,
        locale: inbox.locale,
        welcome: inbox.welcome,
        prechat: inbox.prechat,
        require_identity: inbox.require_identity,
        open_now,
        next_open,
        csat: inbox.csat,
    };
    Ok(([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "public, max-age=60")], Json(config)).into_response())
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SessionRequest {
    key: String,
    /// The token of an earlier session: the same visitor comes back.
    #[serde(default)]
    token: Option<String>,
    /// JWT by which the site vouches for its signed-in user.
    #[serde(default)]
    identity: Option<String>,
    locale: String,
    #[serde(default)]
    page: Option<String>,
    /// Pre-chat fields.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SessionAnswer {
    token: String,
    contact: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<PublicConversation>,
    seq: Seq,
    expires_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Known {
    id: ContactId,
    name: String,
}

#[utoipa::path(post, path = "/widget/session", tag = "widget", request_body = SessionRequest, responses((status = 200, body = SessionAnswer)))]
pub(crate) async fn session(
    State(state): State<Arc<ApiState>>,
    address: Address,
    headers: HeaderMap,
    Body(request): Body<SessionRequest>,
) -> Outcome<Json<SessionAnswer>> {
    state.limits.session(address)?;
    let (tenant, inbox) = find_inbox(&state, &request.key).await?;
    refuse_foreign_site(&state, &inbox, &headers)?;
    let store = state.store.tenant(tenant);
    let now = state.clock.now();
    let fields = checked_fields(&request)?;
    let (contact, user) = whose(&state, &store, tenant, &inbox, &request, now).await?;
    let told = Told { locale: Locale::from_tag(&request.locale), user, fields, now };
    let contact = told.store(&store, contact).await?;
    let expires_at = now.plus_ms(TOKEN_MS);
    let token = auth::visitor_token(&state.settings.server_secret, tenant, contact.id, inbox.id, expires_at);
    // The number first: what comes after it comes over the socket.
    let seq = store.last_seq().await?;
    let latest = store.latest_conversation(contact.id, inbox.id).await?.filter(|it| !matches!(it.state.status, Status::Resolved { .. }));
    let conversation = match latest {
        Some(it) => Some(shown(&state, tenant, &store, it.state).await?),
        None => None,
    };
    Ok(Json(SessionAnswer { token, contact: Known { id: contact.id, name: contact.name }, conversation, seq, expires_at }))
}

/// A browser that tells us another site than those of the inbox is turned away; the frame's own page is ours.
fn refuse_foreign_site(state: &ApiState, inbox: &Inbox, headers: &HeaderMap) -> Outcome<()> {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|it| it.to_str().ok()) else { return Ok(()) };
    let allowed = inbox.allowed_origins.is_empty() || auth::same_origin(state, headers) || inbox.allowed_origins.iter().any(|it| it == origin);
    if allowed { Ok(()) } else { Err(Failure::new(codes::WIDGET_ORIGIN)) }
}

/// The contact that speaks: vouched for by the site, known by their token, or new.
async fn whose(
    state: &ApiState,
    store: &Arc<dyn TenantStore>,
    tenant: TenantId,
    inbox: &Inbox,
    request: &SessionRequest,
    now: Timestamp,
) -> Outcome<(Contact, Option<SiteUser>)> {
    let known = match &request.token {
        Some(token) => by_token(state, store, tenant, inbox.id, token).await?,
        None => None,
    };
    match &request.identity {
        Some(token) => {
            let secret = store.setting(&identity_secret_name(inbox.id)).await?.ok_or_else(|| Failure::new(codes::WIDGET_IDENTITY))?;
            let user = auth::verify_identity(token, &secret, now)?;
            let contact = vouched(state, store, known, &user, now).await?;
            Ok((contact, Some(user)))
        }
        None if inbox.require_identity => Err(Failure::new(codes::WIDGET_IDENTITY)),
        // A browser where somebody was signed in and is no longer must not show their talk to the next.
        None => Ok((known.filter(|it| it.verified_at.is_none()).unwrap_or_else(|| stranger(state, now)), None)),
    }
}

pub(super) fn identity_secret_name(inbox: InboxId) -> String {
    format!("identity_secret:{inbox}")
}

async fn by_token(state: &ApiState, store: &Arc<dyn TenantStore>, tenant: TenantId, inbox: InboxId, token: &str) -> Outcome<Option<Contact>> {
    match auth::authenticate_token(state, token).await {
        Ok(Principal::Visitor { tenant: of, contact, inbox: within }) if of == tenant && within == inbox => Ok(store.contact(contact).await?),
        Ok(Principal::Visitor { .. } | Principal::Member { .. } | Principal::Token { .. }) => Ok(None),
        Err(fault) if fault.kind.status == 401 => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

fn stranger(state: &ApiState, now: Timestamp) -> Contact {
    Contact {
        id: state.entropy.ids(now).next(),
        name: String::new(),
        email: None,
        phone: None,
        locale: Locale::default(),
        fields: BTreeMap::new(),
        verified_at: None,
        notes: String::new(),
        created_at: now,
        last_seen_at: now,
    }
}

/// The contact of the site's user. What an anonymous visitor said before signing in becomes theirs, if the user is new to us.
async fn vouched(state: &ApiState, store: &Arc<dyn TenantStore>, known: Option<Contact>, user: &SiteUser, now: Timestamp) -> Outcome<Contact> {
    let kind = IdentityKind::ExternalUser;
    match store.find_identity(kind, None, &user.sub).await? {
        Some(identity) => store.contact(identity.contact).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND)),
        None => {
            let contact = known.filter(|it| it.verified_at.is_none()).unwrap_or_else(|| stranger(state, now));
            store.put_contact(&contact).await?;
            let identity = Identity { contact: contact.id, kind, inbox: None, value: user.sub.clone(), verified_at: Some(now) };
            // Two tabs may sign in at once: whoever was first holds the identity.
            let holds = store.put_identity(&identity).await?;
            if holds.contact == contact.id { Ok(contact) } else { store.contact(holds.contact).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND)) }
        }
    }
}

/// Pre-chat fields and the page, as they are stored. Errors: `input.bad_field`.
fn checked_fields(request: &SessionRequest) -> Outcome<BTreeMap<String, String>> {
    if request.fields.len() > CONTACT_FIELDS_MAX {
        return Err(Failure::field(format!("fields: at most {CONTACT_FIELDS_MAX}")));
    }
    let mut checked = BTreeMap::new();
    for (key, value) in &request.fields {
        let named = (1..=40).contains(&key.len()) && key.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if !named {
            return Err(Failure::field("fields: keys of a-z, 0-9 and _, at most 40"));
        }
        checked.insert(key.clone(), bounded(key, value.trim(), 500)?);
    }
    if let Some(page) = &request.page {
        checked.insert("page".to_owned(), bounded("page", page, 2_000)?);
    }
    Ok(checked)
}

/// What a session tells of its contact.
#[derive(Clone)]
struct Told {
    locale: Locale,
    /// The site's word.
    user: Option<SiteUser>,
    /// The customer's own.
    fields: BTreeMap<String, String>,
    now: Timestamp,
}

impl Told {
    async fn store(self, store: &Arc<dyn TenantStore>, contact: Contact) -> Outcome<Contact> {
        let told = self.clone();
        match store.change_contact(contact.id, Box::new(move |it| Ok(told.applied(it)))).await? {
            Some(changed) => Ok(changed),
            None => {
                let contact = self.applied(contact);
                store.put_contact(&contact).await?;
                Ok(contact)
            }
        }
    }

    fn applied(&self, mut contact: Contact) -> Contact {
        contact.locale = self.locale;
        contact.last_seen_at = self.now;
        if let Some(user) = self.user.clone() {
            contact.verified_at = Some(self.now);
            contact.name = user.name.unwrap_or(contact.name);
            contact.email = user.email.or(contact.email);
            contact.phone = user.phone.or(contact.phone);
        }
        contact.take(&self.fields);
        contact
    }
}

/// A conversation as its customer may know it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicConversation {
    id: ConversationId,
    number: u64,
    /// bot, queued, offered, assigned, snoozed or resolved.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<PublicAgent>,
    unread: u32,
    read_by_members: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    rated: Option<u8>,
    rating_requested: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message: Option<LastMessage>,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Standing>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PublicAgent {
    id: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LastMessage {
    text: String,
    at: Timestamp,
    content: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Standing {
    /// 1 is next.
    position: u32,
    estimate_s: Option<u32>,
}

async fn shown(state: &ApiState, tenant: TenantId, store: &Arc<dyn TenantStore>, it: Conversation) -> Outcome<PublicConversation> {
    let agent = match it.status {
        Status::Assigned { to, .. } => store.get::<Member>(*to.as_bytes()).await?.map(|member| PublicAgent { id: to.to_string(), name: member.name }),
        Status::Bot | Status::Queued | Status::Offered { .. } | Status::Snoozed { .. } | Status::Resolved { .. } => None,
    };
    let queue = match it.status {
        Status::Queued | Status::Offered { .. } => {
            let (queue, roster) = (store.queue().await?, state.intake.roster(tenant).await?);
            let standing = rapport_engine::queue_standing(it.id, &queue, &roster, store.handle_time_ms().await?);
            standing.map(|it| Standing { position: it.position, estimate_s: it.estimate_s })
        }
        Status::Bot | Status::Assigned { .. } | Status::Snoozed { .. } | Status::Resolved { .. } => None,
    };
    Ok(PublicConversation {
        id: it.id,
        number: it.number,
        status: it.status.name(),
        agent,
        unread: it.unread_by_customer,
        read_by_members: it.read_by_members,
        rated: it.csat.score,
        rating_requested: it.csat.requested_at.is_some() && it.csat.score.is_none(),
        last_message: it.last_message.map(|it| LastMessage { text: it.text, at: it.at, content: it.content }),
        updated_at: it.updated_at,
        queue,
    })
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Conversations {
    /// Newest first.
    items: Vec<PublicConversation>,
    seq: Seq,
}

#[utoipa::path(get, path = "/widget/conversations", tag = "widget", responses((status = 200, body = Conversations)))]
pub(crate) async fn conversations(visitor: Visitor) -> Outcome<Json<Conversations>> {
    let seq = visitor.store.last_seq().await?;
    let filter = ConversationFilter { inbox: Some(visitor.inbox), contact: Some(visitor.contact), limit: LISTED_MAX, ..ConversationFilter::default() };
    let mut items = Vec::new();
    for row in visitor.store.conversations(&filter).await? {
        items.push(shown(&visitor.state, visitor.tenant, &visitor.store, row.state).await?);
    }
    Ok(Json(Conversations { items, seq }))
}

/// The visitor's own conversation. Errors: `not_found`, also for somebody else's.
async fn own(visitor: &Visitor, id: ConversationId) -> Outcome<Conversation> {
    let found = visitor.store.conversation(id).await?.filter(|it| it.state.contact == visitor.contact && it.state.inbox == visitor.inbox);
    found.map(|it| it.state).ok_or_else(|| Failure::new(codes::NOT_FOUND))
}

#[utoipa::path(get, path = "/widget/conversations/{id}/entries", tag = "widget", params(("id" = ConversationId, Path), Range), responses((status = 200, body = Entries)))]
pub(crate) async fn entries(visitor: Visitor, Id(id): Id<ConversationId>, Params(range): Params<Range>) -> Outcome<Json<Entries>> {
    own(&visitor, id).await?;
    Ok(Json(timeline::page(&visitor.store, id, &range, Reader::Customer).await?))
}

#[utoipa::path(post, path = "/widget/uploads", tag = "widget", responses((status = 200, body = Attachment)))]
pub(crate) async fn upload(visitor: Visitor, address: Address, Upload(body): Upload) -> Outcome<Json<Attachment>> {
    visitor.state.limits.upload(address)?;
    let uploaded = attachments::read(body, visitor.state.settings.upload_bytes_max).await?;
    Ok(Json(attachments::store(&visitor.state, visitor.tenant, Actor::Customer(visitor.contact), uploaded).await?))
}

/// A file that the visitor sent, or that was sent to them in a conversation of theirs.
#[utoipa::path(get, path = "/widget/files/{id}", tag = "widget", params(("id" = BlobId, Path)), responses((status = 200, description = "the bytes")))]
pub(crate) async fn file(visitor: Visitor, Id(id): Id<BlobId>) -> Outcome<Response> {
    let missing = || Failure::new(codes::NOT_FOUND);
    let (attachment, owner, conversation) = visitor.store.attachment(id).await?.ok_or_else(missing)?;
    if owner != Actor::Customer(visitor.contact) {
        own(&visitor, conversation.ok_or_else(missing)?).await?;
    }
    attachments::serve(&visitor.state, visitor.tenant, &attachment).await
}
