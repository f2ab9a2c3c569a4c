//! Statements over many rows at once: several `values` rows on SQLite, one `unnest` on PostgreSQL, where a round trip costs more than a row.

use std::{fmt::Write as _, sync::OnceLock};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
}

impl Kind {
    fn postgres(self) -> &'static str {
        match self {
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

/// Rows of one SQLite statement: a few sizes only, so that each is prepared once.
pub(super) const CHUNKS: [usize; 4] = [64, 16, 4, 1];

/// An `insert` of any number of rows. Kept in a `static`: its texts are made once.
pub(crate) struct Insert {
    table: &'static str,
    columns: &'static [(&'static str, Kind)],
    /// What follows the rows, such as `on conflict …`.
    tail: &'static str,
    texts: OnceLock<Texts>,
}

pub(super) struct Texts {
    /// By the places of `CHUNKS`. `or fail`: whoever inserts undoes the whole transaction, so that no copy of each page is kept for one statement.
    pub(super) sqlite: [String; CHUNKS.len()],
    pub(super) postgres: String,
}

impl Insert {
    pub(crate) const fn new(table: &'static str, columns: &'static [(&'static str, Kind)], tail: &'static str) -> Self {
        Self { table, columns, tail, texts: OnceLock::new() }
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        self.columns.iter().map(|(_, kind)| *kind)
    }

    pub(super) fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
            let what = format!("into {} ({})", self.table, names.join(", "));
            let arrays: Vec<_> = (1..).zip(self.kinds()).map(|(n, kind)| format!("${n}::{}[]", kind.postgres())).collect();
            Texts {
                sqlite: CHUNKS.map(|rows| format!("insert or fail {what} values {} {}", places(rows, names.len()), self.tail)),
                postgres: format!("insert {what} select * from unnest({}) {}", arrays.join(", "), self.tail),
            }
        })
    }
}

/// `(?1,?2),(?3,?4)` for `rows` rows of `columns`.
fn places(rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows.saturating_mul(columns).saturating_mul(5));
    let mut n = 0_usize;
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            n = n.saturating_add(1);
            let comma = if column > 0 { "," } else { "" };
            // Writing to a string cannot fail.
            let _infallible = write!(out, "{comma}?{n}");
        }
        out.push(')');
    }
    out
}

/// A statement for each of many sets of keys. `$1` is the tenant, the keys follow.
pub(crate) struct Each {
    /// For one set of keys: `… where tenant = $1 and id = $2`.
    pub(crate) one: &'static str,
    /// For all, given as arrays: `… from unnest($2::bytea[]) …`.
    pub(crate) all: &'static str,
    pub(crate) kinds: &'static [Kind],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_for_both_databases() {
        static PAIR: Insert = Insert::new("pair", &[("a", Kind::Bytes), ("b", Kind::Int)], "on conflict do nothing");
        let texts = PAIR.texts();
        assert_eq!(texts.sqlite[3], "insert or fail into pair (a, b) values (?1,?2) on conflict do nothing");
        assert!(texts.sqlite[2].contains("(?1,?2),(?3,?4),(?5,?6),(?7,?8)"));
        assert_eq!(texts.postgres, "insert into pair (a, b) select * from unnest($1::bytea[], $2::bigint[]) on conflict do nothing");
    }
}
