//! Receiving by SMTP (RFC 5321) as a state machine: bytes in, replies and messages out. A shell holds the socket, the clock and the TLS.
//!
//! No relaying: a recipient is ours or refused. `DATA` ends with CRLF `.` CRLF alone, so that nothing can be smuggled behind a lone line feed.

mod command;
mod data;
#[cfg(test)]
mod tests;

use command::{Command, Fault};
use data::Data;

/// Longest command line with its end: RFC 5321 4.5.3.1.4 asks for 512, parameters and SMTPUTF8 for more. Units: bytes.
pub const COMMAND_BYTES_MAX: usize = 2_048;
/// Most bytes that wait while a message is stored. Units: bytes.
pub const WAITING_BYTES_MAX: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub struct Config {
    /// Our name in greeting and answers.
    pub host: String,
    /// Units: bytes.
    pub size_max: usize,
    pub recipients_max: usize,
    /// Within one connection.
    pub messages_max: usize,
    /// Refused commands until the connection is closed.
    pub faults_max: usize,
    pub offers_tls: bool,
    /// Nothing is taken before STARTTLS.
    pub requires_tls: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { host: "localhost".to_owned(), size_max: 35 * 1024 * 1024, recipients_max: 100, messages_max: 100, faults_max: 20, offers_tls: false, requires_tls: false }
    }
}

/// Whether a recipient is ours. Asked with the address as written, without brackets; `postmaster` may come without a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ours,
    /// Our domain, but nobody there.
    Unknown,
    /// Another's domain.
    Foreign,
    /// Not now: the store is away.
    Later,
}

/// What a message came with. Claimed by the client, but for `to`, which is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `None`: the null return path.
    pub from: Option<String>,
    pub to: Vec<String>,
    pub utf8: bool,
    pub helo: String,
    pub tls: bool,
    /// Without dot-stuffing.
    pub bytes: Vec<u8>,
    /// A CR or LF stood alone in it: odd, and what smuggling needs.
    pub bare_line_ends: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// To be sent as it is.
    Reply(String),
    /// To be stored; then [`Session::stored`] is called. Nothing else is read until then.
    Message(Box<Envelope>),
    /// The handshake begins when the replies before it are sent; then [`Session::secured`].
    StartTls,
    Close,
}

/// What became of a message at the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Yes,
    Later,
    Refused,
}

#[derive(Debug)]
pub struct Session {
    config: Config,
    waiting: Vec<u8>,
    state: State,
    helo: Option<String>,
    tls: bool,
    from: Option<Sender>,
    to: Vec<String>,
    messages: usize,
    faults: usize,
}

#[derive(Debug)]
struct Sender {
    /// `None`: the null return path.
    address: Option<String>,
    utf8: bool,
}

#[derive(Debug)]
enum State {
    Command,
    /// A line was too long: its rest is skipped.
    Overlong,
    Data(Data),
    /// For [`Session::stored`].
    Storing,
    /// For [`Session::secured`].
    Handshake,
    Closed,
}

impl Session {
    /// The session and its greeting.
    pub fn new(config: Config) -> (Self, Output) {
        let greeting = Output::Reply(format!("220 {} ESMTP\r\n", config.host));
        let session = Self { config, waiting: Vec::new(), state: State::Command, helo: None, tls: false, from: None, to: Vec::new(), messages: 0, faults: 0 };
        (session, greeting)
    }

    /// Takes bytes as they came, in any pieces; pipelined commands are answered in order.
    pub fn input(&mut self, bytes: &[u8], recipient: &dyn Fn(&str) -> Verdict) -> Vec<Output> {
        match self.state {
            // Bytes before the handshake are not the client's: what a stranger put there is not executed (RFC 3207, CVE-2011-0411).
            State::Handshake | State::Closed => return Vec::new(),
            State::Storing if self.waiting.len() + bytes.len() > WAITING_BYTES_MAX => {
                self.state = State::Closed;
                return vec![Output::Reply(format!("421 4.3.2 {} too much at once\r\n", self.config.host)), Output::Close];
            }
            State::Command | State::Overlong | State::Data(_) | State::Storing => {}
        }
        self.waiting.extend_from_slice(bytes);
        self.go_on(recipient)
    }

    /// The answer to a message that was stored or not, and to what came after it.
    pub fn stored(&mut self, stored: Stored, recipient: &dyn Fn(&str) -> Verdict) -> Vec<Output> {
        if !matches!(self.state, State::Storing) {
            return Vec::new();
        }
        self.state = State::Command;
        let text = match stored {
            Stored::Yes => "250 2.0.0 taken",
            Stored::Later => "451 4.3.0 not stored, try again",
            Stored::Refused => "554 5.6.0 not taken",
        };
        let mut out = vec![Output::Reply(format!("{text}\r\n"))];
        out.extend(self.go_on(recipient));
        out
    }

    /// The handshake succeeded: everything before it is forgotten.
    pub fn secured(&mut self) {
        if matches!(self.state, State::Handshake) {
            self.state = State::Command;
            self.tls = true;
            self.helo = None;
            self.reset();
            self.waiting.clear();
        }
    }

    fn go_on(&mut self, recipient: &dyn Fn(&str) -> Verdict) -> Vec<Output> {
        let mut out = Vec::new();
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        loop {
            let before = rest.len();
            match &mut self.state {
                State::Command | State::Overlong => rest = self.command(rest, recipient, &mut out),
                State::Data(data) => {
                    let (taken, ended) = data.take(rest);
                    rest = rest.get(taken..).unwrap_or_default();
                    if ended {
                        self.data_ended(&mut out);
                    }
                }
                State::Handshake | State::Closed => rest = &[],
                State::Storing => break,
            }
            if rest.is_empty() || rest.len() == before {
                break;
            }
        }
        self.waiting = rest.to_vec();
        out
    }

    /// One command line from the beginning of `bytes`, if it is whole; gives the rest.
    fn command<'a>(&mut self, bytes: &'a [u8], recipient: &dyn Fn(&str) -> Verdict, out: &mut Vec<Output>) -> &'a [u8] {
        let end = bytes.iter().position(|it| *it == b'\n').map(|it| it + 1);
        let Some((line, rest)) = end.and_then(|it| bytes.split_at_checked(it)) else {
            if bytes.len() <= COMMAND_BYTES_MAX {
                return bytes;
            }
            if matches!(self.state, State::Command) {
                self.state = State::Overlong;
                self.fault("500 5.5.2 line too long", out);
            }
            return &[];
        };
        if matches!(self.state, State::Overlong) {
            self.state = State::Command;
            return rest;
        }
        match line.strip_suffix(b"\r\n") {
            _ if line.len() > COMMAND_BYTES_MAX => self.fault("500 5.5.2 line too long", out),
            Some(line) if !line.contains(&b'\r') && !line.contains(&0) => self.execute(line, recipient, out),
            _ => self.fault("500 5.5.2 lines end with CRLF", out),
        }
        rest
    }

    fn execute(&mut self, line: &[u8], recipient: &dyn Fn(&str) -> Verdict, out: &mut Vec<Output>) {
        let command = match command::parse(line) {
            Ok(it) => it,
            Err(Fault::NotSmtp) => {
                self.say("554 5.7.0 this is no web server", out);
                self.close(out);
                return;
            }
            Err(fault) => return self.fault(fault.reply(), out),
        };
        match command {
            Command::Quit => {
                self.say("221 2.0.0 bye", out);
                self.close(out);
            }
            Command::Noop => self.say("250 2.0.0 ok", out),
            Command::Help => self.say("214 2.0.0 RFC 5321", out),
            Command::Verify => self.say("252 2.1.5 send and see", out),
            Command::Reset => {
                self.reset();
                self.say("250 2.0.0 ok", out);
            }
            Command::Hello { name, extended } => self.hello(name, extended, out),
            Command::StartTls => self.start_tls(out),
            Command::NotOffered => self.fault("502 5.5.1 not offered", out),
            Command::Mail { .. } | Command::Recipient { .. } | Command::Data if self.config.requires_tls && !self.tls => self.fault("530 5.7.0 STARTTLS first", out),
            Command::Mail { .. } | Command::Recipient { .. } | Command::Data if self.helo.is_none() => self.fault("503 5.5.1 EHLO first", out),
            Command::Mail { from, size, utf8 } => self.mail(from, size, utf8, out),
            Command::Recipient { to } => self.recipient(to, recipient, out),
            Command::Data => self.data(out),
        }
    }

    fn hello(&mut self, name: String, extended: bool, out: &mut Vec<Output>) {
        self.reset();
        self.helo = Some(name);
        if !extended {
            return self.say(&format!("250 {}", self.config.host), out);
        }
        let size = format!("SIZE {}", self.config.size_max);
        let mut lines = vec![self.config.host.as_str(), size.as_str(), "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"];
        if self.config.offers_tls && !self.tls {
            lines.push("STARTTLS");
        }
        let last = lines.len() - 1;
        let reply: String = lines.iter().enumerate().map(|(at, it)| format!("250{}{it}\r\n", if at == last { ' ' } else { '-' })).collect();
        out.push(Output::Reply(reply));
    }

    fn start_tls(&mut self, out: &mut Vec<Output>) {
        if !self.config.offers_tls || self.tls {
            return self.fault("502 5.5.1 not offered", out);
        }
        self.say("220 2.0.0 go ahead", out);
        out.push(Output::StartTls);
        self.state = State::Handshake;
    }

    fn mail(&mut self, from: Option<String>, size: Option<usize>, utf8: bool, out: &mut Vec<Output>) {
        if self.from.is_some() {
            return self.fault("503 5.5.1 one sender at a time", out);
        }
        if self.messages >= self.config.messages_max {
            self.say("421 4.7.0 enough for one connection", out);
            return self.close(out);
        }
        if size.is_some_and(|it| it > self.config.size_max) {
            return self.fault("552 5.3.4 too large", out);
        }
        self.from = Some(Sender { address: from, utf8 });
        self.say("250 2.1.0 ok", out);
    }

    fn recipient(&mut self, to: String, recipient: &dyn Fn(&str) -> Verdict, out: &mut Vec<Output>) {
        let Some(sender) = &self.from else { return self.fault("503 5.5.1 MAIL first", out) };
        if !to.is_ascii() && !sender.utf8 {
            return self.fault("553 5.6.7 SMTPUTF8 was not asked for", out);
        }
        if self.to.len() >= self.config.recipients_max {
            return self.fault("452 4.5.3 too many recipients", out);
        }
        match recipient(&to) {
            Verdict::Ours => {
                if !self.to.iter().any(|it| it.eq_ignore_ascii_case(&to)) {
                    self.to.push(to);
                }
                self.say("250 2.1.5 ok", out);
            }
            Verdict::Unknown => self.fault("550 5.1.1 no such mailbox", out),
            Verdict::Foreign => self.fault("550 5.7.1 no relaying", out),
            Verdict::Later => self.say("451 4.3.0 try again", out),
        }
    }

    fn data(&mut self, out: &mut Vec<Output>) {
        if self.from.is_none() {
            return self.fault("503 5.5.1 MAIL first", out);
        }
        if self.to.is_empty() {
            return self.fault("554 5.5.1 no valid recipient", out);
        }
        self.say("354 end with <CR><LF>.<CR><LF>", out);
        self.state = State::Data(Data::new(self.config.size_max));
    }

    fn data_ended(&mut self, out: &mut Vec<Output>) {
        let State::Data(data) = std::mem::replace(&mut self.state, State::Command) else { return };
        let (sender, to) = (self.from.take(), std::mem::take(&mut self.to));
        self.reset();
        if data.is_too_large() {
            return self.fault("552 5.3.4 too large", out);
        }
        self.messages += 1;
        self.state = State::Storing;
        let (bytes, bare_line_ends) = data.into_bytes();
        let (from, utf8) = sender.map_or((None, false), |it| (it.address, it.utf8));
        let envelope = Envelope { from, to, utf8, helo: self.helo.clone().unwrap_or_default(), tls: self.tls, bytes, bare_line_ends };
        out.push(Output::Message(Box::new(envelope)));
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn say(&self, text: &str, out: &mut Vec<Output>) {
        out.push(Output::Reply(format!("{text}\r\n")));
    }

    fn fault(&mut self, text: &str, out: &mut Vec<Output>) {
        self.say(text, out);
        self.faults += 1;
        if self.faults > self.config.faults_max {
            self.say("421 4.7.0 too many errors", out);
            self.close(out);
        }
    }

    fn close(&mut self, out: &mut Vec<Output>) {
        out.push(Output::Close);
        self.state = State::Closed;
    }
}
