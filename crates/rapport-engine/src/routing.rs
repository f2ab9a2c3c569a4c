//! Which agent gets a waiting conversation, and where a waiting customer stands.

use rapport_model::{
    Actor, AgentView, ConversationId, Effect, Event, Locale, MemberId, Presence, QueueEntry, Reason, RoutingMode,
};

use crate::{
    draft::Draft,
    reasons::{self, because},
};

/// A customer's place among those who wait for the same agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueStanding {
    /// 1 is next.
    pub position: u32,
    /// Seconds; `None` when nothing is known (nobody online, no handling times yet).
    pub estimate_s: Option<u32>,
    pub reasons: Vec<Reason>,
}

/// How long it takes until a free agent is found and answers. Units: seconds.
const ANSWER_S: u32 = 30;

/// Position and estimate of one waiting conversation; `None` when it does not wait.
///
/// Estimate: with `free` places now and `capacity` places in all among the online agents who may take it, each of which comes free
/// once per mean handling time, the customer at `position` waits `(position - free) * handle_time / capacity`.
pub fn queue_standing(conversation: ConversationId, queue: &[QueueEntry], roster: &[AgentView], handle_time_ms: Option<i64>) -> Option<QueueStanding> {
    let own = queue.iter().find(|it| it.conversation == conversation)?;
    let position = places(own, queue, roster).saturating_add(1);
    let online: Vec<&AgentView> = roster.iter().filter(|it| it.presence == Presence::Online && may_serve(it, own)).collect();
    let capacity: u32 = online.iter().map(|it| it.capacity).sum();
    let free: u32 = online.iter().map(|it| it.capacity.saturating_sub(it.load)).sum();
    let handle_s = handle_time_ms.map(|it| u32::try_from(it.max(0) / 1000).unwrap_or(u32::MAX));
    let estimate_s = match (capacity, handle_s) {
        (0, _) => None,
        (_, _) if position <= free => Some(ANSWER_S),
        (_, None) => None,
        (_, Some(handle_s)) => Some((u64::from(position - free) * u64::from(handle_s) / u64::from(capacity)).try_into().unwrap_or(u32::MAX).max(ANSWER_S)),
    };
    let standing = because(reasons::QUEUE_STANDING)
        .with("ahead", position - 1)
        .with("agents", online.len())
        .with("free", free)
        .with("capacity", capacity)
        .with("handle_s", handle_s.map_or_else(|| "?".to_owned(), |it| it.to_string()));
    Some(QueueStanding { position, estimate_s, reasons: vec![standing] })
}

/// How many wait before `own` for an agent who could also take it.
fn places(own: &QueueEntry, queue: &[QueueEntry], roster: &[AgentView]) -> u32 {
    let ahead = queue.iter().filter(|it| it.conversation != own.conversation && it.rank() < own.rank() && compete(it, own, roster));
    u32::try_from(ahead.count()).unwrap_or(u32::MAX)
}

/// Whether two waiting conversations want the same agents. With nobody on the roster for either, the same team counts.
fn compete(a: &QueueEntry, b: &QueueEntry, roster: &[AgentView]) -> bool {
    let mut pool = roster.iter().filter(|it| may_serve(it, b)).peekable();
    if pool.peek().is_none() { a.team == b.team } else { pool.any(|it| may_serve(it, a)) }
}

/// Team and skills fit; presence and load aside.
fn may_serve(agent: &AgentView, entry: &QueueEntry) -> bool {
    entry.team.is_none_or(|team| agent.teams.contains(&team)) && lacking(agent, entry).is_none()
}

fn lacking<'e>(agent: &AgentView, entry: &'e QueueEntry) -> Option<&'e String> {
    entry.skills.iter().find(|it| !agent.skills.contains(it))
}

/// Online, in the team, with the skills, and with a free place.
pub(crate) fn is_eligible(agent: &AgentView, entry: &QueueEntry) -> bool {
    agent.presence == Presence::Online && may_serve(agent, entry) && agent.load < agent.capacity
}

/// Tries to find an agent for the waiting conversation of the draft. It then is offered, assigned, or still queued.
pub(crate) fn route(draft: &mut Draft<'_, '_>) {
    let Some(entry) = draft.state.queue.clone() else { return };
    if draft.ctx.inbox.routing.mode == RoutingMode::Manual {
        draft.because(because(reasons::ROUTING_MANUAL));
        return;
    }
    let candidates: Vec<&AgentView> = draft.ctx.roster.iter().filter(|it| is_eligible(it, &entry) && !entry.passed.contains(&it.id)).collect();
    let sticky = if draft.ctx.inbox.routing.sticky { draft.state.last_agent.or(draft.ctx.previous_agent) } else { None };
    let Some((agent, why)) = choose(&candidates, sticky, draft.state.locale) else {
        let why = why_nobody(draft.ctx.roster, &entry);
        draft.because(because(reasons::ROUTING_NOBODY).with("why", why));
        return;
    };
    why.into_iter().for_each(|it| draft.because(it));
    let (to, name) = (agent.id, agent.name.clone());
    hand_to(draft, to, &name);
}

/// As `route`, for a conversation that came just now: when those before it may need the free agents, the queue is served in order.
pub(crate) fn route_in_turn(draft: &mut Draft<'_, '_>) {
    let Some(entry) = draft.state.queue.clone() else { return };
    let ahead = places(&entry, draft.ctx.queue, draft.ctx.roster);
    let free: u32 = draft.ctx.roster.iter().filter(|it| is_eligible(it, &entry)).map(|it| it.capacity.saturating_sub(it.load)).sum();
    if ahead > 0 && free > 0 && free <= ahead {
        draft.because(because(reasons::QUEUE_IN_TURN).with("ahead", ahead).with("free", free));
        draft.effect(Effect::RouteQueue);
    } else {
        route(draft);
    }
}

/// Whether everybody who could take it has passed; then they may be asked again.
pub(crate) fn all_passed(roster: &[AgentView], entry: &QueueEntry) -> bool {
    let mut eligible = roster.iter().filter(|it| is_eligible(it, entry)).peekable();
    eligible.peek().is_some() && eligible.all(|it| entry.passed.contains(&it.id))
}

fn hand_to(draft: &mut Draft<'_, '_>, to: MemberId, name: &str) {
    let policy = draft.ctx.inbox.routing;
    match policy.mode {
        RoutingMode::Assign => {
            draft.because(because(reasons::ASSIGNED_DIRECTLY));
            draft.push(Actor::System, Event::Assigned { to });
        }
        RoutingMode::Offer | RoutingMode::Manual => {
            let timeout_s = policy.offer_timeout_s.max(5);
            draft.because(because(reasons::OFFER_MADE).with("agent", name).with("timeout_s", timeout_s));
            let expires_at = draft.ctx.now.plus_seconds(i64::from(timeout_s));
            draft.push(Actor::System, Event::Offered { to, expires_at });
        }
    }
}

/// The sticky agent if free, else among those who speak the customer's language the least loaded by share of capacity, then the longest
/// idle, then the lowest id.
fn choose<'r>(candidates: &[&'r AgentView], sticky: Option<MemberId>, locale: Locale) -> Option<(&'r AgentView, Vec<Reason>)> {
    if let Some(agent) = candidates.iter().find(|it| Some(it.id) == sticky) {
        return Some((agent, vec![told(reasons::ROUTING_STICKY, agent)]));
    }
    let mut why = Vec::new();
    let mut sorted: Vec<&AgentView> = candidates.iter().copied().filter(|it| speaks(it, locale)).collect();
    if sorted.is_empty() {
        sorted = candidates.to_vec();
    } else if sorted.len() < candidates.len() {
        why.push(because(reasons::ROUTING_LANGUAGE).with("language", locale.tag()));
    }
    sorted.sort_by(|a, b| share(a, b).then(a.last_assigned_at.cmp(&b.last_assigned_at)).then(a.id.cmp(&b.id)));
    let (first, second) = (sorted.first().copied()?, sorted.get(1).copied());
    let reason = match second {
        None => told(reasons::ROUTING_ONLY, first),
        Some(second) => {
            let template = if share(first, second).is_eq() { reasons::ROUTING_IDLE_LONGEST } else { reasons::ROUTING_LEAST_LOADED };
            told(template, first).with("compared", compared(&sorted))
        }
    };
    why.push(reason);
    Some((first, why))
}

/// Whether an agent speaks a language: one who named no `lang:` skill is taken to.
fn speaks(agent: &AgentView, locale: Locale) -> bool {
    let wanted = match locale {
        Locale::Zh => "lang:zh",
        Locale::En => "lang:en",
    };
    let mut named = agent.skills.iter().filter(|it| it.starts_with("lang:")).peekable();
    named.peek().is_none() || named.any(|it| it == wanted)
}

/// Compares `load / capacity` without dividing.
fn share(a: &AgentView, b: &AgentView) -> std::cmp::Ordering {
    let (left, right) = (u64::from(a.load) * u64::from(b.capacity), u64::from(b.load) * u64::from(a.capacity));
    left.cmp(&right)
}

pub(crate) fn told(template: &'static reasons::Template, agent: &AgentView) -> Reason {
    because(template).with("agent", &agent.name).with("load", agent.load).with("capacity", agent.capacity)
}

/// The first few of those compared: `林夏 1/4, 周远 2/4`.
fn compared(agents: &[&AgentView]) -> String {
    const SHOWN: usize = 6;
    let mut parts: Vec<String> = agents.iter().take(SHOWN).map(|it| format!("{} {}/{}", it.name, it.load, it.capacity)).collect();
    if agents.len() > SHOWN {
        parts.push(format!("+{}", agents.len() - SHOWN));
    }
    parts.join(", ")
}

/// What keeps each of the roster from taking it, counted.
fn why_nobody(roster: &[AgentView], entry: &QueueEntry) -> String {
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    for agent in roster {
        let why = match agent.presence {
            Presence::Offline => "offline",
            Presence::Away => "away",
            Presence::Online if !may_serve(agent, entry) => if lacking(agent, entry).is_some() { "no_skill" } else { "other_team" },
            Presence::Online if agent.load >= agent.capacity => "busy",
            Presence::Online => "passed",
        };
        *counts.entry(why).or_default() += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(why, count)| format!("{why} {count}")).collect();
    if parts.is_empty() { "no_members".to_owned() } else { parts.join(", ") }
}
