//! Markdown written by anyone becomes HTML that does nothing but show: several hundred attempts to smuggle a script, none gets through.
#![expect(clippy::string_slice, reason = "a test cuts at ASCII marks and prints how many attempts it made")]

use rapport_knowledge::{import, markdown::to_html};

/// Markup that would act if it stood in a page.
const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.com/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<img src=\"x\"onload=\"alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\">x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<a onclick=alert(1)>x</a>",
    "<a style='background:url(javascript:alert(1))'>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<base href=//e.com/>",
    "<link rel=stylesheet href=//e.com/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import '//e.com/x.css'</style>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "</p><script>alert(1)</script><p>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<p><b><p><script>alert(1)",
    "<img src=x:alert(alt) onerror=eval(src) alt=1>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<x onpointerenter=alert(1)>x</x>",
    "<custom-element onfocus=alert(1) tabindex=1 autofocus>",
    "\u{FF1C}script\u{FF1E}alert(1)\u{FF1C}/script\u{FF1E}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
];

/// Addresses that would act if a link or picture led there.
const ADDRESSES: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;&#97;&#118;&#97;script:alert(1)",
    "&#x6A;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java%0ascript:alert(1)",
    "%6Aavascript:alert(1)",
    "\\javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "\u{A0}javascript:alert(1)",
    "\u{200B}javascript:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "data:image/svg+xml,%3Csvg%20onload=alert(1)%3E",
    "file:///etc/passwd",
    "blob:https://e.com/x",
    "filesystem:https://e.com/x",
    "view-source:javascript:alert(1)",
    "jar:https://e.com!/x",
    "feed:javascript:alert(1)",
    "javascript://e.com/%0aalert(1)",
    "https://e.com/\"onmouseover=\"alert(1)",
    "https://e.com/'onmouseover='alert(1)",
    "https://e.com/><script>alert(1)</script>",
    "x\" onerror=\"alert(1)",
];

/// Places of Markdown where markup may stand.
const MARKUP_PLACES: &[(&str, &str)] = &[("", ""), ("# ", ""), ("- ", "\n- x"), ("| a | b |\n|-|-|\n| ", " | x |"), ("**", "**"), ("> ", ""), ("[", "](https://e.com)"), ("```\n", "\n```"), ("![", "](https://e.com/a.png)")];

/// Places where an address may stand.
const ADDRESS_PLACES: &[(&str, &str)] = &[("[x](", ")"), ("[x](<", ">)"), ("![x](", ")"), ("<", ">"), ("[x]\n\n[x]: ", ""), ("[x](", " 'title')"), ("[![x](", ")](https://e.com)"), ("[x](https://e.com \"", "\")")];

/// Tags, attributes and schemes that may stand in the answer; everything else fails the test.
fn check(markdown: &str) {
    const TAGS: &[&str] = &[
        "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];
    const ATTRIBUTES: &[&str] = &["href", "title", "target", "rel", "src", "alt", "start", "align"];
    let html = to_html(markdown);
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        let tag = rest[at + 1..].trim_start_matches('/');
        let name = tag.split(|it: char| !it.is_ascii_alphanumeric()).next().unwrap_or_default();
        assert!(TAGS.contains(&name), "{markdown:?} became {html}");
        let mut inside = tag[name.len()..].trim_start();
        while !inside.starts_with('>') && !inside.starts_with("/>") {
            // The serialiser writes each value between double quotes.
            let Some((attribute, value)) = inside.split_once("=\"") else { unreachable!("{markdown:?} became {html}") };
            let Some((value, after)) = value.split_once('"') else { unreachable!("{markdown:?} became {html}") };
            assert!(ATTRIBUTES.contains(&attribute), "{markdown:?} became {html}");
            if matches!(attribute, "href" | "src") {
                check_address(value, markdown, &html);
            }
            inside = after.trim_start();
        }
        rest = inside;
    }
}

/// As a browser reads an address: white space and controls are passed over, what stands before the colon is the scheme.
fn check_address(address: &str, markdown: &str, html: &str) {
    let address = address.replace("&amp;", "&");
    let read: String = address.chars().filter(|it| !it.is_control() && !it.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let scheme = read.split(['/', '?', '#']).next().unwrap_or_default().split_once(':').map(|it| it.0);
    // What holds no scheme leads within the own site, whatever it is called.
    let is_scheme = |it: &str| it.chars().next().is_some_and(|it| it.is_ascii_alphabetic()) && it.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
    if let Some(scheme) = scheme.filter(|it| is_scheme(it)) {
        assert!(["http", "https", "mailto", "tel"].contains(&scheme), "{markdown:?} became {html}");
    }
}

#[test]
fn markup_and_addresses_do_nothing() {
    let mut count = 0;
    for (vectors, places) in [(MARKUP, MARKUP_PLACES), (ADDRESSES, ADDRESS_PLACES)] {
        for vector in vectors {
            for (before, after) in places {
                check(&format!("{before}{vector}{after}"));
                count += 1;
            }
        }
    }
    println!("{count} attempts");
    assert!(count >= 200);
}

#[test]
fn an_imported_page_does_nothing_either() {
    let mut count = 0;
    for vector in MARKUP.iter().map(|it| (*it).to_owned()).chain(ADDRESSES.iter().map(|it| format!("<a href=\"{it}\">x</a><img src='{it}'>"))) {
        for (before, after) in [("<p>text ", "</p>"), ("<table><tr><th>a<th>b<tr><td>", "<td>x</table>"), ("<details><summary>q", "?</summary>a</details>"), ("<pre>", "</pre>"), ("<ul><li>x ", "</ul>"), ("<h1>t</h1>x", "")] {
            let page = format!("{before}{vector}{after}");
            for it in import("page.html", page.as_bytes()).map(|it| it.articles).unwrap_or_default() {
                check(&it.body);
                check(&it.title);
            }
            count += 1;
        }
    }
    println!("{count} pages");
    assert!(count >= 200);
}
