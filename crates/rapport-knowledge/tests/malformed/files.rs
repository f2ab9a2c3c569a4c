//! Made-up files of each form: valid ones that were mutated, and such as a grammar of nasty pieces makes.

use crate::{
    draw::Draw,
    workbook::{Workbook, deflated, escaped},
};

const WORDS: &[&str] = &["退货", "7 天内", "how", "can I return it?", "能换吗？", "12 元", "shoes", " ", "\n", "\n\n", "。", "a", "１２", "🙂"];

fn text(draw: &mut Draw) -> String {
    (0..draw.below(12)).map(|_| draw.one(WORDS)).collect()
}

/// Pieces in a row, one of them now and then very often.
fn pieces(draw: &mut Draw, of: &[&str]) -> String {
    let mut made = String::new();
    for _ in 0..draw.count().min(60) {
        let piece = draw.one(of);
        let count = if draw.below(12) == 0 { draw.count() } else { 1 };
        (0..count).for_each(|_| made.push_str(piece));
        made.push_str(&text(draw));
    }
    made
}

fn mutated(draw: &mut Draw, made: String) -> Vec<u8> {
    let mut content = made.into_bytes();
    if draw.below(3) > 0 {
        draw.mutate(&mut content);
    }
    content
}

const MARKDOWN: &[&str] = &[
    "# ", "## ", "####### ", "\n---\n", "---\ntitle: x\nquestions:\n- a\n---\n", "\n===\n", "- ", "1. ", "999999999999. ", "> ", "    ", "\t", "```\n", "~~~", "`", "``", "*", "**", "_", "~~", "[", "](", "]", "](https://e.com)",
    "](javascript:alert(1))", "![", "<", "<b>", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<!--", "-->", "<![CDATA[", "|", "|-|-|\n", "| a | b |\n", ":---:", "\\", "&", "&amp;", "&#x41;", "[x]: y\n",
    "[x]", "[^1]", "Q: ", "A: ", "问：", "答：", "?\n", "？\n", "https://e.com", "<https://e.com>", "\r\n", "<br>", "- [ ] ", "%", "$$",
];

pub(crate) fn markdown(draw: &mut Draw) -> Vec<u8> {
    let made = pieces(draw, MARKDOWN);
    mutated(draw, made)
}

const HTML: &[&str] = &[
    "<p>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<h2>", "</h2>", "<h9>", "<ul>", "<ol start=-5>", "<ol start=99999999999>", "<li>", "</ul>", "<dl>", "<dt>", "<dd>", "</dl>", "<table>", "<thead>", "<tr>", "<td>", "<th>",
    "<td colspan=999999 rowspan=999999>", "<td rowspan=0>", "</table>", "<details>", "<summary>", "</summary>", "</details>", "<pre>", "</pre>", "<code>", "</code>", "<blockquote>", "</blockquote>", "<a href='https://e.com/?a=1&b=2'>",
    "<a href=javascript:alert(1)>", "</a>", "<b>", "</b>", "<strong>", "<br>", "<hr>", "<img src=x onerror=alert(1)>", "<script>", "</script>", "<style>", "<title>", "</title>", "<textarea>", "<svg>", "<math>", "<template>",
    "<main>", "</main>", "<nav>", "</nav>", "<div hidden>", "<p style='display:none'>", "<!--", "-->", "<!doctype html>", "<![CDATA[", "<?xml", "<", ">", "</", "</ ", "<a b=\"", "='", "&", "&lt;", "&#", "&#x110000;", "&copy",
    "<p a=1 a=2 a=3>", "<x-y>", "<link rel=canonical href='/x'>", "<meta property=og:url content='https://e.com'>", "<button>", "<select><option>", "<noscript>", "<iframe>", "<plaintext>", "<frameset>", "<body>", "<head>", "</html>",
];

pub(crate) fn html(draw: &mut Draw) -> Vec<u8> {
    let made = pieces(draw, HTML);
    mutated(draw, made)
}

const CSV: &[&str] = &[",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", "问题,答案\n", "question,answer\n", "问题\t答案\n", "id;问题;答案\n", "能退吗,能\n", "\"a,b\",\"c\n d\"\n", "sep=;\n", "sep=\n", ",,,,,,,,\n", "---|---\n", "=cmd|' /C calc'!A0"];

pub(crate) fn csv(draw: &mut Draw) -> Vec<u8> {
    let head = draw.one(&["问题,答案\n", "question;answer\n", "题\t答案\n", "", "id,问题,相似问,答案,链接\n"]).to_owned();
    let made = head + &pieces(draw, CSV);
    if draw.below(8) == 0 {
        let (bytes, _, _) = encoding_rs::GB18030.encode(&made);
        return bytes.into_owned();
    }
    if draw.below(8) == 0 {
        return [0xFEFF].into_iter().chain(made.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    }
    mutated(draw, made)
}

const XML: &[&str] = &[
    "<row>", "<row r=\"3\">", "<row r=\"-1\">", "</row>", "<c>", "<c t=\"s\">", "<c r=\"A1\" t=\"inlineStr\">", "<c r=\"ZZZZZZZ99999999999\" t=\"str\">", "</c>", "<v>", "0", "99999999999", "-1", "</v>", "<is>", "<t>", "</t>", "</is>",
    "<t xml:space=\"preserve\">", "<rPh>", "</rPh>", "&amp;", "&a;", "&#0;", "&#x110000;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<?pi ", "?>", "<", ">", "\"", "<dimension ref=\"A1:XFD1048576\"/>",
    "<sheetData>", "</sheetData>", "<si>", "</si>", "_x000D_", "_x000", "<sheet name=\"x\" r:id=\"rId0\"/>", "<Relationship Id=\"rId0\" Target=\"../../etc/passwd\"/>",
];

const NAMES: &str = "<row><c t=\"inlineStr\"><is><t>问题</t></is></c><c t=\"inlineStr\"><is><t>答案</t></is></c></row>";

/// A workbook with made-up sheets and strings, its parts sometimes stored under wrong sizes, the file sometimes mutated.
pub(crate) fn xlsx(draw: &mut Draw) -> Vec<u8> {
    let mut workbook = Workbook::default();
    for _ in 0..=draw.below(2) {
        let name = text(draw);
        workbook = match draw.below(3) {
            0 => workbook.sheet(&name, &[&["question", "answer"], &["a", &text(draw)], &[&text(draw), "b"]]),
            1 => {
                let rows: String = (0..draw.below(30)).map(|_| format!("<row><c t=\"s\"><v>{}</v></c><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", draw.below(5), escaped(&text(draw)))).collect();
                workbook.sheet_xml(&name, &format!("<worksheet><sheetData>{NAMES}{rows}</sheetData></worksheet>"))
            }
            _ => {
                let rows = pieces(draw, XML);
                workbook.sheet_xml(&name, &format!("<worksheet><sheetData>{NAMES}{rows}"))
            }
        };
    }
    if draw.below(2) == 0 {
        let strings = pieces(draw, XML);
        workbook = workbook.part("xl/sharedStrings.xml", &format!("<sst><si><t>能退吗</t></si>{strings}</sst>"));
    }
    if draw.below(6) == 0 {
        let packed = deflated(pieces(draw, XML).as_bytes());
        let (declared, method) = (draw.count(), [0, 8, 9, 12][draw.below(4)]);
        workbook = workbook.raw_part(draw.one(&["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", ""]), packed, declared, method);
    }
    let mut content = workbook.bytes();
    if draw.below(2) == 0 {
        draw.mutate(&mut content);
    }
    content
}
