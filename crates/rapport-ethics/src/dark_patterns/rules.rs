//! Words that give a manipulation away: each rule wants one cue of every group, and none of its exceptions.

use super::DarkPattern;

/// Cues are substrings of the plain text (`super::plain`): lower case, numbers as `#`, Han without blanks. `a~b` is `a`, and `b` at most `GAP` characters after it.
pub(super) struct Rule {
    all: &'static [&'static [&'static str]],
    none: &'static [&'static str],
}

/// About a clause in Chinese, some words in English.
const GAP: usize = 18;

impl Rule {
    /// The first cue that was met, when all groups were.
    pub(super) fn quote(&self, text: &str) -> Option<&'static str> {
        let found = |group: &&'static [&'static str]| group.iter().find(|it| is_met(it, text)).copied();
        let quotes: Option<Vec<_>> = self.all.iter().map(found).collect();
        if self.none.iter().any(|it| is_met(it, text)) { None } else { quotes?.first().copied() }
    }
}

fn is_met(cue: &str, text: &str) -> bool {
    let Some((first, second)) = cue.split_once('~') else { return text.contains(cue) };
    text.match_indices(first).any(|(at, _)| {
        let rest = text.get(at + first.len()..).unwrap_or_default();
        let end = rest.char_indices().nth(GAP + second.chars().count()).map_or(rest.len(), |(at, _)| at);
        rest.get(..end).is_some_and(|it| it.contains(second))
    })
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
        "库存告急", "库存紧张", "欲购从速", "手慢", "即将售罄", "快要售罄", "告罄", "卖完即止", "售完即止", "售完为止", "抢光", "疯抢", "抢购", "抢完", "所剩无几", "先到先得", "错过再等",
        "错过就没", "错过不再", "不再补货", "不补货", "永不再降", "绝无仅有", "最后机会", "最后疯狂", "页面就没", "只有现在有", "被别人订", "被别人抢", "秒空", "断货在即", "别人正在", "不等人",
        "晚了就", "再不买", "再不下单", "再不抢", "马上没了", "就要没了", "快没了", "机不可失",
    ]]),
    any(&[&[
        " selling out ", " selling fast ", " sell out fast ", " last chance", " almost gone ", " nearly gone ", " almost sold out ", " nearly sold out ", " act now ", " act fast ", " hurry ",
        " running out ", " final units ", " while it lasts ", " while stocks last ", " while supplies last ", " first come first served ", " last few ", " lose out ", " miss out ", " don't miss ",
        " won't last ", " never come back ", " never be back ", " stock is vanishing ", " left in stock ", " high demand ", " going fast ", " about to be taken ", " before it is gone ", " before it's gone ",
        " before they are gone ", " before they're gone ", " gone forever ", " stock is low ", " low stock ", " low in stock ", " limited stock ", " limited spots ", " limited seats ",
        " disappears when ", " when you leave the page ", " once you leave ", " now or never ", " today only ", " don't wait ",
    ]]),
    // The crowd that nobody sees.
    any(&[&[
        "#人~在看", "#人~正在看", "#人~浏览", "#人~抢", "#人~购买", "#人~买了", "#人~下单", "#人~购物车", "#人~想要", "#人~付款", "#位~抢", "#位~下单", "#位~购买", "#位~在看", "#位~付款", "#万人~抢", "刚刚抢到",
        " # people~looking ", " # people~viewing ", " # people~watching ", " # people~bought ", " # people~cart ", " # people~booked ", " # shoppers ", " # others ", " # customers~bought ",
        " # customers~cart ", " # guests~looking ", " just bought this ", " just booked ", " bought this~ago ", " is buying this ", " watching this ", " are looking at this ",
    ]]),
    // Little is left, and haste.
    Rule {
        all: &[
            &["仅剩", "只剩", "剩余不足", "仅余", "最后#", "最后一", "最后几", "紧俏", "有限", "不多了", "卖光", "卖完", "订满", "售罄", "断货", "下架", "恢复原价", "即将涨价"],
            &["抢", "赶紧", "立即", "马上", "赶快", "速速", "从速", "要快", "错过", "手慢", "手快", "下单", "再不", "别犹豫", "快来", "别等"],
        ],
        none: &["流量", "余额", "未发货", "积分", "最后一步", "我们会", "我们马上", "到货"],
    },
    Rule {
        all: &[&[
            " only #~ left ", " just #~ left ", " fewer than # left ", " less than # left ", " only one~ left ", " only two ~ left ", " # seats remaining ", " just # seats", " # rooms remaining ", " # spots remaining ",
            " # seats left ", " # rooms left ", " # spots left ", " seats are left ", " places are left ",
        ]],
        none: &[" this year ", " of data ", " this month ", " appointment", " question"],
    },
];

const CONFIRM_SHAMING: &[Rule] = &[
    any(&[&[
        "残忍", "忍心", "狠心", "忍痛", "甘愿", "我不在乎", "我不关心", "不爱惜", "拒绝变", "继续将就", "冤枉钱", "聪明人都", "聪明的人都", "很伤心", "会伤心", "会难过", "我不配", "自甘", "做少数", "不重要",
    ]]),
    // Nobody says so of themselves.
    any(&[&[
        "我不想~省", "我不想~变", "我不想~更好", "我不想~家人", "我不想~孩子", "我不想~健康", "我不想~成功", "我不想~进步", "我不需要~省", "我不需要~健康", "我不需要~安全", "我不要~更好", "我不爱惜",
        "我喜欢~多花", "我喜欢~原价", "我喜欢~吃亏", "我喜欢~浪费", "我就喜欢", "我就是喜欢", "我愿意~多花", "我愿意~吃亏", "宁愿~多花", "宁愿~吃亏", "宁愿~落后", "宁可~多花", "宁可~吃亏",
    ]]),
    any(&[&[
        " i don't~ care ", " i do not~ care ", " i prefer~ full price ", " i prefer paying ", " i prefer~ more ", " i hate saving ", " i hate~ money ", " i like~ missing ", " i like~ paying ", " i love~ paying ",
        " i enjoy~ wasting ", " i like~ wasting ", " i don't want~ sav", " i don't want~ success", " i don't want~ better ", " i don't want~ healthy ", " i don't want~ safe", " i don't want to be ", " i don't like~ sav",
        " i don't need~ sav", " i don't need to be safe ", " i don't deserve ", " not matter to me ", " doesn't matter to me ", " isn't important to me ", " is not important to me ", " already know everything ",
        " let your~ down ", " let us down ", " smart customers ", " smart people ", " smart shoppers ", " only a fool ", " break~ heart", " breaking~ heart", " make us sad ", " i'll stay behind ", " i have enough money ",
        " i'm fine with losing ", " i am fine with losing ",
    ]]),
    Rule {
        all: &[&[" i'd rather ", " i would rather ", " i'll just "], &[" full price ", " pay more ", " unhealthy ", " lose ", " wast", " miss ", " stay ", " overpay ", " risk "]],
        none: &[" person ", " human "],
    },
    any(&[&[" make our ", " makes our ", " make your ", " leave and "], &[" cry ", " sad ", " weep ", " unhappy "]]),
];

/// Somebody complains, or is owed something.
const GRIEVANCE: &[&str] = &[
    "投诉", "抱歉", "歉意", "道歉", "对不起", "退款", "售后", "赔偿", "赔付", "补偿", "质量问题", "差评", "维权", "和解", "撤诉", "遭遇", "带来不便", "退货资格", "申诉", " complaint", " sorry ", " apolog",
    " refund", " regret ", " reported a problem ", " dispute", " claim ", " mistake", " bad review", " negative review", " settlement", " compensation ", " broken ", " inconvenience ", " appeal ",
];

const COMPLAINT_COUNTDOWN: &[Rule] = &[ZH_COUNTDOWN, EN_COUNTDOWN];

const ZH_COUNTDOWN: Rule = Rule {
    all: &[
        &[
            "倒计时", "失效", "逾期", "过时不候", "作废", "限时", "仅保留", "只保留", "后收回", "否则视为", "视为放弃", "自动放弃", "内返现", "今天之内", "马上撤回", "今日有效", "仅限今", "仅限今日", "最后期限",
            "还剩#分钟", "只剩#分钟", "仅剩#分钟", "还剩#小时", "只剩#小时", "剩余#分钟", "#分钟后~关闭", "#小时后~关闭", "#小时内~接受", "#小时内~同意", "#小时内~领取", "#小时内~撤", "#分钟内~接受", "#分钟内~同意",
            "#分钟内~领取", "#分钟内~确认", "尽快同意", "今晚~前同意", "过期",
        ],
        GRIEVANCE,
    ],
    none: &["不会失效", "不会过期", "长期有效", "已过期", "逾期未到", "物流"],
};

const EN_COUNTDOWN: Rule = Rule {
    all: &[
        &[
            " expires in ", " expires tonight ", " expires today ", " or it will ", " or lose ", " only available for ", " only valid ", " clock is ticking ", " minutes left ", " minutes remain", " hours left ",
            " hour left ", " by midnight ", " before midnight ", " ends in ", " offer ends ", " ends tonight ", " countdown ", " closes in ", " will be closed ", " closed tonight ", " otherwise your ", " lapses ",
            " time is running ", " hours to receive ", " hours to accept ", " within #~ accept ", " accept~ within # ", " today only ", " deadline ", " unless you accept ", " if you do not accept ",
        ],
        GRIEVANCE,
    ],
    none: &[" does not expire ", " stays open ", " no deadline "],
};

const HIDDEN_OPT_OUT: &[Rule] = &[
    // Consent by default or by silence.
    any(&[&[
        "已默认", "默认已", "默认勾选", "默认同意", "默认开通", "默认开启", "默认订阅", "默认加入", "默认为您", "为您自动开通", "被自动加入", "自动加入了", "自动为您升级", "即表示~同意", "即代表~同意", "即视为", "即视作",
        "视为您", "视为同意", "视为授权", "视为接受", "视为默认", "不回复即", "未回复即", "结束后自动扣费", "到期后自动扣费", "到期自动扣费",
    ]]),
    any(&[&[
        " already ticked ", " pre ticked ", " been enrolled ", " been subscribed ", " been automatically ", " been signed up ", " been opted in ", " by continuing ", " by using~ you agree ", " no reply means ",
        " silence will ", " silence means ", " unless you object ", " unless you tell us ", " unless you say ", " consent is assumed ", " assume you agree ", " assume your consent ", " deemed to ", " taken as consent ",
        " on by default and ", " subscribed by default ", " enrolled by default ", " opted in by default ",
    ]]),
    // No way out, or one that costs.
    any(&[&[
        "无法关闭", "不能关闭", "不可关闭", "无法取消", "不可取消", "不能取消", "无法退订", "不能退订", "不支持退订", "不支持取消", "恕不退订", " cannot be turned off ", " can't be turned off ", " cannot be cancelled ",
        " cannot be disabled ", " cannot unsubscribe ", " cannot opt out ", " can't opt out ", " can't unsubscribe ", " cannot be switched off ", " no way to cancel ", " no way to unsubscribe ", " not possible to unsubscribe ",
        " not possible to cancel ",
    ]]),
    any(&[
        &["退订", "取消", "退出", "如需关闭", "关闭广告", "不希望", "若不同意", "如不同意", "解约"],
        &["营业厅", "身份证", "邮寄", "书面", "挂号信", "致电", "级菜单", "人工审核", "审批", "需开通", "需购买", "提前#天", "传真", "到店", "现场", "说明理由", "本人~办理", "柜台", "违约金"],
    ]),
    any(&[
        &[" unsubscribe", " opt out ", " opting out ", " to cancel ", " cancellation ", " be cancelled ", " to stop ", " if you disagree ", " turn off ", " to leave "],
        &[
            " letter ", " by post ", " by mail ", " call us ", " in writing ", " written notice ", " visit a ", " branch ", " approval ", " by phone ", " fax ", " passport ", " need to buy ", " must buy ", " in person ",
            " manager ", " office hours ", " cancellation fee ", " notar", " write to us ",
        ],
    ]),
];
