//! Markdown is rendered safely, imported, indexed and asked.
#![no_main]

#[path = "report.rs"]
mod report;

use libfuzzer_sys::fuzz_target;
use rapport_knowledge::{Index, markdown::to_html};
use rapport_model::{Article, ArticleSource, Locale, Timestamp};

fuzz_target!(|text: &str| {
    report::safe(&to_html(text));
    report::check("page.md", text.as_bytes());
    report::check("page.txt", text.as_bytes());
    let id = serde_json::from_value(serde_json::json!("00000000-0000-7000-8000-000000000001")).expect("an id");
    let question: String = text.chars().rev().take(40).collect();
    let article = Article {
        id,
        title: "T".to_owned(),
        body: text.to_owned(),
        questions: vec![question.clone()],
        locale: Locale::Zh,
        published: true,
        version: 1,
        source: ArticleSource::Written,
        url: None,
        updated_at: Timestamp::default(),
        updated_by: None,
    };
    let answer = Index::build(&[article]).answer(&question, Locale::Zh);
    assert!((0.0..=1.0).contains(&answer.confidence()));
});
