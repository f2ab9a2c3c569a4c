//! Precision and recall on sentences written for it, with and without personal data, in Chinese and English.

use super::*;

/// A sentence each; `[kind:value]` marks what is to be found.
const LABELLED: &str = include_str!("labelled.txt");

struct Labelled {
    text: String,
    marks: Vec<Found>,
}

fn labelled(line: &str) -> Labelled {
    let mut out = Labelled { text: String::new(), marks: Vec::new() };
    let mut rest = line;
    while let Some((before, marked)) = rest.split_once('[') {
        out.text.push_str(before);
        let (kind, after) = marked.split_once(':').unwrap();
        let (value, after) = after.split_once(']').unwrap();
        let kind = Kind::ALL.into_iter().find(|it| it.name() == kind).unwrap();
        out.marks.push(Found { kind, range: out.text.len()..out.text.len() + value.len() });
        out.text.push_str(value);
        rest = after;
    }
    out.text.push_str(rest);
    out
}

#[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
#[test]
fn precision_and_recall_are_ninety_five_percent_and_more() {
    let (mut right, mut found, mut marked) = (0, 0, 0);
    for line in LABELLED.lines() {
        let it = labelled(line);
        let got = find(&it.text);
        right += got.iter().filter(|got| it.marks.contains(got)).count();
        found += got.len();
        marked += it.marks.len();
        if got != it.marks {
            println!("{line}\n    found {:?}", got.iter().map(|got| (got.kind, it.text.get(got.range.clone()).unwrap())).collect::<Vec<_>>());
        }
    }
    let (precision, recall) = (right as f64 / found as f64, right as f64 / marked as f64);
    println!("{} sentences, {marked} pieces: precision {precision:.3}, recall {recall:.3}", LABELLED.lines().count());
    assert!(LABELLED.lines().count() >= 150);
    assert!(precision >= 0.95 && recall >= 0.95, "precision {precision:.3}, recall {recall:.3}");
}

#[test]
fn nothing_breaks_on_odd_texts() {
    for text in ["", "@", "a@", "+", "+86", "138", "\u{202E}١٣٨", "我叫", "收件人：", "地址：", "微信号", "号号号号号号", "路1号路1号路1号"] {
        let found = find(text);
        assert!(found.iter().all(|it| text.get(it.range.clone()).is_some()), "{text}");
    }
    for text in ["1381234567813812345678".repeat(20_000), "我叫张三路1号".repeat(30_000), "1 ".repeat(300_000), "[".repeat(500_000), "路".repeat(300_000), "a1 street ".repeat(60_000)] {
        find(&text);
    }
}

#[test]
fn zero_width_and_full_width_hide_nothing() {
    let text = "电话１３８\u{200B}１２３４\u{200B}５６７８。";
    let found = find(text);
    assert_eq!(found.len(), 1);
    assert_eq!(text.get(found[0].range.clone()), Some("１３８\u{200B}１２３４\u{200B}５６７８"));
}
