//! The text of one block of a page as inline Markdown: white space, links, emphasis, code.

use rapport_model::is_han;

use super::{html_entity::decode, one_line, text::escape};

/// A place in the text: the number of the block and the byte in it.
pub(super) type Place = (usize, usize);

#[derive(Default)]
pub(super) struct Inline {
    text: String,
    blocks: usize,
    /// White space was passed; `true`: with a line break in it.
    space: Option<bool>,
    /// Raw text of `code` or `pre`.
    code: Option<String>,
}

impl Inline {
    pub(super) fn place(&self) -> Place {
        (self.blocks, self.text.len())
    }

    /// Ends the block and answers its text.
    pub(super) fn take(&mut self) -> String {
        self.end_code(false);
        self.blocks += 1;
        self.space = None;
        std::mem::take(&mut self.text).trim().to_owned()
    }

    /// Text as it stands in the page.
    pub(super) fn text(&mut self, text: &str) {
        match self.code.as_mut() {
            // A line break right after `<pre>` is not part of it.
            Some(code) => code.push_str(&decode(if code.is_empty() { text.strip_prefix('\n').unwrap_or(text) } else { text })),
            None => self.words(&decode(text)),
        }
    }

    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(start) = rest.find(|it: char| !it.is_whitespace()) {
            let (space, from) = rest.split_at(start);
            self.pass_space(space);
            let (word, after) = from.split_at(from.find(char::is_whitespace).unwrap_or(from.len()));
            self.flush_space(word.chars().next().unwrap_or(' '));
            let starts_line = self.text.is_empty() || self.text.ends_with('\n');
            escape(word, starts_line, &mut self.text);
            rest = after;
        }
        self.pass_space(rest);
    }

    fn pass_space(&mut self, space: &str) {
        if !space.is_empty() {
            self.space = Some(self.space.unwrap_or(false) || space.contains('\n'));
        }
    }

    /// A border that is shown as a space.
    pub(super) fn border(&mut self) {
        self.space = self.space.or(Some(false));
    }

    /// Writes the space before a word; between Chinese characters a line break of the source is none.
    fn flush_space(&mut self, next: char) {
        let is_wide = |it: char| is_han(it) || "，。；：、！？（）“”《》".contains(it);
        if let Some(broken) = self.space.take()
            && !self.text.is_empty()
            && !self.text.ends_with([' ', '\n'])
            && !(broken && is_wide(next) && self.text.ends_with(is_wide))
        {
            self.text.push(' ');
        }
    }

    /// A line break. `false`: it is the second in a row, which ends the block.
    pub(super) fn line_break(&mut self) -> bool {
        if let Some(code) = self.code.as_mut() {
            code.push('\n');
        } else if self.text.ends_with('\n') {
            return false;
        } else if !self.text.is_empty() {
            self.space = None;
            self.text.push_str("  \n");
        }
        true
    }

    /// The text since a place, with the white space before it apart.
    fn since(&self, place: Place) -> Option<(&str, &str)> {
        let text = (place.0 == self.blocks).then(|| self.text.get(place.1..)).flatten()?;
        let inner = text.trim_start();
        let space = text.get(..text.len() - inner.len())?;
        (!inner.is_empty()).then(|| (space, inner.trim_end()))
    }

    /// Makes the text since a place a link.
    pub(super) fn link(&mut self, place: Place, address: &str) {
        let Some((space, text)) = self.since(place).filter(|it| !it.1.contains('\n') && !it.1.contains("](")) else { return };
        let link = format!("{space}[{text}]({address})");
        self.replace(place, &link);
    }

    /// Makes the text since a place bold, where the marks are sure to be read as such: beside punctuation and Chinese text they may
    /// be shown as they are.
    pub(super) fn strong(&mut self, place: Place) {
        let is_plain = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let Some((space, text)) = self.since(place) else { return };
        if is_plain(text.chars().next()) && is_plain(text.chars().next_back()) && !text.contains(['*', '\n']) {
            let strong = format!("{space}**{text}**");
            self.replace(place, &strong);
        }
    }

    fn replace(&mut self, place: Place, with: &str) {
        if self.text.ends_with(' ') {
            self.border();
        }
        self.text.truncate(place.1);
        self.text.push_str(with);
    }

    pub(super) fn start_code(&mut self) {
        if self.code.is_none() {
            self.flush_space('`');
            self.code = Some(String::new());
        }
    }

    /// Ends code within text. `in_cell`: a bar would end the cell.
    pub(super) fn end_code(&mut self, in_cell: bool) {
        let span = self.code.take().map(|it| code_span(&it)).unwrap_or_default();
        self.text.push_str(&if in_cell { span.replace('|', "\\|") } else { span });
    }

    /// Ends preformatted text and answers it as a fenced block.
    pub(super) fn take_fenced(&mut self) -> String {
        let code = self.code.take().unwrap_or_default();
        let code = code.trim_end();
        if code.is_empty() {
            return String::new();
        }
        let marks = "`".repeat((longest_run(code) + 1).max(3));
        format!("{marks}\n{code}\n{marks}")
    }

    /// Preformatted text in a place that takes one line only.
    pub(super) fn end_fenced_as_words(&mut self) {
        let code = self.code.take().unwrap_or_default();
        self.border();
        self.words(&code);
    }
}

/// Code within more backticks than it holds itself.
fn code_span(code: &str) -> String {
    let code = one_line(code);
    if code.is_empty() {
        return code;
    }
    let marks = "`".repeat(longest_run(&code) + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{code}{pad}{marks}")
}

fn longest_run(code: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in code.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Where a link leads, written so that Markdown takes it whole; `None` for what leads nowhere outside its page.
pub(super) fn address(href: &str, page: Option<&str>) -> Option<String> {
    let href = href.trim();
    let lower = href.get(..href.floor_char_boundary(8)).unwrap_or_default().to_ascii_lowercase();
    let whole = if ["http://", "https://", "mailto:", "tel:"].iter().any(|it| lower.starts_with(it)) {
        href.to_owned()
    } else if href.starts_with("//") {
        format!("https:{href}")
    } else if href.starts_with('/') {
        let page = page?;
        let host_end = page.match_indices('/').nth(2).map_or(page.len(), |it| it.0);
        format!("{}{href}", page.get(..host_end)?)
    } else {
        return None;
    };
    let mut address = String::with_capacity(whole.len());
    for c in whole.chars().filter(|it| !it.is_control()) {
        match c {
            ' ' => address.push_str("%20"),
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '\\' => address.push_str("%5C"),
            other => address.push(other),
        }
    }
    Some(address)
}
