//! Everything that is linked into the product comes under a licence of deny.toml's list (`cargo deny` checks the same and more).

use std::fs;

use crate::{assert_none, tree};

/// The quoted names after `allow = [` in deny.toml's `[licenses]`.
fn allowed(deny: &str) -> Vec<String> {
    let section = deny.split("[licenses]").nth(1).unwrap_or_default();
    let list = section.split("allow = [").nth(1).and_then(|it| it.split(']').next()).unwrap_or_default();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with what is allowed. `A/B` is the older way to write `A OR B`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, allowed);
    }
    met
}

fn both(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let met = either(words, at, allowed);
        *at += 1;
        return met;
    }
    let mut name = word.to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{word} WITH {}", words.get(*at + 1).copied().unwrap_or_default());
        *at += 2;
    }
    allowed.contains(&name)
}

#[test]
fn every_dependency_comes_under_an_allowed_licence() {
    let allowed = allowed(&fs::read_to_string(tree::root().join("deny.toml")).unwrap());
    let all = tree::metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]).packages;
    assert!(all.len() > 100, "only {} packages were found", all.len());
    let foreign = all.iter().filter(|it| it.source.is_some());
    let unmet = foreign.filter(|it| !is_met(it.license.as_deref().unwrap_or_default(), &allowed));
    assert_none(unmet.map(|it| format!("{} {}: {}", it.name, it.version, it.license.as_deref().unwrap_or("no licence given"))).collect());
}

#[test]
fn a_licence_that_is_not_on_the_list_is_found() {
    let allowed = allowed("[licenses]\nallow = [\n  \"MIT\",\n  \"Apache-2.0\",\n  \"Apache-2.0 WITH LLVM-exception\",\n]\n[bans]\n");
    for good in ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "(GPL-3.0 OR MIT) AND Apache-2.0", "Apache-2.0 WITH LLVM-exception OR GPL-2.0"] {
        assert!(is_met(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR X) AND (Y OR Z)", "MIT WITH odd-exception"] {
        assert!(!is_met(bad, &allowed), "{bad}");
    }
}
