//! Answers as a customer reads them: the right words of the right article, cut where sentences end, with their source.
#![expect(clippy::disallowed_methods, clippy::format_push_string, clippy::panic, clippy::unwrap_used, reason = "a test reads the demo's files and may fail")]

use std::{fs, path::Path};

use rapport_knowledge::{Answer, Index, import};
use rapport_model::{Article, ArticleId, ArticleSource, Citation, Locale, Timestamp};

fn article(number: u8, title: &str, body: &str, locale: Locale) -> Article {
    let id: ArticleId = serde_json::from_value(serde_json::json!(format!("00000000-0000-7000-8000-0000000000{number:02x}"))).unwrap();
    Article {
        id,
        title: title.to_owned(),
        body: body.to_owned(),
        questions: Vec::new(),
        locale,
        published: true,
        version: 3,
        source: ArticleSource::Written,
        url: Some("https://e.com/a".to_owned()),
        updated_at: Timestamp::default(),
        updated_by: None,
    }
}

fn demo() -> Index {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/demo/knowledge");
    let mut articles = Vec::new();
    for (name, locale) in [("zh", Locale::Zh), ("en", Locale::En)] {
        let mut paths: Vec<_> = fs::read_dir(folder.join(name)).unwrap().map(|it| it.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            for it in import(&path.to_string_lossy(), &fs::read(&path).unwrap()).unwrap().articles {
                articles.push(article(u8::try_from(articles.len()).unwrap(), &it.title, &it.body, locale));
            }
        }
    }
    Index::build(&articles)
}

fn found(index: &Index, question: &str, locale: Locale) -> (String, Citation) {
    match index.answer(question, locale) {
        Answer::Found { text, mut citations, .. } => (text, citations.remove(0)),
        other @ (Answer::Unsure { .. } | Answer::Unknown { .. }) => panic!("{question}: {other:?}"),
    }
}

#[test]
fn the_first_question_of_the_demo_is_answered_in_many_words() {
    let index = demo();
    let check = |question: &str, title: &str, says: &str| {
        let (text, citation) = found(&index, question, Locale::Zh);
        assert!(citation.title.starts_with(title) && text.contains(says), "{question}: {} says {text}", citation.title);
    };
    for question in ["我买的鞋码数不合适，可以换吗？", "鞋子码数不对能换吗", "尺码不合适怎么换", "可以换货吗", "买的鞋小了能换一双大的吗", "码不合适，想换一下"] {
        check(question, "换货", "15 天");
    }
    for question in ["The shoes I bought don't fit, can I exchange them?", "Can I swap my shoes for another size?", "wrong size, how do I exchange", "can I exchange shoes that are too small"] {
        check(question, "Exchanges", "15 days");
    }
    check("满多少包邮", "配送", "199 元");
    check("how long does a refund take", "Refunds", "working days");
}

#[test]
fn what_nobody_wrote_down_is_not_known() {
    let index = demo();
    let check = |question: &str| {
        let answer = index.answer(question, Locale::Zh);
        assert_eq!(answer.outcome(), "unknown", "{question}: {answer:?}");
    };
    for question in ["你们老板叫什么名字", "帮我写一首诗", "法国的首都是哪里", "今天天气怎么样", "推荐一部电影", "怎么做红烧肉", "1+1等于几", "你是谁开发的", "特朗普多大了", "讲个笑话"] {
        check(question);
    }
    for question in ["What is the capital of France?", "Write me a poem", "who is your CEO", "tell me a joke", "what's the weather like", "how do I cook rice", "who won the world cup", "what is two plus two"] {
        check(question);
    }
    for question in ["", "？？？", "🙂", "asdfghjkl", "的了吗", "\u{0}\u{202e}", &"啊".repeat(5_000)] {
        check(question);
    }
}

#[test]
fn a_list_is_quoted_whole_with_the_words_that_open_it() {
    let filler = "这一段讲的是别的事情，与顾客的问题没有什么关系，只是让文章长一些。".repeat(4);
    let body = format!("## 流程\n{filler}\n\n退款到账时间如下：\n\n- 微信支付：1 天\n- 支付宝：2 天\n- 银行卡：5 天\n\n{filler}");
    let index = Index::build(&[article(1, "退款流程", &body, Locale::Zh)]);
    let (text, citation) = found(&index, "退款到账时间多久，银行卡要几天", Locale::Zh);
    assert_eq!(text, "退款到账时间如下：\n- 微信支付：1 天\n- 支付宝：2 天\n- 银行卡：5 天");
    assert_eq!((citation.heading, citation.version, citation.url.as_deref()), (vec!["流程".to_owned()], 3, Some("https://e.com/a")));
    assert_eq!(citation.quote, text);
}

#[test]
fn quotes_end_where_sentences_end_and_fit_a_bubble() {
    let sentences: Vec<String> = (0..60).map(|it| format!("第{it}条规定说明了一些与退货有关的事情，并且写得比较长。")).collect();
    let body = format!("{}退货运费由顾客承担，每单 12 元。{}", sentences[..30].concat(), sentences[30..].concat());
    let index = Index::build(&[article(1, "退货规定", &body, Locale::Zh), article(2, "发票", "可以开电子发票。", Locale::Zh)]);
    let (text, _) = found(&index, "退货运费谁承担", Locale::Zh);
    assert!(text.contains("退货运费由顾客承担，每单 12 元。") && text.ends_with('。') && text.chars().count() <= 220, "{text}");
    let body = "Returns are easy to make and we are glad to help. ".repeat(30) + "The return fee is 12 dollars a parcel. " + &"Other words about other things stand here. ".repeat(30);
    let index = Index::build(&[article(1, "Return rules", &body, Locale::En)]);
    let (text, _) = found(&index, "how much is the return fee", Locale::En);
    assert!(text.contains("The return fee is 12 dollars a parcel.") && text.ends_with('.') && text.chars().count() <= 520, "{text}");
}

#[test]
fn a_row_of_a_table_is_quoted_with_its_names() {
    let index = Index::build(&[article(1, "尺码表", "| 鞋码 | 脚长 |\n|-|-|\n| 38 | 240 毫米 |\n| 39 | 245 毫米 |", Locale::Zh)]);
    let (text, _) = found(&index, "鞋码38的脚长是多少", Locale::Zh);
    assert_eq!(text, "鞋码：38，脚长：240 毫米\n鞋码：39，脚长：245 毫米");
}

#[test]
fn the_customers_language_is_answered_where_it_is_written() {
    let zh = article(1, "换货", "签收后 15 天内可以换货。", Locale::Zh);
    let en = article(2, "Exchanges", "You can exchange an item within 15 days.", Locale::En);
    let both = Index::build(&[zh.clone(), en]);
    assert_eq!(found(&both, "可以换货吗", Locale::En).1.title, "换货");
    assert_eq!(found(&both, "can I exchange it", Locale::Zh).1.title, "Exchanges");
    // Better the answer in another language than none.
    let one = Index::build(&[zh]);
    assert!(matches!(one.answer("exchange please", Locale::En), Answer::Found { .. } | Answer::Unsure { .. }));
}

#[test]
fn every_row_of_an_imported_list_answers_its_own_question() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../quality/firms");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|it| it.to_string_lossy().ends_with(".zh.txt")).collect();
    paths.sort();
    let mut table = "问题,答案\n".to_owned();
    for path in paths {
        let text = fs::read_to_string(path).unwrap();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if let (Some(title), Some(body)) = (line.strip_prefix("# "), lines.peek()) {
                table.push_str(&format!("\"{title}\",\"{body}\"\n"));
            }
        }
    }
    let report = import("faq.csv", table.as_bytes()).unwrap();
    assert!(report.articles.len() > 120, "{}", report.articles.len());
    let articles: Vec<Article> = report.articles.iter().enumerate().map(|(number, it)| article(u8::try_from(number).unwrap(), &it.title, &it.body, Locale::Zh)).collect();
    let index = Index::build(&articles);
    let right = articles.iter().filter(|it| matches!(index.answer(&it.title, Locale::Zh), Answer::Found { citations, .. } if citations.first().is_some_and(|cited| cited.article == it.id)));
    let right = right.count();
    assert!(right * 100 >= articles.len() * 98, "{right} of {}", articles.len());
}
