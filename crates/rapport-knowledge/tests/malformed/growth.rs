//! The same nasty text four times as long costs about four times as much, counted in bytes allocated and bytes answered.

use rapport_knowledge::{import, markdown::to_html};

use crate::allocation::measured;

/// Four times the text, a table that doubles once more, and some for what grows with the logarithm.
const GROWTH_MAX: usize = 9;
/// What a call costs whatever it reads.
const FLOOR: usize = 2 * 1024 * 1024;
const SHORT: usize = 2_000;

fn check(name: &str, piece: &str, call: fn(&str) -> usize) {
    let cost = |count: usize| {
        let text = piece.repeat(count);
        let (answered, used) = measured(|| call(&text));
        (used.total, answered)
    };
    let (short, long) = (cost(SHORT), cost(SHORT * 4));
    assert!(long.0 <= FLOOR.max(short.0 * GROWTH_MAX), "{name}: {piece:?} allocates {} bytes, and {} at four times the length", short.0, long.0);
    assert!(long.1 <= FLOOR.max(short.1 * GROWTH_MAX), "{name}: {piece:?} answers {} bytes, and {} at four times the length", short.1, long.1);
}

fn size(name: &str, text: &str) -> usize {
    import(name, text.as_bytes()).map_or(0, |it| it.articles.iter().map(|it| it.body.len() + it.title.len()).sum())
}

#[test]
fn markdown_grows_with_its_length() {
    let pieces = [
        "[", "]", "![", "[a](", "[a](b", "*", "*a ", "**a", "_a_", "~~", "`", "``a", "<", "<a", "<!--", "<a href=\"", "> ", "- ", "1. ", "#", "# a\n", "|", "|a", "|-", "\\", "&", "&amp;", "\n", "\t", "    a\n", "[x]: y\n", "[x]: y\n\n[x] ",
        "a\n-\n", "- a\n", "  - a\n", "```\n", "~", "Q: a\nA: b\n", "a?\n", "## a?\nb\n", "<https://e.com>", "![a](b \"c\")", "|a|b|\n|-|-|\n", "[^a]: ", "[^a]",
    ];
    for piece in pieces {
        check("rendering", piece, |it| to_html(it).len());
        check("import", piece, |it| size("a.md", it));
    }
}

#[test]
fn html_grows_with_its_length() {
    let pieces = [
        "<", "<a", "<a ", "<a b", "<a b=", "<a b='", "<!--", "<!", "</", "</p>", "</div>", "&", "&#", "&amp;", "<p>", "<div>", "<b>", "<b>a", "<b>a</b>", "<a href=https://e.com>a", "<a href=https://e.com>a</a>", "<table>", "<table><tr><td>", "<tr>",
        "<td>", "<tr><td>a", "<td colspan=60>a", "<td rowspan=900>a", "<ul>", "<ul><li>", "<li>a", "<dl><dt>", "<dt>a<dd>b", "<details>", "<details><summary>", "<details><summary>a</summary>b</details>", "<pre>", "<code>", "<code>`", "<h1>", "<h2>a</h2>",
        "<h2>a?</h2>b", "<script>", "<title>", "<br>", "<br>a", "<blockquote>", "<blockquote>a", "<main>", "<div hidden>", "<p hidden>a", "<svg>", "a\n", " ", "<p>a\n",
    ];
    for piece in pieces {
        check("import", piece, |it| size("a.html", it));
        check("import in a table", piece, |it| size("a.html", &format!("<table><tr><td>{it}")));
        check("import in lists", piece, |it| size("a.html", &format!("{}{it}", "<ul><li>".repeat(20))));
    }
}

#[test]
fn tables_grow_with_their_length() {
    for piece in ["\"", ",", "\n", "\"a\",", "a,b\n", "\"\n", ";", "\t", "a", "，", "a?,b\n", "\"a\nb\",c\n"] {
        check("import", piece, |it| size("a.csv", it));
        check("import below names", piece, |it| size("a.csv", &format!("问题,答案\n{it}")));
    }
}
