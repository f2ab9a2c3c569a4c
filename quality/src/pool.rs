//! Questions with the article that answers each, and questions that none answers: the demo tenant and firms written for measuring.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use rapport_knowledge::{Index, import};
use rapport_model::{Article, ArticleId, ArticleSource, Locale, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

/// A tenant's articles and what its customers ask.
pub(crate) struct Pool {
    pub name: String,
    pub index: Index,
    pub questions: Vec<Asked>,
    /// Everything that the figures depend on, for the hash.
    pub content: String,
    /// Titles by article.
    pub titles: BTreeMap<ArticleId, String>,
}

pub(crate) struct Asked {
    pub text: String,
    pub locale: Locale,
    /// `None`: nothing here answers it.
    pub expect: Option<ArticleId>,
    /// What the answer has to say.
    pub contains: Option<String>,
}

pub(crate) fn article(number: usize, title: &str, body: &str, locale: Locale) -> Article {
    Article {
        id: ArticleId::from(Uuid::from_u128(number as u128)),
        title: title.to_owned(),
        body: body.to_owned(),
        questions: Vec::new(),
        locale,
        published: true,
        version: 1,
        source: ArticleSource::Written,
        url: None,
        updated_at: Timestamp::default(),
        updated_by: None,
    }
}

#[derive(Deserialize)]
struct DemoQuestion {
    question: String,
    locale: Locale,
    /// File of the article, or `none`.
    expect: String,
    #[serde(default)]
    contains: Option<String>,
}

/// The demo tenant, as a fresh installation holds it.
pub(crate) fn demo(pack: &Path) -> anyhow::Result<Pool> {
    let mut content = fs::read_to_string(pack.join("questions.jsonl"))?;
    let questions: Vec<DemoQuestion> = content.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("questions.jsonl")?;
    let (mut articles, mut files) = (Vec::new(), BTreeMap::new());
    for (folder, locale) in [("zh", Locale::Zh), ("en", Locale::En)] {
        let mut paths: Vec<_> = fs::read_dir(pack.join("knowledge").join(folder))?.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let name = format!("{folder}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            for found in import(&name, &fs::read(&path)?)?.articles {
                let mut it = article(articles.len() + 1, &found.title, &found.body, locale);
                it.questions = found.questions;
                files.insert(name.clone(), it.id);
                articles.push(it);
            }
        }
    }
    let questions = questions
        .into_iter()
        .map(|it| {
            let expect = if it.expect == "none" { None } else { Some(*files.get(&it.expect).with_context(|| it.expect.clone())?) };
            Ok(Asked { text: it.question, locale: it.locale, expect, contains: it.contains })
        })
        .collect::<anyhow::Result<_>>()?;
    for it in &articles {
        content.push_str(&it.body);
    }
    Ok(pool("demo".to_owned(), &articles, questions, content))
}

fn pool(name: String, articles: &[Article], questions: Vec<Asked>, content: String) -> Pool {
    let titles = articles.iter().map(|it| (it.id, it.title.clone())).collect();
    Pool { name, index: Index::build(articles), questions, content, titles }
}

/// The firms of a folder: `name.zh.txt`, each line an article's title (`#`), another way to ask that the firm itself lists (`~`),
/// a customer's question to the article above (`?`), a question that nothing answers (`!`), or text of the article.
pub(crate) fn firms(folder: &Path) -> anyhow::Result<Vec<Pool>> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
    paths.retain(|it| it.extension().is_some_and(|it| it == "txt"));
    paths.sort();
    paths.iter().map(|path| firm(path)).collect()
}

fn firm(path: &Path) -> anyhow::Result<Pool> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let locale = if name.ends_with(".en") { Locale::En } else { Locale::Zh };
    let content = fs::read_to_string(path)?;
    let (mut articles, mut questions): (Vec<Article>, Vec<Asked>) = (Vec::new(), Vec::new());
    for line in content.lines().filter(|it| !it.is_empty()) {
        let (mark, text) = line.split_once(' ').unwrap_or((line, ""));
        let asked = |expect: Option<ArticleId>| Asked { text: text.to_owned(), locale, expect, contains: None };
        match (mark, articles.last_mut()) {
            ("#", _) => articles.push(article(articles.len() + 1, text, "", locale)),
            ("~", Some(last)) => last.questions.push(text.to_owned()),
            ("?", Some(last)) => questions.push(asked(Some(last.id))),
            ("!", _) => questions.push(asked(None)),
            (_, Some(last)) => last.body = format!("{}{line}\n", last.body),
            (_, None) => anyhow::bail!("{name}: text above the first article"),
        }
    }
    Ok(pool(name, &articles, questions, content))
}
