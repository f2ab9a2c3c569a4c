//! Words that give a manipulation away: each rule wants one cue of every group, and none of its exceptions.

use super::DarkPattern;

/// Cues are substrings of the plain text (`super::plain`): lower case, digits as `#`, Han without blanks.
pub(super) struct Rule {
    all: &'static [&'static [&'static str]],
    none: &'static [&'static str],
}

impl Rule {
    /// The first cue that was met, when all groups were.
    pub(super) fn quote(&self, text: &str) -> Option<&'static str> {
        let found = |group: &&'static [&'static str]| group.iter().find(|it| text.contains(**it)).copied();
        let quotes: Option<Vec<_>> = self.all.iter().map(|it| found(it)).collect();
        if self.none.iter().any(|it| text.contains(it)) { None } else { quotes?.first().copied() }
    }
}

const fn any(all: &'static [&'static [&'static str]]) -> Rule {
    Rule { all, none: &[] }
}

pub(super) fn of(pattern: DarkPattern) -> &'static [Rule] {
    match pattern {
        DarkPattern::FalseScarcity => FALSE_SCARCITY,
        DarkPattern::ConfirmShaming => CONFIRM_SHAMING,
        DarkPattern::ComplaintCountdown => COMPLAINT_COUNTDOWN,
        DarkPattern::HiddenOptOut => HIDDEN_OPT_OUT,
    }
}

const FALSE_SCARCITY: &[Rule] = &[
    // Said in no other sense.
    any(&[&[
        "库存告急", "手慢", "即将售罄", "快要售罄", "告罄", "卖完即止", "售完即止", "售完为止", "抢光", "疯抢", "抢购", "抢完", "所剩无几", "先到先得", "错过再等", "错过就没", "不再补货",
        "不补货", "永不再降", "绝无仅有", "最后机会", "最后疯狂", "离开页面就没", "只有现在有", "被别人订走", "被别人抢", "秒空", "断货在即", "赶紧下单", "别人正在下单",
    ]]),
    any(&[&[
        " selling out ", " sell out fast ", " last chance", " almost gone ", " nearly gone ", " almost sold out ", " act now ", " act fast ", " hurry ", " running out ", " final units ",
        " while it lasts ", " while stocks last ", " while supplies last ", " first come first served ", " last few ", " lose out ", " miss out ", " won't last ", " never come back ",
        " stock is vanishing ", " left in stock ", " in high demand ", " high demand ", " going fast ", " about to be taken ", " before it is gone ", " before it's gone ", " gone forever ",
    ]]),
    // The crowd that nobody sees.
    any(&[&[
        "人在看", "人正在看", "人正在浏览", "人在浏览", "人已购买", "人刚刚下单", "人刚刚购买", "客户刚刚抢", "刚刚抢到", "人加入购物车", "人正在抢", "人想要",
    ]]),
    any(&[&[
        " people are looking ", " people are viewing ", " people viewing ", " others are looking ", " shoppers have ", " people have this in ", " have it in their cart ", " bought this a minute ago ",
        " just bought this ", " just booked ", " is buying this ", " watching this ",
    ]]),
    // Little is left, and haste.
    Rule {
        all: &[
            &["仅剩", "只剩", "剩余不足", "仅余", "最后#", "最后一", "最后几"],
            &["抢", "赶紧", "立即", "马上", "赶快", "速速", "错过", "手慢", "下单", "尽快", "再不"],
        ],
        none: &["流量", "余额", "未发货", "积分", "最后一步"],
    },
    Rule {
        all: &[
            &[" only # left ", " just # left ", " fewer than # left ", " less than # left ", " seats remaining ", " rooms remaining ", " spots remaining ", " # seats left ", " # rooms left ", " # spots left "],
        ],
        none: &[" this year ", " of data ", " this month "],
    },
];

const CONFIRM_SHAMING: &[Rule] = &[
    any(&[&[
        "残忍拒绝", "残忍离开", "忍心", "狠心", "忍痛", "甘愿", "我不在乎", "我不关心", "我不需要省钱", "我不想省钱", "我不想变", "不爱惜", "拒绝变", "继续将就", "宁愿多花", "冤枉钱",
        "就是喜欢花原价", "我喜欢原价", "聪明人都", "聪明的人都", "很伤心", "会难过", "我不配", "自甘", "我不爱", "我就喜欢吃亏", "做少数",
    ]]),
    any(&[&[
        " i don't care ", " i do not care ", " i prefer paying ", " i prefer to pay ", " i hate saving ", " i hate money ", " i like missing ", " i enjoy wasting ", " i like wasting ",
        " i don't want to be ", " i don't want to save ", " i don't like saving ", " i do not want to save ", " does not matter to me ", " doesn't matter to me ", " let your team down ",
        " let your family down ", " let us down ", " smart customers ", " smart people ", " only a fool ", " break our hearts ", " breaks our heart ", " breaking our hearts ", " make us sad ",
        " i'll stay behind ", " i like paying ", " i love paying ", " i'm not interested in saving ", " i am fine with losing ",
    ]]),
    Rule {
        all: &[&[" i'd rather ", " i would rather "], &[" full price ", " pay more ", " unhealthy ", " lose ", " waste ", " miss ", " stay ", " overpay ", " risk "]],
        none: &[" person ", " human "],
    },
    any(&[&[" make our ", " makes our "], &[" cry ", " sad ", " weep "]]),
];

/// Somebody complains, or is owed something.
const GRIEVANCE: &[&str] = &[
    "投诉", "抱歉", "歉意", "对不起", "退款", "售后", "赔偿", "补偿", "质量问题", "差评", "维权", "和解", "撤诉", "遭遇", "带来不便", "退货资格", " complaint", " sorry ", " apolog", " refund",
    " regret ", " reported a problem ", " dispute", " claim ", " mistake", " bad review", " settlement", " compensation ", " broken ",
];

const COMPLAINT_COUNTDOWN: &[Rule] = &[
    Rule {
        all: &[
            &[
                "倒计时", "失效", "逾期", "过时不候", "过期作废", "作废", "限时", "仅保留", "只保留", "后收回", "后关闭", "否则视为", "视为放弃", "自动放弃", "内返现", "今天之内", "马上撤回",
                " expires in ", " or it will ", " or lose ", " only available for ", " clock is ticking ", " minutes left ", " minutes remain", " hours left ", " by midnight ", " ends in ",
                " offer ends ", " ends tonight ", " countdown ", " closes in ", " will be closed ", " otherwise your ", " lapses ", " time is running ", " hours to receive ", " hours to accept ",
            ],
            GRIEVANCE,
        ],
        none: &["不会失效", "长期有效", " does not expire ", " stays open "],
    },
    any(&[&["还剩#分钟", "只剩#分钟", "仅剩#分钟", "还剩#小时", "剩余#分钟"], GRIEVANCE]),
];

const HIDDEN_OPT_OUT: &[Rule] = &[
    // Consent by default or by silence.
    any(&[&[
        "已默认", "默认已", "默认勾选", "默认同意", "默认开通", "已为您自动开通", "已被自动加入", "自动为您升级", "即表示您同意", "即表示同意", "即代表您同意", "即视为", "视为您授权", "视为您同意",
        "视为同意", "视为授权", "不回复即", "未回复即", "结束后自动扣费", "到期后自动扣费",
    ]]),
    any(&[&[
        " already ticked ", " pre ticked ", " been enrolled ", " been subscribed ", " been automatically ", " by continuing ", " no reply means ", " silence will ", " silence means ",
        " unless you object ", " unless you tell us ", " consent is assumed ", " deemed to ", " taken as consent ", " on by default and ",
    ]]),
    // No way out, or one that costs.
    any(&[&["无法关闭", "不能关闭", "不可关闭", "无法取消", "不可取消", "不能取消", "无法退订", "不能退订", " cannot be turned off ", " can't be turned off ", " cannot be cancelled ", " cannot unsubscribe ", " no way to cancel "]]),
    any(&[
        &["退订", "取消", "退出", "如需关闭", "关闭广告", "不希望", "若不同意", "如不同意"],
        &["营业厅", "身份证", "邮寄", "书面", "挂号信", "致电", "级菜单", "人工审核", "审批", "需开通", "需购买", "提前#天", "传真", "工作日办理", "到店办理"],
    ]),
    any(&[
        &[" unsubscribe", " opt out ", " opting out ", " to cancel ", " cancellation ", " be cancelled ", " to stop ", " if you disagree ", " turn off "],
        &[" letter ", " by post ", " by mail ", " call us ", " in writing ", " written notice ", " visit a ", " branch ", " approval ", " by phone ", " fax ", " passport ", " need to buy ", " must buy ", " in person "],
    ]),
];
