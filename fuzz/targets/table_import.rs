//! CSV and workbooks are imported. The first byte tells which; of a workbook the bytes are the file, or the XML of its one sheet.
#![no_main]

#[path = "report.rs"]
mod report;

use libfuzzer_sys::fuzz_target;

const WORKBOOK: &str = "<workbook><sheets><sheet name=\"S\" r:id=\"a\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"a\" Target=\"s.xml\"/></Relationships>";

fuzz_target!(|content: &[u8]| {
    let Some((kind, rest)) = content.split_first() else { return };
    match kind % 4 {
        0 => report::check("faq.csv", rest),
        1 => report::check("faq.tsv", rest),
        2 => report::check("faq.xlsx", rest),
        _ => {
            let strings = rest.get(..rest.len() / 3).unwrap_or_default();
            let parts: [(&str, &[u8]); 4] = [("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()), ("xl/s.xml", rest), ("xl/sharedStrings.xml", strings)];
            report::check("faq.xlsx", &stored(&parts));
        }
    }
});

/// A zip whose parts are stored as they are.
fn stored(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let long = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).to_le_bytes();
    for (name, content) in parts {
        let at = file.len();
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(long(content.len()));
        common.extend(long(content.len()));
        common.extend([u8::try_from(name.len()).unwrap_or(0), 0, 0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(*content);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(long(at));
        directory.extend(name.as_bytes());
    }
    let count = u8::try_from(parts.len()).unwrap_or(0);
    let at = file.len();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, 0, count, 0]);
    file.extend(long(directory.len()));
    file.extend(long(at));
    file.extend([0, 0]);
    file
}
