//! The reasons a decision can have: a stable code each, with a sentence in both languages into which its facts are put.

use rapport_model::{Locale, Reason};

/// A reason's code and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

macro_rules! reasons {
    ($($name:ident = $code:literal $zh:literal $en:literal;)+) => {
        $(pub(crate) const $name: &Template = &Template { code: $code, zh: $zh, en: $en };)+
        /// Every reason; `{fact}` stands for a fact of that name.
        pub const TEMPLATES: &[&Template] = &[$($name),+];
    };
}

reasons! {
    OPENED = "conversation.opened" "客户首次联系，新建会话" "The customer got in touch: a new conversation was opened";
    REOPENED = "conversation.reopened" "会话结束 {hours} 小时后客户再次来信，重新打开" "The customer wrote again {hours} h after it was resolved: reopened";
    REOPENED_BY_MEMBER = "conversation.reopened_by_member" "坐席重新打开会话" "A member reopened the conversation";
    RESOLVED_BY_MEMBER = "conversation.resolved_by_member" "坐席结束会话" "A member resolved the conversation";
    RESOLVED_BY_CUSTOMER = "conversation.resolved_by_customer" "客户结束会话" "The customer ended the conversation";
    RESOLVED_IDLE = "conversation.resolved_idle" "客户 {hours} 小时没有回复机器人，自动结束" "The customer did not answer the bot for {hours} h: resolved";
    THANKED_AFTER = "conversation.thanked_after" "会话已结束，客户仅道谢、道别或应答，不重新打开" "The customer only said thanks, goodbye or yes after it was resolved: not reopened";
    UNCHANGED = "conversation.unchanged" "已是所求状态，无需改变" "It is so already: nothing to change";
    NOT_CONCERNED = "conversation.not_concerned" "会话当前状态为 {status}，与此无关" "The conversation is {status}: this does not concern it";
    FIELD_SET = "conversation.field_set" "坐席修改了会话的 {field}" "A member changed the conversation's {field}";
    READ = "conversation.read" "已读到第 {up_to} 条" "Read up to entry {up_to}";
    CONTACT_TOLD = "contact.told" "客户提供了资料：{fields}" "The customer told: {fields}";
    TO_AGENT = "message.to_agent" "会话由坐席接待，消息直接转给坐席" "An agent has the conversation: the message goes to them";
    WHILE_WAITING = "message.while_waiting" "客户在等待人工，机器人不插话" "The customer waits for a person: the bot keeps out";
    FROM_MEMBER = "message.from_member" "坐席发送消息" "A member sent a message";
    NOTE = "message.note" "坐席添加内部备注" "A member added a note";
    BOT_OFF = "bot.off" "该收件箱未启用机器人，直接转人工" "The inbox has no bot: given to people";
    BOT_GREETING = "bot.greeting" "客户打招呼（{kind}）" "The customer made small talk ({kind})";
    BOT_ANSWERED = "bot.answered" "知识库中找到答案：{title}（置信度 {confidence}）" "Found in the knowledge: {title} (confidence {confidence})";
    BOT_UNSURE = "bot.unsure" "知识库中有相近内容但把握不足（置信度 {confidence}），给出原文并提供人工" "The knowledge holds something near (confidence {confidence}): shown as unsure, a person offered";
    BOT_MISSED = "bot.missed" "知识库中没有答案，如实告知并提供人工（连续第 {misses} 次）" "Not in the knowledge: said so and offered a person (number {misses} in a row)";
    BOT_CANNOT_READ = "bot.cannot_read" "机器人看不懂图片或文件，提供人工" "The bot cannot read pictures or files: a person offered";
    BOT_NO_KNOWLEDGE = "bot.no_knowledge" "尚无知识库内容" "There is no knowledge yet";
    BOT_HELPED = "bot.judged_helpful" "客户表示答案有帮助" "The customer says the answer helped";
    BOT_NOT_HELPED = "bot.judged_not_helpful" "客户表示答案没有帮助，提供人工" "The customer says the answer did not help: a person offered";
    BOT_RETURNED = "bot.returned" "坐席将会话交还机器人" "A member gave the conversation back to the bot";
    KNOWLEDGE_NOTHING = "knowledge.nothing_found" "知识库中没有任何相关内容" "Nothing in the knowledge is related";
    KNOWLEDGE_BEST = "knowledge.best_article" "最相近的文章：{title}（版本 {version}，匹配：{matched}）" "Nearest article: {title} (version {version}, matched: {matched})";
    KNOWLEDGE_CONFIDENCE = "knowledge.confidence" "置信度 {confidence}，回答门槛 {found_min}；覆盖 {covered}，得分 {score}，领先 {lead}，陌生词 {unheard}" "Confidence {confidence}, threshold {found_min}; covered {covered}, score {score}, lead {lead}, unheard {unheard}";
    WISHES_SPLIT = "intent.wishes_split" "一条消息里有 {count} 个诉求，逐一作答" "The message holds {count} wishes: answered one after another";
    INTENT_UNDERSTOOD = "intent.understood" "“{wish}”理解为：{intent}（把握 {p}，依据：{words}；模型 {model}）" "“{wish}” was taken for {intent} (probability {p}, by: {words}; model {model})";
    INTENT_UNCLEAR = "intent.unclear" "“{wish}”不确定属于哪个意图，最接近：{likely}（熟悉度 {scope}，门槛 {scope_min}；模型 {model}）" "“{wish}” is none of the intents for sure; nearest: {likely} (scope {scope}, at least {scope_min}; model {model})";
    INTENT_ANSWERED = "intent.answered" "按意图“{intent}”预设的回复作答" "Answered with what was written for the intent {intent}";
    INTENT_ASKED_BACK = "intent.asked_back" "先用 {choices} 个最可能的选项向客户确认" "Asked back with the {choices} likeliest choices first";
    INTENT_CHOSEN = "intent.chosen" "客户选择了“{intent}”，原话：{question}" "The customer chose {intent}; what was asked: {question}";
    JARGON_READ = "intent.jargon_read" "按词库理解：{replaced}" "Read by the lexicon: {replaced}";
    HANDOVER_ASKED = "handover.customer_asked" "客户要求人工：{words}" "The customer asked for a person: {words}";
    HANDOVER_PRESSED = "handover.customer_pressed" "客户点击了“转人工”" "The customer pressed the button for a person";
    HANDOVER_QUARANTINED = "handover.quarantined" "该会话处理时出过错，由人工接手" "A decision on this conversation failed before: given to people";
    QUARANTINED = "conversation.quarantined" "处理这条输入时程序出错，保留原文并请人工查看" "The decision on this input failed: kept as it is and given to people";
    HANDOVER_MEMBER = "handover.by_member" "坐席将会话放回队列" "A member put the conversation back into the queue";
    HANDOVER_AGENT_GONE = "handover.agent_gone" "原坐席已离职，重新排队" "The agent who had it has left the company: queued again";
    HANDOVER_RETURNING = "handover.returning" "曾由人工接待，原坐席不在，重新排队" "People had it before and the last agent is away: queued again";
    QUEUE_JOINED = "queue.joined" "进入队列：团队 {team}，技能 {skills}，优先级 {priority}" "Queued: team {team}, skills {skills}, priority {priority}";
    QUEUE_ALREADY = "queue.already" "客户已在等待人工" "The customer is waiting already";
    QUEUE_LEFT = "queue.left" "客户取消排队" "The customer left the queue";
    QUEUE_STANDING = "queue.standing" "前面有 {ahead} 位；在线坐席 {agents} 名，空位 {free}，总容量 {capacity}，平均处理 {handle_s} 秒" "{ahead} ahead; {agents} agents online, {free} free places of {capacity}, mean handling time {handle_s} s";
    QUEUE_CHECKED = "queue.checked" "再次检查等待中的会话，已等待 {waited_s} 秒" "Looked again at the waiting conversation after {waited_s} s";
    QUEUE_IN_TURN = "queue.in_turn" "前面还有 {ahead} 位可由同一批坐席接待，按顺序派发（空位 {free}）" "{ahead} before it can be served by the same agents ({free} free): served in turn";
    QUEUE_LATER = "queue.routed_next" "已入队，随即派发" "Queued, routed right after";
    HOURS_OPEN = "hours.open" "处于营业时间" "Within business hours";
    HOURS_CLOSED = "hours.closed" "非营业时间，{opens} 开始营业" "Outside business hours, open {opens}";
    HOURS_HOLIDAY = "hours.holiday" "今天是公共假日：{zh}（{en}）" "It is a public holiday: {en} ({zh})";
    HOURS_UNANNOUNCED = "hours.year_unannounced" "{year} 年放假安排未收录：只按法定固定假日与每周时间" "The {year} holiday notice is not in the table: fixed statutory days and the week hold";
    ROUTING_MANUAL = "routing.manual" "该收件箱由坐席自行领取" "Agents of this inbox take conversations themselves";
    ROUTING_NOBODY = "routing.nobody" "暂无可接待的坐席：{why}" "Nobody can take it now: {why}";
    ROUTING_STICKY = "routing.sticky" "上次由 {agent} 接待，仍有空位（{load}/{capacity}）" "{agent} had this customer last and is free ({load}/{capacity})";
    ROUTING_LEAST_LOADED = "routing.least_loaded" "{agent} 负载最低（{load}/{capacity}）；候选：{compared}" "{agent} has the lowest load ({load}/{capacity}); compared: {compared}";
    ROUTING_IDLE_LONGEST = "routing.idle_longest" "负载相同，{agent} 空闲最久；候选：{compared}" "Equal load, {agent} has been idle longest; compared: {compared}";
    ROUTING_LANGUAGE = "routing.speaks" "优先会说客户语言（{language}）的坐席" "Agents who speak the customer's language ({language}) come first";
    ROUTING_ONLY = "routing.only_candidate" "只有 {agent} 可接待（{load}/{capacity}）" "Only {agent} can take it ({load}/{capacity})";
    ROUTING_AGAIN = "routing.asked_again" "其他人都不可用，再次询问曾放弃的坐席" "Nobody else is left: those who passed are asked again";
    OFFER_MADE = "offer.made" "邀请 {agent}，{timeout_s} 秒内有效" "Offered to {agent} for {timeout_s} s";
    OFFER_ACCEPTED = "offer.accepted" "坐席接受邀请" "The agent accepted the offer";
    OFFER_DECLINED = "offer.declined" "坐席谢绝邀请" "The agent declined the offer";
    OFFER_EXPIRED = "offer.expired" "坐席未在限时内回应" "The agent did not answer in time";
    OFFER_WITHDRAWN = "offer.withdrawn" "坐席离线，收回邀请" "The agent went away: the offer was taken back";
    OFFER_WRONG_TEAM = "offer.wrong_team" "改派团队后，原邀请的坐席不在该团队" "The agent asked is not in the new team";
    ASSIGNED_DIRECTLY = "assignment.direct" "该收件箱直接分配，不需坐席确认" "This inbox assigns without asking";
    ASSIGNED_TAKEN = "assignment.taken" "坐席自行接待" "The member took it";
    ASSIGNED_BY_ACTING = "assignment.by_acting" "坐席处理了未分配的会话，因此归其接待" "The member acted on an unassigned conversation and so has it";
    ASSIGNED_GIVEN = "assignment.given" "由同事转交给 {agent}" "A colleague gave it to {agent}";
    ASSIGNED_LAST_AGENT = "assignment.last_agent" "客户再次来信，上次接待的 {agent} 在线（{load}/{capacity}）" "The customer is back and {agent}, who had them last, is online ({load}/{capacity})";
    SNOOZED = "snooze.set" "坐席暂缓至 {until}" "Put aside until {until}";
    WOKEN_TIME = "snooze.ended" "暂缓时间已到" "The time it was put aside for is over";
    WOKEN_CUSTOMER = "snooze.customer_wrote" "客户来信，结束暂缓" "The customer wrote: no longer put aside";
    SNOOZE_KEPT = "snooze.kept" "客户只是道谢或应答，继续暂缓" "The customer only said thanks or yes: it stays put aside";
    WOKEN_MEMBER = "snooze.woken" "坐席结束暂缓" "A member took it up again";
    RATING_ASKED = "rating.asked" "会话结束，邀请评价" "Resolved: a rating was asked for";
    RATING_NOT_ASKED = "rating.not_asked" "不邀请评价：{why}" "No rating asked for: {why}";
    RATING_REMINDED = "rating.reminded" "24 小时未评价，提醒一次" "Not rated in 24 h: reminded once";
    RATING_GIVEN = "rating.given" "客户评价 {score} 分" "The customer rated it {score}";
    CONSENT_GIVEN = "consent.given" "客户同意：{purpose}（文本版本 {version}）" "The customer agreed: {purpose} (text version {version})";
    CONSENT_WITHDRAWN = "consent.withdrawn" "客户撤回同意：{purpose}，立即停止并删除" "The customer took consent back: {purpose}; stopped and deleted at once";
    OBJECTED = "decision.objected" "客户对第 {about} 条的自动决定提出异议，由人工复核" "The customer objects to the automated decision at entry {about}: a person looks at it";
    CARE_FIRST = "care.noticed" "经客户同意开始留意情绪" "With the customer's consent, feelings are noticed from here on";
    CARE_RULE = "care.rule_holds" "规则“{zh}”（{en}）成立：{state}；依据：{what}" "Rule “{en}” ({zh}) holds: {state}; because of: {what}";
    CARE_ACT = "care.act_taken" "采取措施：{act}" "Done: {act}";
    CARE_REFUSED = "care.act_refused" "不采取 {act}：{zh}（{en}）" "Not done, {act}: {en} ({zh})";
    CARE_NO_SKILL = "care.no_such_skill" "没有坐席具备技能 {skill}，不按此分配" "Nobody has the skill {skill}: not asked for";
    CARE_NO_BUDGET = "care.no_budget" "补偿额度不足：{left}，需要 {amount}" "Not enough of the budget left: {left}, {amount} wanted";
    CARE_ENDED = "care.rule_ended" "客户情绪恢复，“{rule}”的措施结束" "The customer is well again: what rule “{rule}” did is over";
    COMPENSATION_ACCEPTED = "compensation.accepted" "客户接受补偿" "The customer took the compensation";
    COMPENSATION_APPROVED = "compensation.approved" "主管批准补偿" "The compensation was approved";
    COMPENSATION_DECLINED = "compensation.declined" "主管没有批准补偿" "The compensation was not approved";
    TICKET_CREATED = "ticket.created" "坐席创建工单 #{number}" "A member made ticket #{number}";
    TICKET_MOVED = "ticket.moved" "工单 #{number} 进展为 {stage}" "Ticket #{number} moved to {stage}";
}

/// A reason of this kind; facts are added by `with`.
pub(crate) fn because(template: &'static Template) -> Reason {
    Reason::new(template.code)
}

/// The reason as a sentence. A code that is not in the table (a newer journal) is shown with its facts as they are.
pub fn explain(reason: &Reason, locale: Locale) -> String {
    let Some(template) = TEMPLATES.iter().find(|it| it.code == reason.code) else { return reason.to_string() };
    let mut sentence = match locale {
        Locale::Zh => template.zh.to_owned(),
        Locale::En => template.en.to_owned(),
    };
    for (fact, value) in &reason.facts {
        sentence = sentence.replace(&format!("{{{fact}}}"), value);
    }
    sentence
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect()
    }

    #[test]
    fn codes_are_distinct_and_both_languages_name_the_same_facts() {
        let codes: BTreeSet<_> = TEMPLATES.iter().map(|it| it.code).collect();
        assert_eq!(codes.len(), TEMPLATES.len());
        for it in TEMPLATES {
            assert_eq!(places(it.zh), places(it.en), "{}", it.code);
            assert!(it.zh.chars().any(rapport_model::is_han), "{}", it.code);
            assert!(it.code.contains('.') && it.code.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_'), "{}", it.code);
        }
    }

    #[test]
    fn a_reason_reads_as_a_sentence() {
        let reason = because(OFFER_MADE).with("agent", "林夏").with("timeout_s", 30);
        assert_eq!(explain(&reason, Locale::Zh), "邀请 林夏，30 秒内有效");
        assert_eq!(explain(&reason, Locale::En), "Offered to 林夏 for 30 s");
        assert_eq!(explain(&Reason::new("future.code").with("x", 1), Locale::En), "future.code x=1");
    }
}
