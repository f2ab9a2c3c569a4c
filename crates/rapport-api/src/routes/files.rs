//! Files of members: sent up before they are sent in a message, and read back.

use axum::{Json, extract::DefaultBodyLimit, response::Response};
use rapport_model::{Actor, Attachment, BlobId, codes};
use utoipa_axum::routes;

use super::Router;
use crate::{
    attachments,
    caller::Agent,
    extract::{Id, Upload},
    failure::{Failure, Outcome},
    origin::Address,
};

pub(super) fn router(upload_bytes_max: usize) -> Router {
    let bytes_max = upload_bytes_max.saturating_add(attachments::MULTIPART_EXTRA_BYTES);
    let uploads = Router::new().routes(routes!(upload)).layer(DefaultBodyLimit::max(bytes_max));
    Router::new().routes(routes!(file)).merge(uploads)
}

/// Multipart with a part `file`. It belongs to whoever sent it until it is sent in a conversation.
#[utoipa::path(post, path = "/uploads", tag = "files", responses((status = 200, body = Attachment)))]
pub(crate) async fn upload(Agent(caller): Agent, address: Address, Upload(body): Upload) -> Outcome<Json<Attachment>> {
    let member = caller.member()?;
    caller.state.limits.upload(address)?;
    let uploaded = attachments::read(body, caller.state.settings.upload_bytes_max).await?;
    Ok(Json(attachments::store(&caller.state, caller.tenant, Actor::Member(member), uploaded).await?))
}

/// Any file of the tenant.
#[utoipa::path(get, path = "/files/{id}", tag = "files", params(("id" = BlobId, Path)), responses((status = 200, description = "the bytes")))]
pub(crate) async fn file(Agent(caller): Agent, Id(id): Id<BlobId>) -> Outcome<Response> {
    let (attachment, _, _) = caller.store.attachment(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    attachments::serve(&caller.state, caller.tenant, &attachment).await
}
