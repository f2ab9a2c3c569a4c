//! E-mail: bytes of a message ↔ what it says, where it belongs, what kind it is, and our own messages out; and the grammar of receiving by SMTP.
//!
//! Nothing here opens a socket or a mailbox. MIME is walked by hard bounds of our own; header fields and transfer encodings are read by mail-parser.

pub mod address;
pub mod compose;
pub mod dkim;
pub mod kind;
pub mod mime;
pub mod parse;
pub mod plain;
pub mod quote;
pub mod report;
pub mod sanitise;
pub mod smtp;
pub mod thread;
pub mod tnef;
#[cfg(test)]
mod tests;
mod words;

pub use parse::{parse, parse_received};

use rapport_model::Timestamp;

/// Longest message that is read. Units: bytes.
pub const MAIL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Longest text that is kept of a message, plain or HTML. Units: bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 512 * 1024;
/// Most files of one message; those beyond are let go and told as [`Flaw::TooManyParts`].
pub const FILES_MAX: usize = 200;
/// Most addresses of one field.
pub const ADDRESSES_MAX: usize = 200;
/// Most ids that are read of `References`: the last ones.
pub const REFERENCES_MAX: usize = 100;

/// A message as it was read. Ids are without their angle brackets and never empty; addresses are as written, but trimmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mail {
    /// Unique within the mailbox: of Message-ID and body, so that a second copy of a message is the same and a reused Message-ID is not.
    pub id: String,
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    /// Oldest first.
    pub references: Vec<String>,
    pub from: Vec<Mailbox>,
    pub sender: Option<Mailbox>,
    pub reply_to: Vec<Mailbox>,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    /// Where it was delivered (`Delivered-To`, `X-Original-To`, `Envelope-To`): tells the signed address where `To` is a list or an alias.
    pub delivered_to: Vec<String>,
    pub subject: String,
    pub date: Option<Timestamp>,
    pub signals: Signals,
    /// Plain text: as written, or made from HTML.
    pub text: String,
    /// Source for a sandboxed frame, cleaned by [`sanitise::clean`].
    pub html: Option<String>,
    /// How many pictures of `html` wait to be asked for.
    pub remote_pictures: usize,
    pub files: Vec<File>,
    pub report: Option<report::Report>,
    pub flaws: Vec<Flaw>,
}

impl Mail {
    /// The address that the message claims to be from. Claimed, not proved.
    pub fn author(&self) -> Option<&Mailbox> {
        self.from.first()
    }

    /// Every address that it was sent to, in the order in which a signed one is looked for: where it arrived, then who it names.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        let named = self.to.iter().chain(&self.cc).map(|it| it.address.as_str());
        self.delivered_to.iter().map(String::as_str).chain(named)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// As the sender chose it; shown, never believed.
    pub name: String,
    pub address: String,
}

impl Mailbox {
    pub fn new(name: &str, address: &str) -> Self {
        Self { name: name.to_owned(), address: address.to_owned() }
    }
}

/// What the header tells about whether a person wrote it. Values in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// `Auto-Submitted`, without its parameters.
    pub auto_submitted: Option<String>,
    pub precedence: Option<String>,
    /// Any field of RFC 2369 or RFC 2919.
    pub list: bool,
    /// Names of fields that only machines write: `x-autoreply`, `x-auto-response-suppress`, …
    pub machine_fields: Vec<String>,
    /// `Return-Path`; empty where it is `<>`.
    pub return_path: Option<String>,
    /// Top-level content type: `multipart/report`.
    pub content_type: String,
    /// Its `report-type`.
    pub report_type: Option<String>,
    /// Ids of our own making in `X-Loop` or [`compose::OWN_FIELD`].
    pub loops: Vec<String>,
    /// How many `Received` fields: more than 50 is a loop between servers (RFC 5321 6.3).
    pub hops: usize,
}

/// A file of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As the sender named it, without folders and control characters; never empty.
    pub name: String,
    /// In lower case, as declared.
    pub media_type: String,
    /// Without angle brackets: what `cid:` in the HTML refers to.
    pub content_id: Option<String>,
    pub inline: bool,
    pub role: FileRole,
    pub bytes: Vec<u8>,
}

/// What a file is beyond its bytes, so that the desk says so and does not offer it as a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileRole {
    #[default]
    Plain,
    /// A forwarded message.
    Message,
    Calendar,
    /// A signature, or a text that only a key opens.
    Signed,
    Encrypted,
    /// `winmail.dat` that could not be opened.
    OutlookOnly,
    /// Part of a report about delivery.
    Report,
}

/// What was wrong with the bytes; the message is shown all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    NoFrom,
    NoMessageId,
    /// A field that may stand once stands more often with other values; the first counts.
    DoubledField,
    BrokenMime,
    /// Bytes that are not of the character set which they claim.
    BadCharacters,
    TooDeep,
    TooManyParts,
    TooLong,
    BadDate,
}
