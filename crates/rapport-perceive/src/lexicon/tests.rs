//! Variants found as written and as heard, and ordinary sentences in which none is.

use super::*;

fn entry(canonical: &str, variants: &[&str]) -> Entry {
    Entry { canonical: canonical.to_owned(), variants: variants.iter().map(|it| (*it).to_owned()).collect(), group: Group::Own, note: String::new() }
}

fn jargon() -> Lexicon {
    Lexicon::new(vec![
        entry("退货", &["退回货", "寄回去"]),
        entry("哪里", &["边度", "边道"]),
        entry("没有", &["冇"]),
        entry("智能门锁X1", &["小锁", "x一锁", "X1"]),
        entry("发票", &["飞票"]),
        entry("保价服务", &["价保"]),
    ])
}

fn check(text: &str, expect: &str, found: usize) {
    let told = jargon().rewrite(text);
    assert_eq!(told.text, expect, "{text}: {:?}", told.replaced);
    assert_eq!(told.replaced.len(), found, "{text}: {:?}", told.replaced);
    assert!(told.replaced.iter().all(|it| normalise::normalise(text.get(it.range.clone()).unwrap(), Folding::PLAIN) == it.surface));
}

#[test]
fn variants_are_replaced_as_written() {
    check("我想寄回去", "我想退货", 1);
    check("你哋喺邊度", "你哋喺哪里", 1);
    check("冇发票", "没有发票", 1);
    check("我的Ｘ1坏了", "我的智能门锁X1坏了", 1);
    check("x10坏了", "x10坏了", 0);
    check("退货", "退货", 0);
    check("", "", 0);
}

#[test]
fn terms_are_heard() {
    check("我要腿货", "我要退货", 1);
    check("开个发漂", "开个发票", 1);
    check("我买了宝嫁服务", "我买了保价服务", 1);
    check("我的门锁", "我的门锁", 0);
}

#[test]
fn words_are_not_taken_apart() {
    check("周边度假酒店", "周边度假酒店", 0);
    check("腿火辣辣的", "腿火辣辣的", 0);
    check("他推活动的时候", "他推活动的时候", 0);
}

#[test]
fn a_text_of_a_megabyte_is_read() {
    let text = "我要腿货边度".repeat(60_000);
    assert!(jargon().find(&text).len() > 50_000);
}

