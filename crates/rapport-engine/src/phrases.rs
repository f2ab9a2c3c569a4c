//! Everything the bot and the system say to customers, in both languages.

use rapport_model::{Bilingual, Locale};

/// One sentence in both languages; `{name}` is a place to fill.
pub(crate) struct Phrase {
    zh: &'static str,
    en: &'static str,
}

macro_rules! phrases {
    ($($name:ident $zh:literal $en:literal;)+) => {
        $(pub(crate) const $name: Phrase = Phrase { zh: $zh, en: $en };)+
        #[cfg(test)]
        const ALL: &[(&str, Phrase)] = &[$((stringify!($name), $name)),+];
    };
}

phrases! {
    WELCOME "您好，我是{tenant}的智能助手，有什么可以帮您？" "Hello! I am the virtual assistant of {tenant}. How can I help?";
    GREETING "您好！我是{tenant}的智能助手，请说说您遇到的问题。需要人工时，随时告诉我“转人工”。" "Hello! I am the virtual assistant of {tenant}. Tell me what it is about; say “talk to a person” whenever you would like one.";
    THANKS "不客气！还有需要随时找我。" "You are welcome! I am here if anything else comes up.";
    GOODBYE "感谢您的咨询，再见！" "Thank you for getting in touch. Goodbye!";
    ACKNOWLEDGED "好的，还有其他问题可以继续问我。" "All right. Just ask if there is anything else.";
    WHO_AM_I "我是{tenant}的智能助手，是程序不是真人，只按知识库里的内容回答。需要的话，我可以为您转接人工客服。" "I am the virtual assistant of {tenant}: a program, not a person, and I only answer from our help articles. I can connect you to a person if you like.";
    UNSURE "我不太确定这是不是您要问的，在“{title}”里找到这段内容：\n{quote}" "I am not sure this is what you are asking about, but “{title}” says:\n{quote}";
    UNSURE_OFFER "如果没有解答您的问题，可以换个说法再问一次，或转接人工客服。" "If that does not answer it, please put it another way, or talk to a person.";
    MISSED "抱歉，这个问题我没有找到可靠的答案，不想给您错误的信息。需要为您转接人工客服吗？" "Sorry, I could not find a reliable answer to that, and I would rather not guess. Shall I connect you to a person?";
    MISSED_AGAIN "抱歉，这个问题我同样没有找到答案。建议转接人工客服，他们能直接帮您处理，我会把前面的内容一并转达。" "Sorry, I do not have an answer to this one either. I suggest talking to a person: they can help directly, and I will pass on what you told me.";
    DID_YOU_MEAN "抱歉，这个问题我没有把握。您想问的是下面哪一个？" "Sorry, I am not sure what you are asking. Is it one of these?";
    ABOUT_WISH "关于“{wish}”：" "About “{wish}”:";
    CANNOT_READ "已收到您发送的文件。我看不懂图片和文件，可以请您用文字描述一下，或转接人工客服查看。" "I got your file. I cannot read pictures or files: please describe it in words, or let a person have a look.";
    HELPED "很高兴帮到您！" "Glad that helped!";
    NOT_HELPED "抱歉没有帮到您。可以换个说法再问一次，或转接人工客服。" "Sorry that did not help. Please put it another way, or talk to a person.";
    CHOICE_PERSON "转人工客服" "Talk to a person";
    CONNECTED "已为您接通人工客服。" "You are connected to a member of our team.";
    WAIT_POSITION "正在为您转接人工客服，您排在第 {position} 位。" "Connecting you to a person: you are number {position} in the queue.";
    WAIT_POSITION_ESTIMATE "正在为您转接人工客服，您排在第 {position} 位，预计等待{estimate}。" "Connecting you to a person: you are number {position} in the queue, the wait is {estimate}.";
    WAIT_NEXT "正在为您转接人工客服，请稍候。" "Connecting you to a person, one moment please.";
    WAIT_NOBODY "目前客服都不在线，您排在第 {position} 位，有人上线会马上接待您。" "Nobody is online at the moment. You are number {position} in the queue and will be served as soon as somebody is back.";
    CLOSED_UNTIL "现在不是人工客服的工作时间，{opens}开始服务。您的位置已保留（第 {position} 位），届时会优先接待您。" "Our team is off at the moment and back {opens}. Your place is kept (number {position}) and you will be served first.";
    CLOSED_HOLIDAY "现在是{holiday}假期，人工客服{opens}恢复服务。您的位置已保留（第 {position} 位），届时会优先接待您。" "Our team is away for {holiday} and back {opens}. Your place is kept (number {position}) and you will be served first.";
    CLOSED "现在不是人工客服的工作时间。您的位置已保留（第 {position} 位），上班后会优先接待您。" "Our team is off at the moment. Your place is kept (number {position}) and you will be served first when we are back.";
    LEAVE_CONTACT "方便的话请留下手机号或邮箱，不在线时我们也能联系到您。" "Please leave a phone number or e-mail address so that we can reach you when you are not here.";
    LEFT_QUEUE "好的，已取消排队。我还在，可以继续问我。" "All right, you have left the queue. I am still here if you have a question.";
    LEFT_QUEUE_NO_BOT "好的，已取消排队。需要时再发消息即可。" "All right, you have left the queue. Just write again when you need us.";
    BACK_TO_BOT "接下来由智能助手继续为您服务，需要人工时请告诉我。" "The virtual assistant is back with you. Let me know whenever you want a person.";
    RATE "请为本次服务评个分（1-5 分），您的意见会帮助我们做得更好。" "How did we do? Please rate this conversation from 1 to 5.";
    RATE_REMINDER "打扰一下：还没有收到您对上次服务的评价，方便时点一下即可（1-5 分）。" "A quick reminder: we would love your rating (1 to 5) of our last conversation.";
    RATED "感谢您的评价！" "Thank you for your rating!";
    COMPENSATION "为表歉意，我们想给您 {amount} 的补偿，点击即可领取。" "To make up for this we would like to give you {amount}. Press to accept it.";
    COMPENSATION_TAKEN "补偿已为您登记，感谢您的理解。" "Your compensation is noted. Thank you for your patience.";
    CALLBACK "如果您愿意，请留下手机号码和方便的时间，我们的同事会给您回电。" "If you like, leave a phone number and a good time, and a colleague will call you back.";
    TICKET_MOVED "工单 #{number}“{title}”有新进展：{stage}。" "Ticket #{number} “{title}”: {stage}.";
    TICKET_NOTE "说明：{note}" "Note: {note}";
    STAGE_RECEIVED "已受理" "received";
    STAGE_IN_PROGRESS "处理中" "in progress";
    STAGE_WAITING "等待您的回复" "waiting for your reply";
    STAGE_DONE "已完成" "done";
    STAGE_CANCELLED "已取消" "cancelled";
    UNDER_A_MINUTE "不到 1 分钟" "under a minute";
    ABOUT_MINUTES "约 {n} 分钟" "about {n} min";
    ABOUT_HOURS "约 {n} 小时" "about {n} h";
    WISH "客户咨询：{question}" "The customer asks: {question}";
    WISH_PERSON "客户要求人工服务，尚未说明问题" "The customer asked for a person and has not said why yet";
}

/// The phrase with its places filled.
pub(crate) fn say(phrase: &Phrase, locale: Locale, places: &[(&str, &str)]) -> String {
    let mut text = match locale {
        Locale::Zh => phrase.zh.to_owned(),
        Locale::En => phrase.en.to_owned(),
    };
    for (place, value) in places {
        text = text.replace(&format!("{{{place}}}"), value);
    }
    text
}

/// A text of the tenant's own, or the phrase where they wrote none.
pub(crate) fn own_or(own: &Bilingual, phrase: &Phrase, locale: Locale, places: &[(&str, &str)]) -> String {
    let text = own.get(locale);
    if text.is_empty() { say(phrase, locale, places) } else { text.to_owned() }
}

/// A wait as people say it.
pub(crate) fn say_wait(seconds: u32, locale: Locale) -> String {
    match seconds {
        0..60 => say(&UNDER_A_MINUTE, locale, &[]),
        60..5_400 => say(&ABOUT_MINUTES, locale, &[("n", &seconds.div_ceil(60).to_string())]),
        _ => say(&ABOUT_HOURS, locale, &[("n", &seconds.div_ceil(3_600).to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        let places = |text: &'static str| text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect::<BTreeSet<_>>();
        for (name, phrase) in ALL {
            assert_eq!(places(phrase.zh), places(phrase.en), "{name}");
            assert!(phrase.zh.chars().any(rapport_model::is_han) && phrase.en.is_ascii() | phrase.en.contains('“'), "{name}");
        }
    }

    #[test]
    fn waits_are_rounded_up() {
        let check = |seconds, zh: &str, en: &str| {
            assert_eq!((say_wait(seconds, Locale::Zh).as_str(), say_wait(seconds, Locale::En).as_str()), (zh, en));
        };
        check(20, "不到 1 分钟", "under a minute");
        check(61, "约 2 分钟", "about 2 min");
        check(7_000, "约 2 小时", "about 2 h");
    }
}
