//! What an import of any bytes has to answer.

use rapport_knowledge::{import, markdown::to_html};
use rapport_model::CATALOGUE;

/// A report within its bounds whose articles show safely, or a fault of the catalogue.
pub fn check(name: &str, content: &[u8]) {
    match import(name, content) {
        Ok(report) => {
            assert!(!report.articles.is_empty() || !report.skipped.is_empty());
            for it in &report.articles {
                assert!(!it.title.trim().is_empty() && it.title.chars().count() <= 200);
                assert!(!it.body.trim().is_empty() && it.body.chars().count() <= 100_000);
                assert!(!it.key.is_empty() && it.key.chars().count() <= 120);
                safe(&to_html(&it.body));
            }
        }
        Err(fault) => assert!(CATALOGUE.contains(&fault.kind), "{}", fault.kind.code),
    }
}

/// Every `<` of rendered Markdown begins a tag that may be shown; addresses lead to the web or to a mail program.
pub fn safe(html: &str) {
    const TAGS: &[&str] = &[
        "a", "b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];
    for (at, _) in html.match_indices('<') {
        let tag = html[at + 1..].trim_start_matches('/');
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(TAGS.contains(&name.as_str()), "<{name} in {html}");
    }
    // Within tags only: a quotation mark in text need not be escaped, so that text may look like an attribute.
    for (at, _) in html.match_indices('<') {
        let tag = tag(&html[at..]);
        for (at, found) in tag.match_indices("href=\"").chain(tag.match_indices("src=\"")) {
            let address: String = tag[at + found.len()..].chars().take_while(|it| *it != '"').collect::<String>().to_ascii_lowercase();
            assert!(!["javascript:", "data:", "vbscript:"].iter().any(|it| address.trim_start().starts_with(it)), "{address}");
        }
    }
}

/// Up to the `>` that ends the tag: one in quotation marks does not.
fn tag(html: &str) -> &str {
    let mut quoted = false;
    let end = html.find(|it| {
        quoted ^= it == '"';
        it == '>' && !quoted
    });
    &html[..end.unwrap_or(html.len())]
}
