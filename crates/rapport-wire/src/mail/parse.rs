//! The bytes of a message (RFC 5322, MIME) → [`Mail`]. Tolerant: whatever a sender's program did wrong, its text is shown and what was wrong is told.

use mail_parser::{DateTime, HeaderName, HeaderValue};
use rapport_model::Timestamp;
use sha2::{Digest as _, Sha256};

use super::mime::{self, Entity, Node};
use super::smtp::Envelope;
use super::{ADDRESSES_MAX, FILES_MAX, File, FileRole, Flaw, MAIL_BYTES_MAX, Mail, Mailbox, REFERENCES_MAX, Signals, TEXT_BYTES_MAX, address, compose, plain, report, sanitise, tnef};
use crate::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Remote, WireFault, bounded_id};

/// Longest subject and display name that are kept. Units: bytes of UTF-8.
const LINE_BYTES_MAX: usize = 1_000;

/// Reads a message.
///
/// Errors: `Malformed` for what is empty, longer than [`MAIL_BYTES_MAX`], or has no header field at all. Source: RFC 5322, RFC 2045-2049, 2047, 2231, 3676.
pub fn parse(bytes: &[u8]) -> Result<Mail, WireFault> {
    if bytes.len() > MAIL_BYTES_MAX {
        return Err(WireFault::malformed("longer than a message may be"));
    }
    let root = mime::entity(bytes);
    if root.fields().is_empty() || !root.fields().iter().any(|it| KNOWN.iter().any(|known| it.name().eq_ignore_ascii_case(known))) {
        return Err(WireFault::malformed("no header"));
    }
    let mut mail = Mail { signals: signals(&root), ..header(&root) };
    mail.id = id(mail.message_id.as_deref(), bytes, root.body());
    let mut flaws = std::mem::take(&mut mail.flaws);
    let mut body = Body::default();
    body.collect(mime::tree(root, &mut flaws), &Place::default());
    flaws.append(&mut body.flaws);
    body.write(&mut mail, &mut flaws);
    flaws.sort();
    flaws.dedup();
    mail.flaws = flaws;
    Ok(mail)
}

/// Reads a message that came by our own listener: where it arrived and its return path are what the dialogue said, not what its header claims.
pub fn parse_received(envelope: &Envelope) -> Result<Mail, WireFault> {
    let mut mail = parse(&envelope.bytes)?;
    let named = std::mem::take(&mut mail.delivered_to);
    mail.delivered_to = envelope.to.iter().cloned().chain(named.into_iter().filter(|it| !envelope.to.iter().any(|to| address::same(to, it)))).collect();
    mail.signals.return_path = Some(envelope.from.clone().unwrap_or_default());
    Ok(mail)
}

/// At least one of them makes bytes a message.
const KNOWN: &[&str] = &["from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type", "reply-to", "sender", "delivered-to"];

/// Message-ID and body, since some programs use one Message-ID for different messages; a copy over another way differs in its header alone.
fn id(message_id: Option<&str>, bytes: &[u8], body: &[u8]) -> String {
    let hex = |it: &[u8]| Sha256::digest(it).iter().take(12).map(|it| format!("{it:02x}")).collect::<String>();
    match message_id {
        Some(id) => bounded_id(&format!("{id}#{}", hex(body))),
        None => format!("#{}", hex(bytes)),
    }
}

fn header(root: &Entity<'_>) -> Mail {
    let mut flaws = Vec::new();
    let from = mailboxes(root, &HeaderName::From);
    let ids = |name: &HeaderName<'_>| ids(root.first(name));
    let message_id = ids(&HeaderName::MessageId).into_iter().next();
    let references = ids(&HeaderName::References);
    let references = references.get(references.len().saturating_sub(REFERENCES_MAX)..).unwrap_or_default().to_vec();
    let date = root.first(&HeaderName::Date).and_then(HeaderValue::as_datetime).and_then(timestamp);
    let is_doubled = |name: &HeaderName<'_>| root.all(name).skip(1).any(|it| Some(it) != root.first(name));
    let once = [HeaderName::From, HeaderName::MessageId, HeaderName::Subject, HeaderName::Sender, HeaderName::InReplyTo, HeaderName::References, HeaderName::Date];
    let told = [
        (from.is_empty(), Flaw::NoFrom),
        (message_id.is_none(), Flaw::NoMessageId),
        (date.is_none() && root.first(&HeaderName::Date).is_some(), Flaw::BadDate),
        (once.iter().any(is_doubled), Flaw::DoubledField),
    ];
    flaws.extend(told.iter().filter(|it| it.0).map(|it| it.1));
    let in_reply_to = ids(&HeaderName::InReplyTo);
    Mail {
        message_id,
        in_reply_to,
        references,
        from,
        sender: mailboxes(root, &HeaderName::Sender).into_iter().next(),
        reply_to: mailboxes(root, &HeaderName::ReplyTo),
        to: mailboxes(root, &HeaderName::To),
        cc: mailboxes(root, &HeaderName::Cc),
        delivered_to: delivered_to(root),
        subject: line(root.first(&HeaderName::Subject).and_then(HeaderValue::as_text).unwrap_or_default()),
        date,
        flaws,
        ..Mail::default()
    }
}

fn delivered_to(root: &Entity<'_>) -> Vec<String> {
    let names = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to"];
    let found = names.iter().flat_map(|it| root.raw_all(it)).map(|it| it.trim().trim_matches(['<', '>']).to_owned());
    let mut found: Vec<String> = found.filter(|it| address::is_valid(it)).take(ADDRESSES_MAX).collect();
    found.dedup();
    found
}

/// Of the first field of this name; groups are flattened, what is no address is left out.
fn mailboxes(root: &Entity<'_>, name: &HeaderName<'_>) -> Vec<Mailbox> {
    let Some(field) = root.first(name).and_then(HeaderValue::as_address) else { return Vec::new() };
    let all = field.iter().filter_map(|it| {
        let written = it.address().map(str::trim).unwrap_or_default();
        let shown = it.name().map(line).unwrap_or_default();
        // Some programs write the address alone, which is then taken for the name.
        let (address, shown) = if written.is_empty() { (shown.as_str(), String::new()) } else { (written, shown) };
        address::parts(address).map(|_| Mailbox { name: shown, address: address.to_owned() })
    });
    all.take(ADDRESSES_MAX).collect()
}

/// Ids without brackets and blanks, none empty; programs that fold within an id are forgiven.
pub(super) fn ids(field: Option<&HeaderValue<'_>>) -> Vec<String> {
    let texts = field.and_then(HeaderValue::as_text_list).unwrap_or_default();
    let pieces = texts.iter().flat_map(|it| match it.contains('<') {
        true => it.split(['<', '>']).map(str::to_owned).collect::<Vec<_>>(),
        false => vec![it.to_string()],
    });
    pieces.map(|it| it.chars().filter(|it| !it.is_whitespace() && !it.is_control()).collect::<String>()).filter(|it| is_id(it)).map(|it| plain::bounded(&it, LINE_BYTES_MAX).to_owned()).collect()
}

/// Not empty and not one of the fillers that programs write in its place.
fn is_id(id: &str) -> bool {
    id.len() > 2 && id != "@" && !id.starts_with('@') && !matches!(id.to_ascii_lowercase().as_str(), "null" | "none" | "undefined" | "nil" | "unknown")
}

/// One line without control characters.
fn line(text: &str) -> String {
    let flat: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    plain::bounded(&flat.split_whitespace().collect::<Vec<_>>().join(" "), LINE_BYTES_MAX).to_owned()
}

/// `None` where it is no day of the calendar.
fn timestamp(date: &DateTime) -> Option<Timestamp> {
    let sound = date.is_valid() && (1970..=9999).contains(&date.year);
    sound.then(|| Timestamp(date.to_timestamp().saturating_mul(1000)))
}

fn signals(root: &Entity<'_>) -> Signals {
    let word = |name: &str| root.raw(name).map(|it| it.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()).filter(|it| !it.is_empty());
    let names = || root.fields().iter().map(|it| it.name().to_ascii_lowercase());
    let is_list = |it: &str| matches!(it, "list-id" | "list-unsubscribe" | "list-post" | "list-help" | "list-subscribe" | "list-owner" | "list-archive" | "mailing-list" | "x-mailing-list");
    let is_machine = |it: &str| matches!(it, "x-auto-response-suppress" | "x-autoreply" | "x-autorespond" | "x-autoresponder" | "x-autogenerated" | "x-auto-reply-from" | "x-mail-autoreply" | "x-failed-recipients" | "feedback-id" | "x-feedback-id");
    let mut machine_fields: Vec<String> = names().filter(|it| is_machine(it)).collect();
    machine_fields.sort();
    machine_fields.dedup();
    let loops = ["x-loop", compose::OWN_FIELD].iter().flat_map(|it| root.raw_all(it)).map(|it| line(&it)).take(ADDRESSES_MAX).collect();
    Signals {
        auto_submitted: word("auto-submitted"),
        precedence: word("precedence").or_else(|| word("x-precedence")),
        list: names().any(|it| is_list(&it)),
        machine_fields,
        return_path: root.raw("return-path").map(|it| it.trim().trim_matches(['<', '>']).trim().to_owned()),
        content_type: root.media_type(),
        report_type: root.parameter("report-type").map(str::to_ascii_lowercase),
        loops,
        hops: names().filter(|it| it == "received").count(),
    }
}

/// What is above a part.
#[derive(Clone, Debug, Default)]
struct Place {
    report: bool,
    /// Parts that do not say what they are are messages (RFC 2046 5.1.5).
    digest: bool,
    /// A signed or encrypted body: its control parts are files of that role.
    guarded: Option<FileRole>,
}

/// A stretch of the body in up to two forms.
#[derive(Debug, Default)]
struct Stretch {
    plain: Option<String>,
    html: Option<String>,
}

#[derive(Debug, Default)]
struct Body {
    stretches: Vec<Stretch>,
    files: Vec<File>,
    report: Option<report::Report>,
    flaws: Vec<Flaw>,
}

impl Body {
    fn collect(&mut self, node: Node<'_>, place: &Place) {
        match node {
            Node::Leaf(leaf) => self.leaf(&leaf, place),
            Node::Multi { subtype, children } if subtype == "alternative" => self.alternative(children, place),
            Node::Multi { subtype, children } => {
                let guarded = match subtype.as_str() {
                    "signed" => Some(FileRole::Signed),
                    "encrypted" => Some(FileRole::Encrypted),
                    _ => place.guarded,
                };
                let place = Place { report: place.report || subtype == "report", digest: subtype == "digest", guarded };
                children.into_iter().for_each(|it| self.collect(it, &place));
            }
        }
    }

    /// Forms of one text: the plain ones are one form, the HTML ones the other.
    fn alternative(&mut self, children: Vec<Node<'_>>, place: &Place) {
        let mut inner = Self::default();
        children.into_iter().for_each(|it| inner.collect(it, place));
        let joined = |of: fn(&Stretch) -> Option<&String>, with: &str| {
            let all: Vec<&str> = inner.stretches.iter().filter_map(of).map(String::as_str).filter(|it| !it.trim().is_empty()).collect();
            (!all.is_empty()).then(|| all.join(with))
        };
        let stretch = Stretch { plain: joined(|it| it.plain.as_ref(), "\n"), html: joined(|it| it.html.as_ref(), "<br>") };
        self.stretches.push(stretch);
        self.files.append(&mut inner.files);
        self.flaws.append(&mut inner.flaws);
        self.report = self.report.take().or(inner.report);
    }

    fn leaf(&mut self, leaf: &Entity<'_>, place: &Place) {
        let media_type = if place.digest && leaf.content_type().is_none() { "message/rfc822".to_owned() } else { leaf.media_type() };
        if place.report && self.report(leaf, &media_type) {
            return;
        }
        let attached = leaf.disposition().is_some_and(mail_parser::ContentType::is_attachment);
        let named = leaf.file_name().is_some();
        let is_text = matches!(media_type.as_str(), "text/plain" | "text/html" | "text/enriched" | "text/richtext" | "text/markdown");
        // A named text is a file; but a body that was named by its program and is the only one stays the body.
        let is_body = is_text && !attached && (!named || self.stretches.is_empty() && leaf.disposition().is_none());
        let broken_multipart = media_type.starts_with("multipart/");
        if is_body || broken_multipart {
            self.stretch(leaf, &media_type);
        } else {
            self.file(leaf, media_type, place);
        }
    }

    fn stretch(&mut self, leaf: &Entity<'_>, media_type: &str) {
        let (text, replaced) = leaf.text();
        if replaced {
            self.flaws.push(Flaw::BadCharacters);
        }
        if text.len() > TEXT_BYTES_MAX {
            self.flaws.push(Flaw::TooLong);
        }
        let text = plain::bounded(&text, TEXT_BYTES_MAX).to_owned();
        let is = |name: &str, value: &str| leaf.parameter(name).is_some_and(|it| it.eq_ignore_ascii_case(value));
        let stretch = match media_type {
            "text/html" => Stretch { html: Some(text), plain: None },
            _ if is("format", "flowed") => Stretch { plain: Some(plain::from_flowed(&text, is("delsp", "yes"))), html: None },
            _ => Stretch { plain: Some(text), html: None },
        };
        self.stretches.push(stretch);
    }

    /// Takes the machine's parts of a report; whether it was one.
    fn report(&mut self, leaf: &Entity<'_>, media_type: &str) -> bool {
        let read = match media_type {
            "message/delivery-status" | "message/global-delivery-status" => report::delivery(&leaf.content()),
            "message/disposition-notification" | "message/global-disposition-notification" => report::disposition(&leaf.content()),
            "message/feedback-report" => report::feedback(&leaf.content()),
            "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers" | "message/rfc822-headers" => {
                let enclosed = report::enclosed(&leaf.content());
                let report = self.report.get_or_insert_with(report::Report::default);
                report.enclosed = report.enclosed.take().or(enclosed);
                // The headers alone are of no use to a reader.
                return media_type.ends_with("headers");
            }
            _ => return false,
        };
        let report = self.report.get_or_insert_with(report::Report::default);
        report.merge(read);
        true
    }

    fn file(&mut self, leaf: &Entity<'_>, media_type: String, place: &Place) {
        let bytes = leaf.content();
        let content_id = ids(leaf.first(&HeaderName::ContentId)).into_iter().next();
        let name = leaf.file_name().map(|it| safe_name(&it)).filter(|it| !it.is_empty());
        if matches!(media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef") || name.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("winmail.dat")) {
            return self.outlook(&bytes);
        }
        let name = name.unwrap_or_else(|| default_name(&media_type, leaf, &bytes, self.files.len()));
        let inline = leaf.disposition().map_or(content_id.is_some(), mail_parser::ContentType::is_inline);
        let opaque = leaf.parameter("smime-type").is_some_and(|it| it.eq_ignore_ascii_case("signed-data"));
        let role = if opaque { FileRole::Signed } else { role(&media_type, place) };
        self.push(File { role, name, media_type, content_id, inline, bytes });
    }

    /// Opens `winmail.dat`: its files are files of the message, its text is the text where the message has no other.
    fn outlook(&mut self, bytes: &[u8]) {
        let Some(opened) = tnef::open(bytes) else {
            return self.push(File {
                name: "winmail.dat".to_owned(),
                media_type: "application/ms-tnef".to_owned(),
                content_id: None,
                inline: false,
                role: FileRole::OutlookOnly,
                bytes: bytes.to_vec(),
            });
        };
        for file in opened.files {
            let name = Some(safe_name(&file.name)).filter(|it| !it.is_empty()).unwrap_or_else(|| format!("file-{}", self.files.len() + 1));
            let media_type = sniffed(&file.bytes).unwrap_or("application/octet-stream").to_owned();
            self.push(File { name, media_type, content_id: None, inline: false, role: FileRole::Plain, bytes: file.bytes });
        }
        let blank = self.stretches.iter().all(|it| it.plain.as_deref().unwrap_or_default().trim().is_empty() && it.html.is_none());
        if blank && (opened.text.is_some() || opened.html.is_some()) {
            self.stretches.push(Stretch { plain: opened.text, html: opened.html });
        }
    }

    fn push(&mut self, file: File) {
        if self.files.len() < FILES_MAX {
            self.files.push(file);
        } else {
            self.flaws.push(Flaw::TooManyParts);
        }
    }

    fn write(self, mail: &mut Mail, flaws: &mut Vec<Flaw>) {
        let has_text = |it: &Option<String>| it.as_deref().is_some_and(|it| !it.trim().is_empty());
        let texts: Vec<String> = self.stretches.iter().map(|it| match (&it.plain, &it.html) {
            (Some(plain), Some(html)) if is_placeholder(plain) => plain::from_html(html),
            (plain @ Some(text), _) if has_text(plain) => plain::tidy(text),
            (_, Some(html)) => plain::from_html(html),
            (Some(_), None) | (None, None) => String::new(),
        }).filter(|it| !it.trim().is_empty()).collect();
        mail.text = plain::tidy(&texts.join("\n"));
        if self.stretches.iter().any(|it| has_text(&it.html)) {
            let sources: Vec<String> = self.stretches.iter().filter_map(|it| it.html.clone().or_else(|| it.plain.as_deref().map(sanitise::from_plain))).collect();
            match sanitise::clean(&sources.join("<br>")) {
                Some(clean) => {
                    mail.remote_pictures = clean.remote_pictures;
                    mail.html = Some(clean.html);
                }
                None => flaws.push(Flaw::TooLong),
            }
        }
        mail.files = self.files;
        mail.report = self.report;
    }
}

/// A plain form that only says that there is another.
fn is_placeholder(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let says = ["html", "view this email in your browser", "浏览器"].iter().any(|it| lower.contains(it));
    lower.is_empty() || lower.chars().count() < 160 && says && ["support", "enable", "view", "支持", "查看"].iter().any(|it| lower.contains(it))
}

fn role(media_type: &str, place: &Place) -> FileRole {
    match media_type {
        "message/rfc822" | "message/global" => FileRole::Message,
        "text/calendar" | "application/ics" => FileRole::Calendar,
        "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" => FileRole::Signed,
        "application/pkcs7-mime" | "application/x-pkcs7-mime" | "application/pgp-encrypted" => FileRole::Encrypted,
        _ if place.guarded == Some(FileRole::Encrypted) => FileRole::Encrypted,
        it if place.report && it.starts_with("message/") => FileRole::Report,
        _ => FileRole::Plain,
    }
}

/// Without folders, control characters and marks of direction, which would show `exe.gpj` as `jpg.exe`; at most 200 bytes, its ending kept.
pub fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |it: char| matches!(it, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}');
    let clean: String = base.chars().filter(|it| !it.is_control() && !turns(*it)).map(|it| if "<>:\"|?*".contains(it) { '_' } else { it }).collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.len() <= 200 {
        return clean.to_owned();
    }
    let ending = clean.rsplit_once('.').map(|it| it.1).filter(|it| it.len() <= 12);
    let stem = plain::bounded(clean, 180);
    ending.map_or_else(|| stem.to_owned(), |it| format!("{stem}.{it}"))
}

fn default_name(media_type: &str, leaf: &Entity<'_>, bytes: &[u8], count: usize) -> String {
    let number = count + 1;
    match media_type {
        "message/rfc822" | "message/global" => {
            let subject = mime::entity(bytes).first(&HeaderName::Subject).and_then(HeaderValue::as_text).map(safe_name).unwrap_or_default();
            if subject.is_empty() { format!("message-{number}.eml") } else { format!("{subject}.eml") }
        }
        "text/calendar" => "invite.ics".to_owned(),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime.p7m".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "smime.p7s".to_owned(),
        "application/pgp-signature" => "signature.asc".to_owned(),
        "application/pgp-encrypted" => "encrypted.asc".to_owned(),
        _ => {
            let known = sniffed(bytes).unwrap_or(media_type);
            let ending = match known.rsplit('/').next().unwrap_or_default() {
                "jpeg" => "jpg",
                "plain" => "txt",
                "svg+xml" => "svg",
                it if it.len() <= 5 && it.chars().all(|it| it.is_ascii_alphanumeric()) => it,
                _ => "bin",
            };
            let kind = if leaf.media_type().starts_with("image/") { "image" } else { "file" };
            format!("{kind}-{number}.{ending}")
        }
    }
}

fn sniffed(bytes: &[u8]) -> Option<&'static str> {
    infer::get(bytes).map(|it| it.mime_type())
}

/// The message as the fact that every channel tells: its visible text and its files. `text` is what the reader is to see first ([`super::quote::fold`]).
pub fn inbound(mail: &Mail, text: &str) -> Inbound {
    let author = mail.author().cloned().unwrap_or_default();
    // What the HTML shows is no file beside it.
    let is_shown = |it: &File| it.content_id.as_deref().is_some_and(|id| mail.html.as_deref().is_some_and(|html| html.contains(&format!("cid:{id}"))));
    let files = mail.files.iter().filter(|it| !is_shown(it)).map(|it| Part::Media(media(it)));
    let text = Some(text).filter(|it| !it.is_empty()).map(|it| Part::Text(it.to_owned()));
    let reply_to = mail.reply_to.first().map(|it| address::canonical(&it.address)).filter(|it| !address::same(it, &author.address));
    Inbound {
        id: mail.id.clone(),
        from: Remote { id: address::canonical(&author.address), reply_to, name: Some(author.name).filter(|it| !it.is_empty()), ..Remote::default() },
        at: mail.date,
        fact: Fact::Message { parts: text.into_iter().chain(files).collect(), quoted: mail.in_reply_to.last().or(mail.references.last()).map(|it| bounded_id(it)) },
    }
}

fn media(file: &File) -> Media {
    let media_type = sniffed(&file.bytes).map_or_else(|| file.media_type.clone(), str::to_owned);
    let kind = match media_type.split('/').next() {
        Some("image") if media_type != "image/svg+xml" => MediaKind::Image,
        Some("video") => MediaKind::Video,
        _ => MediaKind::File,
    };
    Media {
        kind,
        source: MediaSource::Inline(file.bytes.clone()),
        name: file.name.clone(),
        bytes: u64::try_from(file.bytes.len()).ok(),
        media_type: Some(media_type),
        caption: String::new(),
        transcript: None,
    }
}
