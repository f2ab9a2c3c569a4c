//! The few parts of a zip archive that a workbook needs, read within a fixed budget of expanded bytes.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use rapport_model::{Fault, codes};

/// All parts together may expand to this, both as declared and as they really do. Units: bytes.
const EXPANDED_BYTES_MAX: u64 = 64 * 1024 * 1024;
const ENTRIES_MAX: usize = 2_000;
const END_BYTES: usize = 22;
/// End record plus the longest comment.
const END_SEARCH_BYTES: usize = END_BYTES + 65_535;

pub(super) struct Archive<'a> {
    content: &'a [u8],
    entries: Vec<Entry>,
    budget: u64,
}

struct Entry {
    name: String,
    deflated: bool,
    compressed: usize,
    header: usize,
}

fn unreadable(what: &str) -> Fault {
    Fault::with(codes::IMPORT_UNREADABLE, format!("zip: {what}"))
}

fn too_large() -> Fault {
    Fault::with(codes::TOO_LARGE, format!("expands to more than {EXPANDED_BYTES_MAX} bytes"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

impl<'a> Archive<'a> {
    /// Reads the directory. Source: APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16; no Zip64, no encryption.
    pub(super) fn open(content: &'a [u8]) -> Result<Self, Fault> {
        let from = content.len().saturating_sub(END_SEARCH_BYTES);
        let tail = content.get(from..).unwrap_or_default();
        let end = tail.windows(4).rposition(|it| it == b"PK\x05\x06").map(|at| from + at).ok_or_else(|| unreadable("no directory"))?;
        let count = u16_at(content, end + 10).ok_or_else(|| unreadable("cut off"))?;
        let mut at = u32_at(content, end + 16).ok_or_else(|| unreadable("cut off"))?;
        if count > ENTRIES_MAX {
            return Err(unreadable("too many parts"));
        }
        let mut entries = Vec::new();
        let mut declared = 0_u64;
        for _ in 0..count {
            let (entry, expanded, next) = entry(content, at).ok_or_else(|| unreadable("directory"))?;
            declared = declared.saturating_add(expanded);
            entries.extend(entry);
            at = next;
        }
        if declared > EXPANDED_BYTES_MAX {
            return Err(too_large());
        }
        Ok(Self { content, entries, budget: EXPANDED_BYTES_MAX })
    }

    /// The content of a part; `None` when there is no such part.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some(entry) = self.entries.iter().find(|it| it.name.eq_ignore_ascii_case(name)) else { return Ok(None) };
        let packed = packed(self.content, entry).ok_or_else(|| unreadable("part lies outside the file"))?;
        let mut content = Vec::new();
        if entry.deflated {
            // One byte more than allowed tells that there would be more.
            let mut reader = DeflateDecoder::new(packed).take(self.budget + 1);
            reader.read_to_end(&mut content).map_err(|error| unreadable(&error.to_string()))?;
        } else {
            content.extend_from_slice(packed);
        }
        self.budget = self.budget.checked_sub(content.len() as u64).ok_or_else(too_large)?;
        Ok(Some(content))
    }
}

/// One record of the directory: the part (unless encrypted or packed in another way), its declared size, where the next begins.
fn entry(content: &[u8], at: usize) -> Option<(Option<Entry>, u64, usize)> {
    if content.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
        return None;
    }
    let (flags, method) = (u16_at(content, at + 8)?, u16_at(content, at + 10)?);
    let (compressed, expanded) = (u32_at(content, at + 20)?, u32_at(content, at + 24)?);
    let (name, extra, comment) = (u16_at(content, at + 28)?, u16_at(content, at + 30)?, u16_at(content, at + 32)?);
    let header = u32_at(content, at + 42)?;
    let start = at + 46;
    let name_bytes = content.get(start..start + name)?;
    let name_text = String::from_utf8_lossy(name_bytes).replace('\\', "/");
    let readable = flags & 1 == 0 && matches!(method, 0 | 8);
    let entry = readable.then(|| Entry { name: name_text.trim_start_matches('/').to_owned(), deflated: method == 8, compressed, header });
    Some((entry, expanded as u64, start + name + extra + comment))
}

fn packed<'a>(content: &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    let at = entry.header;
    if content.get(at..at.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    let start = at + 30 + u16_at(content, at + 26)? + u16_at(content, at + 28)?;
    content.get(start..start.checked_add(entry.compressed)?)
}
