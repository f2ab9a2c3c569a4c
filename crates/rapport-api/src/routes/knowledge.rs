//! Knowledge as a whole: files imported, a test question asked, Markdown rendered.

use std::collections::BTreeMap;

use axum::{Json, extract::DefaultBodyLimit};
use rapport_model::{Article, ArticleId, ArticleSource, Citation, Locale};
use rapport_ports::{Expect, ImportedArticle};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Router, articles};
use crate::{
    attachments::{self, MULTIPART_EXTRA_BYTES},
    caller::{Administrator, Agent, Caller},
    configuration::{self, bounded},
    extract::{Body, Upload},
    failure::Outcome,
};

/// Largest file that is imported. Units: bytes.
const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

pub(super) fn router() -> Router {
    let import = Router::new().routes(routes!(import)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + MULTIPART_EXTRA_BYTES));
    Router::new().routes(routes!(ask)).routes(routes!(render)).merge(import)
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Imported {
    created: u32,
    updated: u32,
    unchanged: u32,
    /// What could not be used, and why.
    skipped: Vec<Skipped>,
    articles: Vec<Named>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Skipped {
    place: String,
    reason: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Named {
    id: ArticleId,
    title: String,
}

/// Multipart with `file` and `publish` (`true` or `false`). The same file again updates what it made before, row by row.
#[utoipa::path(post, path = "/knowledge/import", tag = "knowledge", responses((status = 200, body = Imported)))]
pub(crate) async fn import(Administrator(caller): Administrator, Upload(body): Upload) -> Outcome<Json<Imported>> {
    let uploaded = attachments::read(body, FILE_BYTES_MAX).await?;
    let publish = uploaded.fields.get("publish").is_none_or(|it| it != "false");
    let name = bounded("file name", &uploaded.name, 200)?;
    let report = caller.state.knowledge.read_file(&name, uploaded.content).await?;
    let skipped = report.skipped.into_iter().map(|it| Skipped { place: it.place, reason: it.reason }).collect();
    let mut outcome = Imported { created: 0, updated: 0, unchanged: 0, skipped, articles: Vec::new() };
    let mut known = imported_from(&caller, &name).await?;
    for found in report.articles {
        let old = known.remove(&found.key);
        take(&caller, &name, publish, found, old, &mut outcome).await?;
    }
    caller.audit("knowledge.imported", &name, format!("{} created, {} updated", outcome.created, outcome.updated)).await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    Ok(Json(outcome))
}

/// What an earlier import of a file of this name made, by key.
async fn imported_from(caller: &Caller, name: &str) -> Outcome<BTreeMap<String, configuration::Versioned<Article>>> {
    let all = configuration::list::<Article>(caller).await?.into_iter();
    Ok(all
        .filter_map(|it| match &it.record.source {
            ArticleSource::Imported { file, key } if file == name => Some((key.clone(), it)),
            ArticleSource::Imported { .. } | ArticleSource::Written => None,
        })
        .collect())
}

async fn take(
    caller: &Caller,
    file: &str,
    publish: bool,
    found: ImportedArticle,
    old: Option<configuration::Versioned<Article>>,
    outcome: &mut Imported,
) -> Outcome<()> {
    let at = caller.state.clock.now();
    let (id, version, expect) = match &old {
        Some(it) => (it.record.id, it.record.version.saturating_add(1), Expect::Version(it.version)),
        None => (caller.state.entropy.ids(at).next(), 1, Expect::New),
    };
    let article = Article {
        id,
        title: found.title,
        body: found.body,
        questions: found.questions,
        locale: found.locale,
        published: publish,
        version,
        source: ArticleSource::Imported { file: file.to_owned(), key: found.key },
        url: found.url,
        updated_at: at,
        updated_by: caller.maybe_member(),
    };
    outcome.articles.push(Named { id, title: article.title.clone() });
    match old {
        Some(it) if is_same(&it.record, &article) => outcome.unchanged = outcome.unchanged.saturating_add(1),
        Some(_) => {
            articles::store(caller, article, expect).await?;
            outcome.updated = outcome.updated.saturating_add(1);
        }
        None => {
            articles::store(caller, article, expect).await?;
            outcome.created = outcome.created.saturating_add(1);
        }
    }
    Ok(())
}

fn is_same(old: &Article, new: &Article) -> bool {
    let texts = |it: &Article| (it.title.clone(), it.body.clone(), it.questions.clone(), it.url.clone());
    texts(old) == texts(new) && old.locale == new.locale && old.published == new.published
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Question {
    question: String,
    locale: Locale,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TestAnswer {
    /// found, unsure or unknown.
    outcome: String,
    text: String,
    sources: Vec<Citation>,
    confidence: f32,
    /// From this confidence on the bot answers.
    threshold: f32,
}

#[utoipa::path(post, path = "/knowledge/ask", tag = "knowledge", request_body = Question, responses((status = 200, body = TestAnswer)))]
pub(crate) async fn ask(Agent(caller): Agent, Body(body): Body<Question>) -> Outcome<Json<TestAnswer>> {
    let it = caller.state.knowledge.ask(caller.tenant, &body.question, body.locale).await?;
    Ok(Json(TestAnswer { outcome: it.outcome, text: it.text, sources: it.sources, confidence: it.confidence, threshold: it.threshold }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Markdown {
    markdown: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Html {
    html: String,
}

#[utoipa::path(post, path = "/knowledge/render", tag = "knowledge", request_body = Markdown, responses((status = 200, body = Html)))]
pub(crate) async fn render(Agent(caller): Agent, Body(body): Body<Markdown>) -> Outcome<Json<Html>> {
    let markdown = bounded("markdown", &body.markdown, articles::BODY_CHARS_MAX)?;
    Ok(Json(Html { html: caller.state.knowledge.render(&markdown) }))
}
