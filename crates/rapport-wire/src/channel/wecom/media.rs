//! Files at WeCom, which keeps them for three days.

use super::DIALECT;
use crate::channel::{
    MediaKind, Request, Response, SendFault,
    answer::Fetching,
    request::{FilePart, percent, query},
    wechat::{fetched_of_family, uploaded_of_family},
};

/// Limits differ from document to document: they are the inbox's configuration.
pub fn upload(token: &str, kind: MediaKind, boundary: &str, name: &str, media_type: &str, bytes: &[u8]) -> Request {
    let path = format!("/cgi-bin/media/upload?access_token={}&type={}", percent(token), name_of(kind));
    Request::multipart(path, boundary, &[], &FilePart { field: "media", name, media_type, bytes })
}

pub(super) fn name_of(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image | MediaKind::Sticker => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video => "video",
        MediaKind::File => "file",
    }
}

/// The id for a piece.
pub fn uploaded(response: &Response) -> Result<String, SendFault> {
    uploaded_of_family(&DIALECT, response)
}

pub fn fetch(token: &str, media_id: &str) -> Request {
    Request::get(format!("/cgi-bin/media/get?{}", query(&[("access_token", token), ("media_id", media_id)])))
}

/// A fault comes as JSON with status 200. Errors: `MediaExpired` after three days.
pub fn fetched(response: Response) -> Result<Fetching, SendFault> {
    fetched_of_family(&DIALECT, response)
}
