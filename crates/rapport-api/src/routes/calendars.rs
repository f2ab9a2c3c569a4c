//! Business hours: weekly spans, special days, public holidays, and a preview of what they mean.

use axum::{Json, http::StatusCode};
use chrono::{DateTime, Days, NaiveDate};
use rapport_engine::{calendar, holidays};
use rapport_model::{Calendar, CalendarId, DaySpan, Inbox, Locale, SpecialDay, Timestamp};
use rapport_ports::Expect;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Agent, Caller},
    configuration::{self, Items, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch, Params},
    failure::{Failure, Outcome},
};

const SPANS_MAX: usize = 8;
const DAYS_MAX: usize = 400;
const PREVIEW_DAYS_MAX: u64 = 120;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(save, remove)).routes(routes!(preview))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CalendarBody {
    name: String,
    /// IANA zone.
    zone: String,
    /// Seven lists, Monday first.
    week: Vec<Vec<DaySpan>>,
    #[serde(default)]
    days: Vec<SpecialDay>,
    #[serde(default)]
    holidays: Option<String>,
}

impl CalendarBody {
    fn checked(self, id: CalendarId) -> Outcome<Calendar> {
        if self.zone.parse::<chrono_tz::Tz>().is_err() {
            return Err(Failure::field("zone: an IANA name such as Asia/Shanghai"));
        }
        if self.week.len() != 7 {
            return Err(Failure::field("week: seven lists, Monday first"));
        }
        for spans in self.week.iter().chain(self.days.iter().map(|it| &it.spans)) {
            check_spans(spans)?;
        }
        if self.days.len() > DAYS_MAX {
            return Err(Failure::field(format!("days: at most {DAYS_MAX}")));
        }
        let mut days = Vec::new();
        for mut day in self.days {
            let date: NaiveDate = day.date.parse().map_err(|_bad| Failure::field("days: dates as YYYY-MM-DD"))?;
            day.date = date.to_string();
            day.name = bounded("days.name", day.name.trim(), 60)?;
            if days.iter().any(|it: &SpecialDay| it.date == day.date) {
                return Err(Failure::field(format!("days: {} twice", day.date)));
            }
            days.push(day);
        }
        days.sort_by(|a, b| a.date.cmp(&b.date));
        if self.holidays.as_deref().is_some_and(|it| it != "cn") {
            return Err(Failure::field("holidays: cn, or none"));
        }
        Ok(Calendar { id, name: needed("name", &self.name, 60)?, zone: self.zone, week: self.week, days, holidays: self.holidays })
    }
}

fn check_spans(spans: &[DaySpan]) -> Outcome<()> {
    let in_order = spans.windows(2).all(|it| if let [a, b] = it { a.end <= b.start } else { true });
    let whole = spans.iter().all(|it| it.start < it.end && it.end <= 1440);
    if in_order && whole && spans.len() <= SPANS_MAX { Ok(()) } else { Err(Failure::field("spans: start before end, at most 1440, in order, not overlapping")) }
}

#[utoipa::path(get, path = "/calendars", tag = "calendars", responses((status = 200, body = Items<Versioned<Calendar>>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Items<Versioned<Calendar>>>> {
    Ok(Json(Items { items: configuration::list(&caller).await? }))
}

#[utoipa::path(post, path = "/calendars", tag = "calendars", request_body = CalendarBody, responses((status = 200, body = Versioned<Calendar>)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<CalendarBody>) -> Outcome<Json<Versioned<Calendar>>> {
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    Ok(Json(configuration::put(&caller, body.checked(id)?, Expect::New, id).await?))
}

#[utoipa::path(put, path = "/calendars/{id}", tag = "calendars", params(("id" = CalendarId, Path)), request_body = CalendarBody, responses((status = 200, body = Versioned<Calendar>)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<CalendarId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<CalendarBody>,
) -> Outcome<Json<Versioned<Calendar>>> {
    configuration::get::<Calendar>(&caller, *id.as_bytes()).await?;
    Ok(Json(configuration::put(&caller, body.checked(id)?, expect, id).await?))
}

/// Errors: `input.bad_field` while an inbox follows it.
#[utoipa::path(delete, path = "/calendars/{id}", tag = "calendars", params(("id" = CalendarId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Administrator(caller): Administrator, Id(id): Id<CalendarId>) -> Outcome<StatusCode> {
    let inboxes = configuration::list::<Inbox>(&caller).await?;
    if let Some(inbox) = inboxes.iter().find(|it| it.record.calendar == Some(id)) {
        return Err(Failure::field(format!("in use by {}", inbox.record.name)));
    }
    configuration::remove::<Calendar>(&caller, *id.as_bytes(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Span {
    /// How many days from today; 30 where it is not given.
    #[serde(default)]
    days: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    open_now: bool,
    next_open: Option<Timestamp>,
    days: Vec<SpecialDay>,
}

/// Each coming day with the hours that hold on it, and why where they differ from the week.
#[utoipa::path(get, path = "/calendars/{id}/preview", tag = "calendars", params(("id" = CalendarId, Path), Span), responses((status = 200, body = Preview)))]
pub(crate) async fn preview(Agent(caller): Agent, Id(id): Id<CalendarId>, Params(span): Params<Span>) -> Outcome<Json<Preview>> {
    let hours = configuration::get::<Calendar>(&caller, *id.as_bytes()).await?.record;
    let now = caller.state.clock.now();
    let days = coming(&caller, &hours, now, span.days.unwrap_or(30).clamp(1, PREVIEW_DAYS_MAX));
    let open_now = calendar::is_open(&hours, now);
    let next_open = if open_now { None } else { calendar::next_open(&hours, now) };
    Ok(Json(Preview { open_now, next_open, days }))
}

fn coming(caller: &Caller, hours: &Calendar, now: Timestamp, days: u64) -> Vec<SpecialDay> {
    let zone: chrono_tz::Tz = hours.zone.parse().unwrap_or(chrono_tz::UTC);
    let Some(today) = DateTime::from_timestamp_millis(now.0).map(|it| it.with_timezone(&zone).date_naive()) else { return Vec::new() };
    let each = (0..days).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
    each.map(|day| SpecialDay { date: day.to_string(), spans: calendar::spans_of(hours, day).to_vec(), name: name_of(hours, day, caller.locale) }).collect()
}

fn name_of(hours: &Calendar, day: NaiveDate, locale: Locale) -> String {
    let date = day.to_string();
    if let Some(own) = hours.days.iter().find(|it| it.date == date) {
        return own.name.clone();
    }
    let kind = if hours.holidays.as_deref() == Some("cn") { holidays::china(day) } else { None };
    match (kind, locale) {
        (Some(holidays::DayKind::Holiday { zh, .. }), Locale::Zh) => zh.to_owned(),
        (Some(holidays::DayKind::Holiday { en, .. }), Locale::En) => en.to_owned(),
        (Some(holidays::DayKind::WorkingWeekend), Locale::Zh) => "调休上班".to_owned(),
        (Some(holidays::DayKind::WorkingWeekend), Locale::En) => "Working weekend".to_owned(),
        (None, _) => String::new(),
    }
}
