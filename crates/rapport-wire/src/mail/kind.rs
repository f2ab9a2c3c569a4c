//! What a message is: of a person, or of a machine; what a report says about a message of ours; and whether anything may be answered automatically (RFC 3834).

use super::thread::{Keys, Purpose};
use super::{Mail, address, report};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    /// Out of office, acknowledgement of another desk.
    AutoReply,
    Delivery(Delivery),
    /// Message-ID of what was read, where told.
    ReadReceipt { about: Option<String> },
    /// A complaint: whoever complained gets no campaign any more.
    Complaint { about: Option<String>, recipient: Option<String> },
    List,
    /// A message of ours that came back: to be dropped.
    OwnLoop,
}

/// What became of a message of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub outcome: Outcome,
    pub status: Option<String>,
    pub recipient: Option<String>,
    pub diagnostic: Option<String>,
    /// Our key of the message, from the signed return address; proved.
    pub key: Option<String>,
    /// Its Message-ID, as the report tells; claimed.
    pub about: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 5.x.x: never again without a new address.
    Hard,
    /// 4.x.x, and 5.x.x that speak of the mailbox's state or of policy.
    Soft,
    /// Still being tried.
    Delayed,
    Delivered,
}

/// What is ours, for telling our own mail from others'.
#[derive(Clone, Debug, Default)]
pub struct Own {
    pub addresses: Vec<String>,
    pub domains: Vec<String>,
}

impl Own {
    fn is_ours(&self, it: &str) -> bool {
        let domain = address::parts(it).map(|it| it.1.to_lowercase()).unwrap_or_default();
        self.addresses.iter().any(|own| address::same(own, it)) || self.domains.iter().any(|own| own.eq_ignore_ascii_case(&domain))
    }
}

/// A loop between servers (RFC 5321 6.3).
const HOPS_MAX: usize = 50;

pub fn kind(mail: &Mail, keys: &Keys) -> Kind {
    if mail.signals.hops > HOPS_MAX || is_own(mail, keys) {
        return Kind::OwnLoop;
    }
    if let Some(told) = reported(mail, keys) {
        return told;
    }
    let automatic = mail.signals.auto_submitted.as_deref().is_some_and(|it| it != "no");
    let replies_itself = mail.signals.machine_fields.iter().any(|it| it != "x-auto-response-suppress" && !it.ends_with("feedback-id") && it != "x-failed-recipients");
    let is_reply = mail.signals.auto_submitted.as_deref().is_some_and(|it| it.starts_with("auto-replied")) || replies_itself || mail.signals.precedence.as_deref() == Some("auto_reply");
    let is_list = mail.signals.list || matches!(mail.signals.precedence.as_deref(), Some("list" | "bulk" | "junk"));
    if is_reply || says_absent(&mail.subject) || automatic && !is_list {
        Kind::AutoReply
    } else if is_list {
        Kind::List
    } else {
        Kind::Person
    }
}

/// By a mark or a Message-ID that only we can make.
fn is_own(mail: &Mail, keys: &Keys) -> bool {
    let by_mark = mail.signals.loops.iter().any(|it| keys.opened(Purpose::Loop, it).is_some());
    by_mark || mail.message_id.as_deref().is_some_and(|it| keys.own_message(it).is_some())
}

fn reported(mail: &Mail, keys: &Keys) -> Option<Kind> {
    let empty = report::Report::default();
    let report = mail.report.as_ref().unwrap_or(&empty);
    let about = report.about().map(str::to_owned);
    let key = mail.recipients().find_map(|it| keys.bounce(it));
    if report.feedback.is_some() {
        return Some(Kind::Complaint { about, recipient: report.recipients.first().map(|it| it.address.clone()).filter(|it| !it.is_empty()) });
    }
    if report.disposition.is_some() {
        return Some(Kind::ReadReceipt { about });
    }
    if let Some(worst) = report.recipients.iter().max_by_key(|it| severity(it)) {
        let delivery = Delivery {
            outcome: outcome(&worst.action, worst.status.as_deref()),
            status: worst.status.clone(),
            recipient: Some(worst.address.clone()).filter(|it| !it.is_empty()),
            diagnostic: worst.diagnostic.clone(),
            key,
            about,
        };
        return Some(Kind::Delivery(delivery));
    }
    prose_bounce(mail, key, about)
}

fn severity(it: &report::Recipient) -> u8 {
    match outcome(&it.action, it.status.as_deref()) {
        Outcome::Hard => 3,
        Outcome::Soft => 2,
        Outcome::Delayed => 1,
        Outcome::Delivered => 0,
    }
}

/// Source: RFC 3463. Full mailboxes (x.2.2), lengths, policy and protocol faults pass; addresses and routing do not.
fn outcome(action: &str, status: Option<&str>) -> Outcome {
    let passes = |it: &str| ["5.2.2", "5.2.3", "5.3.", "5.4.5", "5.5.", "5.6.", "5.7."].iter().any(|prefix| it.starts_with(prefix));
    match (action, status) {
        ("delivered" | "relayed" | "expanded", _) => Outcome::Delivered,
        ("delayed", _) => Outcome::Delayed,
        (_, Some(status)) if status.starts_with('2') => Outcome::Delivered,
        (_, Some(status)) if status.starts_with('4') || passes(status) => Outcome::Soft,
        _ => Outcome::Hard,
    }
}

/// Bounces of servers that know no RFC 3464: from a daemon, without a return path, and saying so.
fn prose_bounce(mail: &Mail, key: Option<String>, about: Option<String>) -> Option<Kind> {
    let author = mail.author().map(|it| address::canonical(&it.address)).unwrap_or_default();
    let local = author.split('@').next().unwrap_or_default();
    let is_daemon = matches!(local, "mailer-daemon" | "postmaster" | "mail-daemon" | "mailerdaemon" | "mailer_daemon");
    let null_path = mail.signals.return_path.as_deref() == Some("");
    let subject = mail.subject.to_lowercase();
    let says_so = [
        "undeliver", "delivery status notification", "delivery failure", "mail delivery failed", "failure notice", "returned mail", "delivery has failed", "退信", "投递失败", "系统退信", "未送达",
        "无法投递", "发送失败",
    ].iter().any(|it| subject.contains(it));
    let failed_field = mail.signals.machine_fields.iter().any(|it| it == "x-failed-recipients");
    // One sign alone is a person who writes about a bounce.
    let signs = [is_daemon, null_path, says_so, failed_field, key.is_some()].iter().filter(|it| **it).count();
    if signs < 2 {
        return None;
    }
    let status = report::status(&mail.text);
    let code = |digit: char| mail.text.split(|it: char| !it.is_ascii_digit()).any(|it| it.len() == 3 && it.starts_with(digit) && matches!(it, "421" | "450" | "451" | "452" | "550" | "551" | "552" | "553" | "554"));
    let outcome = match status.as_deref() {
        Some(status) => outcome("failed", Some(status)),
        None if code('4') && !code('5') => Outcome::Soft,
        None => Outcome::Hard,
    };
    let about = about.or_else(|| id_in_prose(&mail.text));
    let recipient = mail.text.split(|it: char| !it.is_ascii_alphanumeric() && !"@._+-=".contains(it)).find(|it| address::is_valid(it) && it.contains('.')).map(str::to_owned);
    Some(Kind::Delivery(Delivery { outcome, status, recipient, diagnostic: None, key, about }))
}

/// `Message-ID: <…>` in the copy of the message that the text has below.
fn id_in_prose(text: &str) -> Option<String> {
    text.lines().find_map(|it| {
        let (name, value) = it.trim_start_matches(['>', ' ']).split_once(':')?;
        name.trim().eq_ignore_ascii_case("message-id").then(|| report::bare_id(value)).flatten()
    })
}

fn says_absent(subject: &str) -> bool {
    let lower = subject.trim().to_lowercase();
    let begins = [
        "automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "out of the office", "automatische antwort", "réponse automatique", "自动回复", "自动答复", "休假自动回复", "不在办公室", "自動回覆",
    ];
    let bare = lower.trim_start_matches("re:").trim_start_matches("回复：").trim_start_matches("回复:").trim();
    begins.iter().any(|it| bare.starts_with(it))
}

/// Answers that were sent by machine before, counted by the caller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// To this sender within 24 hours.
    pub to_sender_day: u32,
    /// To anybody from this inbox within an hour.
    pub inbox_hour: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct AnswerLimits {
    pub to_sender_day_max: u32,
    pub inbox_hour_max: u32,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        Self { to_sender_day_max: 1, inbox_hour_max: 10 }
    }
}

/// Why nothing is answered automatically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    NotAPerson,
    AutoSubmitted,
    Bulk,
    Suppressed,
    NoReturnPath,
    /// `no-reply`, a daemon, no address at all.
    NobodyReads,
    OurOwn,
    SenderHadOne,
    TooManyThisHour,
}

/// Whether a machine may answer. Pure over counts. Source: RFC 3834 section 2.
pub fn may_answer(mail: &Mail, kind: &Kind, own: &Own, sent: Sent, limits: AnswerLimits) -> Result<(), Silence> {
    let author = mail.author().map(|it| it.address.as_str()).unwrap_or_default();
    let to = mail.reply_to.first().map_or(author, |it| it.address.as_str());
    let checks = [
        (mail.signals.auto_submitted.as_deref().is_some_and(|it| it != "no"), Silence::AutoSubmitted),
        (mail.signals.list || mail.signals.precedence.as_deref().is_some_and(|it| matches!(it, "bulk" | "list" | "junk" | "auto_reply")), Silence::Bulk),
        (!mail.signals.machine_fields.is_empty(), Silence::Suppressed),
        (mail.signals.return_path.as_deref() == Some(""), Silence::NoReturnPath),
        (*kind != Kind::Person, Silence::NotAPerson),
        (is_unread(author) || is_unread(to), Silence::NobodyReads),
        (own.is_ours(author) || own.is_ours(to), Silence::OurOwn),
        (sent.to_sender_day >= limits.to_sender_day_max, Silence::SenderHadOne),
        (sent.inbox_hour >= limits.inbox_hour_max, Silence::TooManyThisHour),
    ];
    checks.iter().find(|it| it.0).map_or(Ok(()), |it| Err(it.1))
}

fn is_unread(address: &str) -> bool {
    let Some((local, _)) = address::parts(address) else { return true };
    let local: String = local.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect();
    ["noreply", "donotreply", "nichtantworten", "mailerdaemon", "postmaster", "bounce", "bounces"].iter().any(|it| local == *it || local.starts_with(it) && *it != "bounce")
        || local.ends_with("noreply")
        || local.starts_with("owner") && address.to_lowercase().starts_with("owner-")
}
