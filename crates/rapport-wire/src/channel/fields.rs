//! Fields of bodies from outside, read with bounds: JSON, and WeChat's XML as a tree of the same kind, since mini-programs may send either.

use super::WireFault;
use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};
use rapport_model::Timestamp;
use serde_json::{Map, Value};

/// Largest body of a callback. Units: bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;
/// Longest id, address or key within a body. Units: bytes.
const WORD_BYTES_MAX: usize = 4_096;
/// Longest name or title that is kept. Units: characters.
const TITLE_CHARS_MAX: usize = 200;
const XML_DEPTH_MAX: usize = 8;
const XML_FIELDS_MAX: usize = 512;
/// Seconds that are still a date and no count of milliseconds (year 5138).
const SECONDS_MAX: i64 = 100_000_000_000;

static NULL: Value = Value::Null;

/// A JSON object of at most [`BODY_BYTES_MAX`].
pub(crate) fn json(body: &[u8]) -> Result<Value, WireFault> {
    let value: Value = serde_json::from_str(utf8(body)?).map_err(|error| WireFault::malformed(format!("no JSON: {error}")))?;
    if value.is_object() { Ok(value) } else { Err(WireFault::malformed("no JSON object")) }
}

/// The fields of `<xml>…</xml>`: texts as strings, what has fields of its own as objects; the first of a name counts. There is no document type and no entity
/// but the five of XML itself.
pub(crate) fn xml(body: &[u8]) -> Result<Value, WireFault> {
    let mut reader = Reader::from_str(utf8(body)?);
    let (mut open, mut root, mut fields) = (Vec::<Element>::new(), None, 0_usize);
    loop {
        match reader.read_event().map_err(|error| WireFault::malformed(format!("no XML: {error}")))? {
            Event::Start(tag) => {
                fields += 1;
                if root.is_some() || open.len() >= XML_DEPTH_MAX || fields > XML_FIELDS_MAX {
                    return Err(WireFault::malformed("XML too deep, too wide or of several roots"));
                }
                open.push(Element { name: tag.name().as_ref().to_owned(), fields: Map::new(), text: String::new() });
            }
            Event::Empty(tag) => {
                fields += 1;
                let parent = open.last_mut().filter(|_| fields <= XML_FIELDS_MAX).ok_or_else(|| WireFault::malformed("XML too wide or without a root"))?;
                parent.fields.entry(tag.name().as_ref()).or_insert_with(|| Value::String(String::new()));
            }
            Event::End(_) => {
                let Some(closed) = open.pop() else { return Err(WireFault::malformed("XML closed twice")) };
                match open.last_mut() {
                    Some(parent) => {
                        let (name, value) = (closed.name.clone(), closed.value());
                        parent.fields.entry(name).or_insert(value);
                    }
                    None => root = Some(closed),
                }
            }
            Event::Text(text) => push(&mut open, &text)?,
            Event::CData(text) => push(&mut open, &text)?,
            Event::GeneralRef(reference) => push(&mut open, &resolved(&reference)?)?,
            Event::DocType(_) => return Err(WireFault::malformed("XML with a document type")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let root = root.filter(|it| open.is_empty() && it.name == "xml").ok_or_else(|| WireFault::malformed("XML is cut or not WeChat's"))?;
    Ok(Value::Object(root.fields))
}

/// XML or JSON, by its first character.
pub(crate) fn tree(body: &[u8]) -> Result<Value, WireFault> {
    match utf8(body)?.trim_start().chars().next() {
        Some('<') => xml(body),
        _ => json(body),
    }
}

/// Text as a CDATA section, which has no way to hold its own end: it is divided there. Characters that XML cannot hold are left out.
pub(crate) fn cdata(text: &str) -> String {
    let held: String = text.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\r' | '\t')).collect();
    format!("<![CDATA[{}]]>", held.replace("]]>", "]]]]><![CDATA[>"))
}

/// A name or title without control characters, cut where nobody reads on.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).take(TITLE_CHARS_MAX).collect::<String>().trim().to_owned()
}

/// A name for a file: the last part of a path, on one line.
pub(crate) fn file_name(text: &str) -> String {
    one_line(text.rsplit(['/', '\\']).next().unwrap_or_default())
}

fn utf8(body: &[u8]) -> Result<&str, WireFault> {
    if body.len() > BODY_BYTES_MAX {
        return Err(WireFault::malformed("body too large"));
    }
    let text = std::str::from_utf8(body).map_err(|error| WireFault::malformed(format!("no UTF-8: {error}")))?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

struct Element {
    name: String,
    fields: Map<String, Value>,
    text: String,
}

impl Element {
    fn value(self) -> Value {
        if self.fields.is_empty() { Value::String(self.text) } else { Value::Object(self.fields) }
    }
}

fn push(open: &mut [Element], text: &str) -> Result<(), WireFault> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(WireFault::malformed("text outside of XML")),
    }
    Ok(())
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, WireFault> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character.to_string());
    }
    let known = quick_xml::escape::resolve_predefined_entity(reference);
    known.map(str::to_owned).ok_or_else(|| WireFault::malformed("XML with an entity of its own"))
}

/// Fields by path (`event/message/content`). What is missing reads as nothing; what may not be missing is asked for by `need`.
pub(crate) trait Fields {
    /// `Null` where it is not.
    fn at(&self, path: &str) -> &Value;
    /// Without NUL, which no store takes. Numbers as written: ids of 64 bits come bare.
    fn text(&self, path: &str) -> String;
    /// Not empty.
    fn maybe(&self, path: &str) -> Option<String>;
    /// Not empty, not longer than an id can be.
    fn need(&self, path: &str) -> Result<String, WireFault>;
    fn integer(&self, path: &str) -> Option<i64>;
    fn number(&self, path: &str) -> Option<f64>;
    fn seconds(&self, path: &str) -> Option<Timestamp>;
    fn millis(&self, path: &str) -> Option<Timestamp>;
    fn list(&self, path: &str) -> &[Value];
    /// A name or title on one line.
    fn title(&self, path: &str) -> String;
}

impl Fields for Value {
    fn at(&self, path: &str) -> &Value {
        path.split('/').try_fold(self, |value, name| value.get(name)).unwrap_or(&NULL)
    }

    fn text(&self, path: &str) -> String {
        let found = self.at(path);
        match found.as_str() {
            Some(text) => text.replace('\0', ""),
            None if found.is_number() => found.to_string(),
            None => String::new(),
        }
    }

    fn maybe(&self, path: &str) -> Option<String> {
        Some(self.text(path)).filter(|it| !it.trim().is_empty())
    }

    fn need(&self, path: &str) -> Result<String, WireFault> {
        match self.maybe(path).map(|it| it.trim().to_owned()) {
            Some(word) if word.len() <= WORD_BYTES_MAX => Ok(word),
            Some(_) => Err(WireFault::malformed(format!("{path} is too long"))),
            None => Err(WireFault::malformed(format!("{path} is missing"))),
        }
    }

    fn integer(&self, path: &str) -> Option<i64> {
        let found = self.at(path);
        found.as_i64().or_else(|| found.as_str()?.trim().parse().ok())
    }

    fn number(&self, path: &str) -> Option<f64> {
        let found = self.at(path);
        found.as_f64().or_else(|| found.as_str()?.trim().parse().ok()).filter(|it| it.is_finite())
    }

    fn seconds(&self, path: &str) -> Option<Timestamp> {
        self.integer(path).filter(|it| (1..SECONDS_MAX).contains(it)).map(|it| Timestamp(it * 1_000))
    }

    fn millis(&self, path: &str) -> Option<Timestamp> {
        self.integer(path).filter(|it| (1..SECONDS_MAX * 1_000).contains(it)).map(Timestamp)
    }

    fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map(Vec::as_slice).unwrap_or_default()
    }

    fn title(&self, path: &str) -> String {
        one_line(&self.text(path))
    }
}

/// A point on the earth; `None` where the numbers are none.
pub(crate) fn point(latitude: Option<f64>, longitude: Option<f64>) -> Option<(f64, f64)> {
    let (latitude, longitude) = (latitude?, longitude?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn xml_reads_as_a_tree() {
        let check = |text: &str, expected: Value| assert_eq!(xml(text.as_bytes()), Ok(expected), "{text}");
        check("<xml><A><![CDATA[a<b&c]]></A><B>1</B></xml>", json!({"A": "a<b&c", "B": "1"}));
        check("<xml>\n <A>&lt;&#x4f60;&#22909;&amp;</A>\n <A>second</A>\n</xml>", json!({"A": "<你好&"}));
        check("<xml><C><D>x</D></C><E/><F></F></xml>", json!({"C": {"D": "x"}, "E": "", "F": ""}));
        check("\u{FEFF}<?xml version=\"1.0\"?><!-- c --><xml><A>a<![CDATA[b]]>c</A></xml>", json!({"A": "abc"}));
        check("<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", json!({"A": "a]]>b"}));
        check("<xml><A><![CDATA[👨‍👩‍👧‍👦𠮷]]></A></xml>", json!({"A": "👨‍👩‍👧‍👦𠮷"}));
    }

    #[test]
    fn xml_that_asks_for_more_is_refused() {
        let refused = |text: &str| assert!(matches!(xml(text.as_bytes()), Err(WireFault::Malformed(_))), "{text}");
        refused("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><A>&e;</A></xml>");
        refused("<xml><A>&e;</A></xml>");
        refused("<xml><A>&#xD800;</A></xml>");
        refused("<xml><A>a</B></xml>");
        refused("<xml><A>a</A>");
        refused("<xml/>");
        refused("<html></html>");
        refused("<xml></xml><xml></xml>");
        refused("");
        refused(&format!("{}{}", "<xml>".repeat(9), "</xml>".repeat(9)));
        refused(&format!("<xml>{}</xml>", "<a>1</a>".repeat(600)));
        refused(&format!("<xml>{}</xml>", "<a/>".repeat(600)));
        assert!(xml(b"<xml><A>\xff</A></xml>").is_err());
        assert!(xml(format!("<xml><A>{}</A></xml>", "x".repeat(BODY_BYTES_MAX)).as_bytes()).is_err());
    }

    #[test]
    fn a_section_survives_its_own_end() {
        let text = "a]]>b\u{0}\u{1}]]]>>\n𠮷";
        let read = xml(format!("<xml><A>{}</A></xml>", cdata(text)).as_bytes()).expect("xml");
        assert_eq!(read.text("A"), "a]]>b]]]>>\n𠮷");
    }

    #[test]
    fn numbers_and_ids_keep_all_their_digits() {
        let value = json(br#"{"MsgId":18446744073709551615,"a":{"t":"1764000000"},"x":"2.5","n":"nan","z":"a\u0000b"}"#).expect("json");
        assert_eq!(
            (value.text("MsgId").as_str(), value.seconds("a/t"), value.text("z").as_str()),
            ("18446744073709551615", Some(Timestamp(1_764_000_000_000)), "ab")
        );
        assert_eq!((value.number("x"), value.number("n"), value.integer("MsgId"), value.maybe("a")), (Some(2.5), None, None, None));
        assert!(json(b"[]").is_err() && json(&b"[".repeat(100_000)).is_err() && value.need("none").is_err());
    }

    #[test]
    fn file_names_are_no_paths() {
        let check = |name: &str, expected: &str| assert_eq!(file_name(name), expected);
        check("../../etc/passwd", "passwd");
        check("C:\\x\\说明.pdf", "说明.pdf");
        check("a\r\nb.png", "a  b.png");
    }
}
