//! The HTTP API, one module a noun (docs/api/http.md).

mod articles;
mod audit;
mod auth;
mod calendars;
mod canned_replies;
mod care;
mod channels;
mod contacts;
mod conversations;
mod ethics;
mod feelings;
mod files;
mod inboxes;
mod intents;
mod knowledge;
mod lexicon;
mod me;
mod members;
mod models;
mod persons;
mod public;
mod routing;
mod settings;
mod start;
mod teams;
mod tickets;
mod tokens;
mod widget;
mod widget_rights;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

pub(crate) use ethics::in_force as ethics_in_force;
pub(crate) use intents::example_text;

use crate::ApiState;

type Router = OpenApiRouter<Arc<ApiState>>;

/// `upload_bytes_max` bounds files that people send.
pub(crate) fn all(upload_bytes_max: usize) -> Router {
    Router::new()
        .merge(articles::router())
        .merge(audit::router())
        .merge(auth::router())
        .merge(calendars::router())
        .merge(canned_replies::router())
        .merge(care::router())
        .merge(channels::router())
        .merge(contacts::router())
        .merge(conversations::router())
        .merge(ethics::router())
        .merge(feelings::router())
        .merge(files::router(upload_bytes_max))
        .merge(inboxes::router())
        .merge(intents::router())
        .merge(knowledge::router())
        .merge(lexicon::router())
        .merge(me::router())
        .merge(members::router())
        .merge(models::router())
        .merge(persons::router())
        .merge(public::router())
        .merge(routing::router())
        .merge(settings::router())
        .merge(start::router())
        .merge(teams::router())
        .merge(tickets::router())
        .merge(tokens::router())
        .merge(widget::router(upload_bytes_max))
        .merge(widget_rights::router())
}
