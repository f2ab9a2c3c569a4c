//! Inboxes: configured channels, the snippet that embeds the widget, and the secret by which a site vouches for its users.

use axum::{Json, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_model::{Bilingual, Calendar, CalendarId, ChannelKind, Inbox, InboxId, Locale, PrechatField, RoutingPolicy, Team, TeamId};
use rapport_ports::{Expect, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Router, widget::identity_secret_name};
use crate::{
    caller::{Administrator, Agent, Caller},
    configuration::{self, Items, Versioned, bounded, needed, words},
    extract::{Body, Id, IfMatch},
    failure::{Failure, Outcome},
};

const FIELDS_MAX: usize = 10;
const ORIGINS_MAX: usize = 50;
const SKILLS_MAX: usize = 20;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(save, deactivate)).routes(routes!(snippet)).routes(routes!(new_secret))
}

/// An inbox without what the server gives it (id, key).
#[derive(Deserialize, ToSchema)]
pub(crate) struct InboxBody {
    name: String,
    #[serde(default = "web")]
    channel: ChannelKind,
    locale: Locale,
    welcome: Bilingual,
    color: String,
    #[serde(default)]
    prechat: Vec<PrechatField>,
    #[serde(default)]
    allowed_origins: Vec<String>,
    #[serde(default)]
    require_identity: bool,
    #[serde(default = "yes")]
    bot: bool,
    #[serde(default)]
    team: Option<TeamId>,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    calendar: Option<CalendarId>,
    #[serde(default)]
    routing: RoutingPolicy,
    #[serde(default = "yes")]
    csat: bool,
    #[serde(default = "yes")]
    active: bool,
}

fn web() -> ChannelKind {
    ChannelKind::Web
}
fn yes() -> bool {
    true
}

async fn checked(caller: &Caller, body: InboxBody, id: InboxId, key: String) -> Outcome<Inbox> {
    let is_color = body.color.strip_prefix('#').is_some_and(|it| it.len() == 6 && it.bytes().all(|it| it.is_ascii_hexdigit()));
    if !is_color {
        return Err(Failure::field("color: #rrggbb"));
    }
    if let Some(team) = body.team
        && caller.store.get::<Team>(*team.as_bytes()).await?.is_none()
    {
        return Err(Failure::field("team: there is no such team"));
    }
    if let Some(calendar) = body.calendar
        && caller.store.get::<Calendar>(*calendar.as_bytes()).await?.is_none()
    {
        return Err(Failure::field("calendar: there are no such hours"));
    }
    if !(5..=600).contains(&body.routing.offer_timeout_s) {
        return Err(Failure::field("routing.offer_timeout_s: 5 to 600"));
    }
    Ok(Inbox {
        id,
        key,
        name: needed("name", &body.name, 60)?,
        channel: body.channel,
        locale: body.locale,
        welcome: Bilingual::new(bounded("welcome.zh", &body.welcome.zh, 500)?, bounded("welcome.en", &body.welcome.en, 500)?),
        color: body.color.to_ascii_lowercase(),
        prechat: fields(body.prechat)?,
        allowed_origins: origins(&body.allowed_origins)?,
        require_identity: body.require_identity,
        bot: body.bot,
        team: body.team,
        skills: words("skills", &body.skills, SKILLS_MAX)?,
        calendar: body.calendar,
        routing: body.routing,
        csat: body.csat,
        active: body.active,
    })
}

fn fields(list: Vec<PrechatField>) -> Outcome<Vec<PrechatField>> {
    let mut out: Vec<PrechatField> = Vec::new();
    for field in list {
        let named = (1..=40).contains(&field.key.len()) && field.key.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if !named || out.iter().any(|it| it.key == field.key) {
            return Err(Failure::field("prechat: each key once, of a-z, 0-9 and _, at most 40"));
        }
        let label = Bilingual::new(bounded("prechat.label.zh", &field.label.zh, 60)?, bounded("prechat.label.en", &field.label.en, 60)?);
        if label.get(Locale::Zh).trim().is_empty() {
            return Err(Failure::field("prechat: each field needs a label"));
        }
        out.push(PrechatField { label, ..field });
    }
    if out.len() <= FIELDS_MAX { Ok(out) } else { Err(Failure::field(format!("prechat: at most {FIELDS_MAX} fields"))) }
}

/// `https://shop.example` or with a port; they go into a header, so nothing else may be in them.
fn origins(list: &[String]) -> Outcome<Vec<String>> {
    let wrong = || Failure::field("allowed_origins: https://host or https://host:port, at most 50");
    let mut out = Vec::new();
    for origin in list {
        let origin = origin.trim().trim_end_matches('/').to_ascii_lowercase();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(wrong)?;
        let plain = host.bytes().all(|it| it.is_ascii_alphanumeric() || b".-:[]*".contains(&it));
        if host.is_empty() || !plain || host.len() > 200 {
            return Err(wrong());
        }
        if !out.contains(&origin) {
            out.push(origin);
        }
    }
    if out.len() <= ORIGINS_MAX { Ok(out) } else { Err(wrong()) }
}

fn random_text(caller: &Caller, bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    caller.state.entropy.fill(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

#[utoipa::path(get, path = "/inboxes", tag = "inboxes", responses((status = 200, body = Items<Versioned<Inbox>>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Items<Versioned<Inbox>>>> {
    Ok(Json(Items { items: configuration::list(&caller).await? }))
}

#[utoipa::path(post, path = "/inboxes", tag = "inboxes", request_body = InboxBody, responses((status = 200, body = Versioned<Inbox>)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<InboxBody>) -> Outcome<Json<Versioned<Inbox>>> {
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    let key = random_text(&caller, 12);
    let inbox = checked(&caller, body, id, key).await?;
    Ok(Json(configuration::put(&caller, inbox, Expect::New, id).await?))
}

#[utoipa::path(put, path = "/inboxes/{id}", tag = "inboxes", params(("id" = InboxId, Path)), request_body = InboxBody, responses((status = 200, body = Versioned<Inbox>)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<InboxId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<InboxBody>,
) -> Outcome<Json<Versioned<Inbox>>> {
    let key = configuration::get::<Inbox>(&caller, *id.as_bytes()).await?.record.key;
    let inbox = checked(&caller, body, id, key).await?;
    Ok(Json(configuration::put(&caller, inbox, expect, id).await?))
}

/// Its widget no longer opens; its conversations stay.
#[utoipa::path(delete, path = "/inboxes/{id}", tag = "inboxes", params(("id" = InboxId, Path)), responses((status = 204)))]
pub(crate) async fn deactivate(Administrator(caller): Administrator, Id(id): Id<InboxId>, IfMatch(expect): IfMatch) -> Outcome<StatusCode> {
    let mut inbox = configuration::get::<Inbox>(&caller, *id.as_bytes()).await?.record;
    inbox.active = false;
    configuration::put(&caller, inbox, expect, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Snippet {
    /// To be pasted before `</body>`.
    html: String,
    key: String,
    /// Signs identity tokens (HS256); belongs on the site's server, never in its pages.
    identity_secret: String,
}

#[utoipa::path(get, path = "/inboxes/{id}/snippet", tag = "inboxes", params(("id" = InboxId, Path)), responses((status = 200, body = Snippet)))]
pub(crate) async fn snippet(Administrator(caller): Administrator, Id(id): Id<InboxId>) -> Outcome<Json<Snippet>> {
    let inbox = configuration::get::<Inbox>(&caller, *id.as_bytes()).await?.record;
    let html = format!(r#"<script src="{}/widget/loader.js" data-key="{}" async></script>"#, caller.state.settings.public_url, inbox.key);
    let name = identity_secret_name(id);
    let identity_secret = match caller.store.setting(&name).await? {
        Some(secret) => secret,
        None => make_secret(&caller, id).await?,
    };
    Ok(Json(Snippet { html, key: inbox.key, identity_secret }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct NewSecret {
    identity_secret: String,
}

/// Tokens that were signed with the old one are refused from here on.
#[utoipa::path(post, path = "/inboxes/{id}/identity-secret", tag = "inboxes", params(("id" = InboxId, Path)), responses((status = 200, body = NewSecret)))]
pub(crate) async fn new_secret(Administrator(caller): Administrator, Id(id): Id<InboxId>) -> Outcome<Json<NewSecret>> {
    configuration::get::<Inbox>(&caller, *id.as_bytes()).await?;
    Ok(Json(NewSecret { identity_secret: make_secret(&caller, id).await? }))
}

async fn make_secret(caller: &Caller, id: InboxId) -> Outcome<String> {
    let secret = random_text(caller, 32);
    caller.store.put_setting(&identity_secret_name(id), &secret).await?;
    caller.audit("inbox.identity_secret_made", id, "").await?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_go_into_the_header() {
        let check = |origin: &str, expected: Option<&str>| {
            let found = origins(&[origin.to_owned()]).ok().and_then(|it| it.into_iter().next());
            assert_eq!(found.as_deref(), expected, "{origin}");
        };
        check("https://Shop.example/", Some("https://shop.example"));
        check("http://localhost:3000", Some("http://localhost:3000"));
        check("https://*.shop.example", Some("https://*.shop.example"));
        check("https://shop.example; script-src *", None);
        check("https://shop.example\r\nx: y", None);
        check("javascript:alert(1)", None);
        check("https://", None);
    }
}
