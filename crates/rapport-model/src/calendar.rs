//! Business hours: a zone, weekly hours, and days that differ (holidays, working weekends).

use serde::{Deserialize, Serialize};

use crate::CalendarId;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Calendar {
    pub id: CalendarId,
    pub name: String,
    /// IANA zone, e.g. `Asia/Shanghai`.
    pub zone: String,
    /// Seven lists, Monday first; each of spans within the day, in order, not overlapping.
    pub week: Vec<Vec<DaySpan>>,
    /// Days that differ; they win over the week.
    #[serde(default)]
    pub days: Vec<SpecialDay>,
    /// Public holidays that are followed in addition: `cn` for mainland China with its working weekends.
    #[serde(default)]
    pub holidays: Option<String>,
}

/// Units: minutes from local midnight; `end` is exclusive and at most 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DaySpan {
    pub start: u16,
    pub end: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SpecialDay {
    /// Local date, `YYYY-MM-DD`.
    pub date: String,
    /// Empty means closed.
    pub spans: Vec<DaySpan>,
    #[serde(default)]
    pub name: String,
}
