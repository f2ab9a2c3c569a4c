//! Stored forms: JSON text, ids of sixteen bytes, whole numbers, and patterns that find a text as it is.

use crate::sql::{SqlError, Value};

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, SqlError> {
    json_of(value, 256)
}

/// With room for about so many bytes, so that a text of usual length is made in one piece.
pub(crate) fn json_of(value: &impl serde::Serialize, about: usize) -> Result<String, SqlError> {
    let mut out = Vec::with_capacity(about);
    serde_json::to_writer(&mut out, value).map_err(|error| SqlError::Other(error.to_string()))?;
    String::from_utf8(out).map_err(|error| SqlError::Other(error.to_string()))
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, SqlError> {
    serde_json::from_str(text).map_err(|error| SqlError::Other(format!("stored JSON: {error}")))
}

/// Counters stay far below 2⁶³; a bound above it is as good as 2⁶³ − 1.
pub(crate) fn number(value: u64) -> Value<'static> {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A typed id from its 16 stored bytes.
pub(crate) fn read_id<T: From<uuid::Uuid>>(bytes: &[u8]) -> Result<T, SqlError> {
    uuid::Uuid::from_slice(bytes).map(T::from).map_err(|error| SqlError::Other(format!("stored id: {error}")))
}

/// A pattern that finds the text as it is, anywhere; for `like … escape '!'`.
pub(crate) fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}
