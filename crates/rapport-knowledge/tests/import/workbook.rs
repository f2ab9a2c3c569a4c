//! Workbooks made for tests: a zip of XML, each part stored or deflated, well-formed or not.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// Parts in order: name, packed bytes, declared size, method.
#[derive(Clone, Default)]
pub(crate) struct Workbook {
    parts: Vec<(String, Vec<u8>, usize, u16)>,
    sheets: Vec<(String, bool)>,
}

pub(crate) fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Workbook {
    pub(crate) fn part(mut self, name: &str, content: &str) -> Self {
        self.parts.push((name.to_owned(), deflated(content.as_bytes()), content.len(), 8));
        self
    }

    /// A part as it is to stand in the file.
    pub(crate) fn raw_part(mut self, name: &str, packed: Vec<u8>, declared: usize, method: u16) -> Self {
        self.parts.push((name.to_owned(), packed, declared, method));
        self
    }

    /// A sheet of inline strings.
    pub(crate) fn sheet(self, name: &str, rows: &[&[&str]]) -> Self {
        let mut xml = String::new();
        for (number, row) in rows.iter().enumerate() {
            let cells: String = row.iter().map(|it| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(it))).collect();
            xml.push_str(&format!("<row r=\"{}\">{cells}</row>", number + 1));
        }
        self.sheet_xml(name, &format!("<worksheet><sheetData>{xml}</sheetData></worksheet>"))
    }

    pub(crate) fn sheet_xml(mut self, name: &str, xml: &str) -> Self {
        self.sheets.push((name.to_owned(), false));
        let number = self.sheets.len();
        self.part(&format!("xl/worksheets/sheet{number}.xml"), xml)
    }

    /// Hides the last sheet.
    pub(crate) fn hidden(mut self) -> Self {
        if let Some(last) = self.sheets.last_mut() {
            last.1 = true;
        }
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut it = self.clone();
        if !it.sheets.is_empty() {
            let (mut sheets, mut relations) = (String::new(), String::new());
            for (number, (name, hidden)) in it.sheets.iter().enumerate() {
                let state = if *hidden { " state=\"hidden\"" } else { "" };
                sheets.push_str(&format!("<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"{state}/>", escaped(name)));
                relations.push_str(&format!("<Relationship Id=\"rId{number}\" Target=\"worksheets/sheet{}.xml\"/>", number + 1));
            }
            it = it.part("xl/workbook.xml", &format!("<?xml version=\"1.0\"?><workbook><sheets>{sheets}</sheets></workbook>"));
            it = it.part("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relations}</Relationships>"));
        }
        archive(&it.parts)
    }
}

fn archive(parts: &[(String, Vec<u8>, usize, u16)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let short = |it: usize| u16::try_from(it).unwrap().to_le_bytes();
    let long = |it: usize| u32::try_from(it).unwrap().to_le_bytes();
    for (name, packed, declared, method) in parts {
        let at = file.len();
        let mut crc = Crc::new();
        crc.update(packed);
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0]);
        common.extend(method.to_le_bytes());
        common.extend([0, 0, 0, 0]);
        common.extend(crc.sum().to_le_bytes());
        common.extend(long(packed.len()));
        common.extend(long(*declared));
        common.extend(short(name.len()));
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(long(at));
        directory.extend(name.as_bytes());
    }
    let at = file.len();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(short(parts.len()));
    file.extend(short(parts.len()));
    file.extend(long(directory.len()));
    file.extend(long(at));
    file.extend([0, 0]);
    file
}
