//! Questions and answers as CSV and TSV.

use encoding_rs::{GB18030, UTF_8};

fn check(text: &str, expect: &str) {
    super::check("faq.csv", text, expect);
}

#[test]
fn columns_are_found_by_their_names() {
    check("问题,答案\n能退吗,能", "[能退吗]\n能");
    check("Question,Answer\nCan I?,Yes", "[Can I?]\nYes");
    check("id,分类,标准问题,相似问,标准答案,链接\n7,售后,能退吗,可以退么|退货行吗,能,https://e.com/a", "[能退吗] 可以退么; 退货行吗\n能");
    check("ANSWER , question (required)\nYes,Can I?", "[Can I?]\nYes");
    check("客服知识库导出\n\n序号,问题,答案\n1,能退吗,能", "[能退吗]\n能");
    check("title,body\nA,b", "[A]\nb");
    check("a,b\nc,d", "fault import.no_columns");
    check("问题,问题\nc,d", "fault import.no_columns");
    check("问题,答案", "fault import.empty");
}

#[test]
fn tables_without_names_are_read_when_they_ask() {
    check("能退吗？,能\n运费多少？,12 元\n怎么换？,打开订单", "[能退吗？]\n能\n[运费多少？]\n12 元\n[怎么换？]\n打开订单");
}

#[test]
fn separators_are_told_apart() {
    for (mark, name) in [(",", "a.csv"), ("\t", "a.tsv"), (";", "a.csv"), ("|", "a.csv"), ("\t", "a.csv")] {
        let text = format!("问题{mark}答案\n能退吗{mark}能");
        super::check(name, &text, "[能退吗]\n能");
    }
    check("sep=;\nquestion;answer\nA;b, c", "[A]\nb, c");
    check("问题；补充,答案\n能退吗,能", "fault import.no_columns");
}

#[test]
fn cells_may_be_quoted() {
    check("question,answer\n\"A, or B?\",\"He said \"\"yes\"\"\"", "[A, or B?]\nHe said \"yes\"");
    check("question,answer\nA,\"- one\n- two\"", "[A]\n- one\n- two");
    check("question,answer\nA,\"one\ntwo\"", "[A]\none  \ntwo");
    check("question,answer\n\"A\nB\",c", "[A] B\nc");
    check("question,answer\r\nA,b\r\n", "[A]\nb");
    check("question,answer\nA,\"open\nB,c", "[A]\nopen  \nB,c");
    check("question,answer\nA\nB,c,d,e", "[B]\nc\n(row 2: empty_answer)");
}

#[test]
fn what_is_missing_or_doubled_is_reported_by_row() {
    check("问题,答案\n能退吗,\n,能\n,\n能换吗,能\n能换吗？,不能", "[能换吗]\n能\n(row 2: empty_answer)\n(row 3: no_question)\n(row 6: duplicate)");
    let long = "长".repeat(100_001);
    check(&format!("问题,答案\n甲,{long}\n乙,短"), "[乙]\n短\n(row 2: too_long)");
    let many: String = (0..10_003).map(|it| format!("问题{it},答\n")).collect();
    let shown = super::shown("faq.csv", format!("问题,答案\n{many}").as_bytes());
    assert!(shown.ends_with("(row 10002: too_many)\n(row 10003: too_many)\n(row 10004: too_many)"));
}

#[test]
fn encodings_of_spreadsheets_are_read() {
    let text = "问题,答案\n能退吗,能，7 天内";
    let expect = "[能退吗]\n能，7 天内";
    let (gb, _, _) = GB18030.encode(text);
    let with_mark = [b"\xef\xbb\xbf", UTF_8.encode(text).0.as_ref()].concat();
    let utf16 = |big: bool| -> Vec<u8> {
        let mark = [0xFEFF];
        mark.into_iter().chain(text.encode_utf16()).flat_map(|it| if big { it.to_be_bytes() } else { it.to_le_bytes() }).collect()
    };
    for content in [gb.to_vec(), with_mark, utf16(false), utf16(true)] {
        assert_eq!(super::shown("faq.csv", &content), expect);
    }
}

#[test]
fn a_pipe_table_of_markdown_is_read_as_one() {
    check("| 问题 | 答案 |\n|---|---|\n| 能退吗 | 能 |", "[能退吗]\n能");
}
