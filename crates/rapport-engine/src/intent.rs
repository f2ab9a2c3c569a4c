//! What a short customer text wants apart from knowledge: a person, small talk, or to know who answers.

use rapport_model::is_han;

/// Talk that needs no knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    Greeting,
    Thanks,
    Goodbye,
    /// "ok", "好的".
    Acknowledgement,
    /// Asks whether a machine answers: that is always told.
    WhoAreYou,
}

/// Compounds in which the words of a request for a person mean something else.
const NOT_A_PERSON_ZH: &[&str] = &[
    "人工智能", "人工费", "人工缝", "人工合成", "人工皮", "人工草", "人工制", "人工成本", "人工收费", "人工宝石", "纯人工", "真人秀", "真人模特", "真人实拍", "真人照",
    "真人试", "真人上身", "真人出镜", "真人cs", "客服电话", "客服热线", "客服邮箱", "客服微信", "客服时间", "客服工作时间", "客服上班", "客服几点", "人工几点", "人工服务时间",
    "人工湖", "人工审", "审核是人工", "是人工的吗", "模特是真人", "上次的客服", "上次客服", "之前的客服", "之前客服", "昨天的客服", "昨天客服", "刚才的客服", "刚才客服", "那个客服",
    "人工上班", "人工客服几点", "人工客服时间", "客服号码", "客服中心地址",
];
/// "No machine, a person": the machine half says nothing about the person half.
const NOT_THE_BOT_ZH: &[&str] = &["不要机器人", "不要和机器人", "不想和机器人", "不想跟机器人", "别用机器人", "不要智能", "不要自动回复"];
const NEGATIONS_ZH: &[&str] = &["不要", "不用", "不需要", "无需", "别", "不想", "不必", "先不", "暂不", "不转", "不找"];
const VERBS_ZH: &[&str] = &["找", "转", "要", "叫", "联系", "接", "请", "换", "需要", "呼叫", "来", "有", "给我", "想和", "想跟", "怎么没", "上"];
/// Enough by themselves in a text of any length.
const PHRASES_ZH: &[&str] = &[
    "转人工", "找人工", "要人工", "人工客服", "人工服务", "真人", "活人", "转客服", "找客服", "叫客服", "要客服", "联系客服", "接客服", "人工坐席", "人工座席", "接线员", "找个人",
    "叫个人", "换个人", "叫人来", "换人来", "找人来处理", "找人来解决", "找人处理", "让人来处理",
    "找人聊", "跟人聊", "和人聊", "跟人说", "和人说", "跟人谈", "和人谈", "真的人", "有人在吗", "有人吗", "有没有人在", "人在吗", "在线客服",
];
/// Said last, they are a request: "你不行，换人".
const LAST_WORDS_ZH: &[&str] = &["换人", "叫人"];
/// Asked for with a verb, they are one, too: "找你们经理".
const SUPERIORS_ZH: &[&str] = &["经理", "主管", "领导", "负责人"];
const CALLS_ZH: &[&str] = &["找", "叫", "让", "请", "喊", "换", "要见", "联系"];
/// Enough when little else is said.
const WORDS_ZH: &[&str] = &["人工", "客服", "坐席", "座席"];

const VERBS_EN: &[&str] = &[
    "talk", "speak", "chat", "connect", "transfer", "want", "need", "get", "give", "put", "reach", "contact", "call", "switch", "escalate", "see", "ask", "prefer", "have", "any",
];
const PERSONS_EN: &[&str] = &["human", "person", "agent", "representative", "rep", "operator", "advisor", "adviser", "someone", "somebody", "people", "staff", "manager", "supervisor"];
/// After "human" or "agent" these make another word of it.
const NOT_A_PERSON_AFTER_EN: &[&str] = &["hair", "made", "resources", "rights", "body", "size", "sized", "skin", "fee", "fees", "discount", "orange"];
const NOT_A_PERSON_BEFORE_EN: &[&str] = &["cleaning", "travel", "estate", "bleaching", "user", "per", "each", "another", "other", "delivery", "shipping", "second", "third", "different", "which"];
const PHRASES_EN: &[&str] = &[
    "real person", "real human", "live agent", "live person", "live chat", "human agent", "human being", "customer service", "customer support", "customer care", "support team", "actual person",
    "actual human", "not a bot", "no bot", "anyone there", "anybody there", "human help", "human support", "human assistance", "human please", "person please", "agent please", "someone call me",
    "somebody call me",
];
const NEGATIONS_EN: &[&str] = &["dont", "don't", "not", "no", "without", "never"];
const OF_A_REQUEST_EN: &[&str] = &[
    "a", "an", "the", "any", "real", "live", "to", "with", "for", "me", "talk", "speak", "chat", "connect", "transfer", "put", "through", "want", "need", "give", "get", "see", "call", "your",
];

/// Whether the text asks for a person, in Chinese or English.
pub fn asks_for_person(text: &str) -> bool {
    let text = normalised(text);
    asks_in_chinese(&text) || asks_in_english(&text)
}

/// Words that may stand around a request for a person and say nothing about what is wanted.
const AROUND_A_CALL_ZH: &[&str] = &[
    "不要机器人", "机器人", "马上", "立刻", "直接", "麻烦", "谢谢", "服务", "处理", "咨询", "解决", "问题", "说话", "对话", "沟通", "联系", "需要", "可以", "客服", "人工", "一下", "现在", "在吗",
    "你好", "您好",
];
const AROUND_A_CALL_CHARS: &str = "我要想请帮给你您们转接找个吧吗啊呢了呀哦的来叫能不和跟人说聊谈换先就还是真活有没在么快到与位名让";
const AROUND_A_CALL_EN: &[&str] = &[
    "i", "i'd", "i'm", "a", "an", "the", "to", "me", "you", "can", "could", "would", "may", "like", "please", "pls", "with", "my", "your", "is", "there", "now", "just", "some", "one", "real", "live",
    "actual", "right", "hi", "hello", "hey", "thanks", "thank", "let", "of", "for", "and", "team", "support", "service", "customer", "care", "through", "on", "in", "being", "bot", "robot", "not", "no",
    "about", "this", "anyone", "anybody", "ok", "okay", "yes", "instead", "directly", "us", "from", "be", "want", "it", "do", "have", "so", "then",
];

/// "转人工" says nothing about what is wanted; "我要退货，转人工" does.
pub(crate) fn is_only_a_call(text: &str) -> bool {
    if !asks_for_person(text) {
        return false;
    }
    let text = normalised(text);
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '\'')).filter(|it| !it.is_empty());
    let known = |word: &&str| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        AROUND_A_CALL_EN.contains(word) || VERBS_EN.contains(word) || PERSONS_EN.contains(&singular)
    };
    if words.filter(|it| !known(it)).count() > 0 {
        return false;
    }
    let mut han: String = text.chars().filter(|it| is_han(*it)).collect();
    for phrase in NOT_THE_BOT_ZH.iter().chain(PHRASES_ZH).chain(AROUND_A_CALL_ZH) {
        han = han.replace(phrase, "");
    }
    han.chars().filter(|it| !AROUND_A_CALL_CHARS.contains(*it)).count() <= 1
}

fn asks_in_chinese(text: &str) -> bool {
    let mut text: String = text.chars().filter(|it| it.is_alphanumeric()).collect();
    if !text.chars().any(is_han) {
        return false;
    }
    for compound in NOT_A_PERSON_ZH.iter().chain(NOT_THE_BOT_ZH) {
        text = text.replace(compound, "|");
    }
    // A negation may take the phrase's own verb with it: "不要人工" holds "要人工".
    let asked = |phrase: &str| {
        let verb = VERBS_ZH.iter().find(|it| phrase.starts_with(**it)).map_or(0, |it| it.len());
        text.match_indices(phrase).any(|(at, _)| !negated_zh(before(&text, at + verb)))
    };
    if PHRASES_ZH.iter().any(|it| asked(it)) {
        return true;
    }
    let calls_superior = |word: &&str| -> bool {
        text.match_indices(*word).any(|(at, _)| {
            let lead = last_chars(before(&text, at), 4);
            CALLS_ZH.iter().any(|verb| lead.contains(verb)) && !negated_zh(&lead)
        })
    };
    if LAST_WORDS_ZH.iter().any(|it| text.ends_with(it) && asked(it)) || SUPERIORS_ZH.iter().any(calls_superior) {
        return true;
    }
    let short = text.chars().filter(|it| *it != '|').count() <= 8;
    WORDS_ZH.iter().any(|word| {
        text.match_indices(*word).any(|(at, _)| {
            let ahead = before(&text, at);
            let lead: String = last_chars(ahead, 4);
            !negated_zh(ahead) && (short || VERBS_ZH.iter().any(|verb| lead.contains(verb)))
        })
    })
}

fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

fn last_chars(text: &str, count: usize) -> String {
    let skipped = text.chars().count().saturating_sub(count);
    text.chars().skip(skipped).collect()
}

/// "不要人工", "不用转人工": the negation stands right before, with at most a verb between.
fn negated_zh(ahead: &str) -> bool {
    let ahead = last_chars(ahead, 5);
    NEGATIONS_ZH.iter().any(|negation| {
        ahead.rfind(negation).is_some_and(|at| {
            let between = ahead.get(at + negation.len()..).unwrap_or_default();
            between.is_empty() || matches!(between, "转" | "找" | "接" | "叫" | "联系" | "要" | "给我" | "给我转" | "帮我转" | "转接")
        })
    })
}

fn asks_in_english(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|it| it.is_ascii() && !it.is_empty()).collect();
    if words.is_empty() {
        return false;
    }
    let joined = format!(" {} ", words.join(" "));
    let short = words.len() <= 4;
    let is_verb = |it: &&str| VERBS_EN.contains(it);
    for phrase in PHRASES_EN {
        if let Some(at) = joined.find(&format!(" {phrase} ")) {
            let ahead: Vec<&str> = joined.get(..at).unwrap_or_default().split(' ').filter(|it| !it.is_empty()).collect();
            let asked = short || phrase.contains("human") || phrase.contains("person") || phrase.contains("bot") || phrase.ends_with("please") || phrase.ends_with("call me") || ahead.iter().any(is_verb);
            if asked && !negated_en(&ahead) {
                return true;
            }
        }
    }
    words.iter().enumerate().any(|(at, word)| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        if !PERSONS_EN.contains(&singular) {
            return false;
        }
        let ahead = words.get(..at).unwrap_or_default();
        let foreign = words.get(at + 1).is_some_and(|it| NOT_A_PERSON_AFTER_EN.contains(it))
            || ahead.last().is_some_and(|it| NOT_A_PERSON_BEFORE_EN.contains(it));
        let near_verb = ahead.iter().rev().take(4).any(is_verb);
        let spoken_to = ahead.iter().rev().take(6).any(|it| matches!(*it, "talk" | "speak" | "chat" | "connect" | "transfer" | "put" | "escalate"));
        // "Can someone else collect it?" is no request; "can I talk to someone?" is, and so is "give me a person".
        let vague = matches!(singular, "someone" | "somebody" | "people" | "person" | "staff");
        let is_last = words.get(at + 1).is_none_or(|it| matches!(*it, "please" | "now" | "here"));
        let demanded = is_last && ahead.iter().rev().take(3).any(|it| matches!(*it, "give" | "get" | "want" | "need" | "prefer"));
        let asked = if vague { spoken_to || demanded } else { near_verb || words.len() <= 3 };
        !foreign && asked && !negated_en(ahead)
    })
}

/// "I do not want to talk to a human": from the person back through the words of the request stands the negation. "No! I want a human" is none.
fn negated_en(ahead: &[&str]) -> bool {
    let before_request = ahead.iter().rev().find(|it| !OF_A_REQUEST_EN.contains(*it));
    before_request.is_some_and(|it| NEGATIONS_EN.contains(it))
}

const GREETINGS: &[&str] = &[
    "你好", "您好", "哈喽", "哈啰", "嗨", "喂", "在吗", "在不在", "在么", "早上好", "上午好", "中午好", "下午好", "晚上好", "早安", "晚安", "hello", "hi", "hey", "good morning",
    "good afternoon", "good evening", "morning", "there", "亲",
];
const THANKS: &[&str] = &[
    "谢谢", "多谢", "感谢", "谢啦", "谢了", "非常感谢", "太感谢", "辛苦了", "thank you", "thanks", "thankyou", "thx", "ty", "cheers", "much appreciated", "appreciate it", "so much", "very much",
    "a lot", "for your help", "for the help",
];
const GOODBYES: &[&str] = &["再见", "拜拜", "拜", "回见", "goodbye", "bye bye", "bye", "see you", "没有了", "没事了", "没问题了", "that's all", "thats all"];
const ACKNOWLEDGEMENTS: &[&str] = &[
    "问题已经解决了", "问题都解决了", "问题解决了", "已经解决了", "都解决了", "解决了", "搞定了", "弄好了", "太好了", "太棒了", "真棒", "帮大忙了", "帮了大忙", "服务很满意", "服务很好", "服务很周到",
    "态度很好", "很满意", "满意", "problem solved", "that solved it", "that fixed it", "that helped", "that worked", "it works now", "works now", "solved", "very helpful", "so helpful", "helpful",
    "awesome", "wonderful", "excellent", "amazing", "happy with the service", "great service", "the service was",
    "好的", "好", "嗯嗯", "嗯", "行", "可以", "知道了", "明白了", "明白", "了解", "收到", "懂了", "okay", "ok", "great", "got it", "i see", "alright", "perfect", "sure", "fine", "cool",
    "good",
];
const FILLERS: &[&str] = &["非常", "太", "你们", "您", "你", "啊", "呀", "哦", "噢", "啦", "了", "呢", "哈", "吧", "的", "请问", "那", "谁", "very", "so", "all", "then", "and", "oh", "wow", "i am", "i'm", "that is", "that's", "it is", "you have been", "you've been"];
const WHO_ZH: &[&str] = &["你是机器人", "您是机器人", "是机器人吗", "你是真人还是", "你是人还是", "你是谁", "您是谁", "你是ai", "是ai吗", "你是人吗"];
const WHO_EN: &[&str] = &["are you a bot", "are you a robot", "are you human", "are you a human", "are you real", "are you an ai", "are you ai", "is this a bot", "who are you", "am i talking to a bot", "am i talking to a robot"];

/// Small talk when the whole text is nothing else; a thank-you before a question is a question.
pub(crate) fn small_talk(text: &str) -> Option<SmallTalk> {
    let text = normalised(text);
    let compact: String = text.chars().filter(|it| it.is_alphanumeric()).collect();
    let spaced = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
    if compact.is_empty() {
        return of_signs(&text);
    }
    if WHO_ZH.iter().any(|it| compact.contains(it)) || WHO_EN.iter().any(|it| spaced.contains(it)) {
        return Some(SmallTalk::WhoAreYou);
    }
    let kinds = [
        (SmallTalk::Thanks, THANKS),
        (SmallTalk::Goodbye, GOODBYES),
        (SmallTalk::Greeting, GREETINGS),
        (SmallTalk::Acknowledgement, ACKNOWLEDGEMENTS),
    ];
    let mut rest = format!(" {spaced} ");
    let mut found = None;
    for (kind, words) in kinds {
        for word in words {
            if remove(&mut rest, word) {
                found = found.or(Some(kind));
            }
        }
    }
    for word in FILLERS {
        remove(&mut rest, word);
    }
    if rest.chars().all(|it| it == ' ') { found } else { None }
}

/// A text of nothing but signs: a thumb is a yes, folded hands and flowers are thanks; question marks and angry faces are neither.
fn of_signs(text: &str) -> Option<SmallTalk> {
    const THANKFUL: &[char] = &['🙏', '❤', '💕', '💖', '🌹', '💐', '😘', '🥰'];
    const AGREED: &[char] = &['👍', '👌', '🤝', '🙂', '😊', '😄', '😀', '😁', '✅', '🆗'];
    let mut signs = text.chars().filter(|it| !it.is_whitespace() && !matches!(*it, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '!' | '~' | '。')).peekable();
    signs.peek()?;
    let signs: Vec<char> = signs.collect();
    if !signs.iter().all(|it| THANKFUL.contains(it) || AGREED.contains(it)) {
        None
    } else if signs.iter().any(|it| THANKFUL.contains(it)) {
        Some(SmallTalk::Thanks)
    } else {
        Some(SmallTalk::Acknowledgement)
    }
}

/// Removes a word: English ones only where they stand alone.
fn remove(text: &mut String, word: &str) -> bool {
    let wanted = if word.is_ascii() { format!(" {word} ") } else { word.to_owned() };
    let found = text.contains(&wanted);
    if found {
        *text = text.replace(&wanted, " ");
    }
    found
}

/// Lower case, full-width forms made half-width, typographic apostrophes made plain.
fn normalised(text: &str) -> String {
    text.chars()
        .map(|it| match it {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(it) - 0xFEE0).unwrap_or(it),
            '\u{3000}' => ' ',
            '’' | '‘' => '\'',
            _ => it,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_for_a_person_are_heard() {
        for text in [
            "人工", "转人工", "转人工！", "我要转人工", "人工客服", "客服", "客服在吗", "有客服吗", "找客服", "我想找客服反映一下情况", "真人", "我要真人服务", "请给我转接人工客服，谢谢",
            "不要机器人，我要人工", "能不能找个人来处理", "有人吗", "想和人聊聊", "帮我联系客服", "叫你们客服出来", "转 人 工", "ＡＩ说不清楚，转人工吧", "还有活人吗", "在线客服", "要人工",
            "agent", "human", "Human please", "real person", "I want to talk to a human", "can I speak to someone?", "connect me to an agent", "live agent", "I need a representative",
            "Let me talk to a real person please", "customer service", "speak with customer support", "operator", "I want a HUMAN!!", "get me a human", "transfer me to a person",
            "Is there an agent I can chat with? I want an agent", "is anyone there", "could you put me through to somebody",
        ] {
            assert!(asks_for_person(text), "{text}");
        }
    }

    #[test]
    fn and_heard_however_they_are_put() {
        for text in [
            "我要找真人客服", "给我转人工", "转人工客服", "转接人工", "接人工", "麻烦转一下人工谢谢", "人工在吗", "人工？", "人工人工人工", "转人工转人工", "我要和真人说话", "有真人吗", "叫人来",
            "叫个人来跟我说", "让真人来回复我", "你不行，换人", "换个人来", "找你们经理", "我要投诉，叫你们主管来", "机器人听不懂，找人来处理", "别跟我扯了，转人工", "我不想跟机器人聊，找人工",
            "怎么转人工", "如何联系人工客服", "人工客服怎么联系", "怎么才能找到真人", "客服呢", "客服人呢", "你们客服呢？出来", "能转人工不", "可以转人工吗", "能帮我转接客服吗", "請轉人工", "轉人工客服",
            "我想找客服", "请客服联系我", "让客服给我回电话", "客服妹妹在不在", "需要人工帮助", "人工帮我看一下", "人工处理一下", "要和人工说", "想问下人工", "转 人工 客服", "zhuan人工", "联系人工",
            "talk to a human please", "Talk to agent", "Can I get a human?", "give me a person", "I'd like to speak with a representative", "put me through to customer service", "human!!!",
            "is there a real person here", "I need to talk to someone in support", "can a human help me", "let me speak to your manager", "stop the bot, human please", "not a bot please",
            "are there any humans I can talk to", "live person", "speak to a person", "chat with an agent", "connect me with someone", "I want an agent now", "agent please", "real agent",
            "could I chat to a member of staff", "transfer to agent", "can someone call me", "get me your supervisor", "escalate this to a human", "i would like human support", "No! I want a human", "this is not working, talk to a human", "I can never reach a person, I need one: connect me to an agent",
        ] {
            assert!(asks_for_person(text), "{text}");
        }
    }

    #[test]
    fn other_questions_are_left_alone() {
        for text in [
            "我买的鞋码数不合适，可以换吗？", "人工智能是什么", "这双鞋是纯人工缝制的吗", "客服电话是多少", "你们客服几点上班", "有真人试穿图吗", "安装人工费怎么算", "不用转人工", "先不转人工，我再问一个问题",
            "不要人工", "退货运费谁出", "别人送的可以退吗", "家里没人可以改时间送吗", "收货人写错了怎么改", "Can I exchange shoes that do not fit?", "do you ship human hair wigs",
            "is the bag made by a cleaning agent company", "I don't want a human", "Can someone else collect my parcel?", "how many people does the tent fit", "what is your return policy",
            "人工湖附近有店吗", "模特是真人吗", "退货要人工审核多久", "审核是人工的吗", "人工审核要几天", "找不到客服电话", "客服态度太差了怎么投诉", "换货人工费谁出", "上次的客服说可以退", "上次客服答应给我补差价", "客服说三天到账，怎么还没到",
            "我找不到订单", "能找回密码吗", "换人收货可以吗", "别人代收可以吗", "送人的礼物能换吗", "有人送货上门吗", "请人代取可以吗", "没有人接电话", "一个人可以买几双", "叫外卖的袋子", "人字拖有吗",
            "I talked to an agent yesterday and got no refund", "the agent said it would arrive today", "an agent told me to return it", "is there an agent fee", "how many people work there",
            "can I return it in person", "someone stole my parcel", "what does your customer service charge", "personal data", "do I need to be there in person", "the person at the store was rude",
            "my sister is the contact person", "is your support open on sunday", "I don't want to talk to a person", "no human needed", "there is no need for a human", "please do not connect me to an agent", "经理推荐的款式有货吗", "领导来店里能打折吗", "不用找经理", "does the travel agent discount apply", "I am a different person now, can I change the name on the order", "when does customer service open on sundays",
        ] {
            assert!(!asks_for_person(text), "{text}");
        }
    }

    #[test]
    fn small_talk_is_only_small_talk() {
        let check = |text: &str, expected: Option<SmallTalk>| assert_eq!(small_talk(text), expected, "{text}");
        check("你好", Some(SmallTalk::Greeting));
        check("您好，在吗？", Some(SmallTalk::Greeting));
        check("Hi there!", Some(SmallTalk::Greeting));
        check("谢谢你", Some(SmallTalk::Thanks));
        check("好的谢谢", Some(SmallTalk::Thanks));
        check("Ok thanks", Some(SmallTalk::Thanks));
        check("Thank you so much!", Some(SmallTalk::Thanks));
        check("再见", Some(SmallTalk::Goodbye));
        check("嗯嗯", Some(SmallTalk::Acknowledgement));
        check("OK", Some(SmallTalk::Acknowledgement));
        check("你是机器人吗？", Some(SmallTalk::WhoAreYou));
        check("Are you a bot?", Some(SmallTalk::WhoAreYou));
        check("太好了，问题解决了，非常感谢", Some(SmallTalk::Thanks));
        check("谢谢，服务很满意", Some(SmallTalk::Thanks));
        check("问题解决了", Some(SmallTalk::Acknowledgement));
        check("That solved it, thank you! You've been very helpful.", Some(SmallTalk::Thanks));
        check("问题没解决", None);
        check("服务不满意", None);
        check("太好了，那什么时候发货", None);
        check("great, and what about the refund", None);
        check("谢谢，那运费谁出？", None);
        check("hi, can I exchange shoes?", None);
        check("你好我想退货", None);
        check("", None);
        check("???", None);
        check("👍", Some(SmallTalk::Acknowledgement));
        check("👍🏻👍🏻", Some(SmallTalk::Acknowledgement));
        check("🙏🙏", Some(SmallTalk::Thanks));
        check("❤️ 👍", Some(SmallTalk::Thanks));
        check("😡", None);
        check("谢谢🙏", Some(SmallTalk::Thanks));
        check("第二件多少钱", None);
    }
}
