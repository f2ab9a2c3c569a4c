//! Whole messages, in and out.

mod composed;
mod kinds;
mod read;

use super::{Mail, parse};

/// `text` with CRLF, read.
fn read(text: &str) -> Mail {
    parse(text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()).expect("a message")
}
