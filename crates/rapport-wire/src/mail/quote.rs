//! What a person said apart from what their program repeated below: quotes, headers of the message that is answered, signatures. Nothing is thrown away.

/// A stretch of whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub kind: SegmentKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    Said,
    Quoted,
    Signature,
}

/// A text in stretches that follow each other: their texts joined by line ends are the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    pub segments: Vec<Segment>,
}

impl Folded {
    /// What was said, without blank lines at its ends.
    pub fn visible(&self) -> String {
        let said: Vec<&str> = self.segments.iter().filter(|it| it.kind == SegmentKind::Said).map(|it| it.text.trim_matches(['\n', ' '])).filter(|it| !it.is_empty()).collect();
        said.join("\n\n")
    }

    pub fn whole(&self) -> String {
        self.segments.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub fn is_folded(&self) -> bool {
        self.segments.iter().any(|it| it.kind != SegmentKind::Said)
    }
}

/// Folds a plain text, or one that [`super::plain::from_html`] made. Where nothing would be left to read, nothing is folded: an answer may be written into a
/// quote without a mark.
pub fn fold(text: &str) -> Folded {
    let lines: Vec<&str> = text.lines().collect();
    let mut kinds = kinds(&lines);
    let says = |kinds: &[SegmentKind]| lines.iter().zip(kinds).any(|(line, kind)| *kind == SegmentKind::Said && !line.trim().is_empty());
    if !says(&kinds) {
        kinds.fill(SegmentKind::Said);
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (line, kind) in lines.iter().zip(kinds) {
        match segments.last_mut().filter(|it| it.kind == kind) {
            Some(segment) => {
                segment.text.push('\n');
                segment.text.push_str(line);
            }
            None => segments.push(Segment { kind, text: (*line).to_owned() }),
        }
    }
    Folded { segments }
}

fn kinds(lines: &[&str]) -> Vec<SegmentKind> {
    use SegmentKind::{Quoted, Said};
    let mut kinds = vec![Said; lines.len()];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if forwards(line) {
            // What is forwarded is what the sender wants to be read.
            break;
        }
        match cut(rest) {
            // The program marks what it quotes: what is not marked was said.
            Some(cut) if !cut.is_block && is_marked_below(rest, cut.lines) => {
                set(&mut kinds, at, cut.lines, Quoted);
                at += cut.lines;
                at += quoted_run(lines, at, &mut kinds, true).max(1);
            }
            Some(_) => {
                let from = with_rule_above(lines, at);
                set(&mut kinds, from, lines.len() - from, Quoted);
                break;
            }
            None if is_marked(line) => at += quoted_run(lines, at, &mut kinds, false).max(1),
            None => at += 1,
        }
    }
    signatures(lines, &mut kinds);
    kinds
}

fn is_marked_below(rest: &[&str], count: usize) -> bool {
    rest.iter().skip(count).find(|it| !it.trim().is_empty()).is_some_and(|it| is_marked(it))
}

/// Marks a run of `>` lines with the blank ones between them; gives its length. One line alone is a quote only behind an introduction, or where a blank follows
/// the mark: `>100 元` is a price.
fn quoted_run(lines: &[&str], from: usize, kinds: &mut [SegmentKind], introduced: bool) -> usize {
    let rest = lines.get(from..).unwrap_or_default();
    let reach = rest.iter().take_while(|it| it.trim().is_empty() || is_marked(it)).count();
    let run = rest.get(..reach).unwrap_or_default();
    let length = run.iter().rposition(|it| is_marked(it)).map_or(0, |it| it + 1);
    let marked: Vec<&&str> = run.iter().filter(|it| is_marked(it)).collect();
    let sure = introduced || marked.len() > 1 || marked.iter().any(|it| it.trim_start().starts_with("> "));
    if sure {
        set(kinds, from, length, SegmentKind::Quoted);
    }
    length
}

fn set(kinds: &mut [SegmentKind], from: usize, count: usize, kind: SegmentKind) {
    kinds.iter_mut().skip(from).take(count).for_each(|it| *it = kind);
}

fn is_marked(line: &str) -> bool {
    let line = line.trim_start();
    let is_face = [">_<", ">.<", ">///<", ">o<", ">д<", ">_>", ">.>"].iter().any(|it| line.starts_with(it));
    (line.starts_with('>') || line.starts_with('＞')) && !is_face
}

/// Where something else than what was said begins.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Of the introduction.
    lines: usize,
    /// A header or a rule: everything below belongs to it, however it is marked.
    is_block: bool,
}

fn cut(rest: &[&str]) -> Option<Cut> {
    let line = rest.first()?;
    if separates(line) || is_header_block(rest) {
        return Some(Cut { lines: 1, is_block: true });
    }
    let lines = introduction(rest)?;
    Some(Cut { lines, is_block: false })
}

/// The rule and blank lines that Outlook puts above its header.
fn with_rule_above(lines: &[&str], at: usize) -> usize {
    let is_rule = |it: &str| it.trim().chars().all(|it| "_-=*─━ ".contains(it));
    let above = lines.get(..at).unwrap_or_default().iter().rev().take(3).take_while(|it| is_rule(it)).count();
    at - above
}

/// Inner words of a line of dashes.
fn within_dashes(line: &str) -> Option<String> {
    let trimmed = line.trim();
    let inner = trimmed.trim_matches(|it: char| "-_=*|─━—> ".contains(it));
    let dashes = trimmed.chars().filter(|it| "-_=─━—".contains(*it)).count();
    (dashes >= 4 && !inner.is_empty() && inner.len() <= 60).then(|| inner.trim_end_matches([':', '：']).trim().to_lowercase())
}

fn separates(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "original message", "original", "original email", "replied message", "reply message", "原始邮件", "原邮件", "回复的原邮件", "原始邮件信息", "原始郵件", "原始信息", "ursprüngliche nachricht",
        "message d'origine", "mensaje original", "please type your reply above this line", "请在此行上方回复",
    ];
    within_dashes(line).is_some_and(|it| WORDS.contains(&it.as_str()))
}

fn forwards(line: &str) -> bool {
    const WORDS: &[&str] = &["forwarded message", "转发的邮件", "转发邮件信息", "转发邮件", "轉寄的郵件", "转发信息"];
    let begins = line.trim().to_lowercase();
    within_dashes(line).is_some_and(|it| WORDS.contains(&it.as_str())) || begins == "begin forwarded message:" || begins == "开始转发的邮件：" || begins == "以下是转发的邮件："
}

const FROM: &[&str] = &["from", "发件人", "寄件者", "寄件人", "von", "de", "发送者"];
const OTHERS: &[&[&str]] = &[
    &["sent", "date", "发送时间", "发送日期", "日期", "时间", "寄件日期", "傳送時間", "gesendet", "datum", "envoyé", "date d'envoi"],
    &["to", "收件人", "收件者", "an", "à", "para"],
    &["subject", "主题", "主旨", "標題", "betreff", "objet", "asunto"],
];

/// `name: value` with names in bold or in a table, in lower case.
fn label(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['>', ' ', '*', '|', '\u{A0}']);
    let end = line.char_indices().take(20).find(|(_, it)| ":：|".contains(*it)).map(|it| it.0)?;
    let name: String = line.get(..end)?.chars().filter(|it| !"* \u{3000}\u{A0}".contains(*it)).collect();
    (!name.is_empty()).then(|| name.to_lowercase())
}

/// From, and two of date, to and subject within the next lines.
fn is_header_block(rest: &[&str]) -> bool {
    let first = rest.first().and_then(|it| label(it));
    if !first.is_some_and(|it| FROM.contains(&it.as_str())) {
        return false;
    }
    let below: Vec<String> = rest.iter().skip(1).take(8).filter_map(|it| label(it)).collect();
    OTHERS.iter().filter(|names| below.iter().any(|it| names.contains(&it.as_str()))).count() >= 2
}

/// How many lines introduce a quote: "On … wrote:", "… 写道：", over at most three of them.
fn introduction(rest: &[&str]) -> Option<usize> {
    let first = rest.first()?.trim();
    if first.is_empty() || first.len() > 300 || is_marked(first) {
        return None;
    }
    let mut joined = String::new();
    for (at, line) in rest.iter().take(3).enumerate() {
        if line.trim().is_empty() || joined.len() > 400 {
            return None;
        }
        joined.push_str(line.trim());
        if introduces(&joined) {
            return Some(at + 1);
        }
        if at == 0 && !begins_introduction(first) {
            return None;
        }
        joined.push(' ');
    }
    None
}

/// Whether a first line may go on: it begins as introductions do, or names who is quoted.
fn begins_introduction(line: &str) -> bool {
    ["On ", "At ", "Am ", "Le ", "El ", "Il ", "在", "于"].iter().any(|it| line.starts_with(it)) || line.contains('@')
}

fn introduces(text: &str) -> bool {
    const ENDS: &[&str] = &["wrote:", "writes:", "写道:", "写到:", "寫道:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "ha scritto:", "написал:"];
    if !text.trim_end_matches(['*', ' ']).ends_with([':', '：']) {
        return false;
    }
    let lower = text.to_lowercase().replace('：', ":");
    let lower = lower.trim_end_matches(['*', ' ']);
    // A sentence of one's own may end so; a program tells when, or an address.
    let clock = || {
        let bytes: Vec<char> = lower.chars().collect();
        bytes.windows(3).any(|it| matches!(it, [a, ':', b] if a.is_ascii_digit() && b.is_ascii_digit()))
    };
    ENDS.iter().any(|it| lower.ends_with(it)) && lower.len() <= 400 && (lower.contains('@') || clock() || lower.contains("年") && lower.contains("日"))
}

/// Below `-- `, and lines that telephones and programs add; within what was said.
fn signatures(lines: &[&str], kinds: &mut [SegmentKind]) {
    const LONGEST: usize = 15;
    for (at, line) in lines.iter().enumerate() {
        let said = |kinds: &[SegmentKind]| kinds.iter().skip(at).take(LONGEST + 1).take_while(|it| **it == SegmentKind::Said).count();
        if matches!(line.trim_end(), "--" | "—" | "――") && said(kinds) <= LONGEST {
            let length = said(kinds);
            set(kinds, at, length, SegmentKind::Signature);
        } else if is_advert(line) && said(kinds) > 0 {
            set(kinds, at, 1, SegmentKind::Signature);
        }
    }
}

fn is_advert(line: &str) -> bool {
    const BEGINS: &[&str] = &[
        "sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo", "get outlook for", "发自我的", "发自 我的", "发自手机", "从我的", "来自我的", "来自网易", "发送自 windows", "发自网易",
        "获取 outlook", "下载适用于", "發自我的", "由 outlook", "qq邮箱发自", "来自企业微信", "发自企业微信",
    ];
    if line.len() > 240 {
        return false;
    }
    let lower = line.trim().to_lowercase();
    let sent = !lower.starts_with("从我的") || lower.ends_with("发送");
    lower.chars().count() <= 60 && sent && BEGINS.iter().any(|it| lower.starts_with(it)) && !lower.ends_with(['?', '？', '。', '，'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visible text; the whole is always kept.
    fn check(text: &str, expected: &str) {
        let folded = fold(text);
        assert_eq!(folded.visible(), expected, "{text}\n{folded:?}");
        assert_eq!(folded.whole(), text.lines().collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn programs_quote_below() {
        check("Thanks!\n\nOn Mon, Nov 2, 2026 at 10:00 AM Shop <reply@shop.cn> wrote:\n\n> Hello\n> there\n", "Thanks!");
        check("Thanks!\n\nOn Mon, Nov 2, 2026 at 10:00 AM Shop Service\n<reply@shop.cn> wrote:\n> Hello", "Thanks!");
        check("好的\n\n商城客服 <reply@shop.cn> 于2026年11月2日周一 10:00写道：\n\n> 您好", "好的");
        check("好的\n\n在 2026年11月2日，上午10:00，商城 <reply@shop.cn> 写道：\n\n您好，没有引用符号", "好的");
        check("还没到\n\n\n\nAt 2026-11-02 10:00:00, \"商城\" <reply@shop.cn> wrote:\n>您好\n>订单", "还没到");
        check("还没到\n在 2026-11-02 10:00:00，\"商城\" <reply@shop.cn> 写道：\n您好", "还没到");
        check("收到\n\n-----原始邮件-----\n发件人: 商城\n您好", "收到");
        check("收到\n\n------------------ 原始邮件 ------------------\n发件人: \"商城\" <reply@shop.cn>;\n发送时间: 2026年11月2日", "收到");
        check("收到\n\n发件人： 商城\n发送时间： 2026-11-02 10:00\n收件人： li\n主题： Re: 退款\n您好", "收到");
        check("ok\n\n________________________________\nFrom: Shop <reply@shop.cn>\nSent: Monday\nTo: Li\nSubject: Refund\n\nHello", "ok");
        check("ok\n\n*From:* Shop\n*Date:* Monday\n*To:* Li\n\nHello", "ok");
        check("ok\n\n-----Original Message-----\nFrom: Shop\nHello", "ok");
        check("好\n\n---- 回复的原邮件 ----\n| 发件人 | 商城 |\n| 日期 | 2026年 |", "好");
        check("On 11/2/26 10:00, Shop wrote:\n> Which size?\n\nSize 42, please.", "Size 42, please.");
    }

    #[test]
    fn answers_between_and_below_quotes_are_kept() {
        check("> 尺码？\n42\n> 颜色？\n黑色", "42\n\n黑色");
        check("On Mon, Nov 2, 2026 at 10:00 Shop <a@shop.cn> wrote:\n> one?\n\nyes\n\n> two?\n> really?\n\nno", "yes\n\nno");
        check("在 2026/11/2 10:00, 商城 写道:\n> 请提供订单号\n\n订单号 12345", "订单号 12345");
    }

    #[test]
    fn what_only_looks_like_a_quote_stays() {
        for text in [
            ">100元的订单包邮吗",
            ">_< 还没收到货",
            "客服在上次的回复里写道：",
            "发件人：张三",
            "From: Beijing to Shanghai, how long?",
            "I wrote:\nnothing",
            "从我的角度看，这不合理。",
            "FYI\n---------- Forwarded message ---------\nFrom: a@x.cn\nDate: Mon\nSubject: s\nTo: b@x.cn\n\nlook",
            "> only a quote",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn pages_of_programs_are_folded_too() {
        let check_html = |html: &str, expected: &str| check(&crate::mail::plain::from_html(html), expected);
        check_html("<div dir=\"ltr\">Thanks!</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Nov 2, 2026 at 10:00 AM Shop &lt;<a href=\"mailto:reply@shop.cn\">reply@shop.cn</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\"><div>Hello</div></blockquote></div>", "Thanks!");
        check_html("<div>好的</div><div class=\"gmail_quote\"><div>商城 &lt;reply@shop.cn&gt; 于2026年11月2日周一 10:00写道：<br></div><blockquote><p>您好</p></blockquote></div>", "好的");
        check_html("<div>ok</div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Shop &lt;reply@shop.cn&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Li<br><b>Subject:</b> Refund</div><div>Hello</div>", "ok");
        check_html("<p class=\"MsoNormal\">收到，谢谢</p><div><p class=\"MsoNormal\"><b>发件人:</b> 商城 &lt;reply@shop.cn&gt; <br><b>发送时间:</b> 2026年11月2日 10:00<br><b>收件人:</b> 李<br><b>主题:</b> 退款</p></div><p>您好</p>", "收到，谢谢");
        check_html("<div>收到</div><div><br></div><div style=\"font-size:12px\">------------------&nbsp;原始邮件&nbsp;------------------</div><div><div><b>发件人:</b>&nbsp;\"商城\"</div><div><b>发送时间:</b>&nbsp;2026年</div></div><div>您好</div>", "收到");
        check_html("<div>还没到</div><pre>\n在 2026-11-02 10:00:00，\"商城\" &lt;reply@shop.cn&gt; 写道：</pre><blockquote id=\"isReplyContent\">您好</blockquote>", "还没到");
        check_html("<div>好</div><hr><div>---- 回复的原邮件 ----<br></div><table><tr><td>发件人</td><td>商城</td></tr></table>", "好");
        check_html("42 码<br><blockquote type=\"cite\"><div>On Nov 2, 2026, at 10:00, Shop &lt;reply@shop.cn&gt; wrote:</div><br><div>Which size?</div></blockquote>", "42 码");
        check_html("<blockquote type=\"cite\">尺码？</blockquote>42<blockquote type=\"cite\">颜色？</blockquote>黑色", "42\n\n黑色");
        check_html("<div>请尽快</div><div><br></div><div>发自我的iPhone</div>", "请尽快");
    }

    #[test]
    fn signatures_are_folded() {
        check("请尽快处理\n\n发自我的 iPhone", "请尽快处理");
        check("Please help\n-- \nLi Ming\nSales", "Please help");
        check("Please help\n--\nLi\n\nOn Mon, Nov 2, 2026 at 10:00 Shop <a@shop.cn> wrote:\n> hi", "Please help");
        check("Sent from my iPhone", "Sent from my iPhone");
        let long = format!("a\n--\n{}", "条款\n".repeat(30).trim_end());
        check(&long, &long);
    }
}
