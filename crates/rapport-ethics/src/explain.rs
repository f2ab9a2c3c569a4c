//! What a customer is told of an automated decision: what was done, why, from which data, by which rules, and how to object.

use rapport_model::{Bilingual, Evidence};
use serde::Serialize;

use crate::{CareAct, Policies, Source, Sources};

/// How many factors are named; more would hide what counted.
const FACTORS: usize = 3;

/// A decision as it was taken.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    pub acts: &'a [CareAct],
    /// What was understood; those that abstained explain nothing.
    pub evidence: &'a [Evidence],
    pub sources: &'a Sources,
    /// Ids of the policies that decided.
    pub policies: &'a [String],
}

/// For the customer's own page, each part a list of sentences in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    pub what: Vec<Bilingual>,
    /// The strongest first, three at most.
    pub why: Vec<Bilingual>,
    pub data: Vec<Bilingual>,
    pub rules: Vec<Bilingual>,
    pub objection: Bilingual,
}

/// Says nothing that is not in `decided`: no factor, no data, no rule of its own.
pub fn explain(decided: &Decided<'_>, policies: &Policies) -> Explanation {
    let what = if decided.acts.is_empty() {
        vec![Bilingual::new("没有自动采取任何措施。", "Nothing was done automatically.")]
    } else {
        decided.acts.iter().map(|it| act(*it)).collect()
    };
    Explanation {
        what,
        why: factors(decided.evidence),
        data: decided.sources.iter().map(|it| source(*it)).collect(),
        rules: decided.policies.iter().filter_map(|it| policies.words(it).cloned()).collect(),
        objection: Bilingual::new(
            "您可以对此提出异议、要求人工复核，也可以随时撤回同意：在本页点击“提出异议”或“撤回同意”，或在对话中说“转人工”。撤回立即生效，相关数据随即删除。",
            "You can object, ask for a person to look at it, and take your consent back at any time: press \"Object\" or \"Withdraw\" on this page, or say \"talk to a person\" in the chat. \
             Withdrawing works at once, and the data is deleted.",
        ),
    }
}

/// The strongest signs for what was concluded, of all models together.
fn factors(evidence: &[Evidence]) -> Vec<Bilingual> {
    let held = evidence.iter().filter(|it| !it.abstained).flat_map(|it| &it.features).filter(|it| it.weight > 0.0);
    let mut signs: Vec<_> = held.collect();
    signs.sort_by(|one, other| other.weight.total_cmp(&one.weight).then_with(|| one.what.cmp(&other.what)));
    let mut told: Vec<Bilingual> = Vec::new();
    for sign in signs {
        let sentence = factor(&sign.what);
        if told.len() < FACTORS && !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    if told.is_empty() {
        told.push(Bilingual::new("没有哪个词语单独起了决定作用。", "No single word decided it."));
    }
    told
}

/// Signs of writing have names (`sign:capitals`); anything else is what the customer wrote.
fn factor(what: &str) -> Bilingual {
    match what {
        "sign:capitals" => Bilingual::new("您用了很多大写字母。", "You wrote in capitals."),
        "sign:exclamation" => Bilingual::new("您用了多个感叹号或问号。", "You used several exclamation or question marks."),
        "sign:repeated" => Bilingual::new("您重复了同样的问题。", "You asked the same again."),
        "sign:short" => Bilingual::new("您的消息变得很短。", "Your messages became very short."),
        "sign:fast" => Bilingual::new("您很快连续发了多条消息。", "You sent several messages in quick succession."),
        "sign:contact_again" => Bilingual::new("您已就同一问题多次联系我们。", "You contacted us several times about the same matter."),
        "sign:deadline_missed" => Bilingual::new("我们没有在承诺的时间内答复您。", "We did not answer within the time we promised."),
        words => Bilingual::new(format!("您写到“{words}”。"), format!("You wrote \"{words}\".")),
    }
}

fn act(act: CareAct) -> Bilingual {
    match act {
        CareAct::Soothe => Bilingual::new("我们先体谅您的处境，再回答问题。", "We took your situation into account before answering."),
        CareAct::Prioritise => Bilingual::new("我们优先处理您的会话。", "We moved your conversation forward."),
        CareAct::RouteSkill => Bilingual::new("我们请更熟悉此类问题的同事接待您。", "We chose a colleague who knows such matters."),
        CareAct::AlertSupervisor => Bilingual::new("我们请主管关注您的会话。", "We asked a supervisor to look at your conversation."),
        CareAct::OfferCallback => Bilingual::new("我们提出给您回电。", "We offered to call you back."),
        CareAct::Compensate => Bilingual::new("我们提出给您补偿。", "We offered you compensation."),
    }
}

fn source(source: Source) -> Bilingual {
    match source {
        Source::Emotion => Bilingual::new("从您的消息中感知的情绪（经您同意）", "How your messages sounded (with your consent)"),
        Source::Profile => Bilingual::new("根据您的记录得出的画像（经您同意）", "A profile drawn from your records (with your consent)"),
        Source::Purchases => Bilingual::new("您的购买记录", "Your purchases"),
        Source::Catalogue => Bilingual::new("商品目录", "The catalogue"),
        Source::PriceList => Bilingual::new("价目表", "The price list"),
        Source::Tier => Bilingual::new("您的会员等级", "Your membership tier"),
        Source::Campaign => Bilingual::new("当前活动", "A current campaign"),
        Source::Quantity => Bilingual::new("您购买的数量", "The quantity you buy"),
        Source::Segment => Bilingual::new("您所属的客户分组", "The customer group you are in"),
        Source::Words => Bilingual::new("您在本次会话中写的话", "What you wrote in this conversation"),
        Source::Service => Bilingual::new("等待时间和联系次数", "Waiting time and number of contacts"),
    }
}

#[cfg(test)]
mod tests {
    use rapport_model::Weight;

    use super::*;

    fn evidence(abstained: bool, features: &[(&str, f32)]) -> Evidence {
        let features = features.iter().map(|(what, weight)| Weight { what: (*what).to_owned(), weight: *weight }).collect();
        Evidence { abstained, features, ..Evidence::default() }
    }

    #[test]
    fn the_three_strongest_signs_are_told_once() {
        let check = |evidence: &[Evidence], expected: &[&str]| {
            assert_eq!(factors(evidence).iter().map(|it| it.en.as_str()).collect::<Vec<_>>(), expected);
        };
        let none = "No single word decided it.";
        check(&[], &[none]);
        check(&[evidence(true, &[("太差", 9.0)])], &[none]);
        check(&[evidence(false, &[("谢谢", -3.0)])], &[none]);
        let more = [evidence(false, &[("等了三天", 0.5), ("sign:capitals", 2.0), ("差", 0.1)]), evidence(false, &[("等了三天", 0.4), ("没人管", 0.3)])];
        check(&more, &["You wrote in capitals.", "You wrote \"等了三天\".", "You wrote \"没人管\"."]);
    }

    #[test]
    fn every_act_source_and_rule_is_said_in_both_languages() {
        let policies = Policies::shipped().unwrap();
        let ids = ["office.care".to_owned(), "gone.since".to_owned()];
        let sources = [Source::Emotion, Source::Words, Source::Service].into();
        let told = explain(&Decided { acts: &CareAct::ALL, evidence: &[], sources: &sources, policies: &ids }, &policies);
        assert_eq!((told.what.len(), told.data.len(), told.rules.len()), (6, 3, 1));
        let all = [&told.what[..], &told.why, &told.data, &told.rules, std::slice::from_ref(&told.objection)].concat();
        assert!(all.iter().all(|it| !it.zh.is_empty() && !it.en.is_empty() && it.zh != it.en));
        let distinct: std::collections::BTreeSet<_> = told.what.iter().map(|it| &it.en).collect();
        assert_eq!(distinct.len(), 6);
        let nothing = explain(&Decided { acts: &[], evidence: &[], sources: &Sources::new(), policies: &[] }, &policies);
        assert_eq!(nothing.what.len(), 1);
    }
}
