//! HTML taken apart into tags and text, in one pass over the page whatever is in it.

use super::html_entity::decode;

/// Tags hold no more attributes than this; what follows is passed over.
const ATTRIBUTES_MAX: usize = 32;
/// Longest name of a tag or attribute. Units: bytes.
const NAME_BYTES_MAX: usize = 40;
/// Longest value that is kept. Units: bytes.
const VALUE_BYTES_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open(Tag),
    /// Name of the tag, in small letters.
    Close(String),
    /// As written, with its references.
    Text(&'a str),
    /// The content of an element that holds no tags, such as `script` or `title`.
    Raw(&'a str),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    /// In small letters.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The first of a name counts.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// Elements whose content is not read as HTML.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// Source: HTML standard, section "Tokenization", reduced to what the text of a page needs.
pub(super) struct Tokenizer<'a> {
    rest: &'a str,
    /// The element whose raw content comes next.
    raw: Option<String>,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self { rest: page, raw: None }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Everything up to the closing tag of a raw element, or to the end where there is none.
    fn raw(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let closes = |at: &usize| {
            let after = bytes.get(at + 2..).unwrap_or_default();
            bytes.get(at + 1) == Some(&b'/')
                && after.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
                && after.get(name.len()).is_none_or(|it| it.is_ascii_whitespace() || matches!(it, b'>' | b'/'))
        };
        let end = self.rest.match_indices('<').map(|it| it.0).find(closes).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// A tag, comment or declaration at `<`. `None`: passed over, or the `<` is mere text.
    fn markup(&mut self) -> Option<Token<'a>> {
        let mut after = self.rest.get(1..).unwrap_or_default().chars();
        match after.next() {
            Some('!') if self.rest.starts_with("<!--") => {
                // `<!-->` is a whole comment.
                let end = self.rest.get(2..).and_then(|it| it.find("-->")).map_or(self.rest.len(), |at| at + 5);
                self.take(end);
                None
            }
            Some('!' | '?') => self.pass_declaration(),
            Some('/') => match after.next() {
                Some(c) if c.is_ascii_alphabetic() => {
                    self.take(2);
                    let name = self.name();
                    self.attributes();
                    Some(Token::Close(name))
                }
                Some(_) => self.pass_declaration(),
                None => Some(Token::Text(self.take(2))),
            },
            Some(c) if c.is_ascii_alphabetic() => {
                self.take(1);
                let tag = Tag { name: self.name(), attributes: self.attributes() };
                self.raw = RAW.contains(&tag.name.as_str()).then(|| tag.name.clone());
                Some(Token::Open(tag))
            }
            Some(_) | None => Some(Token::Text(self.take(1))),
        }
    }

    fn pass_declaration(&mut self) -> Option<Token<'a>> {
        let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
        self.take(end);
        None
    }

    fn name(&mut self) -> String {
        let end = self.rest.find(|it: char| it.is_ascii_whitespace() || matches!(it, '>' | '/' | '=')).unwrap_or(self.rest.len());
        shortened(self.take(end), NAME_BYTES_MAX).to_ascii_lowercase()
    }

    /// Attributes up to and with the `>`.
    fn attributes(&mut self) -> Vec<(String, String)> {
        let mut attributes = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
            match self.rest.chars().next() {
                None => return attributes,
                Some('>') => {
                    self.take(1);
                    return attributes;
                }
                // A stray `=` begins a name; it must not hold us up.
                Some('=') => {
                    self.take(1);
                }
                Some(_) => {
                    let name = self.name();
                    self.rest = self.rest.trim_start_matches(|it: char| it.is_ascii_whitespace());
                    let value = if self.rest.starts_with('=') { self.value() } else { String::new() };
                    if attributes.len() < ATTRIBUTES_MAX {
                        attributes.push((name, value));
                    }
                }
            }
        }
    }

    fn value(&mut self) -> String {
        self.take(1);
        self.rest = self.rest.trim_start_matches(|it: char| it.is_ascii_whitespace());
        let quote = self.rest.chars().next().filter(|it| matches!(it, '"' | '\''));
        let value = if let Some(quote) = quote {
            self.take(1);
            let end = self.rest.find(quote).unwrap_or(self.rest.len());
            let value = self.take(end);
            self.take(1);
            value
        } else {
            let end = self.rest.find(|it: char| it.is_ascii_whitespace() || it == '>').unwrap_or(self.rest.len());
            self.take(end)
        };
        decode(shortened(value, VALUE_BYTES_MAX))
    }
}

impl<'a> Iterator for Tokenizer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            return Some(Token::Raw(self.raw(&name)));
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
    }
}

fn shortened(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<a href=x>t</a>` is written as `+a(href=x) t -a`; raw content in quotes.
    fn shown(page: &str) -> String {
        let shown = |token: Token<'_>| match token {
            Token::Open(tag) if tag.attributes.is_empty() => format!("+{}", tag.name),
            Token::Open(tag) => format!("+{}({})", tag.name, tag.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")),
            Token::Close(name) => format!("-{name}"),
            Token::Text(text) => text.to_owned(),
            Token::Raw(text) => format!("'{text}'"),
        };
        Tokenizer::new(page).map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pages_become_tokens() {
        let check = |page: &str, expect: &str| assert_eq!(shown(page), expect, "{page}");
        check("<p>换货</p>", "+p 换货 -p");
        check("<A HREF='x y' b=\"1>2\" c=3 d>t</A >", "+a(href=x y,b=1>2,c=3,d=) t -a");
        check("<a href=\"?a=1&amp;b=2\">", "+a(href=?a=1&b=2)");
        check("<br/><img src=a/b.png/>", "+br +img(src=a/b.png/)");
        check("<!doctype html><?xml x?><!-- <p> --><p>", "+p");
        check("<!-->a<!--->b<!---->c", "a b c");
        check("<!-- open", "");
        check("a < b <3 </ x> <> &lt;", "a  <  b  < 3    < > &lt;");
        check("</", "</");
        check("<script>if (a<b) '</p>' </SCRIPT >x", "+script 'if (a<b) '</p>' ' -script x");
        check("<title>a <b> c</title>", "+title 'a <b> c' -title");
        check("<style>p{", "+style 'p{'");
        check("<scripted></scripted>", "+scripted -scripted");
        check("<p a=\"open", "+p(a=open)");
        check("<p ==a=b>x", "+p(a=b) x");
        check("<p", "+p");
        check("", "");
    }

    #[test]
    fn long_names_and_values_are_shortened() {
        let long = "长".repeat(3_000);
        let is_short = |it: &(String, String)| it.0.len() <= NAME_BYTES_MAX && it.1.len() <= VALUE_BYTES_MAX;
        assert!(Tokenizer::new(&format!("<x{long} y{long}='{long}'>")).all(|it| matches!(it, Token::Open(tag) if tag.name.len() <= NAME_BYTES_MAX && tag.attributes.iter().all(is_short))));
        let many = format!("<p {}>", "a=1 ".repeat(1_000));
        assert!(Tokenizer::new(&many).all(|it| matches!(it, Token::Open(tag) if tag.attributes.len() == ATTRIBUTES_MAX)));
    }
}
