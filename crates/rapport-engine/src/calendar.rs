//! Business hours: whether they are open at a moment, and when they open next.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use rapport_model::{Calendar, DaySpan, Locale, Timestamp};

use crate::holidays::{self, DayKind};

/// How far `next_open` looks ahead. Units: days.
const LOOK_AHEAD_DAYS: u64 = 370;

/// Whether the business hours hold at this moment.
pub fn is_open(calendar: &Calendar, at: Timestamp) -> bool {
    let Some(local) = local(calendar, at) else { return false };
    let minute = local.hour() * 60 + local.minute();
    spans_of(calendar, local.date_naive()).iter().any(|it| (u32::from(it.start)..u32::from(it.end)).contains(&minute))
}

/// The first moment at or after `at` at which the hours hold; `None` when there is none within a year.
pub fn next_open(calendar: &Calendar, at: Timestamp) -> Option<Timestamp> {
    if is_open(calendar, at) {
        return Some(at);
    }
    let zone = zone(calendar);
    let today = local(calendar, at)?.date_naive();
    for ahead in 0..LOOK_AHEAD_DAYS {
        let day = today.checked_add_days(chrono::Days::new(ahead))?;
        let starts = spans_of(calendar, day).iter().filter(|it| it.start < it.end).filter_map(|it| moment(zone, day, it.start));
        if let Some(found) = starts.filter(|it| *it >= at).min() {
            return Some(found);
        }
    }
    None
}

/// The holiday on which a moment falls, where the calendar follows a country's and the day has no hours of its own.
pub fn holiday(calendar: &Calendar, at: Timestamp, locale: Locale) -> Option<&'static str> {
    let day = local(calendar, at)?.date_naive();
    match public_day(calendar, day)? {
        DayKind::Holiday { zh, en } => Some(match locale {
            Locale::Zh => zh,
            Locale::En => en,
        }),
        DayKind::WorkingWeekend => None,
    }
}

/// The year of a moment when the calendar follows a country whose holidays of that year are not known yet.
pub fn unannounced_year(calendar: &Calendar, at: Timestamp) -> Option<i32> {
    calendar.holidays.as_deref().filter(|it| *it == "cn")?;
    let year = local(calendar, at)?.year();
    (!holidays::announced(year)).then_some(year)
}

/// A moment in the calendar's zone as people of any language read it: `2026-10-08 09:00`.
pub fn plain_moment(calendar: &Calendar, at: Timestamp) -> String {
    local(calendar, at).map_or_else(String::new, |it| it.format("%Y-%m-%d %H:%M").to_string())
}

/// A moment as a customer reads it in the calendar's zone: `今天 14:00`, `10月9日（周五）09:00`, `Fri, 9 Oct, 09:00`.
pub fn say_moment(calendar: &Calendar, at: Timestamp, now: Timestamp, locale: Locale) -> String {
    let (Some(then), Some(now)) = (local(calendar, at), local(calendar, now)) else { return String::new() };
    let clock = format!("{:02}:{:02}", then.hour(), then.minute());
    let days_ahead = then.date_naive().signed_duration_since(now.date_naive()).num_days();
    let day = usize::try_from(then.weekday().num_days_from_monday()).unwrap_or(0);
    match (locale, days_ahead) {
        (Locale::Zh, 0) => format!("今天 {clock}"),
        (Locale::Zh, 1) => format!("明天 {clock}"),
        (Locale::Zh, _) => format!("{}月{}日（周{}）{clock}", then.month(), then.day(), WEEKDAYS.get(day).map_or("", |it| it.0)),
        (Locale::En, 0) => format!("today at {clock}"),
        (Locale::En, 1) => format!("tomorrow at {clock}"),
        (Locale::En, _) => {
            let month = usize::try_from(then.month0()).ok().and_then(|it| MONTHS.get(it)).copied().unwrap_or_default();
            format!("{}, {} {month}, {clock}", WEEKDAYS.get(day).map_or("", |it| it.1), then.day())
        }
    }
}

const WEEKDAYS: [(&str, &str); 7] = [("一", "Mon"), ("二", "Tue"), ("三", "Wed"), ("四", "Thu"), ("五", "Fri"), ("六", "Sat"), ("日", "Sun")];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The hours of one local day: a day of the calendar's own wins over the public holiday, that over the week.
pub fn spans_of(calendar: &Calendar, day: NaiveDate) -> &[DaySpan] {
    let date = day.format("%Y-%m-%d").to_string();
    if let Some(special) = calendar.days.iter().find(|it| it.date == date) {
        return &special.spans;
    }
    let of_week = |index: usize| calendar.week.get(index).map_or(&[][..], Vec::as_slice);
    let own = of_week(usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0));
    match public_day(calendar, day) {
        None => own,
        Some(DayKind::Holiday { .. }) => &[],
        // A working weekend is worked like a working day, unless the company works on that weekday anyway.
        Some(DayKind::WorkingWeekend) if own.is_empty() => (0..5).map(of_week).find(|it| !it.is_empty()).unwrap_or_default(),
        Some(DayKind::WorkingWeekend) => own,
    }
}

fn public_day(calendar: &Calendar, day: NaiveDate) -> Option<DayKind> {
    if calendar.holidays.as_deref() == Some("cn") { holidays::china(day) } else { None }
}

/// An unknown zone is read as UTC: hours that are off by a few are better than a conversation that stops.
fn zone(calendar: &Calendar) -> Tz {
    calendar.zone.parse().unwrap_or(Tz::UTC)
}

fn local(calendar: &Calendar, at: Timestamp) -> Option<DateTime<Tz>> {
    DateTime::from_timestamp_millis(at.0).map(|it| it.with_timezone(&zone(calendar)))
}

/// Minute `minute` of a local day. Where the clocks skip it (summer time), the first moment after.
fn moment(zone: Tz, day: NaiveDate, minute: u16) -> Option<Timestamp> {
    let naive = day.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::minutes(i64::from(minute)))?;
    let earliest = |it| zone.from_local_datetime(&it).earliest();
    let found = earliest(naive).or_else(|| earliest(naive.checked_add_signed(TimeDelta::hours(1))?))?;
    Some(Timestamp(found.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use rapport_model::{CalendarId, SpecialDay};

    use super::*;

    fn shanghai() -> Calendar {
        let day = vec![DaySpan { start: 9 * 60, end: 12 * 60 }, DaySpan { start: 13 * 60, end: 18 * 60 }];
        let mut week = vec![day; 5];
        week.extend([Vec::new(), Vec::new()]);
        Calendar { id: CalendarId(uuid::Uuid::nil()), name: "hours".to_owned(), zone: "Asia/Shanghai".to_owned(), week, days: Vec::new(), holidays: Some("cn".to_owned()) }
    }

    fn at(calendar: &Calendar, text: &str) -> Timestamp {
        let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Timestamp(zone(calendar).from_local_datetime(&naive).earliest().unwrap().timestamp_millis())
    }

    fn check_with(calendar: &Calendar, moment: &str, opens: &str) {
        let now = at(calendar, moment);
        let expected = if opens == "open" { now } else { at(calendar, opens) };
        assert_eq!(is_open(calendar, now), opens == "open", "{moment}");
        assert_eq!(next_open(calendar, now), Some(expected), "{moment} opens {opens}");
    }

    fn check(moment: &str, opens: &str) {
        check_with(&shanghai(), moment, opens);
    }

    #[test]
    fn an_ordinary_week() {
        check("2026-06-08 09:00", "open");
        check("2026-06-08 08:59", "2026-06-08 09:00");
        check("2026-06-08 12:00", "2026-06-08 13:00");
        check("2026-06-08 17:59", "open");
        check("2026-06-08 18:00", "2026-06-09 09:00");
        check("2026-06-12 18:00", "2026-06-15 09:00");
    }

    #[test]
    fn national_day_2026_with_its_working_weekends() {
        check("2026-09-19 10:00", "2026-09-20 09:00");
        check("2026-09-20 10:00", "open");
        check("2026-09-25 10:00", "2026-09-28 09:00");
        check("2026-09-30 18:30", "2026-10-08 09:00");
        check("2026-10-01 10:00", "2026-10-08 09:00");
        check("2026-10-07 23:59", "2026-10-08 09:00");
        check("2026-10-10 10:00", "open");
        check("2026-10-11 10:00", "2026-10-12 09:00");
    }

    #[test]
    fn spring_festival_and_new_year() {
        check("2025-01-26 10:00", "open");
        check("2025-01-27 18:00", "2025-02-05 09:00");
        check("2026-01-04 10:00", "open");
        check("2026-02-14 10:00", "open");
        check("2026-02-14 18:00", "2026-02-24 09:00");
        check("2026-02-28 10:00", "open");
        check("2025-10-08 10:00", "2025-10-09 09:00");
        check("2025-10-11 10:00", "open");
    }

    #[test]
    fn a_day_of_ones_own_wins_over_holiday_and_week() {
        let mut calendar = shanghai();
        let special = |date: &str, spans| SpecialDay { date: date.to_owned(), spans, name: String::new() };
        calendar.days = vec![special("2026-10-01", vec![DaySpan { start: 600, end: 660 }]), special("2026-06-09", Vec::new())];
        check_with(&calendar, "2026-10-01 10:30", "open");
        check_with(&calendar, "2026-10-01 11:00", "2026-10-08 09:00");
        check_with(&calendar, "2026-06-08 18:00", "2026-06-10 09:00");
    }

    #[test]
    fn summer_time_and_missing_hours() {
        let mut calendar = shanghai();
        calendar.holidays = None;
        calendar.zone = "Europe/Berlin".to_owned();
        calendar.week = vec![vec![DaySpan { start: 150, end: 240 }]; 7];
        check_with(&calendar, "2026-03-29 01:00", "2026-03-29 03:30");
        calendar.week = Vec::new();
        assert_eq!(next_open(&calendar, Timestamp(0)), None);
    }

    #[test]
    fn moments_read_naturally() {
        let calendar = shanghai();
        let say = |then: &str, locale| say_moment(&calendar, at(&calendar, then), at(&calendar, "2026-10-01 10:00"), locale);
        assert_eq!(say("2026-10-08 09:00", Locale::Zh), "10月8日（周四）09:00");
        assert_eq!(say("2026-10-08 09:00", Locale::En), "Thu, 8 Oct, 09:00");
        assert_eq!(say("2026-10-02 09:00", Locale::Zh), "明天 09:00");
        assert_eq!(holiday(&calendar, at(&calendar, "2026-10-01 10:00"), Locale::En), Some("National Day"));
    }
}
