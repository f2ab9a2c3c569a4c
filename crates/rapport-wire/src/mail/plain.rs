//! Plain text out of what mails carry: HTML in one linear pass, and `format=flowed` (RFC 3676).

use super::TEXT_BYTES_MAX;

/// Text of HTML: blocks are lines, quoted blocks begin with `> `, lists with `- `, links keep their address where it is not their text. Linear in time and
/// bounded by [`TEXT_BYTES_MAX`]; never fails, whatever the tags are.
pub fn from_html(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while !rest.is_empty() && page.out.len() < TEXT_BYTES_MAX {
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(at);
        page.text(text);
        rest = if tag.is_empty() { tag } else { page.tag(tag) };
    }
    page.finish()
}

/// Elements whose text is never shown.
const HIDDEN: &[&str] = &["script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math", "xml"];
const BLOCKS: &[&str] = &[
    "address", "article", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav", "ol",
    "pre", "section", "table", "tbody", "tr", "ul", "html",
];
/// Deepest quote that is marked.
const QUOTES_MAX: usize = 8;

#[derive(Default)]
struct Page {
    out: String,
    line: String,
    quotes: usize,
    preformatted: usize,
    /// Blank lines wait until text follows.
    blank: bool,
    link: Option<(String, usize)>,
}

impl Page {
    fn text(&mut self, raw: &str) {
        let text = entities(raw);
        if self.preformatted > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.end_line();
                }
                self.line.push_str(line.trim_end_matches('\r'));
            }
            return;
        }
        for character in text.chars() {
            // Not the no-break space: it is a blank that was meant.
            let blank = matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{C}');
            if !blank {
                self.line.push(if character == '\u{A0}' { ' ' } else { character });
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    /// Takes one tag, comment or a lone `<` from the beginning of `from`; gives what is left.
    fn tag<'a>(&mut self, from: &'a str) -> &'a str {
        if let Some(comment) = from.strip_prefix("<!--") {
            return comment.split_once("-->").map_or("", |it| it.1);
        }
        let inner = from.strip_prefix('<').unwrap_or_default();
        if !inner.starts_with(|it: char| it.is_ascii_alphabetic() || "/!?".contains(it)) {
            self.text("<");
            return inner;
        }
        let Some(end) = tag_end(inner) else { return "" };
        let (tag, after) = inner.split_at(end);
        let after = after.strip_prefix('>').unwrap_or_default();
        let closes = tag.starts_with('/');
        let name: String = tag.trim_start_matches('/').chars().take_while(|it| it.is_ascii_alphanumeric()).take(12).collect::<String>().to_ascii_lowercase();
        if !closes && HIDDEN.contains(&name.as_str()) && !tag.ends_with('/') {
            return past_closing(after, &name);
        }
        self.element(&name, tag, closes);
        after
    }

    fn element(&mut self, name: &str, tag: &str, closes: bool) {
        match name {
            "br" => self.end_line(),
            "p" => self.paragraph(),
            "hr" if !closes => {
                self.break_line();
                self.line.push_str("---");
                self.end_line();
            }
            "li" if !closes => {
                self.break_line();
                self.line.push_str("- ");
            }
            "td" | "th" if closes && !self.line.is_empty() && !self.line.ends_with(' ') => self.line.push(' '),
            "blockquote" => {
                self.break_line();
                self.quotes = if closes { self.quotes.saturating_sub(1) } else { self.quotes + 1 };
            }
            "pre" | "listing" => {
                self.break_line();
                self.preformatted = if closes { self.preformatted.saturating_sub(1) } else { self.preformatted + 1 };
            }
            "a" if !closes => self.link = attribute(tag, "href").map(|it| (entities(&it), self.line.len())),
            "a" => self.end_link(),
            "img" if !closes => {
                if let Some(alt) = attribute(tag, "alt").filter(|it| !it.trim().is_empty()) {
                    self.text(&format!("[{}]", alt.trim()));
                }
            }
            _ if BLOCKS.contains(&name) => self.break_line(),
            _ => {}
        }
    }

    /// The address of a link whose text says something else.
    fn end_link(&mut self) {
        let Some((href, from)) = self.link.take() else { return };
        let shown = self.line.get(from..).unwrap_or_default().trim();
        let bare = |it: &str| it.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("mailto:").trim_end_matches('/').to_owned();
        let outside = href.starts_with("http://") || href.starts_with("https://");
        if outside && !shown.is_empty() && bare(shown) != bare(&href) && href.len() <= 500 {
            for piece in [" <", href.as_str(), ">"] {
                self.line.push_str(piece);
            }
        }
    }

    fn break_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        } else {
            self.line.clear();
        }
    }

    fn paragraph(&mut self) {
        self.break_line();
        self.blank = !self.out.is_empty();
    }

    fn end_line(&mut self) {
        let mark = "> ".repeat(self.quotes.min(QUOTES_MAX));
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if std::mem::take(&mut self.blank) && !line.is_empty() {
            self.out.push_str(mark.trim_end());
            self.out.push('\n');
        }
        self.out.push_str(if line.is_empty() { mark.trim_end() } else { &mark });
        self.out.push_str(line);
        self.out.push('\n');
        self.link = None;
    }

    fn finish(mut self) -> String {
        self.break_line();
        tidy(&self.out)
    }
}

/// Where the tag ends: at `>` outside of quotes, or at the first `>` if a quote never ends. `None`: no `>` at all.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    // A tag longer than this is broken: the first `>` ends it.
    for (at, byte) in inner.bytes().enumerate().take(64 * 1024) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            // A quote opens a value only behind `=`; an apostrophe elsewhere is a slip.
            (None, b'"' | b'\'') if inner.get(..at).is_some_and(|it| it.trim_end().ends_with('=')) => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    inner.find('>')
}

/// What follows the closing tag of an element whose content is not shown; nothing where it is not closed.
fn past_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |it| it.1);
        }
    }
    ""
}

/// A quoted or bare attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.get(..tag.len().min(8192)).unwrap_or(tag).to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..).and_then(|it| it.find(name)) {
        let at = from + found;
        let after = tag.get(at + name.len()..)?.trim_start();
        let begins = lower.get(..at).is_some_and(|it| it.ends_with(|it: char| it.is_whitespace() || it == '"' || it == '\'' || it == '/'));
        if let Some(value) = after.strip_prefix('=').filter(|_| begins) {
            let value = value.trim_start();
            let quoted = |mark: char| value.strip_prefix(mark).map(|it| it.split(mark).next().unwrap_or_default());
            let bare = || value.split(|it: char| it.is_whitespace() || it == '>').next().unwrap_or_default();
            return Some(quoted('"').or_else(|| quoted('\'')).unwrap_or_else(bare).to_owned());
        }
        from = at + name.len();
    }
    None
}

/// Character references of HTML: numbers, and the names that mails use.
pub fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inner = from.strip_prefix('&').unwrap_or_default();
        let end = inner.char_indices().take(12).find(|(_, it)| *it == ';').map(|it| it.0);
        let known = end.and_then(|end| Some((reference(inner.get(..end)?)?, inner.get(end + 1..)?)));
        match known {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('&');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').map(|it| match it.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => it.parse(),
    });
    if let Some(number) = number {
        return number.ok().and_then(char::from_u32).filter(|it| !it.is_control() || *it == '\n' || *it == '\t');
    }
    const NAMES: &[(&str, char)] = &[
        ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{A0}'), ("ensp", ' '), ("emsp", ' '), ("thinsp", ' '), ("zwnj", '\u{200C}'),
        ("zwj", '\u{200D}'), ("shy", '\u{AD}'), ("copy", '©'), ("reg", '®'), ("trade", '™'), ("hellip", '…'), ("mdash", '—'), ("ndash", '–'), ("lsquo", '‘'), ("rsquo", '’'),
        ("ldquo", '“'), ("rdquo", '”'), ("laquo", '«'), ("raquo", '»'), ("bull", '•'), ("middot", '·'), ("deg", '°'), ("times", '×'), ("divide", '÷'), ("euro", '€'),
        ("pound", '£'), ("yen", '¥'), ("cent", '¢'), ("sect", '§'), ("para", '¶'), ("auml", 'ä'), ("ouml", 'ö'), ("uuml", 'ü'), ("Auml", 'Ä'), ("Ouml", 'Ö'), ("Uuml", 'Ü'),
        ("szlig", 'ß'), ("eacute", 'é'), ("egrave", 'è'), ("agrave", 'à'), ("ccedil", 'ç'), ("ntilde", 'ñ'), ("larr", '←'), ("rarr", '→'), ("hearts", '♥'),
    ];
    NAMES.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// `format=flowed` to lines: soft breaks are undone within one depth of quotes, stuffing is taken off; `delsp` takes the blank of a soft break away.
pub fn from_flowed(text: &str, delsp: bool) -> String {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let depth = line.len() - line.trim_start_matches('>').len();
        let content = line.trim_start_matches('>');
        let content = content.strip_prefix(' ').unwrap_or(content);
        // The separator of a signature ends with a blank and is no soft break.
        let soft = content.ends_with(' ') && content != "-- ";
        let kept = if soft && delsp { content.strip_suffix(' ').unwrap_or(content) } else { content };
        match out.last_mut().filter(|it| open && it.0 == depth && content != "-- ") {
            Some((_, last)) => last.push_str(kept),
            None => out.push((depth, kept.to_owned())),
        }
        open = soft;
    }
    let lines = out.into_iter().map(|(depth, it)| if depth == 0 { it } else { format!("{} {it}", ">".repeat(depth)) });
    lines.map(|it| if it == "-- " { it } else { it.trim_end().to_owned() }).collect::<Vec<_>>().join("\n")
}

/// LF ends lines, at most two blank lines follow each other, none is at an end; control characters are let go and so is what lies beyond [`TEXT_BYTES_MAX`].
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(TEXT_BYTES_MAX));
    let mut blank = 0;
    for line in text.lines() {
        if out.len() > TEXT_BYTES_MAX {
            break;
        }
        let line: String = line.chars().filter(|it| !it.is_control() || *it == '\t').collect();
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        if blank <= 2 {
            out.push_str(if blank > 0 { "" } else { &line });
            out.push('\n');
        }
    }
    let kept = bounded(out.trim_matches(['\n', '\r']), TEXT_BYTES_MAX);
    kept.trim_end_matches('\n').to_owned()
}

/// The longest beginning of at most `max` bytes that ends between characters.
pub fn bounded(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_reads_as_its_reader_sees_it() {
        let check = |html: &str, expected: &str| assert_eq!(from_html(html), expected, "{html}");
        check("<p>您好，</p><p>订单<b>到了</b>吗？</p>", "您好，\n\n订单到了吗？");
        check("a<br>b<br/>c", "a\nb\nc");
        check("<div>one</div><div>two</div>", "one\ntwo");
        check("<ul><li>甲</li><li>乙</li></ul>", "- 甲\n- 乙");
        check("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A B\nC");
        check("ok<blockquote>was<br>said<blockquote>before</blockquote></blockquote>end", "ok\n> was\n> said\n> > before\nend");
        check("<style>p{}</style><script>if (a</script>x", "x");
        check("<a href=\"https://a.cn/b\">here</a> <a href='https://a.cn'>a.cn</a>", "here <https://a.cn/b> a.cn");
        check("1 &lt; 2 &amp;&nbsp;3 &#20320;&#x597D; &bogus; &", "1 < 2 & 3 你好 &bogus; &");
        check("<!-- no -->a<!--[if mso]>b<![endif]-->c < d", "ac < d");
        check("<img src=x alt=\"表情\">", "[表情]");
        check("<p title='a>b'>t</p>", "t");
        check("<pre>a\n  b</pre>", "a\n  b");
        check("text <b unfinished", "text");
        check("<script>never closed", "");
    }

    #[test]
    fn hostile_html_takes_linear_time() {
        for piece in ["<", "<a ", "<!--", "</", "&", "<blockquote>", "<script>", "<p title='", "<a href=\"x"] {
            let _text = from_html(&piece.repeat(200_000));
        }
    }

    #[test]
    fn flowed_lines_are_joined_within_their_quote() {
        let check = |text: &str, delsp: bool, expected: &str| assert_eq!(from_flowed(text, delsp), expected, "{text}");
        check("This is \nflowed.\n\nNext", false, "This is flowed.\n\nNext");
        check("> quoted \n> text\nanswer", false, "> quoted text\nanswer");
        check("> quoted \nanswer", false, "> quoted\nanswer");
        check(" >no quote", false, ">no quote");
        check("您好， \n世界", true, "您好，世界");
        check("bye \n-- \nLi", false, "bye\n-- \nLi");
    }
}
