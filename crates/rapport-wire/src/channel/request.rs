//! HTTP as data: what a provider is to be asked, and what it answered. A shell sends it to the base address that the inbox is configured with.

use std::fmt::Write as _;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// To be sent to `base + path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// Begins with `/`, encoded, with its query.
    pub path: String,
    /// Names in lower case; `content-type` is among them where there is a body.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn json(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self::post(path, "application/json; charset=utf-8", body.to_string().into_bytes())
    }

    /// Pairs as `application/x-www-form-urlencoded`.
    pub fn form(path: impl Into<String>, pairs: &[(&str, &str)]) -> Self {
        Self::post(path, "application/x-www-form-urlencoded", query(pairs).into_bytes())
    }

    pub fn post(path: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        Self { method: Method::Post, path: path.into(), headers: vec![("content-type".to_owned(), content_type.to_owned())], body }
    }

    /// One file and some fields as `multipart/form-data`. `boundary` must not occur in any of them: a random id.
    pub fn multipart(path: impl Into<String>, boundary: &str, fields: &[(&str, &str)], file: &FilePart<'_>) -> Self {
        let mut body = Vec::with_capacity(file.bytes.len() + 512);
        for (name, value) in fields {
            body.extend_from_slice(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n", quoted(name)).as_bytes());
        }
        let head = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
            quoted(file.field),
            quoted(file.name),
            file.media_type.replace(['\r', '\n'], "")
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        Self::post(path, &format!("multipart/form-data; boundary={boundary}"), body)
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }
}

#[derive(Clone, Copy, Debug)]
pub struct FilePart<'a> {
    pub field: &'a str,
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// `Null` where the body is no JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// `Retry-After` in seconds; its form as a date is not read.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.header("retry-after")?.trim().parse::<u64>().ok().map(|it| it.min(86_400) * 1_000)
    }
}

/// A name within quotes of a header, as browsers write it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Everything but letters, digits and `-_.~` as `%XX` (RFC 3986).
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// `a=b&c=d`, encoded.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&")
}

/// Pairs of `application/x-www-form-urlencoded` text, in order: `+` is a blank; what is no UTF-8 is replaced.
pub fn form_pairs(text: &[u8]) -> Vec<(String, String)> {
    let of = |it: &[u8]| String::from_utf8_lossy(&unescaped(it)).into_owned();
    let split = |pair: &[u8]| {
        let at = pair.iter().position(|it| *it == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(at);
        (of(name), of(value.get(1..).unwrap_or_default()))
    };
    text.split(|it| *it == b'&').filter(|it| !it.is_empty()).map(split).collect()
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', rest.get(1..).unwrap_or_default()),
            },
            _ => (*first, after),
        };
        out.push(byte);
        rest = after;
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_they_are_written() {
        let pairs = [("Body", "你好 😀 a+b=c&d"), ("空", ""), ("x", "100%")];
        let read = form_pairs(query(&pairs).as_bytes());
        assert_eq!(read.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect::<Vec<_>>(), pairs);
        let check = |text: &str, expected: &[(&str, &str)]| {
            let read = form_pairs(text.as_bytes());
            assert_eq!(read.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect::<Vec<_>>(), expected, "{text}");
        };
        check("a=1+2&&b&c=%zz%4", &[("a", "1 2"), ("b", ""), ("c", "%zz%4")]);
        check("", &[]);
        check("a=%ff", &[("a", "\u{FFFD}")]);
    }

    #[test]
    fn a_file_name_cannot_leave_its_quotes() {
        let file = FilePart { field: "media", name: "a\"\r\nx: y.png", media_type: "image/png", bytes: b"PNG" };
        let request = Request::multipart("/upload", "b0", &[("type", "image")], &file);
        let text = String::from_utf8(request.body).expect("text");
        assert!(text.contains("filename=\"a%22%0D%0Ax: y.png\"\r\n") && text.ends_with("PNG\r\n--b0--\r\n"), "{text}");
    }
}
