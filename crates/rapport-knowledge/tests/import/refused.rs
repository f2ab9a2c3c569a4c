//! Each way in which a file is refused, by its stable code.

use super::{shown, workbook::Workbook};

#[test]
fn files_are_refused_with_their_code() {
    let check = |name: &str, content: &[u8], expect: &str| assert_eq!(shown(name, content), format!("fault {expect}"), "{name}");
    check("a.md", b"", "import.empty");
    check("a.csv", b" \n\t ", "import.empty");
    check("a.html", b"<script>x</script>", "import.empty");
    check("a.md", &vec![b'a'; 5 * 1024 * 1024 + 1], "input.too_large");
    check("a.txt", b"\xff\xff\xff", "import.unreadable");
    check("a.md", b"a\0b", "import.unreadable");
    check("a.csv", b"a,b\nc,d", "import.no_columns");
    check("a.xlsx", b"no workbook", "import.unreadable");
    check("a.xlsx", b"PK\x03\x04", "import.unreadable");
    check("a.xlsx", &Workbook::default().sheet("S", &[&["x", "y"]]).bytes(), "import.no_columns");
    check("a.pdf", b"%PDF-1.7\n\xe2\xe3", "import.unreadable");
    check("a.docx", &Workbook::default().part("word/document.xml", "<w/>").bytes(), "import.unreadable");
    check("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "import.unreadable");
}

#[test]
fn a_workbook_is_known_without_its_name() {
    let content = Workbook::default().sheet("S", &[&["question", "answer"], &["A", "b"]]).bytes();
    assert_eq!(shown("upload.bin", &content), "[A]\nb");
}
