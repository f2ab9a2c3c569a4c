//! Typed identifiers (`UUIDv7`) and the seeded source that pure code draws them from.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes as stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
            /// From 16 stored bytes; `None` for any other length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
            /// From text; `None` when it is not a UUID.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::parse_str(text).ok().map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

typed_ids! {
    /// A company that uses Rapport.
    TenantId,
    /// A person who works at a tenant: agent, supervisor, administrator, owner.
    MemberId,
    /// A group of members that queues belong to.
    TeamId,
    /// A configured channel of a tenant.
    InboxId,
    /// A customer.
    ContactId,
    /// One conversation with a customer.
    ConversationId,
    /// One message in a conversation.
    MessageId,
    /// A work order.
    TicketId,
    /// A knowledge article.
    ArticleId,
    /// A prepared answer of agents.
    CannedReplyId,
    /// Business hours with holidays.
    CalendarId,
    /// Something that customers want.
    IntentId,
    /// A term of a tenant's lexicon.
    LexiconTermId,
    /// A sentence with the feeling that it shows.
    FeelingExampleId,
    /// A trained model of a tenant.
    ModelId,
    /// An uploaded file.
    BlobId,
    /// An effect in the outbox; also its idempotency key.
    EffectId,
    /// A timer.
    TimerId,
    /// A rule by which people are served better who are not well.
    CareRuleId,
    /// One compensation, offered or waiting to be.
    SpendingId,
    /// An API token or session, as shown in lists (never its secret).
    CredentialId,
}

/// A deterministic source of ids: the shell seeds it with the clock and 128 random bits, pure code draws.
///
/// Shape: `UUIDv7` (RFC 9562, 5.7) whose random part is a splitmix64 stream of the seed.
#[derive(Clone, Debug)]
pub struct Ids {
    at: Timestamp,
    state: u64,
    stream: u64,
}

impl Ids {
    pub fn new(at: Timestamp, seed: u128) -> Self {
        let bytes = seed.to_le_bytes();
        let (mut low, mut high) = ([0_u8; 8], [0_u8; 8]);
        low.copy_from_slice(&bytes[..8]);
        high.copy_from_slice(&bytes[8..]);
        Self { at, state: u64::from_le_bytes(low), stream: u64::from_le_bytes(high) | 1 }
    }

    /// The next id, of whatever type the caller needs.
    #[expect(clippy::should_implement_trait, reason = "each call may ask for another type, which no iterator can")]
    pub fn next<T: From<Uuid>>(&mut self) -> T {
        let mut random = [0_u8; 10];
        let (first, second) = (self.draw(), self.draw());
        random[..8].copy_from_slice(&first.to_le_bytes());
        random[8..].copy_from_slice(&second.to_le_bytes()[..2]);
        let millis = u64::try_from(self.at.0).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state ^ self.stream.rotate_left(17);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_distinct_and_repeatable() {
        let draw = || {
            let mut ids = Ids::new(Timestamp(1_700_000_000_000), 7);
            (0..1000).map(|_| ids.next::<MessageId>()).collect::<Vec<_>>()
        };
        let (first, second) = (draw(), draw());
        assert_eq!(first, second);
        assert!(first.iter().all(|id| id.0.get_version_num() == 7));
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), 1000);
    }
}
