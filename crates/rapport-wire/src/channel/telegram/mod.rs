//! Telegram bots: updates by webhook or by asking, pieces and files out. Source: core.telegram.org/bots/api.
//!
//! A message is known as `chat:number` throughout, since Telegram numbers each chat's messages anew: so the id of a fact, of a quoted message, of one that was
//! edited and of one that we sent are the same. The token stands in every path, so no path is ever logged or shown.

mod send;
mod update;

pub use send::{Upload, answer, delete, edit, send, typing, upload};
pub use update::{Page, Told, decode, joined, page, told};

use serde_json::{Value, json};

use super::{Request, Response, SendFault, WireFault, mac, outcome, reading};

/// Header of the webhook that carries the secret it was set with, in lower case.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// Ports at which Telegram reaches a webhook.
pub const WEBHOOK_PORTS: [u16; 4] = [443, 80, 88, 8443];
/// Largest file that a bot can fetch. Units: bytes.
pub const DOWNLOAD_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most updates of one answer.
pub const UPDATES_MAX: u32 = 100;
/// What is asked for; named each time, since Telegram keeps the former choice where it is left out.
const UPDATES: [&str; 4] = ["message", "edited_message", "callback_query", "my_chat_member"];

/// Checks the secret of a webhook's request. `secrets`: those in force, the former one included while it is changed. Errors: `BadSignature`.
pub fn verify(header: Option<&str>, secrets: &[&str]) -> Result<(), WireFault> {
    let told = header.unwrap_or_default().as_bytes();
    let matches = secrets.iter().fold(false, |found, it| mac::same(told, it.as_bytes()) | found);
    if matches { Ok(()) } else { Err(WireFault::BadSignature) }
}

/// Whether a secret can be set: 1 to 256 of `[A-Za-z0-9_-]`.
pub fn is_secret(secret: &str) -> bool {
    (1..=256).contains(&secret.len()) && secret.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-')
}

/// Has updates sent to `url`, which is https at one of [`WEBHOOK_PORTS`]. Updates that wait are kept.
pub fn set_webhook(token: &str, url: &str, secret: &str) -> Request {
    let body = json!({"url": url, "secret_token": secret, "max_connections": 40, "allowed_updates": UPDATES, "drop_pending_updates": false});
    Request::json(path(token, "setWebhook"), &body)
}

/// Must be done before updates can be asked for.
pub fn delete_webhook(token: &str) -> Request {
    Request::json(path(token, "deleteWebhook"), &json!({"drop_pending_updates": false}))
}

pub fn get_webhook(token: &str) -> Request {
    Request::json(path(token, "getWebhookInfo"), &json!({}))
}

pub fn get_me(token: &str) -> Request {
    Request::json(path(token, "getMe"), &json!({}))
}

/// Asks for updates from `offset` on, which confirms all before it. `wait_s`: how long Telegram holds the request open while there are none.
pub fn get_updates(token: &str, offset: Option<i64>, wait_s: u32) -> Request {
    let mut body = json!({"limit": UPDATES_MAX, "timeout": wait_s, "allowed_updates": UPDATES});
    if let (Some(offset), Some(fields)) = (offset, body.as_object_mut()) {
        fields.insert("offset".to_owned(), offset.into());
    }
    Request::json(path(token, "getUpdates"), &body)
}

/// Asks where a file can be fetched; the place holds for an hour at least.
pub fn get_file(token: &str, file_id: &str) -> Request {
    Request::json(path(token, "getFile"), &json!({"file_id": file_id}))
}

/// Fetches a file from the place that [`file_path`] read. Its address holds the token: it is fetched by us and never given to anybody.
pub fn download(token: &str, file_path: &str) -> Request {
    let path: Vec<String> = file_path.split('/').map(super::request::percent).collect();
    Request::get(format!("/file/bot{token}/{}", path.join("/")))
}

/// The place of a file. Errors: `MediaExpired` where Telegram does not know it any more, or it is larger than [`DOWNLOAD_BYTES_MAX`].
pub fn file_path(response: &Response) -> Result<String, SendFault> {
    let result = result(response)?;
    let path = reading::id(&result, "/file_path").filter(|it| it.split('/').all(|it| !it.is_empty() && it != "." && it != ".."));
    path.ok_or_else(|| SendFault::Unknown { code: "no file_path".to_owned() })
}

/// Stops the circle that turns on a pressed button. `press`: the [`super::Inbound::id`] of the press.
pub fn answer_press(token: &str, press: &str) -> Request {
    let id = press.strip_prefix(update::PRESS).unwrap_or(press);
    Request::json(path(token, "answerCallbackQuery"), &json!({"callback_query_id": id}))
}

/// Who a bot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    pub id: i64,
    /// Without its `@`; people reach it at `https://t.me/<username>`.
    pub username: String,
    pub name: String,
}

/// The answer to [`get_me`].
pub fn bot(response: &Response) -> Result<Bot, SendFault> {
    let result = result(response)?;
    let id = reading::whole(&result, "/id").ok_or_else(|| SendFault::Unknown { code: "no id".to_owned() })?;
    Ok(Bot { id, username: reading::name(&result, "/username").unwrap_or_default(), name: reading::name(&result, "/first_name").unwrap_or_default() })
}

/// How a webhook does at Telegram's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub url: String,
    pub waiting: u64,
    /// Why Telegram could not deliver lately.
    pub trouble: Option<String>,
}

/// The answer to [`get_webhook`].
pub fn webhook(response: &Response) -> Result<Webhook, SendFault> {
    let result = result(response)?;
    let url = reading::text(&result, "/url").unwrap_or_default();
    Ok(Webhook { url, waiting: reading::size(&result, "/pending_update_count").unwrap_or_default(), trouble: reading::name(&result, "/last_error_message") })
}

/// The answer to a call of which only the success counts: setting and removing the webhook, answering a press.
pub fn done(response: &Response) -> Result<(), SendFault> {
    result(response).map(drop)
}

/// Where a group goes on that was made a supergroup, if that is why a piece was refused: to be sent there, and to be kept.
pub fn moved_to(response: &Response) -> Option<String> {
    reading::id(&response.json(), "/parameters/migrate_to_chat_id")
}

fn path(token: &str, method: &str) -> String {
    format!("/bot{token}/{method}")
}

/// What Telegram answered to a call.
fn result(response: &Response) -> Result<Value, SendFault> {
    let body = response.json();
    match (reading::at(&body, "/ok").and_then(Value::as_bool), body.get("result")) {
        (Some(true), Some(result)) => Ok(result.clone()),
        (Some(false), _) => Err(fault(&body)),
        _ => Err(outcome::by_status(response)),
    }
}

/// Shape of `body`: `{ok: false, error_code, description, parameters?: {retry_after: s, migrate_to_chat_id}}`.
fn fault(body: &Value) -> SendFault {
    let number = reading::whole(body, "/error_code").unwrap_or_default();
    let (code, text) = (number.to_string(), reading::name(body, "/description").unwrap_or_default());
    let says = |words: &[&str]| words.iter().any(|it| text.to_ascii_lowercase().contains(it));
    match number {
        // 404 answers a token that is none.
        401 | 404 => SendFault::TokenInvalid { code },
        // Blocked, deactivated, never started, or put out of the group.
        403 => SendFault::UserBlocked { code },
        429 => SendFault::RateLimited { retry_after_ms: reading::size(body, "/parameters/retry_after").map(|it| it.min(86_400) * 1_000), code },
        400 if says(&["chat not found", "user not found", "peer_id_invalid"]) => SendFault::UserBlocked { code },
        400 if says(&["wrong file identifier", "wrong remote file", "file reference", "file is too big", "invalid file_id"]) => SendFault::MediaExpired { code },
        500..=599 => SendFault::Trouble { code },
        _ => SendFault::Refused { code, text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_a_secret_in_force_opens() {
        let check = |header: Option<&str>, expected: bool| assert_eq!(verify(header, &["new_1", "old-1"]).is_ok(), expected, "{header:?}");
        check(Some("new_1"), true);
        check(Some("old-1"), true);
        check(Some("old-0"), false);
        check(Some("new_1 "), false);
        check(Some(""), false);
        check(None, false);
        assert!(verify(Some(""), &[""]).is_err() && verify(None, &[]).is_err());
        assert!(is_secret("a_B-9") && !is_secret("") && !is_secret("a b") && !is_secret(&"a".repeat(257)));
    }

    #[test]
    fn errors_are_told_apart_by_number_and_words() {
        let check = |body: &str, expected: SendFault| assert_eq!(done(&response(400, body)), Err(expected), "{body}");
        let code = |it: &str| it.to_owned();
        check(
            r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#,
            SendFault::RateLimited { retry_after_ms: Some(35_000), code: code("429") },
        );
        check(r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#, SendFault::UserBlocked { code: code("403") });
        check(r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#, SendFault::UserBlocked { code: code("400") });
        check(r#"{"ok":false,"error_code":400,"description":"Bad Request: wrong file identifier/HTTP URL specified"}"#, SendFault::MediaExpired { code: code("400") });
        check(r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, SendFault::TokenInvalid { code: code("401") });
        check(r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#, SendFault::Trouble { code: code("500") });
        let conflict = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
        check(&json!({"ok": false, "error_code": 409, "description": conflict}).to_string(), SendFault::Refused { code: code("409"), text: conflict.to_owned() });
        assert_eq!(done(&response(502, "<html>")), Err(SendFault::Unknown { code: code("502") }));
        assert_eq!(done(&response(200, "")), Err(SendFault::Unknown { code: code("200") }));
        let moved = response(400, r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}"#);
        assert_eq!(moved_to(&moved).as_deref(), Some("-1001234567890"));
    }

    #[test]
    fn calls_are_made_and_their_answers_read() {
        let request = set_webhook("1:a", "https://cs.example.com/t", "s3cret");
        assert_eq!((request.path.as_str(), serde_json::from_slice::<Value>(&request.body).expect("JSON")["secret_token"].as_str()), ("/bot1:a/setWebhook", Some("s3cret")));
        let body = |it: Request| serde_json::from_slice::<Value>(&it.body).expect("JSON");
        assert_eq!(body(get_updates("1:a", Some(8), 25))["offset"], 8);
        assert!(body(get_updates("1:a", None, 25)).get("offset").is_none());
        let of = |it: &str| file_path(&response(200, &json!({"ok": true, "result": {"file_path": it}}).to_string()));
        assert_eq!(of("photos/file 1.jpg").map(|it| download("1:a", &it).path).as_deref(), Ok("/file/bot1:a/photos/file%201.jpg"));
        assert!(of("../1").is_err() && of("/etc/passwd").is_err() && of("").is_err());
        assert_eq!(body(answer_press("1:a", "press:77"))["callback_query_id"], "77");
        let me = bot(&response(200, r#"{"ok":true,"result":{"id":123,"is_bot":true,"first_name":"客服","username":"cs_bot"}}"#)).expect("read");
        assert_eq!((me.id, me.username.as_str(), me.name.as_str()), (123, "cs_bot", "客服"));
        let hook = webhook(&response(200, r#"{"ok":true,"result":{"url":"","pending_update_count":3,"last_error_message":"Connection refused"}}"#)).expect("read");
        assert_eq!((hook.waiting, hook.trouble.as_deref()), (3, Some("Connection refused")));
    }
}
