//! Markdown files.

use rapport_knowledge::import;
use rapport_model::Locale;

fn check(text: &str, expect: &str) {
    super::check("docs/size-guide.md", text, expect);
}

#[test]
fn one_subject_is_one_article() {
    check("# Sizes\n\nPick by foot length.\n\n## Shoes\n38 is 240 mm", "[Sizes]\nPick by foot length.\n\n## Shoes\n38 is 240 mm");
    check("Pick by foot length.", "[size-guide]\nPick by foot length.");
    check("## 尺码\n按脚长选", "[尺码]\n按脚长选");
    check("Sizes\n=====\n\nPick.", "[Sizes]\nPick.");
    check("intro\n\n# Sizes\n\nPick.", "[Sizes]\nintro\n\n\nPick.");
    check("# **Sizes** & [more](https://e.com) #\na", "[Sizes & more]\na");
    check("# Title only", "(file: empty_answer)");
}

#[test]
fn several_subjects_are_several_articles() {
    check("# A\na\n# B\nb", "[A]\na\n[B]\nb");
    check("## A\na\n## B\nb", "[A]\na\n[B]\nb");
    check("intro\n# A\na\n# B\nb", "[size-guide]\nintro\n[A]\na\n[B]\nb");
    check("# FAQ\n## 能退吗？\n能。\n## 运费呢？\n12 元。\n### 例外\n金卡免。", "[能退吗？]\n能。\n[运费呢？]\n12 元。\n### 例外\n金卡免。");
    check("# FAQ\nintro\n## Orders\n### Cancel?\nYes.\n### Change?\nNo.\n## Else\nx", "[FAQ]\nintro\n[Cancel?]\nYes.\n[Change?]\nNo.\n[Else]\nx");
    check("# A\n# B\nb", "[B]\nb\n(section 1: empty_answer)");
    check("# A\na\n# a!\nb", "[A]\na\n(section 2: duplicate)");
    check("**Q: Can I return it?**\n\nA: Yes,\nin 7 days.\n\n**Q: Who pays?**\n\n**A:** You.", "[Can I return it?]\nYes,\nin 7 days.\n[Who pays?]\nYou.");
}

#[test]
fn headings_in_code_are_text() {
    check("# A\n```\n# not\n```\n    # nor\n#nor\n####### nor", "[A]\n```\n# not\n```\n    # nor\n#nor\n####### nor");
    check("~~~\n# a\n# b\n~~~\nc", "[size-guide]\n~~~\n# a\n# b\n~~~\nc");
    check("```` \n```\n# a\n````\n# b\nc", "[b]\n```` \n```\n# a\n````\nc");
}

#[test]
fn front_matter_names_the_article() {
    let text = "---\ntitle: \"Sizes: shoes\"\nurl: https://e.com/sizes\nlang: en\nquestions:\n  - what size\n  - 'how big'\n---\n# Heading\nPick.";
    check(text, "[Sizes: shoes] what size; how big\n# Heading\nPick.");
    let article = import("a.md", text.as_bytes()).unwrap().articles.remove(0);
    assert_eq!((article.url.as_deref(), article.locale), (Some("https://e.com/sizes"), Locale::En));
    check("---\n标题: 尺码\n相似问: [穿多大, 几码]\n---\n按脚长选", "[尺码] 穿多大; 几码\n按脚长选");
    check("---\ntitle: open", "[size-guide]\n---\ntitle: open");
    check("---\nurl: javascript:alert(1)\n---\na", "[size-guide]\na");
    let article = import("a.md", b"---\nurl: javascript:alert(1)\n---\na").unwrap().articles.remove(0);
    assert_eq!(article.url, None);
}

#[test]
fn the_language_is_that_of_the_text() {
    let locale = |text: &str| import("a.md", text.as_bytes()).unwrap().articles.remove(0).locale;
    assert_eq!(locale("# 换货\n签收后可以换"), Locale::Zh);
    assert_eq!(locale("# Exchange\nYou can exchange it"), Locale::En);
    assert_eq!(locale("---\nlang: en-GB\n---\n签收"), Locale::En);
}
