//! Addresses at which providers fetch files that go out: sealed, of one inbox, for a time.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rapport_channels::Place;
use rapport_model::{BlobId, DAY_MS, Fault, Inbox, TenantId, Timestamp, codes};
use rapport_ports::{ProviderAnswer, ProviderCall};
use uuid::Uuid;

use super::Channels;

/// How long an address holds: where it stands in a text, it is opened days later.
const LIFE_MS: i64 = 7 * DAY_MS;
const FILES: &str = "files/";

impl Channels {
    /// Errors: `internal`.
    pub(super) fn file_url(&self, tenant: TenantId, inbox: &Inbox, blob: BlobId) -> Result<String, Fault> {
        let until = self.pipeline.clock.now().plus_ms(LIFE_MS);
        let sealed = self.sealer.seal(&place(tenant, inbox), &format!("{} {}", until.0, blob.0), &*self.pipeline.entropy)?;
        let bytes = STANDARD.decode(sealed).map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        Ok(format!("{}/{FILES}{}", self.callback_url(inbox), URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The file that a call asks for; `None` for calls of another kind. Errors: `not_found` also where the address is wrong or its time is over.
    pub(super) async fn file_at(&self, tenant: TenantId, inbox: &Inbox, call: &ProviderCall) -> Result<Option<ProviderAnswer>, Fault> {
        let Some(sealed) = call.tail.strip_prefix(FILES).filter(|_| call.method == "GET") else { return Ok(None) };
        let told = URL_SAFE_NO_PAD.decode(sealed).ok().and_then(|it| self.sealer.open(&place(tenant, inbox), &STANDARD.encode(it)));
        let blob = told.and_then(|it| named(&it, self.pipeline.clock.now())).ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        let (file, ..) = self.store(tenant).attachment(blob).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        let bytes = self.pipeline.blobs.get(tenant, blob).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        Ok(Some(ProviderAnswer { status: 200, content_type: content_type(&file.media_type), body: bytes.to_vec() }))
    }
}

/// No field of a channel is called so: what is sealed here opens no secret, and the other way round.
fn place(tenant: TenantId, inbox: &Inbox) -> Place<'static> {
    Place { tenant, inbox: inbox.id, field: "file address" }
}

fn named(told: &str, now: Timestamp) -> Option<BlobId> {
    let (until, blob) = told.split_once(' ')?;
    let blob = Uuid::try_parse(blob).ok()?;
    (now < Timestamp(until.parse().ok()?)).then_some(BlobId(blob))
}

/// What providers take, by name; a browser is given nothing that it would run.
fn content_type(media_type: &str) -> &'static str {
    const KNOWN: [&str; 17] = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/m4a", "audio/aac", "audio/amr", "audio/ogg", "audio/wav", "audio/x-wav", "video/mp4", "video/3gpp",
        "video/quicktime", "video/webm", "application/pdf",
    ];
    KNOWN.into_iter().find(|it| *it == media_type).unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_until_its_time_is_over() {
        let blob = BlobId(Uuid::from_u128(7));
        let told = format!("1000 {}", blob.0);
        assert_eq!((named(&told, Timestamp(999)), named(&told, Timestamp(1_000))), (Some(blob), None));
        for wrong in ["", "1000", "x 00000000-0000-0000-0000-000000000007", "1000 7"] {
            assert_eq!(named(wrong, Timestamp(0)), None, "{wrong}");
        }
        assert_eq!((content_type("image/png"), content_type("text/html"), content_type("image/svg+xml")), ("image/png", "application/octet-stream", "application/octet-stream"));
    }
}
