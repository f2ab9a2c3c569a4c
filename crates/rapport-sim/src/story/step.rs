//! What can happen in a story. Small on purpose: every stage has to be able to do all of it.

use rapport_model::{Calendar, CalendarId, CareAct, DaySpan, Locale, Priority, RoutingMode, SpendingState, TicketStage, Timestamp};

/// A story as written: each step with the number and text of its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub title: String,
    /// Rows of the mission that it tells.
    pub rows: Vec<String>,
    pub steps: Vec<(Line, Step)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: usize,
    pub text: String,
}

impl Story {
    /// Whether it needs a clock that can be moved; without it a real server can perform it.
    pub fn moves_time(&self) -> bool {
        self.steps.iter().any(|(_, step)| matches!(step, Step::Time(_)))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Setup(Setup),
    Time(Time),
    Customer { customer: String, act: CustomerAct },
    Agent { agent: String, act: AgentAct },
    /// The server dies without warning and starts again.
    ServerIsKilled,
    /// Something about a customer and their current conversation holds, at the latest after a moment.
    Expect { customer: String, what: Expect },
    /// Something shows on an agent's desk, at the latest after a moment.
    ExpectAtDesk { agent: String, customer: String, what: AtDesk },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Setup {
    Hours(Hours),
    Routing { mode: RoutingMode, offer_timeout_s: u32 },
    Ratings { on: bool },
    Bot { on: bool },
    /// Feelings may be noticed of customers who agree.
    NoticesFeelings { on: bool },
    /// A member who can take conversations; offline at first.
    Agent { name: String, capacity: u32, skills: Vec<String> },
}

/// Weekly hours: days from 0 (Monday), minutes from local midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    pub first_day: usize,
    pub last_day: usize,
    pub start: u16,
    pub end: u16,
    pub zone: String,
    pub holidays: Option<String>,
}

impl Hours {
    /// As a calendar of the tenant.
    pub fn calendar(&self, id: CalendarId) -> Calendar {
        let spans = vec![DaySpan { start: self.start, end: self.end }];
        let week = (0..7).map(|day| if (self.first_day..=self.last_day).contains(&day) { spans.clone() } else { Vec::new() });
        Calendar { id, name: "hours".to_owned(), zone: self.zone.clone(), week: week.collect(), days: Vec::new(), holidays: self.holidays.clone() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    At(Timestamp),
    After { ms: i64 },
}

#[derive(Clone, Debug, PartialEq)]
pub enum CustomerAct {
    Opens { locale: Locale },
    /// In the conversation that the widget shows; that may be one that was resolved.
    Says { text: String },
    /// In a new conversation, when none is open.
    StartsAnew { text: String },
    Types,
    SendsPicture { name: String },
    SendsFile { name: String },
    AsksForPerson,
    LeavesQueue,
    /// Presses a button of the newest message that has one with this label.
    Presses { label: String },
    Rates { score: u8, comment: String },
    Gives { field: String, value: String },
    Reads,
    Ends,
    /// That feelings are noticed.
    Agrees,
    TakesConsentBack,
    AcceptsCompensation,
    GoesOffline,
    ComesBack,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AgentAct {
    ComesOnline,
    GoesAway,
    GoesOffline,
    Accepts { customer: String },
    Declines { customer: String },
    Takes { customer: String },
    TypesTo { customer: String },
    Says { customer: String, text: String },
    SendsPicture { customer: String, name: String },
    SendsFile { customer: String, name: String },
    Notes { customer: String, text: String },
    Reads { customer: String },
    SnoozesFor { customer: String, ms: i64 },
    SnoozesUntil { customer: String, until: Timestamp },
    Wakes { customer: String },
    Resolves { customer: String },
    Reopens { customer: String },
    Gives { customer: String, to: String },
    PutsBack { customer: String },
    ReturnsToBot { customer: String },
    SetsPriority { customer: String, priority: Priority },
    MakesTicket { customer: String, title: String },
    MovesTicket { customer: String, stage: TicketStage, note: String },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// An answer of the bot whose source has `source` in its title.
    AnsweredFrom { source: String },
    /// The bot said that it does not know and offered a person.
    NotKnown,
    /// A message to the customer holds `text`. Each message is heard once: the next such step looks at later ones.
    Hears { text: String },
    NeverHeard { text: String },
    GetsPicture { name: String },
    GetsFile { name: String },
    SeesTyping { agent: String },
    WaitsAt { position: u32, with_estimate: Option<bool> },
    OfferedTo { agent: String, summary: Option<String> },
    AssignedTo { agent: String },
    WithBot,
    Queued,
    Resolved,
    Snoozed,
    /// How often the customer was asked to rate, with reminders.
    AskedToRate { times: usize },
    Rated { score: u8 },
    GetsTicket { title: String },
    /// What anybody with the ticket's secret link reads.
    TicketPage { stage: TicketStage, note: Option<String> },
    /// Exactly this often, a message holding `text` is on the customer's timeline.
    Has { times: usize, text: String },
    ReadEverything,
    ReadByAgents,
    /// An act of care is in force.
    CaredFor { act: CareAct },
    NotCaredFor,
    HasPriority { priority: Priority },
    CompensationIs { state: SpendingState },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtDesk {
    /// A message of the customer holds `text`.
    Hears { text: String },
    GetsPicture { name: String },
    GetsFile { name: String },
    SeesTyping,
}
