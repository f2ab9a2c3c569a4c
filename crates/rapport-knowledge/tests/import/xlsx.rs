//! Workbooks, honest and hostile.

use super::{
    shown,
    workbook::{Workbook, deflated},
};

fn check(workbook: &Workbook, expect: &str) {
    assert_eq!(shown("faq.xlsx", &workbook.bytes()), expect);
}

fn one(rows: &str) -> Workbook {
    Workbook::default().sheet_xml("S", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
}

const NAMES: &str = "<row r=\"1\"><c t=\"inlineStr\"><is><t>问题</t></is></c><c t=\"inlineStr\"><is><t>答案</t></is></c></row>";

#[test]
fn sheets_are_tables() {
    check(&Workbook::default().sheet("价格", &[&["问题", "答案", "相似问"], &["能退吗", "能", "可以退么"], &["", "x"]]), "[能退吗] 可以退么\n能\n(sheet 价格, row 3: no_question)");
    let two = Workbook::default().sheet("A", &[&["question", "answer"], &["a", "1"]]).sheet("B", &[&["note"]]).sheet("C", &[&["Title", "Body"], &["c", "3"]]);
    check(&two, "[a]\n1\n[c]\n3\n(sheet B: no_columns)");
    check(&Workbook::default().sheet("A", &[&["question", "answer"], &["a", "1"]]).sheet("B", &[&["question", "answer"], &["b", "2"]]).hidden(), "[a]\n1\n(sheet B: hidden)");
}

#[test]
fn cells_of_every_kind_are_read() {
    let shared = "<sst><si><t>问题</t></si><si><t>答案</t></si><si><r><t>能</t></r><r><t xml:space=\"preserve\">退 </t></r><rPh><t>neng</t></rPh><r><t>吗</t></r></si><si><t>A &amp; B &#10;C</t></si></sst>";
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\" t=\"s\"><v>2</v></c><c r=\"C4\" t=\"s\"><v>3</v></c></row>\
        <row><c r=\"A5\" t=\"str\"><f>1+1</f><v>x</v></c><c r=\"C5\"><v>12.5</v></c></row><row r=\"6\"><c r=\"A6\" t=\"s\"><v>99</v></c><c r=\"C6\" t=\"s\"><v>-1</v></c></row>\
        <row r=\"7\"><c r=\"A7\" t=\"inlineStr\"><is><t>y</t></is></c><c r=\"C7\"/></row>";
    check(&one(rows).part("xl/sharedStrings.xml", shared), "[能退 吗]\nA & B  \nC\n[x]\n12.5\n(sheet S, row 7: empty_answer)");
}

#[test]
fn claims_of_size_cost_nothing() {
    let rows = format!("{NAMES}<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>q</t></is></c><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>far</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>a</t></is></c></row>");
    let sheet = format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>");
    check(&Workbook::default().sheet_xml("S", &sheet), "[q]\na");
    let shared = "<sst count=\"4000000000\" uniqueCount=\"4000000000\"><si><t>q</t></si></sst>";
    check(&one(&format!("{NAMES}<row><c t=\"s\"><v>0</v></c><c t=\"n\"><v>1</v></c></row>")).part("xl/sharedStrings.xml", shared), "[q]\n1");
    let cell = "<c r=\"ZZZZZZZZZZZZZZZZZZ1\" t=\"inlineStr\"><is><t>x</t></is></c>";
    check(&one(&format!("{NAMES}<row>{cell}</row>")), "fault import.empty");
}

#[test]
fn one_long_text_in_many_rows_is_bounded() {
    let shared = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    let rows: String = (0..20_000).map(|it| format!("<row><c t=\"inlineStr\"><is><t>q{it}</t></is></c><c t=\"s\"><v>0</v></c></row>")).collect();
    let content = one(&format!("{NAMES}{rows}")).part("xl/sharedStrings.xml", &shared).bytes();
    assert!(content.len() < 400_000);
    let report = rapport_knowledge::import("faq.xlsx", &content).unwrap();
    assert!(report.articles.iter().map(|it| it.body.len()).sum::<usize>() <= 17 * 1024 * 1024);
    assert!(report.skipped.iter().any(|it| it.reason == "too_many"));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; 65 * 1024 * 1024];
    let honest = Workbook::default().raw_part("xl/workbook.xml", deflated(&zeros), zeros.len(), 8);
    check(&honest, "fault input.too_large");
    let lying = Workbook::default().raw_part("xl/workbook.xml", deflated(&zeros), 10, 8);
    check(&lying, "fault input.too_large");
    let mut many = Workbook::default();
    for number in 0..2_001 {
        many = many.part(&format!("xl/{number}"), "");
    }
    check(&many, "fault import.unreadable");
}

#[test]
fn laughs_stay_single() {
    let entities = "<!DOCTYPE x [<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let sheet = format!("{entities}<worksheet><sheetData>{NAMES}<row><c t=\"inlineStr\"><is><t>q</t></is></c><c t=\"inlineStr\"><is><t>x&b;&c;y</t></is></c></row></sheetData></worksheet>");
    check(&Workbook::default().sheet_xml("S", &sheet), "[q]\nxy");
}

#[test]
fn broken_archives_are_refused() {
    let good = one(NAMES).bytes();
    for cut in [4, 30, good.len() / 2, good.len() - 3] {
        assert_eq!(shown("faq.xlsx", &good[..cut]), "fault import.unreadable", "{cut}");
    }
    check(&Workbook::default().raw_part("xl/workbook.xml", vec![0xff; 40], 40, 8), "fault import.unreadable");
    check(&Workbook::default().raw_part("xl/workbook.xml", b"<a>".to_vec(), 3, 99), "fault import.unreadable");
    check(&one("<row><c t=\"inlineStr\"><is><t>unclosed"), "fault import.no_columns");
    check(&one("<row <c>"), "fault import.no_columns");
    check(&Workbook::default().part("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"rId9\"/></sheets></workbook>").part("xl/_rels/workbook.xml.rels", "<Relationships/>"), "fault import.no_columns");
}

#[test]
fn names_of_parts_are_taken_as_other_programs_write_them() {
    let sheet = format!("<x:worksheet><x:sheetData>{NAMES}<row><c t=\"inlineStr\"><is><t>q</t></is></c><c><v>7</v></c></row></x:sheetData></x:worksheet>");
    let workbook = Workbook::default()
        .part("xl/workbook.xml", "<x:workbook><x:sheets><x:sheet name=\"S\" r:id=\"a\"/></x:sheets></x:workbook>")
        .part("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" Target=\"/xl/Worksheets/Sheet1.xml\"/></Relationships>")
        .part("xl/worksheets/sheet1.xml", &sheet);
    check(&workbook, "[q]\n7");
}
