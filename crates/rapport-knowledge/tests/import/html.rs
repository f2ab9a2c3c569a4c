//! HTML pages.

use rapport_knowledge::import;

fn check(page: &str, expect: &str) {
    super::check("page.html", page, expect);
}

#[test]
fn blocks_become_markdown() {
    check("<h1>换货</h1><p>签收后<br>15 天内</p>", "[换货]\n签收后  \n15 天内");
    check("<p>one\n  two</p><p>three", "[page]\none two\n\nthree");
    check("<p>第一行，\n第二行</p>", "[page]\n第一行，第二行");
    check("<ul><li>a<li>b<ul><li>c</ul></ul><p>d", "[page]\n- a\n- b\n  - c\n\nd");
    check("<ol start=3><li>a</li><li><p>b</p><p>c</p></li></ol>", "[page]\n3. a\n4. b\n\n   c");
    check("<blockquote><p>a</p><p>b</p></blockquote>", "[page]\n> a\n\n> b");
    check("<pre>\nlet a = `b`;\n  c</pre>", "[page]\n```\nlet a = `b`;\n  c\n```");
    check("<pre><code class=x>a &lt; b</code></pre>", "[page]\n```\na < b\n```");
    check("<p>run <code>a | b</code> or <code>`</code>", "[page]\nrun `a | b` or `` ` ``");
    check("<div>a<div>b</div>c</div>", "[page]\na\n\nb\n\nc");
    check("a<br><br>b", "[page]\na\n\nb");
    check("<h1>T</h1>a<h2>B</h2>b", "[T]\na\n\n## B\n\nb");
}

#[test]
fn text_keeps_its_meaning() {
    check("<p>5 * 3 * 2 &lt; 40 &amp; [x] # `y`", "[page]\n5 \\* 3 \\* 2 \\< 40 & \\[x\\] # \\`y\\`");
    check("<p># no heading<p>1. no list<p>- no item", "[page]\n\\# no heading\n\n1\\. no list\n\n\\- no item");
    check("<p>&yen;&nbsp;199 &mdash; &#26080;&#x7406;&#x7531;", "[page]\n¥ 199 — 无理由");
    check("<p>a <b>bold</b> word, <strong>标题：</strong>内容", "[page]\na **bold** word, 标题：内容");
    check("<p>a<b> bold </b>c", "[page]\na **bold** c");
}

#[test]
fn links_lead_to_the_web_only() {
    check("<p>see <a href='https://e.com/a?b=1&amp;c=(2)'>our <b>page</b></a>.", "[page]\nsee [our **page**](https://e.com/a?b=1&c=%282%29).");
    check("<p><a href='javascript:alert(1)'>x</a> <a href=' JaVaScRiPt:y'>y</a> <a href='#top'>z</a>", "[page]\nx y z");
    check("<p><a href='mailto:a@e.com'>write</a> <a href='tel:4008200606'>call</a>", "[page]\n[write](mailto:a@e.com) [call](tel:4008200606)");
    check("<link rel=canonical href='https://e.com/faq'><p><a href='/size'>sizes</a>", "[page]\n[sizes](https://e.com/size)");
    check("<p><a href='https://e.com'></a>x", "[page]\nx");
}

#[test]
fn tables_keep_their_names() {
    check("<table><tr><th>尺码<th>脚长<tr><td>38<td>240<tr><td>39<td>245</table>", "[page]\n| 尺码 | 脚长 |\n| --- | --- |\n| 38 | 240 |\n| 39 | 245 |");
    check("<table><thead><tr><td>a</td><td>b</td></tr></thead><tbody><tr><td>1<td>x | y</table>", "[page]\n| a | b |\n| --- | --- |\n| 1 | x \\| y |");
    check("<table><tr><th>保修<td>90 天<tr><th>运费<td>12 元</table>", "[page]\n- 保修：90 天\n- 运费：12 元");
    check("<table><tr><th>Size<td>S<td>M<tr><th>Chest<td>90<td>94</table>", "[page]\n| Size | Chest |\n| --- | --- |\n| S | 90 |\n| M | 94 |");
    check("<table><tr><th>a<th>b<tr><td rowspan=2>1<td>2<tr><td>3</table>", "[page]\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 1 | 3 |");
    check("<table><tr><th>a<th>b<th>c<tr><td colspan=2>1<td>2</table>", "[page]\n| a | b | c |\n| --- | --- | --- |\n| 1 | 1 | 2 |");
    check("<table><tr><td>only</td></tr><tr><td>text</td></tr></table>", "[page]\nonly\n\ntext");
    check("<table><tr><td><ul><li>a<li>b</ul><td>c<br>d</table>", "[page]\n| a b | c d |\n| --- | --- |");
    check("<table><tr><td><h2>Left</h2>a<td>b<table><tr><th>n<th>m<tr><td>1<td>2</table></table>", "[Left]\na\n\nb\n\n| n | m |\n| --- | --- |\n| 1 | 2 |");
    check("<table><tr><td>a</div></p>b<td>c</table>", "[page]\n| ab | c |\n| --- | --- |");
}

#[test]
fn what_no_reader_sees_is_left_out() {
    check("<p>a<script>alert('<p>')</script><style>p{}</style><!-- b -->c<template>d</template><noscript>e</noscript>", "[page]\nac");
    check("<p>a</p><div hidden>b<p>c</div><p style='color:red; DISPLAY: none'>d</p><p aria-hidden=true>e<p>f", "[page]\na\n\nf");
    check("<nav><a href='https://e.com'>home</a></nav><p>a</p><footer>b</footer><aside>c</aside>", "[page]\na");
    check("<header>logo</header><main><p>a</main><p>b", "[page]\na");
    check("<div role=main>a</div><div>b</div>", "[page]\na");
    check("<main></main><p>b", "[page]\nb");
    check("<p>a <button>press</button> <select><option>x</select> b", "[page]\na b");
    check("<ruby>漢<rt>hàn</rt></ruby>", "[page]\n漢");
    check("<svg><title>s</title></svg><p>a", "[page]\na");
}

#[test]
fn titles_come_from_heading_then_page_then_file() {
    check("<title>Shop &amp; more</title><p>a", "[Shop & more]\na");
    check("<title>x</title><h1>Exchanges</h1><p>a", "[Exchanges]\na");
    check("<h1>a</h1>x<h1>b</h1>y", "[a]\nx\n[b]\ny");
    check("<p>Home / Help</p><h1>Exchanges</h1><p>a", "[Exchanges]\nHome / Help\n\n\na");
    check("<h2>a</h2>x<h2>b</h2>y", "[a]\nx\n[b]\ny");
    check("<h1>FAQ</h1><h2>Orders</h2><h3>Can I cancel?</h3><p>Yes.<h3>Can I change it?</h3><p>No.", "[Can I cancel?]\nYes.\n[Can I change it?]\nNo.");
    check("<h1>Shop</h1>Welcome to us.<h2>能退吗？</h2>能。<h2>能换吗？</h2>", "[Shop]\nWelcome to us.\n[能退吗？]\n能。\n(section 3: empty_answer)");
    let long = format!("<h1>Manual</h1><h2>One</h2><p>{}</p><h2>Two</h2><p>b</p>", "word ".repeat(6_000));
    let report = import("page.html", long.as_bytes()).unwrap();
    assert_eq!(report.articles.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
}

#[test]
fn folded_parts_are_questions_with_answers() {
    check("<h1>FAQ</h1><details><summary>怎么退？</summary><p>打开订单。</p><ul><li>a</ul></details><details open><summary><b>Fee</b></summary>12 yuan</details>",
        "[怎么退？]\n打开订单。\n\n- a\n[Fee]\n12 yuan");
    check("<p>Intro<details><summary>q?</summary>a<details><summary>inner</summary>b</details>c</details>", "[page]\nIntro\n[q?]\na\n\ninner\n\nb\n\nc");
    check("<details><summary></summary>a</details>", "(question 1: no_question)");
    check("<details><summary>q</summary></details>", "(question 1: empty_answer)");
    check("<dl><dt>能退吗？<dt>可以退货吗<dd>能。<dt>How?<dd><p>Press it.<dd>Then wait.</dl>", "[能退吗？] 可以退货吗\n能。\n[How?]\nPress it.\n\nThen wait.");
    check("<dl><dt>材质</dt><dd>牛皮</dd><dt>Weight</dt><dd>300 g</dd></dl>", "[page]\n材质：牛皮\n\nWeight: 300 g");
    let long = "a sentence that explains the matter at length ".repeat(3);
    check(&format!("<dl><dt>Refunds<dd>{long}</dl>"), &format!("[Refunds]\n{}", long.trim_end()));
    check("<p>Q：能退吗？<p>A：能。<p>Q：能换吗？<p>A：也能。", "[能退吗？]\n能。\n[能换吗？]\n也能。");
}

#[test]
fn broken_pages_are_read_as_far_as_they_go() {
    check("<p>a<b>b<i>c</b>d</i></p></div>e", "[page]\na**bc**d\n\ne");
    check("</p></div></table>a", "[page]\na");
    check("<table>a<tr>b<td>c", "[page]\nc");
    check("<li>a<li>b", "[page]\n- a\n- b");
    check("<td>a<tr>b", "[page]\na\n\nb");
    check("<p>a<h2>b<h3>c", "[page]\na\n\n## b\n\n### c");
    check("<div><!-- never closed <p>a", "fault import.empty");
    check("<p", "fault import.empty");
    check(&("<div>".repeat(5_000) + "deep" + &"</div>".repeat(5_000)), "[page]\ndeep");
    check(&("<ul><li>".repeat(200) + "deep"), &format!("[page]\n{}deep", "- ".repeat(8)));
}

#[test]
fn html_is_known_without_its_name() {
    let page = "<!DOCTYPE html><title>T</title><p>a";
    assert_eq!(super::shown("upload", page.as_bytes()), "[T]\na");
    assert_eq!(super::shown("page.txt", b"\n <html><body>a"), "[page]\na");
    let report = import("page.html", b"<link rel=canonical href='https://e.com/faq'><p>text here").unwrap();
    assert_eq!(report.articles.iter().map(|it| it.url.clone()).collect::<Vec<_>>(), [Some("https://e.com/faq".to_owned())]);
}
