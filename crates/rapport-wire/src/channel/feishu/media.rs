//! Files at Feishu.

use super::DIALECT;
use crate::channel::{
    MediaKind, Request, Response, SendFault,
    answer::{Fetched, by_status, file, unreadable},
    fields::Fields as _,
    request::{FilePart, percent},
};

/// The file of a message, by `message/key/type` as [`super::decode()`] names it. `None` for anything else.
pub fn fetch(token: &str, id: &str) -> Option<Request> {
    let mut parts = id.split('/');
    let (Some(message), Some(key), Some(kind @ ("image" | "file")), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return None };
    Some(Request::get(format!("/open-apis/im/v1/messages/{}/resources/{}?type={kind}", percent(message), percent(key))).bearer(token))
}

/// A fault comes as JSON.
pub fn fetched(response: Response) -> Result<Fetched, SendFault> {
    let is_json = response.header("content-type").is_some_and(|it| it.contains("json")) && response.header("content-disposition").is_none();
    if is_json {
        DIALECT.body(&response, true)?;
        return Err(unreadable());
    }
    match by_status(&response) {
        Some(fault) => Err(fault),
        None => Ok(file(response)),
    }
}

/// Pictures of at most 10 MB, files of at most 30 MB (assumed). Voice must be Opus, video MP4.
pub fn upload(token: &str, kind: MediaKind, boundary: &str, name: &str, media_type: &str, bytes: &[u8]) -> Request {
    let request = match kind {
        MediaKind::Image | MediaKind::Sticker => {
            let file = FilePart { field: "image", name, media_type, bytes };
            Request::multipart("/open-apis/im/v1/images", boundary, &[("image_type", "message")], &file)
        }
        MediaKind::Voice | MediaKind::Video | MediaKind::File => {
            let fields = [("file_type", file_type(kind, name)), ("file_name", name)];
            Request::multipart("/open-apis/im/v1/files", boundary, &fields, &FilePart { field: "file", name, media_type, bytes })
        }
    };
    request.bearer(token)
}

fn file_type(kind: MediaKind, name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|it| it.1.to_ascii_lowercase()).unwrap_or_default();
    match (kind, end.as_str()) {
        (MediaKind::Voice, _) => "opus",
        (MediaKind::Video, _) => "mp4",
        (_, "pdf") => "pdf",
        (_, "doc" | "docx") => "doc",
        (_, "xls" | "xlsx") => "xls",
        (_, "ppt" | "pptx") => "ppt",
        _ => "stream",
    }
}

/// The key for a piece.
pub fn uploaded(response: &Response) -> Result<String, SendFault> {
    let body = DIALECT.body(response, true)?;
    body.maybe("data/image_key").or_else(|| body.maybe("data/file_key")).ok_or_else(unreadable)
}
