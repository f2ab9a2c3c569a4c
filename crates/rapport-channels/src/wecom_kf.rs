//! WeChat customer service (微信客服): a callback is a doorbell, what was said is pulled; and somebody who enters may be welcomed once, at once.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{ChannelKind, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Fact, Inbound, Media, Outgoing, Piece, SendFault, Sending, WireFault,
    wecom::{
        self, app,
        kf::{self, Desk, Page, Welcome},
    },
};

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Pulled, Received,
    forms::{field, fitted, form, tolerance},
    step,
    wechat::in_turn,
    wecom::{BASE_URL, CORP_ID, Told, begun, fetched, told, uploaded, with_token},
};

pub struct WecomKf;

static FIELDS: [ChannelField; 7] = [
    CORP_ID,
    field(
        "secret",
        ["微信客服 Secret", "Secret of customer service", "企业微信管理后台 → 应用管理 → 微信客服 → API，“企业内部接入”中查看；不是自建应用的 Secret", "Console: applications, WeChat customer service, API, internal access; not an application's own"],
        true,
        true,
        "",
    ),
    field("token", ["Token", "Token", "同一处的回调配置，点“随机获取”", "Callback settings at the same place; press random"], true, true, ""),
    field("aes_key", ["EncodingAESKey", "EncodingAESKey", "与 Token 同一处，43 位", "At the same place as the token; 43 characters"], true, true, ""),
    field(
        "open_kf_id",
        ["客服账号 ID", "Account id (open_kfid)", "形如 wk…；点“测试”会列出全部账号。留空则这个收件箱接收所有账号", "wk…; the check lists all of them. Where it is empty this inbox takes all accounts"],
        false,
        false,
        "",
    ),
    tolerance("60"),
    BASE_URL,
];

/// Where answers go, as text: the account, and how somebody who just entered may be welcomed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    account: String,
    /// Code, and when they entered.
    welcome: Option<(String, Option<Timestamp>)>,
}

impl Place {
    fn text(&self) -> String {
        match &self.welcome {
            Some((code, at)) => format!("{} {} {code}", self.account, at.map(|it| it.0.to_string()).unwrap_or_default()),
            None => self.account.clone(),
        }
    }

    fn parse(text: &str) -> Self {
        let mut words = text.splitn(3, ' ');
        let (account, at, code) = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next());
        Self { account: account.to_owned(), welcome: code.map(|code| (code.to_owned(), at.parse().ok().map(Timestamp))) }
    }
}

async fn page(link: &Link<'_>, account: &str, cursor: &str, bell: Option<&str>) -> Result<Page, SendFault> {
    with_token(link, |token| async move { kf::page(&link.call(&kf::sync(&token, account, cursor, bell)).await?) }).await
}

/// Who enters may be spoken to only by the code that came with it, and not for long; without one nothing can be said before they write.
fn welcomed(facts: &mut Vec<Inbound>, welcomes: &[Welcome], now: Timestamp) {
    facts.retain_mut(|it| {
        if !matches!(it.fact, Fact::Began { .. }) {
            return true;
        }
        let is_it = |welcome: &&Welcome| welcome.customer == it.from.id && welcome.at == it.at && welcome.at.is_none_or(|at| now.since_ms(at) <= kf::WELCOME_MS);
        let Some(welcome) = welcomes.iter().find(is_it) else { return false };
        it.from.reply_to = Some(Place { account: welcome.account.clone(), welcome: Some((welcome.code.clone(), welcome.at)) }.text());
        true
    });
}

/// Names and union ids, where they can be had; messages do not wait for them.
async fn named(link: &Link<'_>, facts: &mut [Inbound]) {
    let is_said = |it: &&Inbound| matches!(it.fact, Fact::Message { .. } | Fact::Pressed { .. } | Fact::Began { .. });
    let mut ids: Vec<String> = facts.iter().filter(is_said).map(|it| it.from.id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    for some in ids.chunks(kf::CUSTOMERS_MAX) {
        let asked: Vec<&str> = some.iter().map(String::as_str).collect();
        let asked = &asked;
        let known = with_token(link, |token| async move { kf::customers_answer(&link.call(&kf::customers(&token, asked)).await?) });
        let known = match known.await {
            Ok(known) => known,
            Err(fault) => {
                tracing::info!(%fault, "names of customers cannot be had");
                return;
            }
        };
        for fact in facts.iter_mut() {
            if let Some(it) = known.iter().find(|it| it.id == fact.from.id) {
                fact.from.name.clone_from(&it.name);
                fact.from.vouched.clone_from(&it.vouched);
            }
        }
    }
}

fn listed(desks: &[Desk]) -> String {
    let one = |it: &Desk| format!("{} {}", it.name, it.account);
    desks.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[async_trait]
impl Adapter for WecomKf {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, now: Timestamp) -> Result<Received, WireFault> {
        match told(channel, call, now)? {
            Told::Echo(answer) => Ok(Received::text(answer, Vec::new())),
            Told::Plain(plain) => {
                let ours = channel.get("open_kf_id");
                let mut facts = app::decode(&plain)?;
                facts.retain(|it| matches!(&it.fact, Fact::Doorbell { account, .. } if ours.is_empty() || account == ours));
                Ok(Received::text(wecom::SUCCESS, facts))
            }
        }
    }

    async fn pull(&self, link: &Link<'_>, doorbell: &Fact, cursor: Option<String>) -> Result<Pulled, SendFault> {
        let Fact::Doorbell { account, token } = doorbell else { return Ok(Pulled::default()) };
        let cursor = cursor.unwrap_or_default();
        let page = match page(link, account, &cursor, Some(token)).await {
            // A bell that rang long ago: without it WeCom answers as well, if not as often.
            Err(SendFault::Refused { code, .. }) if code == kf::DOORBELL_OVER => page(link, account, &cursor, None).await?,
            page => page?,
        };
        if page.unread > 0 {
            tracing::warn!(unread = page.unread, "some of a page was not understood");
        }
        let mut facts = page.facts;
        welcomed(&mut facts, &page.welcomes, link.now);
        named(link, &mut facts).await;
        Ok(Pulled { facts, cursor: Some(page.cursor).filter(|it| !it.is_empty()), more: page.more })
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let place = Place::parse(outgoing.reply_to.as_deref().unwrap_or_default());
        let outgoing = Outgoing { reply_to: Some(place.account.clone()).filter(|it| !it.is_empty()), ..outgoing.clone() };
        let pieces = fitted(ChannelKind::WecomKf, &outgoing);
        if let (Some((code, at)), [only]) = (place.welcome, pieces.as_slice())
            && matches!(only.piece, Piece::Text(_) | Piece::Buttons { .. })
        {
            let welcome = Welcome { account: place.account, customer: outgoing.to.clone(), code, at };
            let welcome = &welcome;
            let sent = with_token(link, |token| async move { kf::answer(&link.call(&kf::welcome(&token, welcome, &only.piece, &only.key, link.now)?).await?) });
            match sent.await {
                // Used up or too late: they may have written meanwhile.
                Err(SendFault::WindowClosed { .. }) => {}
                sent => return sent,
            }
        }
        let pieces = &pieces;
        let sent = with_token(link, |token| async move {
            let requests: Vec<_> = pieces.iter().map(|it| kf::send(&token, it)).collect::<Result<_, _>>()?;
            in_turn(link, &requests.concat(), kf::answer).await
        });
        sent.await
    }

    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending {
        let piece = uploaded(link, form(ChannelKind::WecomKf, file)?, file).await?;
        self.send(link, &Outgoing { piece, ..outgoing.clone() }).await
    }

    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        fetched(link, media, bytes_max).await
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        if !begun(link, &mut steps).await {
            return steps;
        }
        let desks = match with_token(link, |token| async move { kf::desks_answer(&link.call(&kf::desks(&token)).await?) }).await {
            Ok(desks) => desks,
            Err(fault) => {
                let zh = format!("读不到客服账号：{fault}。请确认 Secret 是“微信客服”的，并已开启 API、加入可信 IP（60020）");
                let en = format!("The accounts cannot be read: {fault}. The secret has to be that of customer service, with API on and this server among the trusted addresses (60020)");
                steps.push(step("accounts", false, zh, en));
                return steps;
            }
        };
        let ours = link.channel.get("open_kf_id");
        let served = |it: &Desk| it.is_ours && (ours.is_empty() || it.account == ours);
        let all = listed(&desks);
        if desks.iter().any(served) {
            steps.push(step("accounts", true, format!("客服账号：{all}"), format!("Accounts: {all}")));
        } else {
            let zh = format!("没有可由 API 管理的对应账号。现有：{all}。请核对客服账号 ID，并在微信客服 → API 中把账号设为“通过 API 管理”");
            steps.push(step("accounts", false, zh, format!("No such account is managed by API. There are: {all}. Compare the account id, and have the account managed by API")));
            return steps;
        }
        let zh = format!("请在微信客服 → API 的回调配置中填写 URL {callback_url} 并保存；保存时企业微信会立刻来校验");
        steps.push(CheckStep { passed: None, ..step("callback", true, zh, format!("Enter the URL {callback_url} in the callback settings of customer service and save it; WeCom then calls at once")) });
        steps
    }
}

#[cfg(test)]
mod tests {
    use rapport_wire::channel::Remote;

    use super::*;

    const NOW: Timestamp = Timestamp(1_764_000_000_000);

    #[test]
    fn places_come_back() {
        let place = |welcome| Place { account: "wk1".to_owned(), welcome };
        for it in [place(None), place(Some(("C 1".to_owned(), Some(NOW)))), place(Some(("C".to_owned(), None)))] {
            assert_eq!(Place::parse(&it.text()), it);
        }
        assert_eq!(Place::parse("").account, "");
    }

    #[test]
    fn who_cannot_be_welcomed_has_not_begun() {
        let began = |customer: &str, at: Timestamp| Inbound {
            id: customer.to_owned(),
            from: Remote { id: customer.to_owned(), reply_to: Some("wk1".to_owned()), ..Remote::default() },
            at: Some(at),
            fact: Fact::Began { scene: None },
        };
        let said = Inbound { fact: Fact::Message { parts: Vec::new(), quoted: None }, ..began("d", NOW) };
        let welcome = |customer: &str, at: Timestamp| Welcome { account: "wk1".to_owned(), customer: customer.to_owned(), code: "W".to_owned(), at: Some(at) };
        let old = NOW.plus_ms(-20_001);
        let mut facts = vec![began("a", NOW), began("b", NOW), began("c", old), said.clone()];
        welcomed(&mut facts, &[welcome("a", NOW), welcome("c", old)], NOW);
        let welcomed = Inbound { from: Remote { reply_to: Some("wk1 1764000000000 W".to_owned()), ..began("a", NOW).from }, ..began("a", NOW) };
        assert_eq!(facts, [welcomed, said]);
    }
}
