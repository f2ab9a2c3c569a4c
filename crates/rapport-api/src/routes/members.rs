//! Members: who works here, with which role, skills and capacity; inviting and deactivating them.

use axum::{Json, http::StatusCode};
use rapport_model::{Locale, Member, MemberId, Presence, Role, TeamId, Timestamp, codes};
use rapport_ports::{CredentialKind, Expect, Records as _, Signal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Router, auth::sign_in_link};
use crate::{
    caller::{Administrator, Agent, Caller},
    configuration::{self, Items, Versioned, needed, words},
    extract::{Body, Id, IfMatch},
    failure::{Failure, Outcome},
};

const CAPACITY_MAX: u32 = 100;
const SKILLS_MAX: usize = 50;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(save, deactivate)).routes(routes!(new_link))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MemberRow {
    version: u64,
    presence: Presence,
    /// Assigned and offered conversations.
    load: u32,
    #[serde(flatten)]
    member: Member,
}

#[utoipa::path(get, path = "/members", tag = "members", responses((status = 200, body = Items<MemberRow>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Items<MemberRow>>> {
    let roster = caller.state.intake.roster(caller.tenant).await?;
    let rows = configuration::list::<Member>(&caller).await?.into_iter().map(|it| {
        let seen = roster.iter().find(|agent| agent.id == it.record.id);
        MemberRow { version: it.version, presence: seen.map_or(Presence::Offline, |it| it.presence), load: seen.map_or(0, |it| it.load), member: it.record }
    });
    let mut items: Vec<MemberRow> = rows.collect();
    items.sort_by_key(|it| (!it.member.active, it.member.created_at));
    Ok(Json(Items { items }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct MemberBody {
    email: String,
    name: String,
    role: Role,
    #[serde(default)]
    teams: Vec<TeamId>,
    #[serde(default)]
    skills: Vec<String>,
    capacity: u32,
    locale: Locale,
    /// For agents; without it the right stays as it is, and a new member has it.
    #[serde(default)]
    sees_personal_data: Option<bool>,
    /// Only when saving: `true` takes a deactivated member back.
    #[serde(default)]
    active: Option<bool>,
}

/// Where the body is not acceptable: `input.bad_field`; a role above one's own: `auth.forbidden`.
async fn checked(caller: &Caller, body: MemberBody, id: MemberId, created_at: Timestamp, active: bool) -> Outcome<Member> {
    let email = needed("email", &body.email, 200)?;
    let (name_part, host) = email.split_once('@').unwrap_or_default();
    if name_part.is_empty() || host.is_empty() || email.contains(char::is_whitespace) {
        return Err(Failure::field("email: name@host"));
    }
    if body.role > caller.role {
        return Err(Failure::new(codes::FORBIDDEN));
    }
    if !(1..=CAPACITY_MAX).contains(&body.capacity) {
        return Err(Failure::field(format!("capacity: 1 to {CAPACITY_MAX}")));
    }
    for team in &body.teams {
        if caller.store.get::<rapport_model::Team>(*team.as_bytes()).await?.is_none() {
            return Err(Failure::field("teams: there is no such team"));
        }
    }
    Ok(Member {
        id,
        email,
        name: needed("name", &body.name, 60)?,
        role: body.role,
        teams: body.teams,
        skills: words("skills", &body.skills, SKILLS_MAX)?,
        capacity: body.capacity,
        locale: body.locale,
        active,
        sees_personal_data: body.sees_personal_data.unwrap_or(true),
        created_at,
    })
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    /// Signs in once, within a day.
    sign_in_link: String,
    expires_at: Timestamp,
    version: u64,
    #[serde(flatten)]
    member: Member,
}

#[utoipa::path(post, path = "/members", tag = "members", request_body = MemberBody, responses((status = 200, body = Invited)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<MemberBody>) -> Outcome<Json<Invited>> {
    let now = caller.state.clock.now();
    let id = caller.state.entropy.ids(now).next();
    let member = checked(&caller, body, id, now, true).await?;
    let made = configuration::put(&caller, member, Expect::New, id).await?;
    if !made.record.may_see_personal_data() {
        sight_changed(&caller, &made.record).await?;
    }
    let (sign_in_link, expires_at) = sign_in_link(&caller.state, caller.tenant, id).await?;
    Ok(Json(Invited { sign_in_link, expires_at, version: made.version, member: made.record }))
}

#[utoipa::path(put, path = "/members/{id}", tag = "members", params(("id" = MemberId, Path)), request_body = MemberBody, responses((status = 200, body = Versioned<Member>)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<MemberId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<MemberBody>,
) -> Outcome<Json<Versioned<Member>>> {
    let old = configuration::get::<Member>(&caller, *id.as_bytes()).await?.record;
    manageable(&caller, &old)?;
    let active = body.active.unwrap_or(old.active);
    let body = MemberBody { sees_personal_data: body.sees_personal_data.or(Some(old.sees_personal_data)), ..body };
    let member = checked(&caller, body, id, old.created_at, active).await?;
    if old.role == Role::Owner && (member.role != Role::Owner || !member.active) {
        keep_an_owner(&caller, id).await?;
    }
    let saved = configuration::put(&caller, member, expect, id).await?;
    if !saved.record.active {
        end_access(&caller, id).await?;
    }
    if saved.record.may_see_personal_data() != old.may_see_personal_data() {
        sight_changed(&caller, &saved.record).await?;
    }
    Ok(Json(saved))
}

/// The member can no longer sign in and is never assigned; what they did stays.
#[utoipa::path(delete, path = "/members/{id}", tag = "members", params(("id" = MemberId, Path)), responses((status = 204)))]
pub(crate) async fn deactivate(Administrator(caller): Administrator, Id(id): Id<MemberId>, IfMatch(expect): IfMatch) -> Outcome<StatusCode> {
    let mut member = configuration::get::<Member>(&caller, *id.as_bytes()).await?.record;
    manageable(&caller, &member)?;
    if member.role == Role::Owner {
        keep_an_owner(&caller, id).await?;
    }
    member.active = false;
    configuration::put(&caller, member, expect, id).await?;
    end_access(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub(crate) struct NewLink {
    link: String,
    expires_at: Timestamp,
}

#[utoipa::path(post, path = "/members/{id}/sign-in-link", tag = "members", params(("id" = MemberId, Path)), responses((status = 200, body = NewLink)))]
pub(crate) async fn new_link(Administrator(caller): Administrator, Id(id): Id<MemberId>) -> Outcome<Json<NewLink>> {
    let member = configuration::get::<Member>(&caller, *id.as_bytes()).await?.record;
    manageable(&caller, &member)?;
    if !member.active {
        return Err(Failure::field("the member is deactivated"));
    }
    // The newest link counts.
    caller.store.revoke_member(id, &[CredentialKind::SignInLink]).await?;
    let (link, expires_at) = sign_in_link(&caller.state, caller.tenant, id).await?;
    caller.audit("member.link_made", id, "").await?;
    Ok(Json(NewLink { link, expires_at }))
}

/// Nobody changes, or signs in as, somebody of a higher role.
fn manageable(caller: &Caller, member: &Member) -> Outcome<()> {
    if member.role <= caller.role { Ok(()) } else { Err(Failure::new(codes::FORBIDDEN)) }
}

async fn keep_an_owner(caller: &Caller, leaving: MemberId) -> Outcome<()> {
    let members = configuration::list::<Member>(caller).await?;
    let another = members.iter().any(|it| it.record.active && it.record.role == Role::Owner && it.record.id != leaving);
    if another { Ok(()) } else { Err(Failure::new(codes::LAST_OWNER)) }
}

/// Whether they see personal data is another now: in the audit log, and at once for their open desks.
async fn sight_changed(caller: &Caller, member: &Member) -> Outcome<()> {
    caller.state.bus.signal(caller.tenant, Signal::RightsChanged { member: member.id });
    let action = if member.may_see_personal_data() { "member.personal_data_shown" } else { "member.personal_data_hidden" };
    caller.audit(action, member.id, "").await
}

async fn end_access(caller: &Caller, id: MemberId) -> Outcome<()> {
    let kinds = [CredentialKind::Session, CredentialKind::ApiToken, CredentialKind::SignInLink];
    caller.store.revoke_member(id, &kinds).await?;
    caller.state.intake.desk_changed(caller.tenant, id);
    Ok(())
}
