//! The tree of MIME parts (RFC 2045, 2046), walked with bounds on depth and number; leaves come out decoded.
//!
//! A forwarded message is a leaf: its inside is never walked, so that nesting cannot be used against us.

use std::borrow::Cow;

use mail_parser::{ContentType, HeaderName, HeaderValue, Message, MessageParser};

use super::{Flaw, words};

/// Deepest nesting of multiparts.
pub const DEPTH_MAX: usize = 16;
/// Most parts of one message, multiparts included.
pub const PARTS_MAX: usize = 400;
/// Longest header block of a part that is read. Units: bytes.
pub const HEAD_BYTES_MAX: usize = 256 * 1024;

/// A part with its header fields.
#[derive(Debug)]
pub struct Entity<'x> {
    head: Message<'static>,
    body: &'x [u8],
}

/// The header fields of `bytes`, and the rest. Lines end with CRLF or LF; a block that does not end is a header as a whole.
pub fn entity(bytes: &[u8]) -> Entity<'_> {
    let (head, body) = split_head(bytes);
    let head = head.get(..head.len().min(HEAD_BYTES_MAX)).unwrap_or_default();
    let text = words::joined(head) + "\r\n\r\n";
    let head = MessageParser::new().parse_headers(text.as_bytes()).map(Message::into_owned).unwrap_or_default();
    Entity { head, body }
}

/// Header block and body. A part that begins with a blank line has no header.
fn split_head(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|it| *it == b'\n') {
        if line == b"\n" || line == b"\r\n" {
            let (head, body) = bytes.split_at(at);
            return (head, body.get(line.len()..).unwrap_or_default());
        }
        at += line.len();
    }
    (bytes, &[])
}

impl<'x> Entity<'x> {
    /// Of the first field of this name.
    pub fn first(&self, name: &HeaderName<'_>) -> Option<&HeaderValue<'static>> {
        self.all(name).next()
    }

    pub fn all(&self, name: &HeaderName<'_>) -> impl Iterator<Item = &HeaderValue<'static>> {
        self.fields().iter().filter(move |it| &it.name == name).map(|it| &it.value)
    }

    pub fn fields(&self) -> &[mail_parser::Header<'static>] {
        self.head.parts.first().map(|it| it.headers.as_slice()).unwrap_or_default()
    }

    /// Value of the first field of this name (in any case), unfolded and trimmed; for fields that are read raw.
    pub fn raw(&self, name: &str) -> Option<String> {
        self.raw_all(name).next()
    }

    pub fn raw_all(&self, name: &str) -> impl Iterator<Item = String> {
        self.fields().iter().filter(move |it| it.name().eq_ignore_ascii_case(name)).map(|it| {
            let text = it.value.as_text_list().map(|it| it.join(" ")).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    pub fn content_type(&self) -> Option<&ContentType<'static>> {
        self.first(&HeaderName::ContentType).and_then(HeaderValue::as_content_type)
    }

    pub fn disposition(&self) -> Option<&ContentType<'static>> {
        self.first(&HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type)
    }

    /// `type/subtype` in lower case; `text/plain` where it is not told.
    pub fn media_type(&self) -> String {
        let told = self.content_type().map(|it| (it.ctype().trim(), it.subtype().unwrap_or_default().trim()));
        match told {
            Some((kind, "")) if kind.eq_ignore_ascii_case("text") => "text/plain".to_owned(),
            Some((kind, subtype)) if !kind.is_empty() && !subtype.is_empty() => format!("{kind}/{subtype}").to_ascii_lowercase(),
            Some(_) => "application/octet-stream".to_owned(),
            None => "text/plain".to_owned(),
        }
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.content_type().and_then(|it| it.attribute(name))
    }

    /// The name that the sender gave the file: of `Content-Disposition`, then of `Content-Type`.
    pub fn file_name(&self) -> Option<Cow<'_, str>> {
        // Beside a name in ASCII for old programs stands the true one (RFC 2231).
        let of = |it: Option<&ContentType<'static>>, name: &str| {
            let all = || it.and_then(ContentType::attributes).unwrap_or_default().iter().filter(|it| it.name == name && !it.value.trim().is_empty()).map(|it| it.value.as_ref());
            all().find(|it| !it.is_ascii()).or_else(|| all().next()).map(str::to_owned)
        };
        of(self.disposition(), "filename").or_else(|| of(self.content_type(), "name")).map(|it| {
            // Encoded words within quotes are forbidden and common.
            if it.contains("=?") { Cow::Owned(decoded_words(&it)) } else { Cow::Owned(it) }
        })
    }

    /// As it stands, transfer encoding and all.
    pub fn body(&self) -> &'x [u8] {
        self.body
    }

    /// The body without its transfer encoding. What is not valid in its encoding is taken as far as it goes.
    pub fn content(&self) -> Vec<u8> {
        let encoding = self.first(&HeaderName::ContentTransferEncoding).and_then(HeaderValue::as_text).unwrap_or_default();
        match encoding.trim().to_ascii_lowercase().as_str() {
            "base64" => base64_runs(self.body),
            "quoted-printable" => quoted_printable(self.body),
            _ => self.body.to_vec(),
        }
    }

    /// The content as text by its character set. The flag: whether something was replaced.
    pub fn text(&self) -> (String, bool) {
        let content = self.content();
        let content = content.get(..content.len().min(super::TEXT_BYTES_MAX * 2)).unwrap_or_default();
        words::decode(self.parameter("charset"), content)
    }
}

/// Base64 in runs that each may have padding; behind a padding the first line that is no base64 ends it, since mailing lists append a footer there.
fn base64_runs(body: &[u8]) -> Vec<u8> {
    let (mut out, mut run, mut padded) = (Vec::with_capacity(body.len() / 4 * 3), Vec::new(), false);
    for line in body.split(|it| *it == b'\n').map(<[u8]>::trim_ascii) {
        if padded && !line.iter().all(|it| it.is_ascii_alphanumeric() || b"+/=".contains(it)) {
            break;
        }
        for byte in line {
            if *byte == b'=' {
                out.extend(words::base64_lenient(&run));
                run.clear();
                padded = true;
            } else {
                run.push(*byte);
            }
        }
    }
    out.extend(words::base64_lenient(&run));
    out
}

fn decoded_words(text: &str) -> String {
    let block = words::joined(format!("Subject: {}\r\n\r\n", text.replace(['\r', '\n'], " ")).as_bytes());
    let read = MessageParser::new().parse_headers(block.as_bytes()).and_then(|it| it.subject().map(str::to_owned));
    read.unwrap_or_else(|| text.to_owned())
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let hex = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|it| *it == b'\n') {
        let ended = line.ends_with(b"\n");
        let trimmed = line.trim_ascii_end();
        let (mut rest, mut soft) = (trimmed, false);
        while let [first, after @ ..] = rest {
            rest = match (first, after) {
                (b'=', []) => {
                    soft = true;
                    after
                }
                (b'=', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                    out.push(hex(*high).unwrap_or_default() << 4 | hex(*low).unwrap_or_default());
                    after
                }
                _ => {
                    out.push(*first);
                    after
                }
            };
        }
        if ended && !soft {
            out.extend_from_slice(b"\r\n");
        }
    }
    out
}

/// What a walk came to: visited in order, each with the subtypes of the multiparts above it.
#[derive(Debug)]
pub enum Node<'x> {
    Multi { subtype: String, children: Vec<Node<'x>> },
    Leaf(Entity<'x>),
}

/// The tree below `root`, with at most [`PARTS_MAX`] parts and [`DEPTH_MAX`] levels; a multipart without its boundary is a leaf.
pub fn tree<'x>(root: Entity<'x>, flaws: &mut Vec<Flaw>) -> Node<'x> {
    let mut left = PARTS_MAX;
    node(root, 0, &mut left, flaws)
}

fn node<'x>(entity: Entity<'x>, depth: usize, left: &mut usize, flaws: &mut Vec<Flaw>) -> Node<'x> {
    let media_type = entity.media_type();
    let Some(subtype) = media_type.strip_prefix("multipart/") else {
        return Node::Leaf(entity);
    };
    if depth >= DEPTH_MAX {
        flaws.push(Flaw::TooDeep);
        return Node::Leaf(entity);
    }
    let boundary = entity.parameter("boundary").map(|it| it.trim_end().to_owned()).filter(|it| !it.is_empty());
    let (pieces, closed) = boundary.map(|it| pieces(entity.body, it.as_bytes())).unwrap_or_default();
    if pieces.is_empty() {
        flaws.push(Flaw::BrokenMime);
        return Node::Leaf(entity);
    }
    if !closed {
        flaws.push(Flaw::BrokenMime);
    }
    let mut children = Vec::new();
    for piece in pieces {
        if *left == 0 {
            flaws.push(Flaw::TooManyParts);
            break;
        }
        *left -= 1;
        children.push(node(self::entity(piece), depth + 1, left, flaws));
    }
    Node::Multi { subtype: subtype.to_owned(), children }
}

/// The bodies between delimiter lines; whether the last delimiter was there. The line end before a delimiter belongs to the delimiter.
fn pieces<'x>(body: &'x [u8], boundary: &[u8]) -> (Vec<&'x [u8]>, bool) {
    let (mut found, mut at, mut began) = (Vec::new(), 0, None);
    for line in body.split_inclusive(|it| *it == b'\n') {
        let delimiter = line.strip_prefix(b"--").and_then(|it| it.strip_prefix(boundary)).map(<[u8]>::trim_ascii_end);
        let last = delimiter == Some(b"--");
        if last || delimiter == Some(b"") {
            if let Some(from) = began {
                found.push(without_line_end(body.get(from..at).unwrap_or_default()));
            }
            if last {
                return (found, true);
            }
            if found.len() > PARTS_MAX {
                return (found, false);
            }
            began = Some(at + line.len());
        }
        at += line.len();
    }
    found.extend(began.and_then(|from| body.get(from..)).filter(|it| !it.trim_ascii().is_empty()));
    (found, false)
}

fn without_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_at_whole_lines_only() {
        let check = |body: &str, expected: &[&str], closed: bool| {
            let (found, was_closed) = pieces(body.as_bytes(), b"b");
            assert_eq!(found, expected.iter().map(|it| it.as_bytes()).collect::<Vec<_>>(), "{body}");
            assert_eq!(was_closed, closed, "{body}");
        };
        check("pre\r\n--b\r\none\r\n--b\r\ntwo\r\n--b--\r\nepilogue", &["one", "two"], true);
        check("--b\none\n--bb\nmore\n--b--", &["one\n--bb\nmore"], true);
        check("--b  \r\none\r\n", &["one\r\n"], false);
        check("nothing", &[], false);
        check("--b--", &[], true);
    }

    #[test]
    fn transfer_encodings_are_read_as_far_as_they_go() {
        assert_eq!(quoted_printable(b"a=3Db=\r\nc  \r\n=E4=BD=A0=zz="), b"a=bc\r\n\xe4\xbd\xa0=zz");
        assert_eq!(words::base64_lenient(b"aGVs\r\nbG8"), b"hello");
        assert_eq!(base64_runs(b"aGVsbG8=\r\n-- \r\nA list"), b"hello");
        assert_eq!(base64_runs(b"aGVs\r\nbG8=\r\naGVsbG8=\r\n"), b"hellohello");
        assert_eq!(words::base64_lenient(b"a"), b"");
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let mut deep = String::from("x");
        for level in 0..60 {
            deep = format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n{deep}\r\n--b{level}--\r\n");
        }
        let mut flaws = Vec::new();
        let _tree = tree(entity(deep.as_bytes()), &mut flaws);
        assert_eq!(flaws, [Flaw::TooDeep]);
        let many = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n", "--b\r\n\r\nx\r\n".repeat(2_000));
        let mut flaws = Vec::new();
        let Node::Multi { children, .. } = tree(entity(many.as_bytes()), &mut flaws) else { panic!("no multipart") };
        assert_eq!((children.len(), flaws.contains(&Flaw::TooManyParts)), (PARTS_MAX, true));
    }
}
