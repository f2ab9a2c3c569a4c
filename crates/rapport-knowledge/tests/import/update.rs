//! A second import of a file updates the articles of the first: what is the same keeps its key.

use rapport_knowledge::import;

fn keys(name: &str, content: &str) -> Vec<String> {
    import(name, content.as_bytes()).unwrap().articles.into_iter().map(|it| it.key).collect()
}

#[test]
fn keys_stay_when_text_changes() {
    let check = |name: &str, before: &str, after: &str| assert_eq!(keys(name, before), keys(name, after), "{name}");
    check("a.md", "# Sizes\nold", "# Sizes and fits\nnew text");
    check("a.md", "# A\nold\n# B\nb", "# A!\nnew\n# b\nb");
    check("a.csv", "问题,答案\n能退吗？,能", "答案,问题\n不能,能退吗?");
    check("a.csv", "id,问题,答案\n7,能退吗,能", "id,问题,答案\n7,可以退货吗,能");
    check("a.html", "<h1>A</h1>x", "<h1>B</h1>y");
    check("a.html", "<details><summary>Ｑ１？</summary>a</details>", "<dl><dt>q1?<dd>b</dl>");
}

#[test]
fn keys_tell_rows_apart() {
    assert_eq!(keys("a.csv", "问题,答案\n能退吗,能\n能换吗,能"), ["能退吗", "能换吗"]);
    assert_eq!(keys("a.csv", "问题,答案\n？？,能"), ["article"]);
    assert_eq!(keys("a.md", "text"), ["file"]);
    let long = "长".repeat(190);
    let found = keys("a.csv", &format!("问题,答案\n{long}甲,一\n{long}乙,二"));
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|it| it.chars().count() <= 120));
}
