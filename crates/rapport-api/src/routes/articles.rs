//! Knowledge articles: written, published, kept in every version.

use axum::{Json, http::StatusCode};
use rapport_model::{Article, ArticleId, ArticleSource, Locale, MemberId, Timestamp, codes};
use rapport_ports::Expect;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Agent, Caller},
    configuration::{self, Items, bounded, needed},
    extract::{Body, Id, IfMatch, Params},
    failure::{Failure, Outcome},
};

pub(super) const BODY_CHARS_MAX: usize = 100_000;
const QUESTIONS_MAX: usize = 50;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(get, save, remove)).routes(routes!(versions))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Filter {
    #[serde(default)]
    locale: Option<Locale>,
    /// Found in title, body or questions.
    #[serde(default)]
    q: Option<String>,
}

#[utoipa::path(get, path = "/articles", tag = "knowledge", params(Filter), responses((status = 200, body = Items<Article>)))]
pub(crate) async fn list(Agent(caller): Agent, Params(filter): Params<Filter>) -> Outcome<Json<Items<Article>>> {
    let wanted = filter.q.unwrap_or_default().trim().to_lowercase();
    let mut items: Vec<Article> = configuration::list::<Article>(&caller).await?.into_iter().map(|it| it.record).collect();
    items.retain(|it| {
        let texts = [&it.title, &it.body].into_iter().chain(&it.questions);
        filter.locale.is_none_or(|locale| locale == it.locale) && (wanted.is_empty() || texts.into_iter().any(|text| text.to_lowercase().contains(&wanted)))
    });
    items.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.title.cmp(&b.title)));
    Ok(Json(Items { items }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Rendered {
    #[serde(flatten)]
    article: Article,
    /// Safe HTML of the body.
    html: String,
}

#[utoipa::path(get, path = "/articles/{id}", tag = "knowledge", params(("id" = ArticleId, Path)), responses((status = 200, body = Rendered)))]
pub(crate) async fn get(Agent(caller): Agent, Id(id): Id<ArticleId>) -> Outcome<Json<Rendered>> {
    let article = configuration::get::<Article>(&caller, *id.as_bytes()).await?.record;
    let html = caller.state.knowledge.render(&article.body);
    Ok(Json(Rendered { article, html }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ArticleBody {
    title: String,
    /// Markdown.
    body: String,
    #[serde(default)]
    questions: Vec<String>,
    locale: Locale,
    published: bool,
    #[serde(default)]
    url: Option<String>,
}

/// What is kept of an article beside its body: its identity and where it came from.
struct Origin {
    id: ArticleId,
    version: u32,
    source: ArticleSource,
    at: Timestamp,
    by: Option<MemberId>,
}

impl ArticleBody {
    fn checked(self, origin: Origin) -> Outcome<Article> {
        let body = bounded("body", self.body.trim(), BODY_CHARS_MAX)?;
        if body.is_empty() {
            return Err(Failure::field("body: not empty"));
        }
        let mut questions: Vec<String> = Vec::new();
        for question in self.questions.iter().filter(|it| !it.trim().is_empty()) {
            let question = needed("questions", question, 200)?;
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        if questions.len() > QUESTIONS_MAX {
            return Err(Failure::field(format!("questions: at most {QUESTIONS_MAX}")));
        }
        let url = self.url.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        if url.as_deref().is_some_and(|it| !(it.starts_with("https://") || it.starts_with("http://")) || it.len() > 2_000) {
            return Err(Failure::field("url: https://… of at most 2000 characters"));
        }
        Ok(Article {
            id: origin.id,
            title: needed("title", &self.title, 200)?,
            body,
            questions,
            locale: self.locale,
            published: self.published,
            version: origin.version,
            source: origin.source,
            url,
            updated_at: origin.at,
            updated_by: origin.by,
        })
    }
}

/// Writes an article with its version for ever; the version of the record and that of the article count together.
pub(super) async fn store(caller: &Caller, article: Article, expect: Expect) -> Outcome<Article> {
    use rapport_ports::Records as _;
    caller.store.put(&article, expect).await?;
    caller.store.put_article_version(&article).await?;
    Ok(article)
}

async fn changed(caller: &Caller, id: ArticleId, action: &str) -> Outcome<()> {
    caller.audit(action, id, "").await?;
    Ok(caller.state.intake.configuration_changed(caller.tenant).await?)
}

#[utoipa::path(post, path = "/articles", tag = "knowledge", request_body = ArticleBody, responses((status = 200, body = Article)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<ArticleBody>) -> Outcome<Json<Article>> {
    let at = caller.state.clock.now();
    let id = caller.state.entropy.ids(at).next();
    let article = body.checked(Origin { id, version: 1, source: ArticleSource::Written, at, by: caller.maybe_member() })?;
    let article = store(&caller, article, Expect::New).await?;
    changed(&caller, id, "article.created").await?;
    Ok(Json(article))
}

#[utoipa::path(put, path = "/articles/{id}", tag = "knowledge", params(("id" = ArticleId, Path)), request_body = ArticleBody, responses((status = 200, body = Article)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<ArticleId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<ArticleBody>,
) -> Outcome<Json<Article>> {
    let old = configuration::get::<Article>(&caller, *id.as_bytes()).await?;
    // People name the article's version; the record's own protects against two saves at once.
    if matches!(expect, Expect::Version(version) if version != u64::from(old.record.version)) {
        return Err(Failure::new(codes::CONFLICT));
    }
    let at = caller.state.clock.now();
    let origin = Origin { id, version: old.record.version.saturating_add(1), source: old.record.source, at, by: caller.maybe_member() };
    let article = store(&caller, body.checked(origin)?, Expect::Version(old.version)).await?;
    changed(&caller, id, "article.changed").await?;
    Ok(Json(article))
}

/// No longer used for answers; its versions stay.
#[utoipa::path(delete, path = "/articles/{id}", tag = "knowledge", params(("id" = ArticleId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Administrator(caller): Administrator, Id(id): Id<ArticleId>) -> Outcome<StatusCode> {
    configuration::remove::<Article>(&caller, *id.as_bytes(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/articles/{id}/versions", tag = "knowledge", params(("id" = ArticleId, Path)), responses((status = 200, body = Items<Article>)))]
pub(crate) async fn versions(Agent(caller): Agent, Id(id): Id<ArticleId>) -> Outcome<Json<Items<Article>>> {
    let mut items = caller.store.article_versions(id).await?;
    if items.is_empty() {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    items.sort_by_key(|it| std::cmp::Reverse(it.version));
    Ok(Json(Items { items }))
}
