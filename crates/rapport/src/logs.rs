//! Logs: text or JSON, with personal data never in a field that is written (ids only), and a last guard that masks what slips through.

use std::io::Write;

use rapport_perceive::personal;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Starts logging to standard error. A filter that cannot be read falls back to `info`.
pub(crate) fn start(filter: &str, format: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Masked);
    if format == "json" {
        builder.json().init();
    } else {
        builder.with_ansi(false).init();
    }
}

/// A writer that masks personal data in each line.
struct Masked;

impl<'a> MakeWriter<'a> for Masked {
    type Writer = MaskedLine;

    fn make_writer(&'a self) -> MaskedLine {
        MaskedLine
    }
}

struct MaskedLine;

impl Write for MaskedLine {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write_all(mask(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Replaces personal data, and any other number of 11 to 19 digits standing alone (not part of an id, time or hash): in a log no order needs its number.
fn mask(line: &str) -> String {
    let line = personal::hidden(line, "[redacted]");
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._%+-@:".contains(c);
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    for c in line.chars().chain(std::iter::once('\n')) {
        if is_word(c) {
            word.push(c);
            continue;
        }
        out.push_str(if is_personal(&word) { "[redacted]" } else { &word });
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn is_personal(word: &str) -> bool {
    let digits = word.trim_start_matches('+');
    let is_number = (11..=19).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    let is_address = word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    is_number || is_address
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn personal_data_is_masked_and_ids_are_not() {
        assert_eq!(mask("to a.b@example.com from +8613812345678\n"), "to [redacted] from [redacted]\n");
        assert_eq!(mask("seq=12 id=0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11"), "seq=12 id=0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11");
        assert_eq!(mask("客户 13812345678 来电"), "客户 [redacted] 来电");
        assert_eq!(mask("customer wrote: 我叫张晓明，手机138-1234-5678\n"), "customer wrote: 我叫[redacted]，手机[redacted]\n");
        assert_eq!(mask("2026-01-02T03:04:05.123456Z INFO rapport: took_ms=12 20240101123456789"), "2026-01-02T03:04:05.123456Z INFO rapport: took_ms=12 [redacted]");
    }
}
