//! Our messages out: MIME in seven bits, lines within 998 bytes, nothing that a name or subject could smuggle into the header.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rapport_model::Timestamp;

use super::{Mail, Mailbox, address, parse, plain, sanitise};
use crate::channel::request::percent;

/// Field with our mark ([`super::thread::Purpose::Loop`]): a message that comes back with it is ours.
pub const OWN_FIELD: &str = "x-rapport-loop";
/// `References` are trimmed in the middle beyond this. Units: bytes.
pub const REFERENCES_BYTES_MAX: usize = 900;
/// Longest message that is made. Units: bytes.
pub const COMPOSED_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Longest line (RFC 5322 2.1.1), without its end. Units: bytes.
pub const LINE_BYTES_MAX: usize = 998;

#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub from: Mailbox,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    /// The signed address.
    pub reply_to: Option<Mailbox>,
    pub subject: String,
    /// Without brackets.
    pub message_id: String,
    /// Of the message that is answered.
    pub in_reply_to: Option<String>,
    /// Those of the message that is answered, oldest first, and its own id last.
    pub references: Vec<String>,
    pub date: Timestamp,
    pub text: String,
    /// Ours, or cleaned; made from `text` where absent.
    pub html: Option<String>,
    pub history: Option<History>,
    pub files: Vec<Attached>,
    pub automation: Automation,
    /// [`super::thread::Keys::sealed`] for [`super::thread::Purpose::Loop`].
    pub loop_mark: Option<String>,
    /// Must not occur in the texts: a random id of `[0-9a-z]`, at least 16 characters.
    pub boundary: String,
}

/// What is answered, quoted below.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// "On … wrote:", in the customer's language.
    pub introduction: String,
    pub text: String,
    /// Cleaned source ([`sanitise::clean`]).
    pub html: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Attached {
    pub name: String,
    pub media_type: String,
    /// Without brackets; shown within the HTML by `cid:`.
    pub content_id: Option<String>,
    pub bytes: Vec<u8>,
}

/// Source: RFC 3834 section 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Automation {
    /// A person wrote it.
    #[default]
    None,
    /// An answer of a machine: to be sent from `<>`.
    Replied,
    /// A notice of a machine that answers nothing.
    Generated,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    pub bytes: Vec<u8>,
    /// An address needs SMTPUTF8 of the server.
    pub needs_utf8: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeFault {
    #[error("no address: {0}")]
    BadAddress(String),
    #[error("nobody to send it to")]
    NoRecipient,
    #[error("no Message-ID: {0}")]
    BadMessageId(String),
    #[error("the boundary is too short or no plain word")]
    BadBoundary,
    #[error("larger than a message may be")]
    TooLarge,
}

/// The message, ready to be signed ([`super::dkim`]) and sent. Source: RFC 5322, 2045-2047, 2231.
pub fn compose(draft: &Draft) -> Result<Composed, ComposeFault> {
    check(draft)?;
    let mut out = header(draft);
    let html = html(draft);
    let (inline, attached): (Vec<&Attached>, Vec<&Attached>) = draft.files.iter().partition(|it| it.content_id.as_deref().is_some_and(|it| id(it).is_some()));
    let boundary = |kind: &str| format!("=_{kind}_{}", draft.boundary);
    let forms = multipart("alternative", &boundary("a"), &[text_part("text/plain", &text(draft)), text_part("text/html", &html)]);
    let body = if inline.is_empty() {
        forms
    } else {
        let parts: Vec<String> = std::iter::once(forms).chain(inline.iter().map(|it| file_part(it))).collect();
        multipart("related", &boundary("r"), &parts)
    };
    let body = if attached.is_empty() {
        body
    } else {
        let parts: Vec<String> = std::iter::once(body).chain(attached.iter().map(|it| file_part(it))).collect();
        multipart("mixed", &boundary("m"), &parts)
    };
    out.push_str("MIME-Version: 1.0\r\n");
    out.push_str(&body);
    if out.len() > COMPOSED_BYTES_MAX {
        return Err(ComposeFault::TooLarge);
    }
    let mut all = draft.to.iter().chain(&draft.cc).chain(&draft.reply_to).chain([&draft.from]);
    Ok(Composed { needs_utf8: all.any(|it| !it.address.is_ascii()), bytes: out.into_bytes() })
}

fn check(draft: &Draft) -> Result<(), ComposeFault> {
    let size: usize = draft.files.iter().map(|it| it.bytes.len()).sum();
    if size.saturating_add(draft.text.len()) > COMPOSED_BYTES_MAX / 4 * 3 {
        return Err(ComposeFault::TooLarge);
    }
    if draft.to.is_empty() && draft.cc.is_empty() {
        return Err(ComposeFault::NoRecipient);
    }
    let mut all = draft.to.iter().chain(&draft.cc).chain(&draft.reply_to).chain([&draft.from]);
    if let Some(bad) = all.find(|it| !address::is_valid(&it.address)) {
        return Err(ComposeFault::BadAddress(bad.address.clone()));
    }
    if id(&draft.message_id).is_none() {
        return Err(ComposeFault::BadMessageId(draft.message_id.clone()));
    }
    let plain = draft.boundary.len() >= 16 && draft.boundary.len() <= 40 && draft.boundary.bytes().all(|it| it.is_ascii_alphanumeric());
    if plain { Ok(()) } else { Err(ComposeFault::BadBoundary) }
}

/// An id that may stand between brackets.
fn id(id: &str) -> Option<&str> {
    let sound = id.len() > 2 && id.len() <= 250 && id.bytes().all(|it| it.is_ascii_graphic() && !b"<>".contains(&it));
    sound.then_some(id)
}

fn header(draft: &Draft) -> String {
    let mut out = String::new();
    let mut field = |name: &str, value: &str| {
        let _infallible = write!(out, "{name}: {value}\r\n");
    };
    let date = mail_parser::DateTime::from_timestamp(draft.date.0.div_euclid(1000).clamp(0, 253_402_300_799)).to_rfc822();
    field("Date", &date);
    field("From", &mailbox(&draft.from));
    field("To", &if draft.to.is_empty() { "undisclosed-recipients:;".to_owned() } else { mailboxes(&draft.to) });
    if !draft.cc.is_empty() {
        field("Cc", &mailboxes(&draft.cc));
    }
    if let Some(reply_to) = &draft.reply_to {
        field("Reply-To", &mailbox(reply_to));
    }
    field("Subject", &unstructured(&draft.subject, "Subject: ".len()));
    field("Message-ID", &format!("<{}>", draft.message_id));
    if let Some(parent) = draft.in_reply_to.as_deref().and_then(id) {
        field("In-Reply-To", &format!("<{parent}>"));
    }
    let references = trimmed_references(&draft.references);
    if !references.is_empty() {
        field("References", &references.iter().map(|it| format!("<{it}>")).collect::<Vec<_>>().join("\r\n "));
    }
    match draft.automation {
        Automation::None => {}
        Automation::Replied => field("Auto-Submitted", "auto-replied"),
        Automation::Generated => field("Auto-Submitted", "auto-generated"),
    }
    if draft.automation != Automation::None {
        field("X-Auto-Response-Suppress", "All");
    }
    if let Some(mark) = draft.loop_mark.as_deref().and_then(id) {
        field("X-Rapport-Loop", mark);
    }
    out
}

/// `References` of an answer: those of the parent, or where it has none its `In-Reply-To`, and the parent itself (RFC 5322 3.6.4).
pub fn answer_references(parent: &Mail) -> Vec<String> {
    let before = if parent.references.is_empty() { &parent.in_reply_to } else { &parent.references };
    before.iter().chain(&parent.message_id).cloned().collect()
}

/// Subject of an answer: one `Re:`, whatever stood before it, and the mark with our number where it is not there yet.
pub fn answer_subject(subject: &str, mark: &str) -> String {
    let subject = flat(subject);
    let bare = without_prefixes(&subject);
    let marked = if mark.is_empty() || bare.contains(mark) { bare.to_owned() } else { format!("{bare} {mark}") };
    format!("Re: {}", marked.trim())
}

fn without_prefixes(subject: &str) -> &str {
    const PREFIXES: &[&str] = &["re", "aw", "sv", "antw", "回复", "答复", "回覆", "答覆"];
    let mut rest = subject.trim();
    while let Some((head, after)) = rest.split_once([':', '：']) {
        if !PREFIXES.contains(&head.trim().to_lowercase().as_str()) || after.trim().is_empty() {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// What is quoted below an answer to `parent`. `when`: in the customer's zone and way of writing, with a clock time.
pub fn history(parent: &Mail, when: &str, chinese: bool) -> History {
    let author = parent.author().cloned().unwrap_or_default();
    let who = if author.name.is_empty() { format!("<{}>", author.address) } else { format!("{} <{}>", author.name, author.address) };
    let introduction = if chinese { format!("在 {when}，{who} 写道：") } else { format!("On {when}, {who} wrote:") };
    History { introduction: flat(&introduction), text: parent.text.clone(), html: parent.html.clone() }
}

/// The first id, which names the thread, and as many of the last ones as fit; in order, without repetition.
pub fn trimmed_references(references: &[String]) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    // A repeated id keeps its last place: the parent stays last.
    for it in references.iter().rev().filter_map(|it| id(it)) {
        if !all.contains(&it) && all.len() < 1_000 {
            all.push(it);
        }
    }
    let Some(first) = all.last().copied() else { return Vec::new() };
    let cost = |it: &str| it.len() + 5;
    let mut spent = cost(first);
    let mut kept: Vec<&str> = all.iter().take(all.len() - 1).copied().take_while(|it| {
        spent += cost(it);
        spent <= REFERENCES_BYTES_MAX
    }).collect();
    kept.push(first);
    kept.reverse();
    kept
}

fn mailboxes(all: &[Mailbox]) -> String {
    all.iter().map(mailbox).collect::<Vec<_>>().join(",\r\n ")
}

fn mailbox(it: &Mailbox) -> String {
    let address = it.address.trim().trim_matches(['<', '>']);
    let name = flat(&it.name);
    match name.is_empty() {
        true => format!("<{address}>"),
        false if name.is_ascii() && name.len() <= 200 && !name.contains("=?") => format!("\"{}\"\r\n <{address}>", name.replace('\\', "\\\\").replace('"', "\\\"")),
        false => format!("{}\r\n <{address}>", encoded_words(&name, 10)),
    }
}

/// One line: what would end it becomes a blank.
fn flat(text: &str) -> String {
    let flat: String = text.chars().map(|it| if it.is_control() || matches!(it, '\u{2028}' | '\u{2029}') { ' ' } else { it }).collect();
    plain::bounded(&flat.split_whitespace().collect::<Vec<_>>().join(" "), 1_000).to_owned()
}

fn unstructured(text: &str, column: usize) -> String {
    let text = flat(text);
    if text.is_ascii() && !text.contains("=?") && text.split(' ').all(|it| it.len() <= 200) {
        return folded(&text, column);
    }
    encoded_words(&text, column)
}

/// ASCII folded at blanks before column 76.
fn folded(text: &str, column: usize) -> String {
    let (mut out, mut column) = (String::new(), column);
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 && column + 1 + word.len() > 76 {
            out.push_str("\r\n ");
            column = 1;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

/// RFC 2047: words of at most 75 characters, each of whole characters, one a line.
fn encoded_words(text: &str, column: usize) -> String {
    let (mut words, mut word) = (Vec::new(), String::new());
    // 45 bytes are 60 letters of base 64; the first word has the field's name before it.
    let mut room = if column > 12 { 36 } else { 45 };
    for character in text.chars() {
        if word.len() + character.len_utf8() > room {
            words.push(std::mem::take(&mut word));
            room = 45;
        }
        word.push(character);
    }
    words.push(word);
    words.iter().filter(|it| !it.is_empty()).map(|it| format!("=?UTF-8?B?{}?=", STANDARD.encode(it))).collect::<Vec<_>>().join("\r\n ")
}

fn text(draft: &Draft) -> String {
    let quoted = draft.history.as_ref().map(|it| {
        let lines: Vec<String> = it.text.lines().map(|it| if it.starts_with('>') { format!(">{it}") } else { format!("> {it}") }).collect();
        format!("\n\n{}\n{}\n", flat(&it.introduction), lines.join("\n"))
    });
    format!("{}{}", draft.text.trim_end(), quoted.unwrap_or_default())
}

fn html(draft: &Draft) -> String {
    let own = draft.html.clone().unwrap_or_else(|| sanitise::from_plain(draft.text.trim_end()));
    let quoted = draft.history.as_ref().map(|it| {
        let inner = it.html.clone().unwrap_or_else(|| sanitise::from_plain(&it.text));
        // Pictures that were not asked for are not asked for by the customer's program either.
        let inner = inner.replace(&format!("src=\"{}", sanitise::REMOTE), "alt=\"");
        let introduction = sanitise::from_plain(&flat(&it.introduction));
        format!("<br>{introduction}<blockquote type=\"cite\" style=\"margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex\">{inner}</blockquote>")
    });
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{own}{}</body></html>", quoted.unwrap_or_default())
}

fn multipart(kind: &str, boundary: &str, parts: &[String]) -> String {
    let mut out = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n");
    for part in parts {
        let _infallible = write!(out, "--{boundary}\r\n{part}\r\n");
    }
    let _infallible = write!(out, "--{boundary}--\r\n");
    out
}

fn text_part(media_type: &str, text: &str) -> String {
    let plain = text.bytes().filter(|it| it.is_ascii_graphic() || b" \n".contains(it)).count();
    // Mostly Latin text stays readable; anything else is shorter in base 64.
    let (encoding, body) = if plain * 10 >= text.len() * 9 { ("quoted-printable", quoted_printable(text)) } else { ("base64", base64_lines(crlf(text).as_bytes())) };
    format!("Content-Type: {media_type}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}")
}

fn crlf(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\r\n")
}

/// Source: RFC 2045 6.7; lines of at most 76 characters.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push_str("\r\n");
        }
        let bytes = line.as_bytes();
        let mut column = 0;
        for (place, byte) in bytes.iter().enumerate() {
            let is_last = place + 1 == bytes.len();
            // A blank at an end is lost on the way; a dot at a beginning and `From ` are touched by servers.
            let plain = (byte.is_ascii_graphic() && *byte != b'=' && !(column == 0 && b".F".contains(byte))) || (*byte == b' ' && !is_last);
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.push_str("=\r\n");
                column = 0;
            }
            if plain {
                out.push(char::from(*byte));
            } else {
                let _infallible = write!(out, "={byte:02X}");
            }
            column += width;
        }
    }
    out
}

fn base64_lines(bytes: &[u8]) -> String {
    // 57 bytes are 76 letters.
    bytes.chunks(57).map(|it| STANDARD.encode(it)).collect::<Vec<_>>().join("\r\n")
}

fn file_part(file: &Attached) -> String {
    let name = Some(parse::safe_name(&file.name)).filter(|it| !it.is_empty()).unwrap_or_else(|| "file".to_owned());
    let shape = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-+./".contains(&it)) && it.matches('/').count() == 1 && it.len() <= 100 && !it.starts_with('/') && !it.ends_with('/');
    // A composite type would be walked by the reader.
    let composite = file.media_type.starts_with("multipart/") || file.media_type.starts_with("message/");
    let media_type = if shape(&file.media_type) && !composite { file.media_type.as_str() } else { "application/octet-stream" };
    let inline = file.content_id.as_deref().and_then(id);
    let disposition = if inline.is_some() { "inline" } else { "attachment" };
    let plain = name.bytes().all(|it| (it.is_ascii_graphic() || it == b' ') && !b"\"\\%".contains(&it)) && !name.contains("=?");
    // RFC 2231 for those who keep to it; the word within quotes for Outlook and its kin.
    let (of_type, of_disposition) = match plain {
        true => (format!("name=\"{name}\""), format!("filename=\"{name}\"")),
        false => (format!("name=\"{}\"", encoded_words(&name, 8)), format!("filename*=UTF-8''{}", percent(&name))),
    };
    let mut out = format!("Content-Type: {media_type};\r\n {of_type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {disposition};\r\n {of_disposition}");
    if let Some(id) = inline {
        let _infallible = write!(out, "\r\nContent-ID: <{id}>");
    }
    let _infallible = write!(out, "\r\n\r\n{}", base64_lines(&file.bytes));
    out
}
