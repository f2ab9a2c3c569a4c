//! One conversation to decide on: a company, two agents, a clock that is set by hand, and what was decided, in short words.

use std::collections::BTreeMap;

use rapport_engine::{Care, Context, advance, decide, reads};
use rapport_ethics::{Gate, PersonRole, PseudonymKey, Sealed, Subject};
use rapport_knowledge::Index;
use rapport_model::{
    Actor, AgentView, Article, ArticleId, ArticleSource, AuditRecord, Bilingual, CareBudget, CareOutcome, CareRule, Consent, Felt, Spent, TenantSwitches, Calendar, CalendarId, ChannelKind, Choice, Contact, ContactId, Content, Conversation,
    CustomerAction, DaySpan, Decision, Effect, Event, Fault, Ids, Inbox, InboxId, Input, Intent, Locale, MemberAction, MemberId, Message, Presence,
    QueueEntry, RoutingPolicy, Seq, Status, TimerChange, TimerKind, Timestamp, Understanding,
};
use uuid::Uuid;

pub(crate) const LIN: MemberId = MemberId(Uuid::from_u128(0xA));
pub(crate) const ZHOU: MemberId = MemberId(Uuid::from_u128(0xB));
pub(crate) const CUSTOMER: ContactId = ContactId(Uuid::from_u128(0xC));

pub(crate) struct Talk {
    pub(crate) now: Timestamp,
    pub(crate) inbox: Inbox,
    pub(crate) contact: Contact,
    pub(crate) calendar: Option<Calendar>,
    pub(crate) roster: Vec<AgentView>,
    /// Others who wait.
    pub(crate) queue: Vec<QueueEntry>,
    pub(crate) handle_time_ms: Option<i64>,
    pub(crate) conversation: Option<Conversation>,
    pub(crate) timers: BTreeMap<&'static str, (TimerKind, Timestamp)>,
    pub(crate) effects: Vec<Effect>,
    /// What was said to the customer, newest last.
    pub(crate) said: Vec<String>,
    pub(crate) reasons: Vec<String>,
    /// What is taught, and what the next text is taken for.
    pub(crate) intents: Vec<Intent>,
    pub(crate) understanding: Option<Understanding>,
    /// What the next text shows, where anybody may know.
    pub(crate) felt: Option<Felt>,
    pub(crate) switches: TenantSwitches,
    pub(crate) consents: Vec<Consent>,
    pub(crate) rules: Vec<CareRule>,
    pub(crate) spent: Spent,
    /// Of the newest decision.
    pub(crate) audit: Vec<AuditRecord>,
    pub(crate) care: CareOutcome,
    noticed: bool,
    /// Labels of the newest buttons.
    pub(crate) buttons: Vec<Choice>,
    knowledge: Index,
    ids: Ids,
    seq: u64,
}

fn gate() -> &'static Gate {
    static GATE: std::sync::OnceLock<Gate> = std::sync::OnceLock::new();
    GATE.get_or_init(|| Gate::new().expect("what ships"))
}

/// A moment of a calendar's local time in Shanghai.
pub(crate) fn shanghai(text: &str) -> Timestamp {
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment");
    Timestamp(naive.and_utc().timestamp_millis() - 8 * 3_600_000)
}

pub(crate) fn agent(id: MemberId, name: &str, load: u32, capacity: u32) -> AgentView {
    AgentView { id, name: name.to_owned(), presence: Presence::Online, teams: Vec::new(), skills: Vec::new(), capacity, load, last_assigned_at: None }
}

impl Talk {
    pub(crate) fn new(locale: Locale) -> Self {
        let now = shanghai("2026-06-10 10:00");
        let inbox = Inbox {
            id: InboxId(Uuid::from_u128(0x1)),
            name: "shop".to_owned(),
            key: "shop".to_owned(),
            channel: ChannelKind::Web,
            locale,
            welcome: Bilingual::default(),
            color: "#000000".to_owned(),
            prechat: Vec::new(),
            allowed_origins: Vec::new(),
            require_identity: false,
            bot: true,
            team: None,
            skills: Vec::new(),
            calendar: None,
            routing: RoutingPolicy::default(),
            csat: true,
            active: true,
        };
        let contact = Contact {
            id: CUSTOMER,
            name: String::new(),
            email: None,
            phone: None,
            locale,
            fields: BTreeMap::new(),
            verified_at: None,
            notes: String::new(),
            created_at: now,
            last_seen_at: now,
        };
        Self {
            now,
            inbox,
            contact,
            calendar: None,
            roster: vec![agent(LIN, "林夏", 0, 4), agent(ZHOU, "周远", 0, 4)],
            queue: Vec::new(),
            handle_time_ms: None,
            conversation: None,
            timers: BTreeMap::new(),
            effects: Vec::new(),
            said: Vec::new(),
            reasons: Vec::new(),
            intents: Vec::new(),
            understanding: None,
            felt: None,
            switches: TenantSwitches::default(),
            consents: Vec::new(),
            rules: Vec::new(),
            spent: Spent::default(),
            audit: Vec::new(),
            care: CareOutcome::default(),
            noticed: false,
            buttons: Vec::new(),
            knowledge: knowledge(),
            ids: Ids::new(now, 1),
            seq: 0,
        }
    }

    /// Office hours Monday to Friday, 9 to 18, with China's holidays.
    pub(crate) fn with_hours(mut self) -> Self {
        let mut week = vec![vec![DaySpan { start: 540, end: 1080 }]; 5];
        week.extend([Vec::new(), Vec::new()]);
        let (name, zone) = ("office".to_owned(), "Asia/Shanghai".to_owned());
        self.calendar = Some(Calendar { id: CalendarId(Uuid::nil()), name, zone, week, days: Vec::new(), holidays: Some("cn".to_owned()) });
        self
    }

    /// Decides and takes the decision for done. Answers what happened in short words.
    pub(crate) fn does(&mut self, input: &Input) -> Result<String, Fault> {
        let needs = reads(input, self.conversation.as_ref());
        let mut queue = self.queue.clone();
        queue.extend(self.conversation.as_ref().and_then(|it| it.queue.clone()));
        let subject = Subject { contact: self.contact.id, role: PersonRole::Customer, consents: &self.consents };
        let allowed = gate().allow_care(&subject, &self.switches, self.now).ok();
        let felt = self.felt.clone().filter(|_| matches!(input, Input::CustomerMessage { .. })).map(Sealed::<Felt, rapport_ethics::Care>::new);
        let skills: Vec<String> = self.roster.iter().flat_map(|it| it.skills.iter().cloned()).collect();
        let (budget, key) = (CareBudget::default(), PseudonymKey::new([1; 32]));
        let is_first = !self.noticed;
        let care = allowed.as_ref().zip(felt.as_ref()).map(|(allowed, felt)| Care {
            gate: gate(),
            allowed,
            felt,
            is_first,
            switches: self.switches,
            consents: &self.consents,
            rules: &self.rules,
            budget: &budget,
            spent: self.spent,
            key: &key,
            skills: &skills,
        });
        self.noticed |= care.is_some();
        let context = Context {
            now: self.now,
            tenant_name: "云步",
            inbox: &self.inbox,
            contact: &self.contact,
            conversation: self.conversation.as_ref(),
            previous_agent: None,
            calendar: self.calendar.as_ref(),
            roster: if needs.roster { &self.roster } else { &[] },
            queue: if needs.queue { &queue } else { &[] },
            handle_time_ms: self.handle_time_ms,
            knowledge: needs.knowledge.then_some(&self.knowledge),
            intents: if needs.knowledge { &self.intents } else { &[] },
            understanding: if needs.knowledge { self.understanding.as_ref() } else { None },
            consents: if needs.consents { &self.consents } else { &[] },
            care,
            next_number: 1,
            last_seq: Seq(self.seq),
        };
        let (decision, after) = decide(&context, input, &mut self.ids)?;
        assert_eq!(advance(self.conversation.clone(), &decision, self.now), Some(after), "the state of a decision is what its events make");
        assert!(!decision.reasons.is_empty(), "a decision without reasons: {input:?}");
        self.take(&decision);
        Ok(decision.events.iter().map(|(actor, event)| format!("{} {}", who(*actor), what(event))).collect::<Vec<_>>().join(", "))
    }

    fn take(&mut self, decision: &Decision) {
        let before = self.conversation.take();
        self.conversation = if decision.events.is_empty() { before } else { advance(before, decision, self.now) };
        self.seq += u64::try_from(decision.events.len()).expect("small");
        self.reasons = decision.reasons.iter().map(|it| it.code.to_string()).collect();
        self.audit.clone_from(&decision.audit);
        self.care.clone_from(&decision.care);
        self.effects.clone_from(&decision.effects);
        for change in &decision.timers {
            match change {
                TimerChange::Set { kind, at } => {
                    self.timers.insert(kind.slot(), (*kind, *at));
                }
                TimerChange::Cancel { slot } => self.timers.retain(|it, _| it != slot),
            }
        }
        for (actor, event) in &decision.events {
            if let Event::MessageSent { message } = event
                && !matches!(actor, Actor::Member(_))
            {
                self.said.push(message.content.plain_text().to_owned());
                if let Content::Choices { options, .. } = &message.content {
                    self.buttons.clone_from(options);
                }
            }
        }
    }

    pub(crate) fn status(&self) -> Status {
        self.conversation.as_ref().expect("a conversation").status
    }

    pub(crate) fn state(&self) -> &Conversation {
        self.conversation.as_ref().expect("a conversation")
    }

    pub(crate) fn says(&mut self, text: &str) -> String {
        let message = Message { id: self.ids.next(), client_id: Some("c".to_owned()), content: Content::Text { text: text.to_owned() } };
        self.does(&Input::CustomerMessage { message }).expect("taken")
    }

    pub(crate) fn asks(&mut self, action: CustomerAction) -> String {
        self.does(&Input::Customer { action }).expect("taken")
    }

    pub(crate) fn member(&mut self, by: MemberId, action: MemberAction) -> String {
        self.does(&Input::Member { by, action }).expect("taken")
    }

    pub(crate) fn replies(&mut self, by: MemberId, text: &str) -> String {
        self.member(by, MemberAction::Send { content: Content::Text { text: text.to_owned() } })
    }

    /// Moves the clock to a timer's time and fires it.
    pub(crate) fn fires(&mut self, slot: &str) -> String {
        let (kind, at) = *self.timers.get(slot).unwrap_or_else(|| panic!("no timer {slot}: {:?}", self.timers));
        self.now = self.now.max(at);
        self.timers.retain(|it, _| *it != slot);
        self.does(&Input::TimerFired { timer: kind }).expect("taken")
    }

    pub(crate) fn last_said(&self) -> &str {
        self.said.last().map_or("", String::as_str)
    }

    pub(crate) fn later(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }
}

fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Customer(_) => "customer",
        Actor::Member(LIN) => "林夏",
        Actor::Member(_) => "周远",
        Actor::Bot => "bot",
        Actor::System => "system",
    }
}

fn name(id: MemberId) -> &'static str {
    if id == LIN { "林夏" } else { "周远" }
}

fn what(event: &Event) -> String {
    if let Event::MessageSent { message } | Event::MessageReceived { message } = event {
        format!("says {}", message.content.kind())
    } else if let Event::Offered { to, .. } = event {
        format!("offers to {}", name(*to))
    } else if let Event::Assigned { to } = event {
        format!("assigns to {}", name(*to))
    } else {
        event.kind().to_owned()
    }
}

fn knowledge() -> Index {
    let texts = [
        (Locale::Zh, "换货：尺码或颜色不合适怎么换", "签收后 15 天内可以换货，每个订单的第一次换货免运费。打开“我的订单”，点“申请换货”。"),
        (Locale::Zh, "发票怎么开", "在订单页点“申请发票”，电子发票在 24 小时内发到您的邮箱。"),
        (Locale::Zh, "配送时间与运费", "订单当天发货，一般 2 到 4 天送到。满 99 元免运费。"),
        (Locale::En, "Exchanges: wrong size or colour", "You can exchange within 15 days of delivery. The first exchange of an order is free of charge."),
        (Locale::En, "Invoices", "Open the order and press Invoice: it is e-mailed to you within 24 hours."),
        (Locale::En, "Delivery times", "Orders are shipped the same day and arrive within 2 to 4 days."),
    ];
    let articles: Vec<Article> = texts
        .into_iter()
        .zip(1..)
        .map(|((locale, title, body), n)| Article {
            id: ArticleId(Uuid::from_u128(0x100 + n)),
            title: title.to_owned(),
            body: body.to_owned(),
            questions: Vec::new(),
            locale,
            published: true,
            version: 1,
            source: ArticleSource::Written,
            url: None,
            updated_at: Timestamp(0),
            updated_by: None,
        })
        .collect();
    Index::build(&articles)
}
