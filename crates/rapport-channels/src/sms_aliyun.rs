//! Short messages by Alibaba Cloud: pushes to a secret address in, signed calls with approved forms out.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::Timestamp;
use rapport_ports::{ChannelField, CheckStep, ProviderCall};
use rapport_wire::channel::{
    Media, Outgoing, SendFault, Sending, WireFault, mac, outcome, reading,
    sms::aliyun::{self, Config, Template},
};
use serde_json::Value;

use crate::{
    Adapter, CallFault, Link, Opened, OutFile, Received,
    adapter::to_do,
    step,
    forms::field,
};

pub struct SmsAliyun;

static FIELDS: [ChannelField; 7] = [
    field("access_key_id", ["AccessKey ID", "AccessKey ID", "RAM 访问控制 → 用户 → 创建 AccessKey；用户需要 AliyunDysmsFullAccess", "RAM console, users, create an AccessKey; the user needs AliyunDysmsFullAccess"], false, true, ""),
    field("access_key_secret", ["AccessKey Secret", "AccessKey secret", "创建时只显示一次", "Shown once, when it is created"], true, true, ""),
    field("sign_name", ["短信签名", "Signature", "短信服务 → 国内消息 → 签名管理 中已通过的名称，不带【】", "Short Message Service, domestic, signatures: the name of an approved one, without brackets"], false, true, ""),
    field("text_template", ["文本模板", "Template for texts", "模板管理 中已通过、只有一个变量的模板，形如 SMS_…。所有回复都用它发出", "The code SMS_… of an approved template with one variable. All answers go out in it"], false, true, ""),
    field("text_variable", ["文本模板的变量名", "Its variable", "模板里 ${…} 中的名字", "The name within ${…} in the template"], false, false, "content"),
    field("push_secret", ["回调口令", "Secret of the address", "自己定一串：16 到 64 个字母、数字、_ 或 -。阿里云的推送没有签名，要填写的地址是 回调地址/口令", "Choose one: 16 to 64 letters, digits, _ or -. Pushes carry no signature: what is entered at Alibaba Cloud is the callback address, a slash and this"], true, true, ""),
    field("base_url", ["接口地址", "API address", "一般不用改；国际站为 https://dysmsapi.ap-southeast-1.aliyuncs.com", "Leave it; for the international site https://dysmsapi.ap-southeast-1.aliyuncs.com"], false, false, "https://dysmsapi.aliyuncs.com"),
];

fn config(channel: &Opened) -> Config {
    let text_template = channel.get("text_template").to_owned();
    Config {
        access_key_id: channel.get("access_key_id").to_owned(),
        sign_name: channel.get("sign_name").to_owned(),
        templates: vec![Template { code: text_template.clone(), names: vec![channel.get("text_variable").to_owned()] }],
        text_template: Some(text_template),
    }
}

/// New for each call of this node; what it is called for makes it new among nodes.
fn nonce(of: &str, now: Timestamp) -> String {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    format!("{of}-{}-{}", now.0, CALLS.fetch_add(1, Ordering::Relaxed))
}

async fn ask(link: &Link<'_>, action: &str, own: &[(&str, &str)]) -> Result<Value, SendFault> {
    let nonce = nonce(&link.inbox.to_string(), link.now);
    let request = aliyun::call(link.channel.get("access_key_id"), link.channel.get("access_key_secret"), action, own, &nonce, link.now);
    let response = link.call(&request).await?;
    aliyun::answer(&response)?;
    Ok(response.json())
}

#[async_trait]
impl Adapter for SmsAliyun {
    fn fields(&self) -> &'static [ChannelField] {
        &FIELDS
    }

    fn receive(&self, channel: &Opened, call: &ProviderCall, _callback_url: &str, _now: Timestamp) -> Result<Received, WireFault> {
        if !mac::same(call.tail.as_bytes(), channel.get("push_secret").as_bytes()) {
            return Err(WireFault::BadSignature);
        }
        Ok(Received::json(aliyun::RECEIVED, aliyun::decode(&call.body)?))
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending {
        let request = aliyun::send(&config(link.channel), link.channel.get("access_key_secret"), outgoing, &nonce(&outgoing.key, link.now), link.now)?;
        aliyun::answer(&link.call(&request).await?)
    }

    /// Operators refuse addresses that are in no approved form.
    async fn send_file(&self, _link: &Link<'_>, _outgoing: &Outgoing, _file: &OutFile) -> Sending {
        Err(outcome::unsupported("a file"))
    }

    async fn fetch(&self, _link: &Link<'_>, _media: &Media, _bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        Err(CallFault::Refused("short messages bring no files".to_owned()))
    }

    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep> {
        let secret = link.channel.get("push_secret");
        let is_secret = (16..=64).contains(&secret.len()) && secret.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
        if !is_secret {
            return vec![step("secret", false, "回调口令应为 16 到 64 个字母、数字、_ 或 -", "The secret of the address has 16 to 64 letters, digits, _ or -")];
        }
        let (name, template, variable) = (link.channel.get("sign_name"), link.channel.get("text_template"), link.channel.get("text_variable"));
        let mut steps = Vec::new();
        match ask(link, "QuerySmsSign", &[("SignName", name)]).await {
            Ok(found) => {
                steps.push(step("token", true, "AccessKey 有效", "The AccessKey is valid"));
                let approved = reading::whole(&found, "/SignStatus") == Some(1);
                let why = reading::name(&found, "/Reason").unwrap_or_default();
                let zh = if approved { format!("签名【{name}】已通过") } else { format!("签名【{name}】未通过审核 {why}。请在 签名管理 中查看") };
                steps.push(step("signature", approved, zh, if approved { format!("The signature {name} is approved") } else { format!("The signature {name} is not approved: {why}. See signatures in the console") }));
            }
            Err(fault) => steps.push(refused("token", &fault)),
        }
        if steps.iter().any(|it| it.passed == Some(false)) {
            return steps;
        }
        match ask(link, "QuerySmsTemplate", &[("TemplateCode", template)]).await {
            Ok(found) => {
                let text = reading::text(&found, "/TemplateContent").unwrap_or_default();
                let (approved, has) = (reading::whole(&found, "/TemplateStatus") == Some(1), text.contains(&format!("${{{variable}}}")));
                let (zh, en) = match (approved, has) {
                    (true, true) => (format!("模板已通过：{text}"), format!("The template is approved: {text}")),
                    (true, false) => (format!("模板“{text}”里没有变量 ${{{variable}}}，请改“变量名”"), format!("The template \"{text}\" has no variable ${{{variable}}}: change the variable's name")),
                    (false, _) => (format!("模板 {template} 未通过审核"), format!("The template {template} is not approved")),
                };
                steps.push(step("template", approved && has, zh, en));
            }
            Err(fault) => steps.push(refused("template", &fault)),
        }
        let zh = format!("请在 短信服务 → 系统设置 → 接口设置 中，把“接收回执（SmsReport）”与“接收上行短信（SmsUp）”的 HTTP 地址设为 {callback_url}/<回调口令>");
        steps.push(to_do("callback", zh, format!("Under system settings set the HTTP address of SmsReport and of SmsUp to {callback_url}/<secret of the address>")));
        steps
    }
}

/// That looking is not permitted says nothing against sending.
fn refused(name: &'static str, fault: &SendFault) -> CheckStep {
    let is_permission = matches!(fault, SendFault::Refused { code, .. } if code.contains("PERMISSION") || code.starts_with("NoPermission") || code.starts_with("Forbidden.RAM"));
    if is_permission {
        let zh = format!("AccessKey 有效，但无权查询：{fault}。可授予 AliyunDysmsFullAccess 后再试");
        return to_do(name, zh, format!("The AccessKey is valid but may not look: {fault}. Grant AliyunDysmsFullAccess and try again"));
    }
    step(name, false, format!("阿里云没有接受：{fault}。请核对 AccessKey、签名与模板"), format!("Alibaba Cloud did not accept it: {fault}. Compare the AccessKey, the signature and the template"))
}
