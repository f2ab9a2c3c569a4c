//! Kinds of facts that questions ask for and passages state: a time, a price, a number to call.

/// Which kinds, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts(u8);

const TIME: u8 = 1;
const PRICE: u8 = 2;
const PHONE: u8 = 4;
const CLOCK: u8 = 8;

const ASKS_TIME: &[&str] = &[
    "多久", "几天", "多少天", "多长时间", "什么时候", "啥时候", "何时", "几时", "几个月", "几小时", "几年", "多少个工作日", "几个工作日", "要等", "期限", "最晚", "how long", "how many days", "how many weeks",
    "when will", "when do", "when is", "when can", "how soon", "how fast",
];
const ASKS_PRICE: &[&str] = &[
    "多少钱", "多少元", "几块", "什么价", "价格", "价位", "费用", "要钱", "收费", "收钱", "运费", "邮费", "花多少", "要多少", "手续费", "免费吗", "加钱", "how much", "price", "cost", "fee", "charge", "what do you charge",
    "expensive", "free",
];
const ASKS_PHONE: &[&str] = &["电话", "热线", "打给", "phone number", "telephone", "number to", "call you", "hotline"];
const ASKS_CLOCK: &[&str] = &["几点", "营业时间", "上班时间", "开门", "关门", "what time", "opening hours", "open", "close", "what hours"];

const TIME_UNITS: &[&str] = &["天", "小时", "分钟", "个月", "周", "年", "工作日", "秒", "day", "hour", "minute", "week", "month", "year"];
const PRICE_UNITS: &[&str] = &["元", "块", "%", "折", "yuan", "dollar", "euro", "pound", "percent", "usd"];

impl Facts {
    pub(crate) fn asked(question: &str) -> Self {
        let question = crate::text::normalise(question);
        let any = |phrases: &[&str]| phrases.iter().any(|it| question.contains(it));
        Self::set([any(ASKS_TIME), any(ASKS_PRICE), any(ASKS_PHONE), any(ASKS_CLOCK)])
    }

    pub(crate) fn stated(passage: &str) -> Self {
        let text = crate::text::normalise(passage);
        let mut found = [false, text.contains("免费") || text.contains("free") || text.contains(['¥', '$', '€', '£']), false, false];
        let mut rest = text.as_str();
        while let Some(at) = rest.find(|it: char| it.is_ascii_digit()) {
            let from = rest.get(at..).unwrap_or_default();
            let length = from.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | ',' | '-' | ':'))).unwrap_or(from.len());
            let (number, after) = from.split_at(length);
            let unit = after.trim_start_matches([' ', '个']);
            found[0] |= TIME_UNITS.iter().any(|it| unit.starts_with(it));
            found[1] |= PRICE_UNITS.iter().any(|it| unit.starts_with(it));
            found[2] |= number.bytes().filter(u8::is_ascii_digit).count() >= 7;
            found[3] |= number.trim_end_matches(':').contains(':') || unit.starts_with('点') || unit.starts_with("am") || unit.starts_with("pm");
            rest = after;
        }
        Self::set(found)
    }

    fn set([time, price, phone, clock]: [bool; 4]) -> Self {
        Self([(time, TIME), (price, PRICE), (phone, PHONE), (clock, CLOCK)].into_iter().filter(|it| it.0).fold(0, |set, it| set | it.1))
    }

    pub(crate) fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether something of what is asked is stated.
    pub(crate) fn met_by(self, stated: Self) -> bool {
        self.0 & stated.0 != 0
    }
}
