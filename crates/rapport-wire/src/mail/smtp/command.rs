//! One command line (RFC 5321 4.1, 1870, 6152, 6531).

use crate::mail::address;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Hello { name: String, extended: bool },
    /// `from`: `None` is the null return path.
    Mail { from: Option<String>, size: Option<usize>, utf8: bool },
    Recipient { to: String },
    Data,
    Reset,
    Noop,
    Quit,
    Help,
    Verify,
    StartTls,
    /// AUTH, BDAT, EXPN, TURN: known, and not for strangers.
    NotOffered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unknown,
    Syntax,
    BadSender,
    BadRecipient,
    BadParameter,
    NeedsUtf8,
    /// A browser that was led here.
    NotSmtp,
}

impl Fault {
    pub(super) fn reply(self) -> &'static str {
        match self {
            Self::Unknown => "500 5.5.2 unknown command",
            Self::Syntax => "501 5.5.4 syntax",
            Self::BadSender => "501 5.1.7 no address",
            Self::BadRecipient => "501 5.1.3 no address",
            Self::BadParameter => "555 5.5.4 unknown parameter",
            Self::NeedsUtf8 => "553 5.6.7 SMTPUTF8 was not asked for",
            Self::NotSmtp => "554 5.7.0 no SMTP",
        }
    }
}

/// `line` without its end.
pub(super) fn parse(line: &[u8]) -> Result<Command, Fault> {
    let text = std::str::from_utf8(line).map_err(|_invalid| Fault::Syntax)?;
    if text.chars().any(|it| it.is_control() && it != '\t') {
        return Err(Fault::Syntax);
    }
    let (verb, rest) = text.trim_end().split_once([' ', '\t']).unwrap_or((text.trim_end(), ""));
    let rest = rest.trim();
    let bare = |command: Command| if rest.is_empty() { Ok(command) } else { Err(Fault::Syntax) };
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" => hello(rest, true),
        "HELO" => hello(rest, false),
        "MAIL" => mail(after(rest, "FROM:")?),
        "RCPT" => recipient(after(rest, "TO:")?),
        "DATA" => bare(Command::Data),
        "RSET" => bare(Command::Reset),
        "QUIT" => bare(Command::Quit),
        "STARTTLS" => bare(Command::StartTls),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "VRFY" => Ok(Command::Verify),
        "AUTH" | "BDAT" | "EXPN" | "TURN" | "ETRN" | "ATRN" | "SEND" | "SOML" | "SAML" => Ok(Command::NotOffered),
        "GET" | "POST" | "PUT" | "HEAD" | "OPTIONS" | "CONNECT" | "HOST:" | "USER-AGENT:" => Err(Fault::NotSmtp),
        _ => Err(Fault::Unknown),
    }
}

fn hello(name: &str, extended: bool) -> Result<Command, Fault> {
    let sound = !name.is_empty() && name.len() <= 255 && !name.contains(char::is_whitespace);
    if sound { Ok(Command::Hello { name: name.to_owned(), extended }) } else { Err(Fault::Syntax) }
}

fn after<'a>(rest: &'a str, word: &str) -> Result<&'a str, Fault> {
    match rest.split_at_checked(word.len()) {
        Some((head, tail)) if head.eq_ignore_ascii_case(word) => Ok(tail.trim_start()),
        Some(_) | None => Err(Fault::Syntax),
    }
}

fn mail(rest: &str) -> Result<Command, Fault> {
    let (path, parameters) = path(rest).ok_or(Fault::BadSender)?;
    let (mut size, mut utf8) = (None, false);
    for parameter in parameters.split_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("SIZE", value) => size = Some(value.parse::<usize>().map_err(|_invalid| Fault::Syntax)?),
            ("BODY", "7BIT" | "8BITMIME") => {}
            ("SMTPUTF8", "") => utf8 = true,
            _ => return Err(Fault::BadParameter),
        }
    }
    if path.is_empty() {
        return Ok(Command::Mail { from: None, size, utf8 });
    }
    if !address::is_valid(path) {
        return Err(Fault::BadSender);
    }
    if !path.is_ascii() && !utf8 {
        return Err(Fault::NeedsUtf8);
    }
    Ok(Command::Mail { from: Some(path.to_owned()), size, utf8 })
}

fn recipient(rest: &str) -> Result<Command, Fault> {
    let (path, parameters) = path(rest).ok_or(Fault::BadRecipient)?;
    if !parameters.trim().is_empty() {
        return Err(Fault::BadParameter);
    }
    if address::is_valid(path) || path.eq_ignore_ascii_case("postmaster") {
        return Ok(Command::Recipient { to: path.to_owned() });
    }
    Err(Fault::BadRecipient)
}

/// What stands between the brackets, without a source route, and what follows them.
fn path(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    let end = inner.char_indices().find(|(_, it)| {
        let closes = *it == '>' && !quoted;
        if !escaped && *it == '"' {
            quoted = !quoted;
        }
        escaped = !escaped && *it == '\\';
        closes
    })?;
    let (path, after) = inner.split_at(end.0);
    let after = after.strip_prefix('>')?;
    if !after.is_empty() && !after.starts_with([' ', '\t']) {
        return None;
    }
    let path = if path.starts_with('@') { path.split_once(':')?.1 } else { path };
    Some((path, after))
}
