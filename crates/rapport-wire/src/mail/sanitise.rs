//! HTML of strangers made into source for a sandboxed frame: nothing runs, nothing is fetched before it is asked for, no form asks for a password.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use super::plain;

/// Longest HTML that is cleaned. Units: bytes of UTF-8; beyond it the plain text is shown alone.
pub const HTML_BYTES_MAX: usize = 512 * 1024;
/// Most tags that are parsed: the tree of a tag costs a kilobyte.
pub const TAGS_MAX: usize = 20_000;
/// Deepest nesting of tags that is parsed: the parser's time grows with the square of it.
pub const NESTING_MAX: usize = 512;
/// Most attributes of one tag that are parsed.
pub const ATTRIBUTES_MAX: usize = 500;
/// What the source of a remote picture begins with; the rest is its address. No browser knows the scheme, so nothing is fetched; whoever shows the mail on
/// request puts the address of a proxy in its place.
pub const REMOTE: &str = "remote:";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    pub html: String,
    pub remote_pictures: usize,
}

/// `None` where the source is too large or too deep to be shown as HTML.
pub fn clean(html: &str) -> Option<Clean> {
    if html.len() > HTML_BYTES_MAX || is_too_heavy(html) {
        return None;
    }
    let html = builder().clean(html).to_string();
    let remote_pictures = html.matches(&format!("src=\"{REMOTE}")).count();
    Some(Clean { html, remote_pictures })
}

/// By a count of tags that are open, each name for itself, more cautious than a parser. Elements of style are opened anew in every block, so that their depth
/// multiplies with the number of tags.
fn is_too_heavy(html: &str) -> bool {
    const SINGLE: &[&str] = &["br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source", "p", "li", "td", "tr", "th"];
    const STYLE: &[&str] = &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let (mut tags, mut depth, mut deepest, mut styled, mut most_styled) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for piece in html.split('<').skip(1) {
        tags += 1;
        let closes = piece.starts_with('/');
        let name: String = piece.trim_start_matches('/').chars().take_while(|it| it.is_ascii_alphanumeric() || *it == ':').take(24).collect::<String>().to_ascii_lowercase();
        if tags > TAGS_MAX || name.is_empty() || SINGLE.contains(&name.as_str()) {
            continue;
        }
        let is_style = STYLE.contains(&name.as_str());
        let count = open.entry(name).or_default();
        if !closes {
            *count += 1;
            depth += 1;
            styled += usize::from(is_style);
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
            styled -= usize::from(is_style);
        }
        deepest = deepest.max(depth);
        most_styled = most_styled.max(styled);
    }
    tags > TAGS_MAX || deepest > NESTING_MAX || most_styled.saturating_mul(tags) > TAGS_MAX * 16 || has_too_many_attributes(html.as_bytes())
}

/// The parser compares each attribute of a tag with all before it. Every `<` may begin a tag, since only a parser knows which does; a text that is searched
/// over and over this way is too heavy as well.
fn has_too_many_attributes(html: &[u8]) -> bool {
    let mut budget = html.len().saturating_mul(8);
    html.iter().enumerate().filter(|it| *it.1 == b'<').any(|(at, _)| {
        let inner = html.get(at + 1..).unwrap_or_default();
        let inner = inner.strip_prefix(b"/").unwrap_or(inner);
        if !inner.first().is_some_and(u8::is_ascii_alphabetic) {
            return false;
        }
        let (attributes, length) = attributes(inner);
        budget = budget.saturating_sub(length);
        attributes > ATTRIBUTES_MAX || budget == 0
    })
}

/// How many attributes the tag has that begins here, and how many bytes it takes; up to [`ATTRIBUTES_MAX`]. Source: the tokenizer of the HTML standard.
fn attributes(tag: &[u8]) -> (usize, usize) {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        TagName,
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        Bare,
    }
    let (mut at, mut count) = (At::TagName, 0);
    for (length, byte) in tag.iter().enumerate() {
        let blank = byte.is_ascii_whitespace();
        at = match (at, byte) {
            (At::Quoted(mark), _) if mark == *byte => At::BeforeName,
            (At::Quoted(mark), _) => At::Quoted(mark),
            (_, b'>') => return (count, length),
            (At::BeforeValue, b'"' | b'\'') => At::Quoted(*byte),
            (At::Name | At::AfterName, b'=') => At::BeforeValue,
            (At::Name, _) if blank => At::AfterName,
            (At::AfterName | At::BeforeValue, _) if blank => at,
            (At::TagName | At::BeforeName | At::Bare, _) if blank => At::BeforeName,
            (At::TagName | At::BeforeName | At::Name | At::AfterName, b'/') => At::BeforeName,
            (At::BeforeName | At::AfterName, _) => {
                count += 1;
                At::Name
            }
            (At::BeforeValue, _) => At::Bare,
            (At::TagName | At::Name | At::Bare, _) => at,
        };
        if count > ATTRIBUTES_MAX {
            return (count, length);
        }
    }
    (count, tag.len())
}

const TAGS: &[&str] = &[
    "a", "abbr", "address", "article", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
];
/// With their content, which would be shown as text otherwise.
const GONE: &[&str] = &[
    "script", "style", "head", "title", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "textarea", "select", "button", "audio", "video", "xml",
];
/// Properties that lay out text within the frame and fetch nothing. Neither position nor background pictures.
const STYLES: &[&str] = &[
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "line-height", "text-align", "text-decoration", "text-indent", "vertical-align",
    "white-space", "word-break", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right", "border-spacing", "border-style",
    "border-top", "border-width", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "width", "height", "list-style-type", "direction",
];

fn builder() -> Builder<'static> {
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("img", HashSet::from(["src", "alt", "title", "width", "height", "align", "border"])),
        ("table", HashSet::from(["width", "align", "border", "cellpadding", "cellspacing", "bgcolor"])),
        ("td", HashSet::from(["width", "height", "align", "valign", "bgcolor", "colspan", "rowspan", "nowrap"])),
        ("th", HashSet::from(["width", "height", "align", "valign", "bgcolor", "colspan", "rowspan", "scope"])),
        ("tr", HashSet::from(["align", "valign", "bgcolor"])),
        ("col", HashSet::from(["width", "span"])),
        ("font", HashSet::from(["color", "face", "size"])),
        ("ol", HashSet::from(["start", "type"])),
        ("blockquote", HashSet::from(["type"])),
        ("hr", HashSet::from(["width", "size", "align"])),
    ]);
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(GONE.iter().copied().collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["style", "dir", "lang"]))
        .filter_style_properties(STYLES.iter().copied().collect())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        .url_relative(UrlRelative::Deny)
        .set_tag_attribute_value("a", "target", "_blank")
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .attribute_filter(attribute);
    builder
}

fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let lower: String = value.chars().filter(|it| !it.is_whitespace() && !it.is_control()).flat_map(char::to_lowercase).take(64).collect();
    let starts = |it: &[&str]| it.iter().any(|it| lower.starts_with(it));
    match (element, name) {
        ("img", "src") if starts(&["http:", "https:"]) => Some(Cow::Owned(format!("{REMOTE}{}", value.trim()))),
        ("img", "src") => starts(&["cid:", "data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;"]).then_some(Cow::Borrowed(value)),
        ("a", "href") => starts(&["http:", "https:", "mailto:", "tel:"]).then_some(Cow::Borrowed(value)),
        (_, "style") => {
            let all: String = value.to_lowercase();
            let fetches = ["url", "image", "src", "@", "\\", "expression", "var(", "/*", "env("].iter().any(|it| all.contains(it));
            (!fetches).then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Plain text as source for the same frame.
pub fn from_plain(text: &str) -> String {
    let text = plain::bounded(text, HTML_BYTES_MAX).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    format!("<div style=\"white-space:pre-wrap\">{text}</div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        clean(html).expect("not too heavy").html
    }

    #[test]
    fn what_runs_or_fetches_is_gone() {
        let check = |html: &str, expected: &str| assert_eq!(cleaned(html), expected, "{html}");
        check("<p onclick=alert(1)>x</p><script>alert(1)</script>", "<p>x</p>");
        check("<style>@import url(https://t.cn)</style>a", "a");
        check("<img src=\"https://t.cn/p.gif?u=1\" onerror=alert(1)>", "<img src=\"remote:https://t.cn/p.gif?u=1\">");
        check("<img src=\"cid:p1@x\">", "<img src=\"cid:p1@x\">");
        check("<img src=\"remote:https://t.cn\"><img src=\"//t.cn/a.png\"><img src=a.png>", "<img><img><img>");
        check("<img srcset=\"https://t.cn/a 2x\" src=\"data:image/svg+xml,<svg onload=alert(1)>\">", "<img>");
        check("<table background=https://t.cn/x><tr><td>1</td></tr></table>", "<table><tbody><tr><td>1</td></tr></tbody></table>");
        check("<div style=\"background:url(https://t.cn);color:red\">a</div>", "<div>a</div>");
        check("<div style=\"position:fixed;top:0;color:red\">a</div>", "<div style=\"color:red\">a</div>");
        check("<form action=https://t.cn><input name=p>密码<button>ok</button></form>", "密码");
        check("<base href=https://t.cn><meta http-equiv=refresh content=0><link rel=stylesheet href=//t.cn>a", "a");
        check("<iframe src=https://t.cn>x</iframe>b", "b");
        check("<svg><a xlink:href=javascript:alert(1)>x</a></svg>c", "c");
    }

    /// Ways to run or to fetch something, as they are known from other programs.
    const HOSTILE: &[&str] = &[
        "<ScRiPt>alert(1)</sCrIpT>", "<script/x>alert(1)</script>", "<<script>alert(1)//<</script>", "<script src=//t.cn/x.js>", "<img src=x onerror=alert(1)>", "<img src=x onerror\n=alert(1)>",
        "<img/src=x/onerror=alert(1)>", "<img \"\"\"><script>alert(1)</script>\">", "<body onload=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<iframe srcdoc=\"<script>alert(1)</script>\">", "<iframe src=javascript:alert(1)>", "<object data=javascript:alert(1)>",
        "<embed src=//t.cn/x.swf>", "<a href=javascript:alert(1)>x</a>", "<a href=\"java\tscript:alert(1)\">x</a>", "<a href=\" javascript:alert(1)\">x</a>", "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>", "<a href=vbscript:x>x</a>", "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=x onclick=alert(1)>x</a>",
        "<form action=//t.cn><input type=password><button formaction=javascript:alert(1)>x</button></form>", "<isindex action=javascript:alert(1)>", "<input autofocus onfocus=alert(1)>",
        "<select autofocus onfocus=alert(1)>", "<textarea autofocus onfocus=alert(1)></textarea>", "<details open ontoggle=alert(1)>x</details>", "<marquee onstart=alert(1)>x</marquee>",
        "<video><source onerror=alert(1)></video>", "<video poster=//t.cn/p.png>", "<audio src=//t.cn/a onerror=alert(1)>", "<track src=//t.cn/x>", "<meta http-equiv=refresh content=\"0;url=//t.cn\">",
        "<base href=//t.cn/>", "<link rel=stylesheet href=//t.cn/x.css>", "<link rel=prefetch href=//t.cn>", "<style>*{background:url(//t.cn)}</style>", "<style>@import '//t.cn'</style>",
        "<div style=\"background:url(//t.cn)\">x</div>", "<div style=\"background-image:image-set('//t.cn' 1x)\">x</div>", "<div style=\"width:expression(alert(1))\">x</div>",
        "<div style=\"background:\\75rl(//t.cn)\">x</div>", "<div style=\"list-style:url(//t.cn)\">x</div>", "<div style=\"content:url(//t.cn)\">x</div>", "<div style=\"cursor:url(//t.cn),auto\">x</div>",
        "<div style=\"position:fixed;inset:0\">x</div>", "<div style=\"color:red;/**/background:u/**/rl(//t.cn)\">x</div>", "<table background=//t.cn/x>", "<td background=//t.cn>", "<img src=//t.cn/x>",
        "<img srcset=\"//t.cn/x 1x\">", "<picture><source srcset=//t.cn/x></picture>", "<img lowsrc=//t.cn>", "<img dynsrc=//t.cn>", "<img longdesc=//t.cn>", "<img usemap=#m><map name=m><area href=javascript:alert(1)></map>",
        "<image src=//t.cn onerror=alert(1)>", "<img src=\"data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+\">", "<blockquote cite=javascript:alert(1)>x</blockquote>", "<q cite=//t.cn>x</q>",
        "<template><script>alert(1)</script></template>", "<xml><i><b>&lt;img src=1 onerror=alert(1)&gt;</b></i></xml>", "<![CDATA[<script>alert(1)</script>]]>", "<?xml-stylesheet href=javascript:alert(1)?>",
        "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->", "<a href=//t.cn ping=//t.cn/p>x</a>", "<a href=https://a.cn target=_top>x</a>", "<keygen onfocus=alert(1)>", "<object><param name=x value=//t.cn></object>",
        "<p id=x name=getElementById class=y>x</p>", "<a id=defaultView name=cookie>x</a>", "<img name=body>", "<applet code=x>", "<frameset onload=alert(1)>", "<bgsound src=//t.cn>", "<layer src=//t.cn>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "<title><img src=x onerror=alert(1)></title>",
    ];

    #[test]
    fn hostile_html_neither_runs_nor_fetches() {
        for html in HOSTILE {
            let clean = cleaned(html);
            // What is left are tags without anything that acts; their text may say what it likes.
            for tag in clean.split('<').skip(1).filter_map(|it| it.split_once('>')).map(|it| it.0.to_lowercase()) {
                let name = tag.trim_start_matches('/').split(|it: char| !it.is_ascii_alphanumeric()).next().unwrap_or_default();
                assert!(TAGS.contains(&name), "{html} → {clean}");
                for bad in ["script", " on", "data:", "src=\"//", "src=\"http", "url(", "background=", "srcset", "action", " id=", " name=", " class=", "cite=\"", "position", "ping=", "_top", "image-set", "expression"] {
                    assert!(!tag.contains(bad), "{html} → {clean}");
                }
            }
            // Read again it is the same, but for the order of attributes: no parser makes something else of it.
            let letters = |text: &str| {
                let mut letters: Vec<char> = text.chars().collect();
                letters.sort_unstable();
                letters
            };
            assert_eq!(letters(&cleaned(&clean)), letters(&clean), "{html}");
        }
    }

    #[test]
    fn links_tell_nobody_where_they_were_clicked() {
        let html = cleaned("<a href=\"https://a.cn\" id=x class=y>a</a><a href=\"javascript:alert(1)\">b</a><a href=\"data:text/html,x\">c</a><a href=cid:x>d</a>");
        assert_eq!(html.matches("rel=\"noopener noreferrer nofollow\"").count(), 4, "{html}");
        assert_eq!(html.matches("href=").count(), 1, "{html}");
        assert!(!html.contains("javascript") && !html.contains("class"), "{html}");
    }

    #[test]
    fn remote_pictures_are_counted() {
        assert_eq!(clean("<img src=http://a.cn/1><img src=https://a.cn/2><img src=cid:3>").map(|it| it.remote_pictures), Some(2));
    }

    #[test]
    fn what_is_too_deep_or_too_large_is_not_parsed() {
        assert_eq!(clean(&"<div>".repeat(NESTING_MAX + 1)), None);
        assert_eq!(clean(&"<b>x</b>".repeat(TAGS_MAX)), None);
        let styled: String = (0..300).map(|it| format!("<b title={it}></x>")).collect();
        assert_eq!(clean(&format!("{styled}{}", "<p>x".repeat(10_000))), None);
        assert_eq!(clean(&format!("<p {}>", "a ".repeat(ATTRIBUTES_MAX + 1))), None);
        assert_eq!(clean(&format!("<p ='><b {}>", "a=1 ".repeat(ATTRIBUTES_MAX + 1))), None);
        assert_eq!(clean(&"<a b=\"".repeat(1_000)), None);
        assert!(clean(&format!("<img alt=\"{}\">", "a / b ".repeat(5_000))).is_some());
        assert_eq!(clean(&"x".repeat(HTML_BYTES_MAX + 1)), None);
        assert!(clean(&"<p>第一段".repeat(2_000)).is_some());
    }
}
