//! Plain text.

fn check(text: &str, expect: &str) {
    super::check("faq.txt", text, expect);
}

#[test]
fn text_is_one_article() {
    check("退货说明\n签收后 7 天内可以退。\n运费 12 元。", "[退货说明]\n签收后 7 天内可以退。  \n运费 12 元。");
    check("A whole sentence stands here.\nAnother one.", "[faq]\nA whole sentence stands here.  \nAnother one.");
    check("只有一行", "[faq]\n只有一行");
    check("Rules\n* keep *all* <tags>\n# no heading", "[Rules]\n\\* keep \\*all\\* \\<tags>  \n\\# no heading");
}

#[test]
fn lines_an_editor_broke_are_joined() {
    let long = "word ".repeat(14);
    check(&format!("Title\n{long}\nand on"), &format!("[Title]\n{}\nand on", long.trim_end()));
}

#[test]
fn marked_questions_have_answers() {
    check("问：能退吗？\n答：能。\n7 天内。\n\n问：运费呢？\n答：12 元。", "[能退吗？]\n能。  \n7 天内。\n[运费呢？]\n12 元。");
    check("Q1: Can I\nreturn it?\nA1: Yes.\nQ2: Fee?\nA2: No.", "[Can I return it?]\nYes.\n[Fee?]\nNo.");
    check("常见问题\n\n问题1：能退吗\n答案：能。", "[能退吗]\n能。");
    check("Q: a?\nQ: b?\nA: yes", "[b?]\nyes\n(question 1: empty_answer)");
    check("A: no question\nplain", "[A: no question]\nplain");
}

#[test]
fn lines_that_ask_have_answers_below() {
    check("常见问题\n\n1. 如何退货？\n打开订单。\n\n选择退货。\n\n2、运费谁出？\n\n您出。", "[如何退货？]\n打开订单。\n\n选择退货。\n[运费谁出？]\n您出。");
    check("Only one?\nYes", "[Only one?]\nYes");
    check("A?\n\nB?\nboth", "[A?]\nB?  \nboth");
}
