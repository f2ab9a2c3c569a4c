//! What mail servers and programs report about a message of ours: delivery (RFC 3464), reading (RFC 8098), complaints (RFC 5965).

use mail_parser::HeaderName;

use super::{mime, parse, plain};

/// Most recipients of one report.
const RECIPIENTS_MAX: usize = 100;
/// Longest report that is read. Units: bytes.
const REPORT_BYTES_MAX: usize = 256 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub recipients: Vec<Recipient>,
    /// `displayed`, `deleted`, …: of a read receipt, in lower case.
    pub disposition: Option<String>,
    /// `abuse`, `not-spam`, …: of a complaint, in lower case.
    pub feedback: Option<String>,
    /// Message-ID that the report names itself.
    pub original_message_id: Option<String>,
    /// Of the message that is enclosed, or of its header.
    pub enclosed: Option<Enclosed>,
}

impl Report {
    pub(super) fn merge(&mut self, other: Self) {
        self.recipients.extend(other.recipients);
        self.recipients.truncate(RECIPIENTS_MAX);
        self.disposition = self.disposition.take().or(other.disposition);
        self.feedback = self.feedback.take().or(other.feedback);
        self.original_message_id = self.original_message_id.take().or(other.original_message_id);
        self.enclosed = self.enclosed.take().or(other.enclosed);
    }

    /// Message-ID of what is reported about, if it is told.
    pub fn about(&self) -> Option<&str> {
        self.original_message_id.as_deref().or_else(|| self.enclosed.as_ref().map(|it| it.message_id.as_str()))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    pub address: String,
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`; in lower case.
    pub action: String,
    /// RFC 3463: `5.1.1`.
    pub status: Option<String>,
    /// What the other server said.
    pub diagnostic: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosed {
    pub message_id: String,
    pub to: Option<String>,
}

/// `message/delivery-status`: fields about the message, then a group of fields a recipient.
pub fn delivery(bytes: &[u8]) -> Report {
    let groups = groups(bytes);
    let recipients = groups.iter().filter_map(|group| {
        let action = field(group, "action").map(|it| it.to_ascii_lowercase());
        let address = field(group, "original-recipient").or_else(|| field(group, "final-recipient")).map(|it| untyped(&it));
        let known = action.is_some() || address.is_some();
        let status = field(group, "status").and_then(|it| status(&it));
        known.then(|| Recipient { address: address.unwrap_or_default(), action: action.unwrap_or_else(|| "failed".to_owned()), status, diagnostic: field(group, "diagnostic-code").map(|it| untyped(&it)) })
    });
    Report { recipients: recipients.take(RECIPIENTS_MAX).collect(), ..Report::default() }
}

/// `message/disposition-notification`.
pub fn disposition(bytes: &[u8]) -> Report {
    let groups = groups(bytes);
    let group = groups.first().map(Vec::as_slice).unwrap_or_default();
    let what = field(group, "disposition").and_then(|it| it.rsplit(';').next().map(|it| it.split('/').next().unwrap_or_default().trim().to_ascii_lowercase()));
    let address = field(group, "final-recipient").map(|it| untyped(&it)).unwrap_or_default();
    Report {
        disposition: Some(what.filter(|it| !it.is_empty()).unwrap_or_else(|| "displayed".to_owned())),
        original_message_id: field(group, "original-message-id").and_then(|it| bare_id(&it)),
        recipients: vec![Recipient { address, action: "read".to_owned(), ..Recipient::default() }],
        ..Report::default()
    }
}

/// `message/feedback-report`.
pub fn feedback(bytes: &[u8]) -> Report {
    let groups = groups(bytes);
    let group = groups.first().map(Vec::as_slice).unwrap_or_default();
    let address = field(group, "original-rcpt-to").map(|it| untyped(&it));
    Report {
        feedback: Some(field(group, "feedback-type").map_or_else(|| "other".to_owned(), |it| it.to_ascii_lowercase())),
        recipients: address.map(|it| Recipient { address: it, action: "complained".to_owned(), ..Recipient::default() }).into_iter().collect(),
        ..Report::default()
    }
}

/// Header of the message that a report encloses; `None` without a Message-ID.
pub fn enclosed(bytes: &[u8]) -> Option<Enclosed> {
    let entity = mime::entity(bytes);
    let message_id = parse::ids(entity.first(&HeaderName::MessageId)).into_iter().next()?;
    let to = entity.first(&HeaderName::To).and_then(|it| it.as_address()).and_then(|it| it.first()?.address().map(str::to_owned));
    Some(Enclosed { message_id, to })
}

/// A status of RFC 3463 anywhere in a text.
pub fn status(text: &str) -> Option<String> {
    let numbers = |it: &str| {
        let pieces: Vec<&str> = it.split('.').collect();
        let sound = matches!(pieces.as_slice(), [class, subject, detail]
            if matches!(*class, "2" | "4" | "5") && [subject, detail].iter().all(|it| (1..=3).contains(&it.len()) && it.chars().all(|it| it.is_ascii_digit())));
        sound.then(|| it.to_owned())
    };
    plain::bounded(text, 64 * 1024).split(|it: char| !it.is_ascii_digit() && it != '.').filter_map(|it| numbers(it.trim_matches('.'))).next()
}

pub(super) fn bare_id(text: &str) -> Option<String> {
    let id = text.trim().trim_matches(['<', '>']).trim();
    (id.len() > 2 && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}

/// `rfc822; li@x.cn` without its type.
fn untyped(value: &str) -> String {
    let text = value.split_once(';').map_or(value, |it| it.1);
    plain::bounded(text.trim().trim_matches(['<', '>']), 1_000).to_owned()
}

fn field(group: &[(String, String)], name: &str) -> Option<String> {
    group.iter().find(|it| it.0 == name).map(|it| it.1.clone()).filter(|it| !it.is_empty())
}

/// Fields in groups that blank lines part; names in lower case, values unfolded.
fn groups(bytes: &[u8]) -> Vec<Vec<(String, String)>> {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(REPORT_BYTES_MAX)).unwrap_or_default()).into_owned();
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            if groups.last().is_some_and(|it| !it.is_empty()) {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some(last) = groups.last_mut().and_then(|it| it.last_mut()) {
                last.1.push(' ');
                last.1.push_str(line.trim());
            }
        } else if let (Some((name, value)), Some(group)) = (line.split_once(':'), groups.last_mut()) {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        if groups.len() > RECIPIENTS_MAX * 2 {
            break;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_status_names_each_recipient() {
        let text = "Reporting-MTA: dns; mx.x.cn\r\n\r\nOriginal-Recipient: rfc822;li@x.cn\r\n\
            Final-Recipient: rfc822; l@in.x.cn\r\nAction: Failed\r\nStatus: 5.1.1 (no such)\r\n\
            Diagnostic-Code: smtp;\r\n 550 5.1.1 User unknown\r\n\r\nFinal-Recipient: RFC822; wu@x.cn\r\n\
            Action: delayed\r\nStatus: 4.4.1\r\n";
        let report = delivery(text.as_bytes());
        let told: Vec<_> = report.recipients.iter().map(|it| (it.address.as_str(), it.action.as_str(), it.status.as_deref())).collect();
        assert_eq!(told, [("li@x.cn", "failed", Some("5.1.1")), ("wu@x.cn", "delayed", Some("4.4.1"))]);
        assert_eq!(report.recipients[0].diagnostic.as_deref(), Some("550 5.1.1 User unknown"));
    }

    #[test]
    fn a_receipt_and_a_complaint_are_read() {
        let receipt = disposition(b"Final-Recipient: rfc822;li@x.cn\r\nOriginal-Message-ID: <a.b@shop.cn>\r\nDisposition: manual-action/MDN-sent-manually; Displayed\r\n");
        assert_eq!((receipt.disposition.as_deref(), receipt.about()), (Some("displayed"), Some("a.b@shop.cn")));
        let complaint = feedback(b"Feedback-Type: abuse\r\nUser-Agent: x/1\r\nOriginal-Rcpt-To: <li@x.cn>\r\n");
        assert_eq!((complaint.feedback.as_deref(), complaint.recipients[0].address.as_str()), (Some("abuse"), "li@x.cn"));
    }

    #[test]
    fn a_status_is_found_in_prose() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(status(text).as_deref(), expected, "{text}");
        check("550-5.1.1 The account does not exist", Some("5.1.1"));
        check("host 10.0.0.1 said 4.2.2. try later", Some("4.2.2"));
        check("version 3.4.5 of 192.168.5.1.1", None);
        check("", None);
    }
}
