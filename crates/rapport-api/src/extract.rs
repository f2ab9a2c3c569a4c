//! What handlers take from a request: a JSON body, query parameters, ids in the path, `If-Match`; each refused with a code of the catalogue.

use std::{str::FromStr, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Path, Query, Request},
    http::{StatusCode, header, request::Parts},
};
use rapport_model::{Fault, codes};
use rapport_ports::Expect;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::{ApiState, failure::Failure};

/// A JSON body. Errors: `input.bad_json` with the place, `input.bad_field` with the field, `input.too_large`.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<ApiState>> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let Raw(bytes) = Raw::from_request(request, state).await?;
        read(&bytes).map(Self).map_err(Failure::from)
    }
}

/// A body as it is. Errors: `input.too_large`, `input.bad_json` where it breaks off.
pub(crate) struct Raw(pub(crate) Bytes);

impl FromRequest<Arc<ApiState>> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state).await.map_err(|refusal| {
            use axum::response::IntoResponse as _;
            let too_large = refusal.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            Failure::new(if too_large { codes::TOO_LARGE } else { codes::BAD_JSON })
        })?;
        Ok(Self(bytes))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() { Fault::with(codes::BAD_FIELD, error.to_string()) } else { Fault::with(codes::BAD_JSON, format!("line {} column {}", error.line(), error.column())) }
    })
}

/// A field that may be left out, or set to `null` on purpose: `None` and `Some(None)`.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A multipart body. Errors: `input.bad_field`.
pub(crate) struct Upload(pub(crate) Multipart);

impl FromRequest<Arc<ApiState>> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let body = Multipart::from_request(request, state).await;
        body.map(Self).map_err(|_refusal| Failure::field("multipart body with a part `file`"))
    }
}

/// Query parameters. Errors: `input.bad_field`.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<ApiState>> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(it)| Self(it)).map_err(|refusal| Failure::field(refusal.body_text()))
    }
}

/// The one id in the path. What is no id looks like what is not there: 404.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr + Send> FromRequestParts<Arc<ApiState>> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let missing = || Failure::new(codes::NOT_FOUND);
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_refusal| missing())?;
        text.parse().map(Self).map_err(|_no_id| missing())
    }
}

/// An id in the path and a number behind it. What is neither looks like what is not there: 404.
pub(crate) struct Numbered<T, N>(pub(crate) T, pub(crate) N);

impl<T: FromStr + Send, N: FromStr + Send> FromRequestParts<Arc<ApiState>> for Numbered<T, N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let missing = || Failure::new(codes::NOT_FOUND);
        let Path((id, number)) = Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_refusal| missing())?;
        let (Ok(id), Ok(number)) = (id.parse(), number.parse()) else { return Err(missing()) };
        Ok(Self(id, number))
    }
}

/// `If-Match: <version>`; without it whatever is stored is replaced.
pub(crate) struct IfMatch(pub(crate) Expect);

impl FromRequestParts<Arc<ApiState>> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &Arc<ApiState>) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(Expect::Any)) };
        let version = value.to_str().ok().and_then(|it| it.trim().trim_matches('"').parse().ok());
        version.map(|it| Self(Expect::Version(it))).ok_or_else(|| Failure::field("if-match: the version number that the list gave"))
    }
}
