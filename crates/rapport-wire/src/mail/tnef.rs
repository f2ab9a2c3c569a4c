//! `winmail.dat`: files and text that Outlook packed in its own form. Source: [MS-OXTNEF]; property types of [MS-OXCDATA].

use super::{FILES_MAX, TEXT_BYTES_MAX, plain, words};

const SIGNATURE: u32 = 0x223E_9F78;
/// Most attributes and properties that are read.
const ITEMS_MAX: usize = 4_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub text: Option<String>,
    pub html: Option<String>,
    pub files: Vec<Packed>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// `None` where it is not of this form, or nothing could be taken out: then the file itself is what the reader gets. A file that is cut gives what came before.
pub fn open(bytes: &[u8]) -> Option<Opened> {
    let mut reader = Reader(bytes);
    if reader.u32()? != SIGNATURE {
        return None;
    }
    let _key = reader.u16()?;
    let mut opened = Opened::default();
    for _ in 0..ITEMS_MAX {
        let Some((level, id, data)) = attribute(&mut reader) else { break };
        match (level, id) {
            (1, 0x0002_800C) => opened.text = opened.text.take().or_else(|| text(&words::decode(None, until_nul(data)).0)),
            (1, 0x0006_9003) => message_properties(data, &mut opened),
            (2, 0x0006_9002) if opened.files.len() < FILES_MAX => opened.files.push(Packed::default()),
            (2, 0x0001_8010) => name(opened.files.last_mut(), &words::decode(None, until_nul(data)).0, false),
            (2, 0x0006_800F) => content(opened.files.last_mut(), data),
            (2, 0x0006_9005) => file_properties(data, opened.files.last_mut()),
            _ => {}
        }
    }
    opened.files.retain(|it| !it.bytes.is_empty());
    (!opened.files.is_empty() || opened.text.is_some() || opened.html.is_some()).then_some(opened)
}

fn attribute<'x>(reader: &mut Reader<'x>) -> Option<(u8, u32, &'x [u8])> {
    let level = reader.take(1)?.first().copied()?;
    let id = reader.u32()?;
    let length = usize::try_from(reader.u32()?).ok()?;
    let data = reader.take(length)?;
    let _checksum = reader.u16();
    Some((level, id, data))
}

fn message_properties(data: &[u8], opened: &mut Opened) {
    properties(data, |id, kind, value| match id {
        0x1000 => opened.text = text(&string(kind, value)).or(opened.text.take()),
        0x1013 => opened.html = text(&string(kind, value)).or(opened.html.take()),
        _ => {}
    });
}

fn file_properties(data: &[u8], mut file: Option<&mut Packed>) {
    properties(data, |id, kind, value| match id {
        // The long name counts more than the short one of the attribute.
        0x3707 | 0x3001 => name(file.as_deref_mut(), &string(kind, value), id == 0x3707),
        // A message within it begins with the id of its interface.
        0x3701 => content(file.as_deref_mut(), if kind == 0x000D { value.get(16..).unwrap_or_default() } else { value }),
        _ => {}
    });
}

fn name(file: Option<&mut Packed>, name: &str, replaces: bool) {
    if let Some(file) = file.filter(|it| replaces || it.name.is_empty()) {
        file.name = name.trim_end_matches('\0').to_owned();
    }
}

fn content(file: Option<&mut Packed>, bytes: &[u8]) {
    if let Some(file) = file.filter(|it| it.bytes.is_empty()) {
        file.bytes = bytes.to_vec();
    }
}

fn text(text: &str) -> Option<String> {
    let text = plain::bounded(text.trim_end_matches('\0'), TEXT_BYTES_MAX);
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn until_nul(data: &[u8]) -> &[u8] {
    data.split(|it| *it == 0).next().unwrap_or_default()
}

fn string(kind: u16, value: &[u8]) -> String {
    if kind == 0x001F {
        let units: Vec<u16> = value.chunks_exact(2).map(|it| u16::from_le_bytes([it.first().copied().unwrap_or_default(), it.get(1).copied().unwrap_or_default()])).collect();
        return String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned();
    }
    words::decode(None, until_nul(value)).0
}

/// Calls `visit` with id, type and first value of each property.
fn properties(data: &[u8], mut visit: impl FnMut(u16, u16, &[u8])) {
    let mut reader = Reader(data);
    let count = reader.u32().and_then(|it| usize::try_from(it).ok()).unwrap_or_default();
    for _ in 0..count.min(ITEMS_MAX) {
        let Some((id, kind, value)) = property(&mut reader) else { break };
        visit(id, kind, value);
    }
}

fn property<'x>(reader: &mut Reader<'x>) -> Option<(u16, u16, &'x [u8])> {
    let kind = reader.u16()?;
    let id = reader.u16()?;
    if id >= 0x8000 {
        let _set = reader.take(16)?;
        let by_name = reader.u32()? != 0;
        let number = usize::try_from(reader.u32()?).ok()?;
        if by_name {
            reader.take(padded(number))?;
        }
    }
    let base = kind & 0x0FFF;
    let is_multiple = kind & 0x1000 != 0;
    let fixed = match base {
        0x0002..=0x0004 | 0x000A | 0x000B => Some(4),
        0x0005..=0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        0x000D | 0x001E | 0x001F | 0x0102 => None,
        _ => return None,
    };
    let count = if is_multiple || fixed.is_none() { usize::try_from(reader.u32()?).ok()? } else { 1 };
    let mut first: Option<&[u8]> = None;
    for _ in 0..count.min(ITEMS_MAX) {
        let value = match fixed {
            Some(size) => reader.take(size)?,
            None => {
                let length = usize::try_from(reader.u32()?).ok()?;
                reader.take(padded(length))?.get(..length)?
            }
        };
        first = first.or(Some(value));
    }
    Some((id, base, first.unwrap_or_default()))
}

/// Values stand on borders of four bytes.
fn padded(length: usize) -> usize {
    length.saturating_add(3) & !3
}

struct Reader<'x>(&'x [u8]);

impl<'x> Reader<'x> {
    fn take(&mut self, count: usize) -> Option<&'x [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let checksum = data.iter().fold(0_u16, |sum, it| sum.wrapping_add(u16::from(*it)));
        let mut out = vec![level];
        out.extend(id.to_le_bytes());
        out.extend(u32::try_from(data.len()).expect("small").to_le_bytes());
        out.extend(data);
        out.extend(checksum.to_le_bytes());
        out
    }

    fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
        let mut out = [kind.to_le_bytes(), id.to_le_bytes()].concat();
        out.extend(1_u32.to_le_bytes());
        out.extend(u32::try_from(value.len()).expect("small").to_le_bytes());
        out.extend(value);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    /// One file with a long name, and a text.
    pub(in crate::mail) fn sample() -> Vec<u8> {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend(1_u16.to_le_bytes());
        let properties = [2_u32.to_le_bytes().to_vec(), [0x0003_u16.to_le_bytes(), 0x0E08_u16.to_le_bytes()].concat(), 7_u32.to_le_bytes().to_vec()].concat();
        let body = [properties, property(0x001F, 0x1000, &utf16("您好，附件是合同。"))].concat();
        out.extend(attribute(1, 0x0006_9003, &body));
        out.extend(attribute(2, 0x0006_9002, &[0; 14]));
        out.extend(attribute(2, 0x0001_8010, b"HETONG~1.PDF\0"));
        out.extend(attribute(2, 0x0006_800F, b"%PDF-1.4 content"));
        let named = [1_u32.to_le_bytes().to_vec(), property(0x001F, 0x3707, &utf16("合同 2026.pdf"))].concat();
        out.extend(attribute(2, 0x0006_9005, &named));
        out
    }

    #[test]
    fn files_come_out_with_their_long_names() {
        let opened = open(&sample()).expect("opened");
        assert_eq!(opened.files, [Packed { name: "合同 2026.pdf".to_owned(), bytes: b"%PDF-1.4 content".to_vec() }]);
        assert_eq!((opened.text.as_deref(), opened.html), (Some("您好，附件是合同。"), None));
    }

    #[test]
    fn what_is_cut_or_foreign_is_no_fault() {
        let whole = sample();
        for end in 0..whole.len() {
            let _opened = open(&whole[..end]);
        }
        assert_eq!(open(b"PK\x03\x04 no winmail"), None);
        assert_eq!(open(&[SIGNATURE.to_le_bytes().as_slice(), &[0, 0, 2], &0x0006_800F_u32.to_le_bytes(), &[0xFF; 4]].concat()), None);
    }
}
