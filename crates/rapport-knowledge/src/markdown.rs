//! Markdown of articles: to safe HTML for showing, and to sections of plain text for the index.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use rapport_model::is_han;

/// Deeper nesting than this is shown flat; no person writes it, and HTML parsers slow down with depth.
const DEPTH_MAX: usize = 32;

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// HTML of an article, safe to put into a page: raw HTML in it is shown as text, links open apart and pass no referrer.
pub fn to_html(markdown: &str) -> String {
    let events = flat(Parser::new_ext(markdown, options())).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other @ (Event::Start(_)
        | Event::End(_)
        | Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_)) => other,
    });
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut unsafe_html, events);
    ammonia::Builder::default()
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .clean(&unsafe_html)
        .to_string()
}

/// The events with containers beyond `DEPTH_MAX` taken out.
fn flat<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0_usize;
    events.filter(move |event| {
        if matches!(event, Event::Start(_)) {
            depth += 1;
            return depth <= DEPTH_MAX;
        }
        if matches!(event, Event::End(_)) {
            depth = depth.saturating_sub(1);
            return depth < DEPTH_MAX;
        }
        true
    })
}

/// What stands under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// From the outermost heading inwards.
    pub headings: Vec<String>,
    pub blocks: Vec<Block>,
}

/// A paragraph, a list item or a row of a table as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub text: String,
    pub kind: BlockKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Paragraph,
    Item,
    Row,
}

/// Sections of an article in order. Empty ones (a heading above another) are left out.
pub(crate) fn sections(markdown: &str) -> Vec<Section> {
    let mut reader = SectionReader::default();
    for event in flat(Parser::new_ext(markdown, options())) {
        reader.read(event);
    }
    reader.end_block(BlockKind::Paragraph);
    reader.end_section();
    reader.sections
}

/// The text of a heading or another single line, without its marks.
pub(crate) fn plain(line: &str) -> String {
    let mut text = String::new();
    for event in flat(Parser::new_ext(line, options())) {
        match event {
            Event::Text(it) | Event::Code(it) | Event::InlineMath(it) | Event::DisplayMath(it) => text.push_str(&it),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(_) | Event::End(_) | Event::Html(_) | Event::InlineHtml(_) | Event::Rule | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
    text.trim().to_owned()
}

#[derive(Default)]
struct SectionReader {
    sections: Vec<Section>,
    section: Section,
    /// Headings with their levels that hold at this place.
    path: Vec<(HeadingLevel, String)>,
    text: String,
    items: usize,
    header: Vec<String>,
    row: Vec<String>,
    in_header: bool,
}

impl SectionReader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text.push_str(&text),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.text.push('\n'),
            Event::Html(text) | Event::InlineHtml(text) => self.html(&text),
            Event::Rule | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// Of raw HTML only a line break means something here.
    fn html(&mut self, text: &CowStr<'_>) {
        if text.trim_start().to_ascii_lowercase().starts_with("<br") {
            self.text.push('\n');
        }
    }

    /// A line break in the source is a space, except between Chinese characters.
    fn soft_break(&mut self) {
        let chinese = self.text.chars().next_back().is_some_and(|it| is_han(it) || "，。；：、！？）".contains(it));
        if !chinese {
            self.text.push(' ');
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if let Tag::Heading { level, .. } = tag {
            self.end_block(self.kind());
            self.end_section();
            self.path.retain(|(above, _)| above < level);
        } else if let Tag::Item = tag {
            self.end_block(self.kind());
            self.items += 1;
        } else if let Tag::TableHead = tag {
            self.header.clear();
            self.in_header = true;
        } else if matches!(tag, Tag::List(_) | Tag::Table(_) | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Paragraph) {
            self.end_block(self.kind());
        }
    }

    fn kind(&self) -> BlockKind {
        if self.items > 0 { BlockKind::Item } else { BlockKind::Paragraph }
    }

    fn end(&mut self, tag: TagEnd) {
        if let TagEnd::Heading(level) = tag {
            let heading = std::mem::take(&mut self.text).trim().to_owned();
            if !heading.is_empty() {
                self.path.push((level, heading));
            }
            self.section.headings = self.path.iter().map(|(_, it)| it.clone()).collect();
        } else if let TagEnd::TableCell = tag {
            let cell = std::mem::take(&mut self.text).trim().replace('\n', " ");
            if self.in_header { self.header.push(cell) } else { self.row.push(cell) }
        } else if let TagEnd::TableHead = tag {
            self.in_header = false;
        } else if let TagEnd::TableRow = tag {
            self.end_row();
        } else if let TagEnd::Item = tag {
            self.end_block(BlockKind::Item);
            self.items = self.items.saturating_sub(1);
        } else if matches!(tag, TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) {
            self.end_block(self.kind());
        }
    }

    /// "尺码：38，脚长：240 mm": each value beside the name of its column, so that a row can be read alone.
    fn end_row(&mut self) {
        let (colon, comma) = if self.header.iter().any(|it| it.chars().any(is_han)) { ("：", "，") } else { (": ", ", ") };
        let cells: Vec<_> = self
            .row
            .drain(..)
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(at, cell)| match self.header.get(at).filter(|it| !it.is_empty()) {
                Some(name) => format!("{name}{colon}{cell}"),
                None => cell,
            })
            .collect();
        self.text = cells.join(comma);
        self.end_block(BlockKind::Row);
    }

    fn end_block(&mut self, kind: BlockKind) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if !text.is_empty() {
            self.section.blocks.push(Block { text: text.to_owned(), kind });
        }
    }

    fn end_section(&mut self) {
        let section = std::mem::take(&mut self.section);
        if !section.blocks.is_empty() {
            self.sections.push(section);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_safe() {
        let check = |markdown: &str, expect: &str| assert_eq!(to_html(markdown).trim(), expect, "{markdown}");
        check("# 换货", "<h1>换货</h1>");
        check("a **b** ~~c~~", "<p>a <strong>b</strong> <del>c</del></p>");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("x <img src=x onerror=alert(1)> y", "<p>x &lt;img src=x onerror=alert(1)&gt; y</p>");
        check("|a|b|\n|-|-|\n|1|2|", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table>");
        check("", "");
    }

    #[test]
    fn links_open_apart_and_only_to_the_web() {
        let check = |markdown: &str, href: Option<&str>| {
            let html = to_html(markdown);
            assert_eq!(html.split("href=\"").nth(1).and_then(|it| it.split('"').next()), href, "{markdown}");
            assert!(html.contains("rel=\"noopener noreferrer nofollow\"") && html.contains("target=\"_blank\""), "{html}");
        };
        check("[a](https://e.com/?a=1&b=2)", Some("https://e.com/?a=1&amp;b=2"));
        check("[a](javascript:alert(1))", None);
        check("[a](data:text/html,x)", None);
        check("[a](mailto:a@e.com)", Some("mailto:a@e.com"));
    }

    #[test]
    fn deep_nesting_is_flattened() {
        for markdown in [">".repeat(20_000), "- ".repeat(5_000), "[".repeat(20_000), "*".repeat(20_000)] {
            let html = to_html(&format!("{markdown}x"));
            assert!(html.matches("<blockquote>").count() <= DEPTH_MAX && html.matches("<ul>").count() <= DEPTH_MAX);
            assert!(html.contains('x'));
            assert!(sections(&format!("{markdown}x")).iter().all(|it| !it.blocks.is_empty()));
        }
    }

    #[test]
    fn markdown_becomes_sections() {
        let check = |markdown: &str, expect: &[(&[&str], &[&str])]| {
            let found = sections(markdown);
            let found: Vec<(Vec<&str>, Vec<&str>)> =
                found.iter().map(|it| (it.headings.iter().map(String::as_str).collect(), it.blocks.iter().map(|it| it.text.as_str()).collect())).collect();
            let expect: Vec<(Vec<&str>, Vec<&str>)> = expect.iter().map(|(headings, blocks)| (headings.to_vec(), blocks.to_vec())).collect();
            assert_eq!(found, expect, "{markdown}");
        };
        check("a\n\nb", &[(&[], &["a", "b"])]);
        check("# A\n## B\nx\n## C\ny\n# D\nz", &[(&["A", "B"], &["x"]), (&["A", "C"], &["y"]), (&["D"], &["z"])]);
        check("- a\n- b\n  - c", &[(&[], &["a", "b", "c"])]);
        check("|尺码|脚长|\n|-|-|\n|38|240 mm|\n|39||", &[(&[], &["尺码：38，脚长：240 mm", "尺码：39"])]);
        check("|Size|Foot|\n|-|-|\n|5|240 mm|", &[(&[], &["Size: 5, Foot: 240 mm"])]);
        check("第一行，\n第二行", &[(&[], &["第一行，第二行"])]);
        check("one\ntwo", &[(&[], &["one two"])]);
        check("see [the *page*](https://e.com)", &[(&[], &["see the page"])]);
    }
}
