//! Cues of a feeling in a text: how much of each there is, with what was found, negated and intensified as it stands there.

use rapport_model::Weight;

use super::{lexicon::{Found, Lexicon}, prepared::Prepared};

/// What words and signs speak for, one number each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    Anger,
    Insult,
    Disgust,
    Distrust,
    Runaround,
    Repetition,
    Failure,
    Disappointment,
    Annoyance,
    Demand,
    Threat,
    Rhetoric,
    Sarcasm,
    Sadness,
    Fear,
    Surprise,
    Joy,
    Play,
    Gratitude,
    Praise,
    Resolution,
    Reassurance,
    Polite,
    Urgent,
    Hardship,
    /// A good word that is denied: "not happy".
    DeniedGood,
    /// A bad word that is denied: "not broken".
    DeniedBad,
    /// The firm is spoken to: "你们", "you people".
    Accused,
    Exclaims,
    Questions,
    Bursts,
    Capitals,
    DrawnOut,
    Ellipses,
    /// Logarithm of the length.
    Length,
}

impl Cue {
    pub const ALL: [Self; 35] = [
        Self::Anger, Self::Insult, Self::Disgust, Self::Distrust, Self::Runaround, Self::Repetition, Self::Failure, Self::Disappointment, Self::Annoyance, Self::Demand, Self::Threat,
        Self::Rhetoric, Self::Sarcasm, Self::Sadness, Self::Fear, Self::Surprise, Self::Joy, Self::Play, Self::Gratitude, Self::Praise, Self::Resolution, Self::Reassurance, Self::Polite,
        Self::Urgent, Self::Hardship, Self::DeniedGood, Self::DeniedBad, Self::Accused, Self::Exclaims, Self::Questions, Self::Bursts, Self::Capitals, Self::DrawnOut, Self::Ellipses,
        Self::Length,
    ];
    pub const COUNT: usize = Self::ALL.len();

    /// As in the lists, and as shown among what moved a reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anger => "anger",
            Self::Insult => "insult",
            Self::Disgust => "disgust",
            Self::Distrust => "distrust",
            Self::Runaround => "runaround",
            Self::Repetition => "repetition",
            Self::Failure => "failure",
            Self::Disappointment => "disappointment",
            Self::Annoyance => "annoyance",
            Self::Demand => "demand",
            Self::Threat => "threat",
            Self::Rhetoric => "rhetoric",
            Self::Sarcasm => "sarcasm",
            Self::Sadness => "sadness",
            Self::Fear => "fear",
            Self::Surprise => "surprise",
            Self::Joy => "joy",
            Self::Play => "play",
            Self::Gratitude => "gratitude",
            Self::Praise => "praise",
            Self::Resolution => "resolution",
            Self::Reassurance => "reassurance",
            Self::Polite => "polite",
            Self::Urgent => "urgent",
            Self::Hardship => "hardship",
            Self::DeniedGood => "denied_good",
            Self::DeniedBad => "denied_bad",
            Self::Accused => "accused",
            Self::Exclaims => "exclaims",
            Self::Questions => "questions",
            Self::Bursts => "bursts",
            Self::Capitals => "capitals",
            Self::DrawnOut => "drawn_out",
            Self::Ellipses => "ellipses",
            Self::Length => "length",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether denying it turns it round.
    fn kind(self) -> Kind {
        match self {
            Self::Joy | Self::Praise | Self::Gratitude | Self::Play | Self::Resolution | Self::Reassurance => Kind::Good,
            Self::Anger | Self::Disgust | Self::Sadness | Self::Fear | Self::Failure | Self::Disappointment | Self::Annoyance | Self::Urgent | Self::Surprise | Self::Demand | Self::Threat => Kind::Bad,
            Self::Insult | Self::Distrust | Self::Runaround | Self::Repetition | Self::Rhetoric | Self::Sarcasm | Self::Polite | Self::Hardship | Self::DeniedGood | Self::DeniedBad | Self::Accused
            | Self::Exclaims | Self::Questions | Self::Bursts | Self::Capitals | Self::DrawnOut | Self::Ellipses | Self::Length => Kind::Other,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Good,
    Bad,
    Other,
}

/// All cues of a text, and the words and signs that they come from.
#[derive(Clone, Debug)]
pub struct Cues {
    /// In the order of `Cue::ALL`: `ln(1 + sum of strengths)`.
    pub values: [f32; Cue::COUNT],
    /// What was found, in the order of the text, with the cue that it counts for most and its strength.
    pub found: Vec<(Cue, Weight)>,
}

const DENIED_BY_CHARS: &[&str] = &["不", "没", "没有", "别", "未", "并非", "不太", "不怎么", "不是很", "不算", "不够", "没那么", "不会", "不用", "不要", "不想", "不再", "毫不", "一点也不", "一点都不", "谈不上", "说不上"];
const STRONGER_BY_CHARS: &[&str] = &["很", "太", "非常", "超", "超级", "特别", "极其", "极度", "真", "真的", "好", "十分", "简直", "实在", "完全", "根本", "彻底", "相当", "真是", "如此", "这么", "那么", "最", "巨", "贼", "绝对"];
const WEAKER_BY_CHARS: &[&str] = &["有点", "有点儿", "稍微", "一点", "略", "还算", "比较", "有些", "稍", "些许", "略微", "可能", "好像"];
const DENIED_BY_WORDS: &[&str] = &["not", "no", "never", "isn't", "wasn't", "aren't", "weren't", "don't", "doesn't", "didn't", "can't", "cannot", "won't", "wouldn't", "couldn't", "ain't", "without", "hardly", "barely", "nothing", "neither", "nor", "haven't", "hasn't", "isnt", "dont", "doesnt", "didnt", "cant", "wont", "far"];
const STRONGER_BY_WORDS: &[&str] = &["very", "so", "really", "extremely", "absolutely", "totally", "completely", "utterly", "beyond", "truly", "incredibly", "too", "super", "deeply", "highly", "seriously", "fucking", "bloody", "damn", "such"];
const WEAKER_BY_WORDS: &[&str] = &["bit", "little", "slightly", "somewhat", "kinda", "sort", "kind", "rather", "fairly", "maybe", "might", "mildly"];
const GOOD: &[Cue] = &[Cue::Joy, Cue::Gratitude, Cue::Praise, Cue::Play, Cue::Resolution];
const HOSTILE: &[Cue] = &[Cue::Anger, Cue::Insult, Cue::Disgust, Cue::Distrust, Cue::Runaround, Cue::Disappointment, Cue::Annoyance, Cue::Demand, Cue::Threat, Cue::Rhetoric, Cue::Sarcasm, Cue::DeniedGood];
const PLEASED: f32 = 0.15;
const STRONGER: f32 = 1.4;
const WEAKER: f32 = 0.6;
/// How far before an entry a word that turns or weighs it may stand: characters of Chinese, words of English.
const BEFORE_CHARS: usize = 4;
const BEFORE_WORDS: usize = 3;
const ACCUSED_BY_CHARS: &[&str] = &["你们", "你家", "您们", "贵司", "你这", "客服", "商家", "平台"];
const ACCUSED_BY_WORDS: &[&str] = &["you", "your", "you're", "you've", "yours", "yourselves", "people", "company", "guys"];

/// What is said before an entry: its sign (-1 denied) and its weight.
struct Before {
    denied: bool,
    weight: f32,
}

impl Cues {
    pub(crate) fn of(lexicon: &Lexicon, prepared: &Prepared) -> Self {
        let mut sums = [0.0_f32; Cue::COUNT];
        let mut found = Vec::new();
        for it in lexicon.by_chars(prepared) {
            let before = before_chars(prepared, it.from);
            count(&it, &before, &mut sums, &mut found);
        }
        for it in lexicon.by_words(prepared) {
            let before = before_words(prepared, it.from);
            count(&it, &before, &mut sums, &mut found);
        }
        let surface = prepared.surface;
        let signs = [
            (Cue::Exclaims, surface.exclaims.min(6), "!"),
            (Cue::Questions, surface.questions.min(6), "?"),
            (Cue::Bursts, surface.bursts.min(4), "!!"),
            (Cue::Capitals, surface.capitals.min(8), "ABC"),
            (Cue::DrawnOut, surface.drawn_out.min(4), "sooo"),
            (Cue::Ellipses, surface.ellipses.min(4), "..."),
        ];
        let pleased = sum_of(&sums, GOOD) > sum_of(&sums, HOSTILE);
        for (cue, times, sign) in signs {
            // Joy shouts too: signs of agitation count little where the words are good.
            add(cue, small(times) * if pleased { PLEASED } else { 1.0 }, &mut sums);
            if times > 0 && matches!(cue, Cue::Bursts | Cue::Capitals | Cue::DrawnOut) {
                found.push((cue, Weight { what: sign.to_owned(), weight: small(times) }));
            }
        }
        add(Cue::Accused, small(accused(prepared).min(5)), &mut sums);
        let length = prepared.han + prepared.words.len() / 2;
        add(Cue::Length, small(u32::try_from(length.min(400)).unwrap_or(400)) / 4.0, &mut sums);
        Self { values: sums.map(f32::ln_1p), found }
    }

    pub fn get(&self, cue: Cue) -> f32 {
        self.values.get(cue as usize).copied().unwrap_or_default()
    }
}

fn small(value: u32) -> f32 {
    f32::from(u16::try_from(value).unwrap_or(u16::MAX))
}

fn add(cue: Cue, value: f32, sums: &mut [f32; Cue::COUNT]) {
    if let Some(sum) = sums.get_mut(cue as usize) {
        *sum += value;
    }
}

fn sum_of(sums: &[f32; Cue::COUNT], cues: &[Cue]) -> f32 {
    cues.iter().filter_map(|it| sums.get(*it as usize)).sum()
}

fn count(hit: &Found<'_>, before: &Before, sums: &mut [f32; Cue::COUNT], found: &mut Vec<(Cue, Weight)>) {
    for (number, (cue, strength)) in hit.meaning.iter().enumerate() {
        let cue = match (before.denied, cue.kind()) {
            (true, Kind::Good) => Cue::DeniedGood,
            (true, Kind::Bad) => Cue::DeniedBad,
            (true, Kind::Other) | (false, Kind::Good | Kind::Bad | Kind::Other) => *cue,
        };
        let weight = strength * before.weight;
        add(cue, weight, sums);
        if number == 0 {
            found.push((cue, Weight { what: hit.phrase.clone(), weight }));
        }
    }
}

fn before_chars(prepared: &Prepared, from: usize) -> Before {
    let window: String = prepared.chars.get(from.saturating_sub(BEFORE_CHARS)..from).unwrap_or_default().iter().collect();
    // What stands before a stop is another sentence.
    let window = window.rsplit(|it: char| "，。！？,!?;；、 ".contains(it)).next().unwrap_or_default();
    let ends = |words: &[&str]| words.iter().any(|it| window.ends_with(it));
    let near = |words: &[&str]| words.iter().any(|it| window.contains(it));
    let weight = if ends(WEAKER_BY_CHARS) { WEAKER } else if ends(STRONGER_BY_CHARS) { STRONGER } else { 1.0 };
    // "不很满意" is denied through the intensifier; "不过很满意" and "特别" are not.
    let denied = (ends(DENIED_BY_CHARS) && !window.ends_with("特别") && !window.ends_with("是不是")) || (weight > 1.0 && near(&["不是很", "不太", "不很", "没很", "没那么", "不怎么"]));
    Before { denied, weight }
}

fn before_words(prepared: &Prepared, from: usize) -> Before {
    let window = prepared.words.get(from.saturating_sub(BEFORE_WORDS)..from).unwrap_or_default();
    let start = window.iter().rposition(|it| matches!(it.as_str(), "." | "," | "!" | "?" | ";" | "but")).map_or(0, |it| it + 1);
    let window = window.get(start..).unwrap_or_default();
    let near = |words: &[&str]| window.iter().any(|it| words.contains(&it.as_str()));
    let weight = if near(WEAKER_BY_WORDS) { WEAKER } else if near(STRONGER_BY_WORDS) { STRONGER } else { 1.0 };
    Before { denied: near(DENIED_BY_WORDS), weight }
}

fn accused(prepared: &Prepared) -> u32 {
    let text: String = prepared.chars.iter().collect();
    let by_chars: usize = ACCUSED_BY_CHARS.iter().map(|it| text.matches(it).count()).sum();
    let by_words = prepared.words.iter().filter(|it| ACCUSED_BY_WORDS.contains(&it.as_str())).count();
    u32::try_from(by_chars + by_words).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Cue, Cues};
    use crate::emotion::{lexicon::Lexicon, prepared::Prepared};

    fn check(text: &str, expect: &[Cue], absent: &[Cue]) {
        let cues = Cues::of(&Lexicon::shipped(), &Prepared::new(text));
        for it in expect {
            assert!(cues.get(*it) > 0.0, "{text}: no {it:?} in {:?}", cues.found);
        }
        for it in absent {
            assert!(cues.get(*it) <= 0.0, "{text}: {it:?} in {:?}", cues.found);
        }
    }

    #[test]
    fn chinese_cues_are_found_turned_and_weighed() {
        check("你们到底管不管，凭什么", &[Cue::Runaround, Cue::Rhetoric, Cue::Accused], &[Cue::Joy]);
        check("我不开心", &[Cue::Disappointment], &[Cue::Joy]);
        check("一点都不靠谱", &[Cue::DeniedGood], &[Cue::Praise]);
        check("不着急，慢慢来", &[Cue::Reassurance], &[Cue::Urgent]);
        check("已经催了三次了，还没人处理！！", &[Cue::Repetition, Cue::Bursts], &[Cue::Joy]);
        check("呵呵，你们可真棒", &[Cue::Sarcasm], &[Cue::Praise]);
    }

    #[test]
    fn english_cues_are_found_turned_and_weighed() {
        check("I am not happy with this", &[Cue::Disappointment], &[Cue::Joy]);
        check("it's not very helpful", &[Cue::DeniedGood], &[Cue::Praise]);
        check("Don't panic, it's fine", &[Cue::DeniedBad], &[Cue::Fear]);
        check("WHERE is my REFUND", &[Cue::Capitals, Cue::Demand], &[]);
    }

    #[test]
    fn strength_follows_the_word_before() {
        let anger = |text: &str| Cues::of(&Lexicon::shipped(), &Prepared::new(text)).get(Cue::Anger);
        assert!(anger("有点生气") < anger("生气") && anger("生气") < anger("特别生气"));
        assert!(anger("a bit angry") < anger("angry") && anger("angry") < anger("really angry"));
    }
}
