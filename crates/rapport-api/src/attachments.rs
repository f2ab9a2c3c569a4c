//! Files that people send: bounded, typed by their bytes, stored under an id, given back as attachments that run nothing.

use axum::{
    body::Body,
    extract::{Multipart, multipart::Field},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::{Bytes, BytesMut};
use rapport_model::{Actor, Attachment, BlobId, Fault, TenantId, Timestamp, codes};
use rapport_ports::{Blobs, TenantStore};

use crate::{
    ApiState,
    failure::{Failure, Outcome},
    masking::Named,
};

/// What a multipart body may hold beyond its file. Units: bytes.
pub(crate) const MULTIPART_EXTRA_BYTES: usize = 64 * 1024;
const PARTS_MAX: u32 = 16;
const NAME_CHARS_MAX: usize = 120;
/// A picture that claims more would fill the memory of whoever opens it. Units: pixels.
const PIXELS_MAX: u64 = 100_000_000;

/// A file of a multipart body, with the texts that came beside it.
pub(crate) struct Uploaded {
    pub(crate) name: String,
    pub(crate) content: Bytes,
    pub(crate) fields: std::collections::BTreeMap<String, String>,
}

/// Reads the part `file` and the small texts around it. Errors: `input.bad_field`, `input.too_large`, `upload.empty`.
pub(crate) async fn read(mut body: Multipart, bytes_max: usize) -> Outcome<Uploaded> {
    let malformed = |_error| Failure::from(Fault::with(codes::BAD_FIELD, "multipart body with a part `file`"));
    let mut file = None;
    let mut fields = std::collections::BTreeMap::new();
    let mut parts = 0_u32;
    while let Some(part) = body.next_field().await.map_err(malformed)? {
        parts = parts.saturating_add(1);
        if parts > PARTS_MAX {
            return Err(Failure::field(format!("at most {PARTS_MAX} parts")));
        }
        let label = part.name().unwrap_or_default().to_owned();
        if label == "file" && file.is_none() {
            let name = part.file_name().unwrap_or_default().to_owned();
            file = Some((name, bounded(part, bytes_max).await?));
        } else {
            let text = bounded(part, MULTIPART_EXTRA_BYTES).await?;
            fields.insert(label, String::from_utf8_lossy(&text).into_owned());
        }
    }
    let (name, content) = file.ok_or_else(|| Failure::field("file: missing"))?;
    if content.is_empty() {
        return Err(Failure::new(codes::UPLOAD_EMPTY));
    }
    Ok(Uploaded { name, content, fields })
}

async fn bounded(mut part: Field<'_>, bytes_max: usize) -> Outcome<Bytes> {
    let mut content = BytesMut::new();
    loop {
        let chunk = part.chunk().await.map_err(|error| {
            let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            if too_large { Failure::new(codes::TOO_LARGE) } else { Failure::field("multipart body broke off") }
        })?;
        let Some(chunk) = chunk else { return Ok(content.freeze()) };
        if content.len().saturating_add(chunk.len()) > bytes_max {
            return Err(Fault::with(codes::TOO_LARGE, format!("{bytes_max} bytes at most")).into());
        }
        content.extend_from_slice(&chunk);
    }
}

/// Stores a file: the bytes first, then its row, so that no row is without its bytes.
///
/// Errors: `upload.type_refused`, `store.unavailable`.
pub(crate) async fn store(state: &ApiState, tenant: TenantId, owner: Actor, uploaded: Uploaded) -> Outcome<Attachment> {
    let now = state.clock.now();
    let kept = keep_file(&*state.blobs, &*state.store.tenant(tenant), tenant, (owner, now, state.entropy.ids(now).next()), &uploaded.name, uploaded.content).await;
    Ok(kept?)
}

/// The same for whoever has the bytes already; `blob` is the id it gets.
///
/// Errors: `upload.type_refused`, `upload.empty`, `input.too_large` for a picture of too many pixels, `store.unavailable`.
pub async fn keep_file(
    blobs: &dyn Blobs,
    store: &dyn TenantStore,
    tenant: TenantId,
    (owner, now, blob): (Actor, Timestamp, BlobId),
    name: &str,
    content: Bytes,
) -> Result<Attachment, Fault> {
    if content.is_empty() {
        return Err(Fault::new(codes::UPLOAD_EMPTY));
    }
    let media_type = media_type_of(&content).ok_or_else(|| Fault::new(codes::UPLOAD_TYPE))?;
    let size = if media_type.starts_with("image/") { picture_size(&content)? } else { None };
    let attachment = Attachment {
        blob,
        name: clean_name(name, media_type),
        media_type: media_type.to_owned(),
        bytes: u64::try_from(content.len()).unwrap_or(u64::MAX),
        width: size.map(|it| it.0),
        height: size.map(|it| it.1),
    };
    blobs.put(tenant, attachment.blob, content).await?;
    store.put_attachment(&attachment, owner, None, now).await?;
    Ok(attachment)
}

/// The stored description of a file that `owner` uploaded and now sends; what the sender says about it is not believed.
///
/// Errors: `not_found`, also for somebody else's file.
pub(crate) async fn sendable(store: &dyn TenantStore, blob: BlobId, owner: Actor) -> Result<Attachment, Fault> {
    match store.attachment(blob).await? {
        Some((attachment, uploader, _)) if uploader == owner => Ok(attachment),
        Some(_) | None => Err(Fault::new(codes::NOT_FOUND)),
    }
}

/// The bytes, as an attachment from a sandbox: whatever they are, a browser neither guesses nor runs them.
pub(crate) async fn serve(state: &ApiState, tenant: TenantId, attachment: &Attachment) -> Outcome<Response> {
    let content = state.blobs.get(tenant, attachment.blob).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    let mut response = Body::from(content).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &attachment.media_type);
    set(header::CONTENT_DISPOSITION, &disposition(&attachment.name));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    set(header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    response.extensions_mut().insert(Named(attachment.name.clone()));
    Ok(response)
}

/// The header that saves a file under this name.
pub(crate) fn disposition(name: &str) -> String {
    format!("attachment; filename*=UTF-8''{}", percent(name))
}

/// RFC 5987: everything but letters, digits and a few signs as bytes in hex.
fn percent(name: &str) -> String {
    let byte = |it: u8| if it.is_ascii_alphanumeric() || b"-._".contains(&it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    name.bytes().map(byte).collect()
}

/// What the bytes are, if it is something that people send each other. Programs, web pages and SVG (which may run scripts) are not.
fn media_type_of(content: &[u8]) -> Option<&'static str> {
    use infer::MatcherType;
    match infer::get(content) {
        Some(kind) => match kind.matcher_type() {
            MatcherType::Image | MatcherType::Audio | MatcherType::Video | MatcherType::Doc | MatcherType::Archive | MatcherType::Book => Some(kind.mime_type()),
            MatcherType::App | MatcherType::Font | MatcherType::Text | MatcherType::Custom => None,
        },
        None => is_text(content).then_some("text/plain; charset=utf-8"),
    }
}

fn is_text(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let start: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    let markup = ["<!doctype", "<html", "<svg", "<?xml", "<script", "<head", "<body", "#!"].iter().any(|it| start.starts_with(it));
    !markup && !text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t'))
}

fn picture_size(content: &[u8]) -> Result<Option<(u32, u32)>, Fault> {
    let Ok(size) = imagesize::blob_size(content) else { return Ok(None) };
    let (width, height) = (u64::try_from(size.width).unwrap_or(u64::MAX), u64::try_from(size.height).unwrap_or(u64::MAX));
    if width.saturating_mul(height) > PIXELS_MAX {
        return Err(Fault::with(codes::TOO_LARGE, format!("a picture of {width} x {height}")));
    }
    Ok(u32::try_from(width).ok().zip(u32::try_from(height).ok()))
}

/// A name to show: no folders, no control or invisible direction-changing characters, not endless. It never becomes a path.
fn clean_name(name: &str, media_type: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let odd = |it: char| it.is_control() || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let clean: String = base.chars().filter(|it| !odd(*it)).collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        return media_type.split(['/', ';']).next().unwrap_or("file").to_owned();
    }
    let chars = clean.chars().count();
    if chars <= NAME_CHARS_MAX {
        return clean.to_owned();
    }
    // The end is kept: it says what kind of file it is.
    let (head, tail) = (NAME_CHARS_MAX - 21, 20);
    let start: String = clean.chars().take(head).collect();
    let end: String = clean.chars().skip(chars - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_the_bytes() {
        let check = |content: &[u8], expected: Option<&str>| assert_eq!(media_type_of(content), expected, "{:?}", String::from_utf8_lossy(content));
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some("image/png"));
        check(b"%PDF-1.7", Some("application/pdf"));
        check("订单号,金额\n1,2\n".as_bytes(), Some("text/plain; charset=utf-8"));
        check(b"<!DOCTYPE html><script>alert(1)</script>", None);
        check(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None);
        check(b"  <?xml version='1.0'?><svg/>", None);
        check(b"MZ\x90\0\x03\0\0\0", None);
        check(b"\x7fELF\x02\x01\x01\0", None);
        check(b"#!/bin/sh\nrm -rf /", None);
        check(&[0xff, 0xfe, 0xfd, 0, 1, 2], None);
    }

    #[test]
    fn names_are_shown_never_used() {
        let check = |name: &str, expected: &str| assert_eq!(clean_name(name, "image/png"), expected, "{name:?}");
        check("照片 1.png", "照片 1.png");
        check("../../etc/passwd", "passwd");
        check("C:\\temp\\a.png", "a.png");
        check("\u{200b}.htaccess", "htaccess");
        check("evil\u{202e}gnp.exe", "evilgnp.exe");
        check("..", "image");
        check("", "image");
        assert_eq!(clean_name(&format!("{}.pdf", "长".repeat(500)), "application/pdf").chars().count(), 120);
        assert_eq!(percent("照 a.png"), "%E7%85%A7%20a.png");
    }

    #[test]
    fn a_picture_that_claims_too_much_is_refused() {
        let png = |width: u32, height: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            bytes.extend_from_slice(&width.to_be_bytes());
            bytes.extend_from_slice(&height.to_be_bytes());
            bytes.extend_from_slice(&[8, 6, 0, 0, 0, 0, 0, 0, 0]);
            bytes
        };
        assert_eq!(picture_size(&png(640, 480)).expect("fits"), Some((640, 480)));
        assert!(picture_size(&png(50_000, 50_000)).is_err());
    }
}
