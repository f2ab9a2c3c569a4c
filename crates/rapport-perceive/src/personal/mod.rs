//! Personal data in texts: found and masked.

mod address;
mod mask;
mod name;
mod number;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use mask::{Masked, Style, hidden, mask, mask_as, mask_some, unmasked};

use crate::lexicon::normalise::{Folding, Normalised, normalised};

/// What was found. Order numbers, amounts, dates and places without a street are none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Email,
    /// Chinese identity card, 18 or 15 digits.
    IdCard,
    BankCard,
    /// Mobile, landline, international.
    Phone,
    Passport,
    LicencePlate,
    /// A WeChat or QQ account.
    Account,
    Address,
    Name,
}

impl Kind {
    pub const ALL: [Self; 9] = [Self::Email, Self::IdCard, Self::BankCard, Self::Phone, Self::Passport, Self::LicencePlate, Self::Account, Self::Address, Self::Name];

    /// As it stands in a placeholder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Phone => "phone",
            Self::Passport => "passport",
            Self::LicencePlate => "licence_plate",
            Self::Account => "account",
            Self::Address => "address",
            Self::Name => "name",
        }
    }
}

/// One piece of personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    pub kind: Kind,
    /// Bytes of the text as it was given.
    pub range: Range<usize>,
}

/// Shape: pieces in the order of the text, none overlapping; where two kinds claim the same bytes, the one that is checked more strictly has them.
/// Units: bytes of the text as given. Errors: none; nothing is found beyond the first mebibyte. Linear in the text.
/// Source: GB 11643 and ISO 7064 MOD 11-2 (identity card), ISO/IEC 7812 (bank card, Luhn), E.164 and the Chinese numbering plan (phone), GA 36 (licence plate).
pub fn find(text: &str) -> Vec<Found> {
    let plain = normalised(text, Folding::PLAIN);
    let mut claims: Vec<(Kind, Range<usize>)> = number::find(&plain.text);
    claims.extend(address::find(&plain.text).into_iter().map(|it| (Kind::Address, it)));
    let phones: Vec<Range<usize>> = claims.iter().filter(|(kind, _)| *kind == Kind::Phone).map(|it| it.1.clone()).collect();
    claims.extend(name::find(&plain.text, &phones).into_iter().map(|it| (Kind::Name, it)));
    let mut found: Vec<Found> = claims.into_iter().map(|(kind, range)| told(&plain, kind, range)).collect();
    // Latin names are told by their capitals.
    found.extend(name::find_latin(text).into_iter().map(|range| Found { kind: Kind::Name, range }));
    settled(found)
}

fn told(plain: &Normalised, kind: Kind, range: Range<usize>) -> Found {
    Found { kind, range: plain.original(range) }
}

fn settled(mut claims: Vec<Found>) -> Vec<Found> {
    // A bank card inside an address or an identity card read as a phone number is decided by the order of the kinds.
    claims.sort_by_key(|it| (it.kind, it.range.start, std::cmp::Reverse(it.range.end)));
    let mut taken: std::collections::BTreeMap<usize, Found> = std::collections::BTreeMap::new();
    for it in claims {
        let before_ends = taken.range(..it.range.end).next_back().map_or(0, |(_, before)| before.range.end);
        if before_ends <= it.range.start && !it.range.is_empty() {
            taken.insert(it.range.start, it);
        }
    }
    taken.into_values().collect()
}

#[cfg(test)]
mod tests;
