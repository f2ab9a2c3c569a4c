//! Files at DingTalk.

use super::{Account, Addressed, DIALECT, Host, send::interface_body};
use crate::channel::{
    MediaKind, Request, Response, SendFault,
    answer::unreadable,
    fields::Fields as _,
    request::{FilePart, percent},
};
use serde_json::json;

/// Asks where the file of a message is, which holds for a short time.
pub fn fetch(account: &Account, token: &str, download_code: &str) -> Addressed {
    let body = json!({"downloadCode": download_code, "robotCode": account.robot_code});
    Addressed { host: Host::Api, request: Request::json("/v1.0/robot/messageFiles/download", &body).with("x-acs-dingtalk-access-token", token) }
}

/// The address to fetch from, but not if it is private.
pub fn fetched_at(response: &Response) -> Result<String, SendFault> {
    interface_body(response)?.maybe("downloadUrl").ok_or_else(unreadable)
}

/// Videos go up as files, since a robot's video wants a picture of it as well.
pub fn upload(token: &str, kind: MediaKind, boundary: &str, name: &str, media_type: &str, bytes: &[u8]) -> Addressed {
    let kind = match kind {
        MediaKind::Image | MediaKind::Sticker => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video | MediaKind::File => "file",
    };
    let request = Request::multipart(
        format!("/media/upload?access_token={}", percent(token)),
        boundary,
        &[("type", kind)],
        &FilePart { field: "media", name, media_type, bytes },
    );
    Addressed { host: Host::Oapi, request }
}

pub fn uploaded(response: &Response) -> Result<String, SendFault> {
    DIALECT.body(response, false)?.maybe("media_id").ok_or_else(unreadable)
}
