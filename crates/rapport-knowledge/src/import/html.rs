//! HTML pages: their text as Markdown, cut into articles as a Markdown file is; folded parts and definitions are questions with answers.
#![expect(clippy::wildcard_enum_match_arm, reason = "of the many elements each step concerns a few")]

use rapport_model::is_han;

use super::{
    Draft, Found,
    html_block::{Table, Writer},
    html_element::{Element, Survey, is_hidden, is_void},
    html_entity::decode,
    html_inline::{Inline, Place, address},
    html_token::{Tag, Token, Tokenizer},
    is_web_address, markdown, one_line,
    text::escape,
};
use crate::markdown::plain;

/// Elements nested deeper count as text within those around.
const DEPTH_MAX: usize = 100;
/// The text of a definition from here on is an answer, not a value such as "leather". Units: characters.
const DEFINITION_CHARS_MIN: usize = 60;

pub(super) fn read(page: &str, stem: &str, found: &mut Found) {
    let mut survey = Survey::of(page);
    let mut read = Reader::read(page, &survey);
    if survey.has_main && read.writer.is_empty() && read.pairs.is_empty() {
        survey.has_main = false;
        read = Reader::read(page, &survey);
    }
    let Reader { writer, pairs, title, url, .. } = read;
    let text = writer.into_text();
    if !text.trim().is_empty() {
        markdown::read_page(&text, if title.is_empty() { stem } else { &title }, url.as_deref(), !pairs.is_empty(), found);
    }
    for (number, pair) in pairs.into_iter().enumerate() {
        let place = format!("question {}", number + 1);
        found.add(Draft { place, title: pair.title, body: pair.body, questions: pair.questions, url: url.clone(), ..Draft::default() });
    }
}

struct Pair {
    title: String,
    questions: Vec<String>,
    body: String,
}

/// An element that is not closed yet.
struct Open {
    name: String,
    element: Element,
    /// It is shown, so that its end means something.
    live: bool,
    /// Where its text begins.
    start: Place,
    tag: Tag,
}

/// The answer that is being read, apart from the page around it.
struct Answer {
    titles: Vec<String>,
    /// What stood around it.
    outer: Writer,
    lists: Vec<Option<u32>>,
    is_definition: bool,
}

struct Reader<'a> {
    survey: &'a Survey,
    title: String,
    url: Option<String>,
    stack: Vec<Open>,
    /// Elements opened beyond `DEPTH_MAX`.
    beyond: usize,
    /// Open elements that hide what is in them.
    hidden: usize,
    mains: usize,
    tables: usize,
    writer: Writer,
    /// The block that is being read, as Markdown.
    inline: Inline,
    /// Numbers of the lists around, innermost last.
    lists: Vec<Option<u32>>,
    table: Option<Table>,
    answer: Option<Answer>,
    terms: Vec<String>,
    pairs: Vec<Pair>,
}

impl<'a> Reader<'a> {
    fn read(page: &str, survey: &'a Survey) -> Self {
        let mut reader = Reader {
            survey,
            title: String::new(),
            url: None,
            stack: Vec::new(),
            beyond: 0,
            hidden: 0,
            mains: 0,
            tables: 0,
            writer: Writer::default(),
            inline: Inline::default(),
            lists: Vec::new(),
            table: None,
            answer: None,
            terms: Vec::new(),
            pairs: Vec::new(),
        };
        for token in Tokenizer::new(page) {
            match token {
                Token::Open(tag) => reader.open(tag),
                Token::Close(name) => reader.close(&name),
                Token::Text(text) if reader.is_live() => reader.inline.text(text),
                Token::Raw(text) if reader.title.is_empty() && reader.hidden == 1 && reader.stack.last().is_some_and(|it| it.name == "title") => reader.title = one_line(&decode(text)),
                Token::Text(_) | Token::Raw(_) => {}
            }
        }
        while !reader.stack.is_empty() {
            reader.pop();
        }
        reader.end_block();
        reader
    }

    fn is_live(&self) -> bool {
        self.hidden == 0 && (self.mains > 0 || !self.survey.has_main)
    }

    fn open(&mut self, tag: Tag) {
        if is_void(&tag.name) {
            return self.void(&tag);
        }
        let mut element = Element::of(&tag);
        if element == Element::Table {
            self.tables += 1;
        }
        element = self.in_context(element);
        self.close_implied(element, &tag.name);
        if self.stack.len() >= DEPTH_MAX {
            self.beyond += 1;
            return;
        }
        if element == Element::Main {
            self.mains += 1;
        }
        if element == Element::Skipped || is_hidden(&tag) {
            element = Element::Skipped;
            self.hidden += 1;
        }
        let live = self.is_live();
        if live {
            self.start(element, &tag);
        }
        let start = self.inline.place();
        self.stack.push(Open { name: tag.name.clone(), element, live, start, tag });
    }

    /// A grid that places things is no table; a button is shown only where it opens an answer.
    fn in_context(&self, element: Element) -> Element {
        let is_layout = self.tables.checked_sub(1).and_then(|it| self.survey.is_layout.get(it)).copied().unwrap_or(false);
        let in_table = self.stack.iter().any(|it| it.element == Element::Table);
        match element {
            Element::Table if is_layout || in_table => Element::Block,
            Element::Row | Element::Cell(_) | Element::TableHead | Element::TableRows if !in_table => Element::Block,
            Element::Button => {
                let opens = |it: &Open| matches!(it.element, Element::Heading(_) | Element::Summary | Element::Term);
                if self.stack.iter().any(opens) { Element::Inline } else { Element::Skipped }
            }
            other => other,
        }
    }

    /// Ends what the opening tag of another element ends: `<p>` a paragraph, `<li>` an item. Source: HTML standard, "optional tags".
    fn close_implied(&mut self, element: Element, name: &str) {
        let (ends, within): (fn(Element) -> bool, fn(Element) -> bool) = match element {
            Element::Item => (|it| it == Element::Item, |it| matches!(it, Element::List(_))),
            Element::Term | Element::Definition => (|it| matches!(it, Element::Term | Element::Definition), |it| it == Element::Definitions),
            Element::Cell(_) => (|it| matches!(it, Element::Cell(_)), |it| matches!(it, Element::Row | Element::Table)),
            Element::Row => (|it| it == Element::Row, |it| it == Element::Table),
            Element::TableHead | Element::TableRows => (|it| matches!(it, Element::TableHead | Element::TableRows), |it| it == Element::Table),
            _ => (|_| false, |_| true),
        };
        let cell = |it: &Open| matches!(it.element, Element::Cell(_)) && !matches!(element, Element::Cell(_) | Element::Row | Element::TableHead | Element::TableRows);
        let found = self.stack.iter().rposition(|it| ends(it.element) || within(it.element) || cell(it));
        if let Some(at) = found.filter(|at| self.stack.get(*at).is_some_and(|it| ends(it.element))) {
            self.pop_to(at);
        }
        if !element.is_inline() && element != Element::Skipped && !matches!(name, "html" | "body" | "head") {
            let block = self.stack.iter().rposition(|it| !it.element.is_inline());
            if let Some(at) = block.filter(|at| self.stack.get(*at).is_some_and(|it| it.name == "p" || (it.name == "head") || matches!((it.element, element), (Element::Heading(_), Element::Heading(_))))) {
                self.pop_to(at);
            }
        }
    }

    fn close(&mut self, name: &str) {
        if self.beyond > 0 && !is_void(name) {
            self.beyond -= 1;
            return;
        }
        if name == "br" {
            return self.line_break();
        }
        // An end tag does not reach out of its cell, except that of the table.
        let is_tabular = matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th");
        let found = self.stack.iter().rposition(|it| it.name == name || (matches!(it.element, Element::Cell(_)) && !is_tabular));
        if let Some(at) = found.filter(|at| self.stack.get(*at).is_some_and(|it| it.name == name)) {
            self.pop_to(at);
        }
    }

    fn pop_to(&mut self, length: usize) {
        while self.stack.len() > length {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        if open.live {
            self.end(&open);
        }
        match open.element {
            Element::Skipped => self.hidden = self.hidden.saturating_sub(1),
            Element::Main => self.mains = self.mains.saturating_sub(1),
            _ => {}
        }
    }

    fn void(&mut self, tag: &Tag) {
        let content = |name: &str| tag.attribute(name).map(str::trim).filter(|it| is_web_address(it)).map(str::to_owned);
        match tag.name.as_str() {
            "br" if self.is_live() => self.line_break(),
            "hr" if self.is_live() => self.end_block(),
            "link" if tag.attribute("rel").is_some_and(|it| it.eq_ignore_ascii_case("canonical")) => self.url = content("href").or(self.url.take()),
            "meta" if self.url.is_none() && tag.attribute("property") == Some("og:url") => self.url = content("content"),
            _ => {}
        }
    }

    fn start(&mut self, element: Element, tag: &Tag) {
        match element {
            Element::Inline | Element::Link | Element::Strong | Element::Button | Element::Skipped => {}
            Element::Code => self.inline.start_code(),
            _ if self.table.is_some() => self.start_in_table(element),
            _ => {
                self.end_block();
                self.start_block(element, tag);
            }
        }
    }

    fn start_in_table(&mut self, element: Element) {
        match element {
            Element::Row => self.table.iter_mut().for_each(Table::start_row),
            Element::Cell(_) => drop(self.inline.take()),
            Element::Pre => self.inline.start_code(),
            _ => self.inline.border(),
        }
    }

    fn start_block(&mut self, element: Element, tag: &Tag) {
        match element {
            Element::List(numbered) => {
                let start = tag.attribute("start").and_then(|it| it.trim().parse().ok()).filter(|it| *it < 10_000).unwrap_or(1);
                self.lists.push(numbered.then_some(start));
            }
            Element::Item => {
                let number = self.lists.last_mut().and_then(|list| {
                    let number = *list;
                    *list = list.map(|it| it + 1);
                    number
                });
                self.writer.open_item(number);
            }
            Element::Quote => self.writer.open_quote(),
            Element::Pre => self.inline.start_code(),
            Element::Table => self.table = Some(Table::default()),
            Element::Details if self.answer.is_none() => self.open_answer(Vec::new(), false),
            Element::Definitions => self.terms.clear(),
            Element::Definition if self.answer.is_none() => {
                let titles = std::mem::take(&mut self.terms);
                self.open_answer(titles, true);
            }
            _ => {}
        }
    }

    fn end(&mut self, open: &Open) {
        match open.element {
            Element::Inline | Element::Button | Element::Skipped => {}
            Element::Link => {
                if let Some(address) = open.tag.attribute("href").and_then(|it| address(it, self.url.as_deref())) {
                    self.inline.link(open.start, &address);
                }
            }
            Element::Strong => self.inline.strong(open.start),
            Element::Code => {
                if !self.stack.iter().any(|it| matches!(it.element, Element::Pre | Element::Code)) {
                    self.inline.end_code(self.table.is_some());
                }
            }
            Element::Table => {
                if let Some(table) = self.table.take() {
                    drop(self.inline.take());
                    table.write(&mut self.writer);
                }
            }
            _ if self.table.is_some() => self.end_in_table(open),
            _ => self.end_outside_table(open),
        }
    }

    fn end_in_table(&mut self, open: &Open) {
        match open.element {
            Element::Cell(names) => {
                let span = |name: &str| open.tag.attribute(name).and_then(|it| it.trim().parse().ok()).unwrap_or(1);
                let names = names || self.stack.iter().any(|it| it.element == Element::TableHead);
                let text = self.inline.take();
                self.table.iter_mut().for_each(|it| it.cell(&text, names, span("colspan"), span("rowspan")));
            }
            Element::Row => self.table.iter_mut().for_each(Table::end_row),
            Element::Pre => self.inline.end_fenced_as_words(),
            _ => self.inline.border(),
        }
    }

    fn end_outside_table(&mut self, open: &Open) {
        match open.element {
            Element::Heading(level) => {
                let text = self.inline.take();
                let mark = if self.writer.is_outermost() && !text.is_empty() { "#".repeat(usize::from(level)) + " " } else { String::new() };
                self.writer.block(&(mark + &text));
            }
            Element::Pre => {
                let code = self.inline.take_fenced();
                self.writer.block(&code);
            }
            Element::Term => {
                let text = self.inline.take();
                if self.answer.is_some() {
                    self.writer.block(&text);
                } else if !text.is_empty() {
                    self.terms.push(plain(&text));
                }
            }
            Element::Summary => {
                let text = self.inline.take();
                let around = self.stack.iter().filter(|it| it.element == Element::Details).count();
                match self.answer.as_mut().filter(|it| around == 1 && it.titles.is_empty() && !it.is_definition) {
                    Some(answer) => answer.titles.push(plain(&text)),
                    None => self.writer.block(&text),
                }
            }
            Element::Details | Element::Definition => {
                self.end_block();
                let inside = |it: &Open| matches!(it.element, Element::Details | Element::Definition) && it.live;
                if !self.stack.iter().any(inside) {
                    self.close_answer();
                }
            }
            Element::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            Element::Item | Element::Quote => {
                self.end_block();
                self.writer.close();
            }
            _ => self.end_block(),
        }
    }

    fn open_answer(&mut self, titles: Vec<String>, is_definition: bool) {
        let outer = std::mem::take(&mut self.writer);
        self.answer = Some(Answer { titles, outer, lists: std::mem::take(&mut self.lists), is_definition });
    }

    fn close_answer(&mut self) {
        let Some(Answer { titles, outer, lists, is_definition }) = self.answer.take() else { return };
        let body = std::mem::replace(&mut self.writer, outer).into_text().trim_end().to_owned();
        self.lists = lists;
        let mut titles = titles.into_iter();
        let title = titles.next().unwrap_or_default();
        if is_definition && title.is_empty() {
            // A second definition of the same term.
            match self.pairs.last_mut() {
                Some(last) if self.writer.is_empty() => last.body = format!("{}\n\n{body}", last.body),
                Some(_) | None => self.writer.block(&body),
            }
        } else if is_definition && !is_asked(&title) && body.chars().nth(DEFINITION_CHARS_MIN).is_none() {
            let mut text = String::new();
            escape(&title, true, &mut text);
            text.push_str(if title.chars().any(is_han) { "：" } else { ": " });
            self.writer.block(&(text + &body));
        } else {
            self.pairs.push(Pair { title, questions: titles.collect(), body });
        }
    }

    fn end_block(&mut self) {
        let text = self.inline.take();
        self.writer.block(&text);
    }

    fn line_break(&mut self) {
        let one_line = self.table.is_some() || self.stack.iter().any(|it| matches!(it.element, Element::Heading(_) | Element::Summary | Element::Term));
        if one_line {
            self.inline.border();
        } else if !self.inline.line_break() {
            self.end_block();
        }
    }
}

fn is_asked(title: &str) -> bool {
    title.trim_end().ends_with(['?', '？'])
}

