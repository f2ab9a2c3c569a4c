//! Alarms: words that call for a person at once, whatever else the text says.

use super::prepared::Prepared;

/// Why somebody must look. Every kind has words of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// A complaint to an authority or a formal one to the firm.
    Complaint,
    /// Lawyer, court.
    Legal,
    /// Press and public exposure.
    Exposure,
    /// Police; violence or blockade announced.
    Force,
    /// Somebody may harm themselves, or a life is at stake.
    Life,
}

impl Alarm {
    pub const ALL: [Self; 5] = [Self::Complaint, Self::Legal, Self::Exposure, Self::Force, Self::Life];

    pub fn name(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Legal => "legal",
            Self::Exposure => "exposure",
            Self::Force => "force",
            Self::Life => "life",
        }
    }

    fn by_chars(self) -> &'static [&'static str] {
        match self {
            Self::Complaint => &[
                "我要投诉", "要投诉你", "投诉你们", "投诉到", "去投诉", "投诉电话我", "马上投诉", "现在就投诉", "直接投诉", "向12315", "打12315", "找12315", "12315见", "去12315", "12315投诉", "12315举报", "打12300", "12300举报", "打12345", "12345投诉",
                "12345举报", "工信部投诉", "投诉工信部", "向工信部", "找工信部", "去工信部", "银保监", "金融监管局", "消协", "消费者协会", "举报你", "要举报", "去举报", "实名举报", "向监管", "市场监管", "315见", "315曝光", "上315", "找315", "我要举报", "打旅游局", "旅游局投诉",
                "教育局投诉", "去教育局", "教育局和", "卫健委", "信访",
            ],
            Self::Legal => &[
                "律师函", "就请律师", "会请律师", "去请律师", "请律师起诉", "请律师告", "请好律师", "请了律师", "就找律师", "去找律师", "会找律师", "我找律师", "找律师告", "找律师起诉", "找律师连", "再找律师", "让律师", "我的律师", "联系了律师", "委托了律师", "咨询律师了", "起诉你", "起诉你们", "要起诉", "去起诉", "我起诉", "告你们", "告上法", "要告你", "打官司", "法院见", "法庭见", "法庭上见", "上法院", "法院传票", "去法院", "法务会", "法务明天", "法务今天",
                "走法律", "法律途径", "申请仲裁", "劳动仲裁", "追究你们", "追究责任", "承担法律责任",
            ],
            Self::Exposure => &["曝光", "爆光", "找媒体", "找记者", "联系媒体", "联系记者", "让媒体", "电视台", "上热搜", "发到网上", "挂网上", "挂到网上", "发抖音", "发微博", "发小红书", "全网", "发朋友圈让", "让所有人看", "让大家看"],
            Self::Force => &["报警", "打110", "拨110", "拉横幅", "堵门", "堵你们", "砸店", "砸了你", "砸你们", "弄死你", "打死你", "杀了你", "杀了你们", "跟你们拼", "同归于尽", "泼油漆", "烧了你"],
            Self::Life => &[
                "想自杀", "要自杀", "自杀算了", "不想活", "活不下去", "活着没意思", "活着没意义", "想死了算", "死了算了", "去跳楼", "想跳楼", "要跳楼", "跳楼给你", "割腕", "轻生", "结束生命", "了结自己", "一死了之", "死给你", "在抢救", "正在抢救", "病危", "救命啊", "快死了怎么", "煤气泄漏", "着火了", "起火了",
                "喘不上气", "呼吸困难", "昏迷",
            ],
        }
    }

    fn by_words(self) -> &'static [&'static str] {
        match self {
            Self::Complaint => &[
                "formal complaint", "official complaint", "file a complaint", "filing a complaint", "file complaint", "lodge a complaint", "ombudsman", "trading standards", "bbb", "better business bureau", "attorney general", "consumer protection", "report you to", "reporting you", "report this company",
                "reporting this company", "regulator", "financial conduct authority", "ftc", "fcc", "food safety authority", "reporting this to", "report this to the", "chargeback", "charge this back", "charging this back", "dispute the charge", "disputing the charge", "complain to the",
            ],
            Self::Legal => &[
                "my lawyer", "our lawyer", "my lawyers", "our lawyers", "hire a lawyer", "get a lawyer", "getting a lawyer", "calling a lawyer", "my attorney", "get an attorney", "hire an attorney", "our attorney", "my solicitor", "our solicitor", "get a solicitor", "legal action", "our legal team", "my legal team", "sue you", "i'll sue", "i will sue", "suing you", "we'll sue", "sue this", "see you in small claims", "you to small claims", "see you in court", "you in court", "it in court", "drag you through",
                "file a lawsuit", "filing a lawsuit", "take you to court", "taking you to court",
            ],
            Self::Exposure => &[
                "go to the press", "to the press", "the newspapers", "the newspaper", "in the newspapers", "local paper", "call the tv", "the media", "to the media", "go public", "going public", "going viral", "go viral", "name and shame", "all over social media", "post this everywhere", "post this on", "posting this on", "posting your", "post it on", "expose you",
                "a journalist", "every platform",
            ],
            Self::Force => &["call the police", "calling the police", "go to the police", "going to the police", "straight to the police", "police are on", "the police and", "the police have", "to the police and", "police right now", "i'll come over there", "kill you", "burn your", "smash your", "destroy you"],
            Self::Life => &[
                "kill myself", "killing myself", "end my life", "ending my life", "suicide", "suicidal", "want to die", "don't want to live", "no reason to live", "better off dead", "hurt myself", "harm myself", "self harm", "can't breathe", "chest pain", "overdosed", "gas leak", "is on fire", "bleeding badly",
            ],
        }
    }
}

/// Before an alarm's words they make it none: "不想投诉", "I don't want to sue you".
const NOT_BY_CHARS: &[&str] = &["不想", "不是要", "不会", "没想", "不用", "不必", "不需要", "没有要", "不打算", "没打算", "不至于", "懒得", "怎么才能", "别", "不去"];
const NOT_BY_WORDS: &[&str] = &["not", "don't", "won't", "wouldn't", "never", "no", "didn't", "without"];
/// After it, they make a matter of business of it: "律师函怎么写", "曝光度".
const BUSINESS_BY_CHARS: &[&str] = &["模板", "怎么写", "怎么申请", "怎么开", "服务费", "咨询费", "资格", "度", "率", "量", "补偿", "参数", "时间", "在哪", "地址", "频道", "机", "节目", "套餐", "优惠", "价"];
const BUSINESS_BY_WORDS: &[&str] = &["template", "policy", "discount", "station", "squad", "release", "kit", "form"];
const NEAR_CHARS: usize = 5;
const NEAR_WORDS: usize = 4;

/// Every alarm of a text, as it stands there, in the order of `Alarm::ALL`.
pub fn alarms(text: &str) -> Vec<(Alarm, String)> {
    find(&Prepared::new(text))
}

pub(crate) fn find(prepared: &Prepared) -> Vec<(Alarm, String)> {
    let text: String = prepared.chars.iter().collect();
    let words = format!(" {} ", prepared.words.join(" "));
    let mut found = Vec::new();
    for alarm in Alarm::ALL {
        let by_chars = alarm.by_chars().iter().find(|it| text.match_indices(**it).any(|(at, _)| meant_by_chars(&text, at, it)));
        let by_words = alarm.by_words().iter().find(|it| words.match_indices(&format!(" {it} ")).any(|(at, _)| meant_by_words(&words, at, it)));
        found.extend(by_chars.into_iter().chain(by_words).map(|it| (alarm, (*it).to_owned())));
    }
    found
}

fn meant_by_chars(text: &str, at: usize, phrase: &str) -> bool {
    let before: String = text.get(..at).unwrap_or_default().chars().rev().take(NEAR_CHARS).collect::<Vec<_>>().into_iter().rev().collect();
    let before = before.rsplit(['，', '。', ',', '.', '!', '?', '、', ' ']).next().unwrap_or_default();
    let after = text.get(at + phrase.len()..).unwrap_or_default();
    !NOT_BY_CHARS.iter().any(|it| before.contains(it)) && !BUSINESS_BY_CHARS.iter().any(|it| after.starts_with(it))
}

fn meant_by_words(words: &str, at: usize, phrase: &str) -> bool {
    let before = words.get(..at).unwrap_or_default().split(' ').rev().take(NEAR_WORDS);
    let mut after = words.get(at + phrase.len() + 2..).unwrap_or_default().split(' ');
    let here = before.take_while(|it| !matches!(*it, "." | "," | "!" | "?"));
    !here.into_iter().any(|it| NOT_BY_WORDS.contains(&it)) && !after.next().is_some_and(|it| BUSINESS_BY_WORDS.contains(&it))
}

#[cfg(test)]
mod tests {
    use super::{Alarm, alarms};

    fn check(text: &str, expect: &[Alarm]) {
        assert_eq!(alarms(text).into_iter().map(|it| it.0).collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn announced_steps_are_alarms() {
        check("再不解决我就打12315，再找律师起诉你们", &[Alarm::Complaint, Alarm::Legal]);
        check("我活不下去了", &[Alarm::Life]);
        check("What does a lawyer cost, and can we go to court over 500?", &[]);
        check("想请律师咨询一下起诉流程", &[]);
        check("I'll see you in court, and in the newspapers", &[Alarm::Legal, Alarm::Exposure]);
        check("My solicitor will write to you", &[Alarm::Legal]);
        check("I want to die", &[Alarm::Life]);
    }

    #[test]
    fn matters_of_business_are_none() {
        check("律师函模板在哪里下载", &[]);
        check("我不想投诉你们，就想换个尺码", &[]);
        check("笑死我了", &[]);
        check("相机的曝光时间怎么调", &[]);
        check("Do you have tickets for Suicide Squad?", &[]);
        check("I don't want to sue you, I just want it fixed", &[]);
        check("", &[]);
    }
}
