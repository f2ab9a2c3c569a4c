//! Which conversation a message belongs to: by our signed address, then by any id that it refers to, then by a number in the subject with the same sender. Never
//! by the subject alone, never by an empty id; and nobody comes into a conversation of which they are no part.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::{Mail, Mailbox, address, plain};

/// What a signature was made for: one for a reply address is none for a Message-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Reply,
    Bounce,
    Message,
    Loop,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::Reply => "rapport/mail/reply/1:",
            Self::Bounce => "rapport/mail/bounce/1:",
            Self::Message => "rapport/mail/message/1:",
            Self::Loop => "rapport/mail/loop/1:",
        }
    }
}

/// Secrets of one tenant, newest first: the first signs, all of them verify.
#[derive(Clone, Default)]
pub struct Keys(Vec<Vec<u8>>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

/// Letters of a signature: 80 bits in base 32, which survives servers that write addresses in lower case.
const SIGN_CHARS: usize = 16;
/// Longest id of a conversation or message within an address, so that the local part keeps to its 64 bytes.
const ID_CHARS_MAX: usize = 36;

/// Where answers go: `local` + separator + conversation + `.` + signature `@` domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyForm {
    pub local: String,
    pub domain: String,
    /// `+`, or where the provider refuses it `-` or `=`. `None`: the mailbox knows no tags, and answers are found by their references alone.
    pub separator: Option<char>,
}

impl Keys {
    pub fn new(secrets: Vec<Vec<u8>>) -> Self {
        Self(secrets.into_iter().filter(|it| !it.is_empty()).collect())
    }

    /// `text.signature`; `None` without a key.
    pub fn sealed(&self, purpose: Purpose, text: &str) -> Option<String> {
        self.0.first().map(|it| format!("{text}.{}", sign(it, purpose, text)))
    }

    /// The text of `text.signature`, where a key of ours made it; in constant time over the signature.
    pub fn opened<'a>(&self, purpose: Purpose, sealed: &'a str) -> Option<&'a str> {
        let (text, signature) = sealed.trim().rsplit_once('.')?;
        if signature.len() != SIGN_CHARS || text.is_empty() {
            return None;
        }
        let given = signature.to_ascii_lowercase();
        let lower = text.to_ascii_lowercase();
        let fits = self.0.iter().fold(subtle::Choice::from(0), |sum, it| {
            let of_text = sign(it, purpose, text).as_bytes().ct_eq(given.as_bytes());
            sum | of_text | sign(it, purpose, &lower).as_bytes().ct_eq(given.as_bytes())
        });
        bool::from(fits).then_some(text)
    }

    /// Where answers to `conversation` go. `None` without a key, without a separator, or for an id that is not `[0-9a-z-]{1,36}`.
    pub fn reply_address(&self, form: &ReplyForm, conversation: &str) -> Option<String> {
        let sealed = self.sealed(Purpose::Reply, checked(conversation)?)?;
        Some(format!("{}{}{sealed}@{}", form.local, form.separator?, form.domain))
    }

    /// The return address of the message `key` (VERP): who bounces it, names it.
    pub fn bounce_address(&self, domain: &str, key: &str) -> Option<String> {
        Some(format!("bounce+{}@{domain}", self.sealed(Purpose::Bounce, checked(key)?)?))
    }

    /// Key of the message whose return address this is.
    pub fn bounce(&self, address: &str) -> Option<String> {
        let (local, _) = address::parts(address)?;
        let sealed = local.to_ascii_lowercase();
        self.opened(Purpose::Bounce, sealed.strip_prefix("bounce")?.strip_prefix(['+', '-', '='])?).map(str::to_owned)
    }

    /// Message-ID of a message of ours, without brackets: `r.conversation.message.signature@domain`.
    pub fn message_id(&self, conversation: &str, message: &str, domain: &str) -> Option<String> {
        let text = format!("r.{}.{}", checked(conversation)?, checked(message)?);
        Some(format!("{}@{domain}", self.sealed(Purpose::Message, &text)?))
    }

    /// Conversation and message of a Message-ID that we made.
    pub fn own_message<'a>(&self, id: &'a str) -> Option<(&'a str, &'a str)> {
        let (local, _) = id.rsplit_once('@')?;
        let text = self.opened(Purpose::Message, local)?;
        text.strip_prefix("r.")?.split_once('.')
    }
}

/// Whether an id has the shape of ours, whoever made it.
fn looks_own(id: &str) -> bool {
    id.rsplit_once('@').is_some_and(|it| it.0.starts_with("r.") && it.0.matches('.').count() == 3)
}

fn checked(id: &str) -> Option<&str> {
    let sound = (1..=ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    sound.then_some(id)
}

fn sign(secret: &[u8], purpose: Purpose, text: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(purpose.label().as_bytes());
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let bits = bytes.iter().take(10).fold(0_u128, |sum, it| sum << 8 | u128::from(*it));
    let letter = |at: usize| usize::try_from(bits >> (75 - 5 * at) & 31).ok().and_then(|it| LETTERS.get(it)).map(|it| char::from(*it));
    (0..SIGN_CHARS).filter_map(letter).collect()
}

/// What the store knows, asked by ids that are never empty. All answers are of the one tenant.
pub trait Known {
    /// The conversation of a message, in or out, by its Message-ID.
    fn message(&self, message_id: &str) -> Option<Found>;
    /// The conversation with this public number.
    fn number(&self, number: u64) -> Option<String>;
    /// `None` where it is gone.
    fn conversation(&self, conversation: &str) -> Option<Facts>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub conversation: String,
    /// Sent to many at once: an answer to it is a conversation of its own.
    pub broadcast: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Every address that is part of it: who wrote, and whom somebody in it put into To or Cc.
    pub participants: Vec<String>,
    pub subject: String,
}

/// What the shell found about the sender (SPF, DKIM, DMARC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authenticity {
    Pass,
    /// The domain says nothing, or it was not checked.
    #[default]
    Unknown,
    /// The domain says that this is not its mail.
    Fail,
}

/// How this desk writes its addresses and numbers.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    pub keys: Keys,
    pub forms: Vec<ReplyForm>,
    /// Stands between `[#` and the number, so that numbers of another desk are not taken for ours; may be empty.
    pub number_prefix: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threading {
    pub placement: Placement,
    /// In the order in which they were found; shown to the agent.
    pub reasons: Vec<Reason>,
    /// It joins, but speaks of something else: splitting is proposed, and answers carry the new subject.
    pub propose_split: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    Join { conversation: String },
    /// `linked`: the conversation that it refers to without being part of it; shown beside, never mixed.
    New { linked: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It came to an address that only a message of ours told.
    SignedAddress,
    Reference(String),
    SubjectNumber(u64),
    /// An address or id like ours that no key of ours made: of another desk, or forged.
    BadSignature,
    /// What it refers to is gone.
    Gone,
    /// The sender is no part of what it refers to.
    NotAParticipant,
    /// The sender's address looks like that of a participant, and is not it.
    LookAlike(String),
    /// The display name shows an address that is not the sender's.
    NameShowsAnother,
    /// The sender's domain says that this is not its mail.
    NotAuthentic,
    Broadcast,
    SubjectChanged,
    NothingKnown,
}

/// Most signed addresses, ids and numbers that are asked for.
const ASKED_MAX: usize = 100;

pub fn resolve(mail: &Mail, authenticity: Authenticity, desk: &Desk, known: &dyn Known) -> Threading {
    let mut reasons = Vec::new();
    let Some(author) = mail.author() else {
        return Threading { placement: Placement::New { linked: None }, reasons: vec![Reason::NothingKnown], propose_split: false };
    };
    if address::name_shows_another(author) {
        reasons.push(Reason::NameShowsAnother);
    }
    let candidates = candidates(mail, desk, known, &mut reasons);
    let mut linked = None;
    for Candidate { conversation, reason, proves } in candidates {
        let Some(facts) = known.conversation(&conversation) else {
            once(&mut reasons, Reason::Gone);
            continue;
        };
        match refusal(author, authenticity, &facts) {
            None => {
                let propose_split = is_other_subject(&mail.subject, &facts.subject);
                reasons.push(reason);
                reasons.extend(propose_split.then_some(Reason::SubjectChanged));
                return Threading { placement: Placement::Join { conversation }, reasons, propose_split };
            }
            Some(refusals) => {
                refusals.into_iter().for_each(|it| once(&mut reasons, it));
                // A number can be guessed: it is no reason to show two conversations as belonging together.
                linked = linked.or(proves.then_some(conversation));
            }
        }
    }
    if reasons.is_empty() {
        reasons.push(Reason::NothingKnown);
    }
    Threading { placement: Placement::New { linked }, reasons, propose_split: false }
}

struct Candidate {
    conversation: String,
    reason: Reason,
    /// Whether the sender must have seen a message of it to refer to it.
    proves: bool,
}

fn candidates(mail: &Mail, desk: &Desk, known: &dyn Known, reasons: &mut Vec<Reason>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for recipient in mail.recipients().take(ASKED_MAX) {
        match signed(recipient, desk) {
            Some(Ok(conversation)) => found.push(Candidate { conversation, reason: Reason::SignedAddress, proves: true }),
            Some(Err(reason)) => once(reasons, reason),
            None => {}
        }
    }
    let own_id = mail.message_id.as_deref();
    let ids = mail.in_reply_to.iter().rev().chain(mail.references.iter().rev());
    for id in ids.filter(|it| !it.trim().is_empty() && Some(it.as_str()) != own_id).take(ASKED_MAX) {
        match (known.message(id), desk.keys.own_message(id)) {
            (Some(Found { broadcast: true, .. }), _) => once(reasons, Reason::Broadcast),
            (Some(it), _) => found.push(Candidate { conversation: it.conversation, reason: Reason::Reference(id.clone()), proves: true }),
            (None, Some((conversation, _))) => found.push(Candidate { conversation: conversation.to_owned(), reason: Reason::Reference(id.clone()), proves: true }),
            (None, None) if looks_own(id) => once(reasons, Reason::BadSignature),
            (None, None) => {}
        }
    }
    for number in subject_numbers(&mail.subject, &desk.number_prefix).into_iter().take(ASKED_MAX) {
        found.extend(known.number(number).map(|conversation| Candidate { conversation, reason: Reason::SubjectNumber(number), proves: false }));
    }
    found
}

/// The conversation of a signed address of ours; `None` for any other address.
fn signed(recipient: &str, desk: &Desk) -> Option<Result<String, Reason>> {
    let (local, domain) = address::parts(recipient)?;
    let local = local.to_ascii_lowercase();
    desk.forms.iter().filter(|it| it.domain.eq_ignore_ascii_case(domain)).find_map(|form| {
        let sealed = local.strip_prefix(&form.local.to_ascii_lowercase())?.strip_prefix(form.separator?)?;
        let is_sealed = sealed.rsplit_once('.').is_some_and(|it| it.1.len() == SIGN_CHARS);
        is_sealed.then(|| desk.keys.opened(Purpose::Reply, sealed).map(str::to_owned).ok_or(Reason::BadSignature))
    })
}

/// Why the author may not join; `None`: may.
fn refusal(author: &Mailbox, authenticity: Authenticity, facts: &Facts) -> Option<Vec<Reason>> {
    let takes_part = facts.participants.iter().any(|it| address::same(it, &author.address));
    if takes_part && authenticity != Authenticity::Fail {
        return None;
    }
    if takes_part {
        return Some(vec![Reason::NotAuthentic]);
    }
    let look_alike = facts.participants.iter().find(|it| address::is_look_alike(it, &author.address));
    Some([Reason::NotAParticipant].into_iter().chain(look_alike.map(|it| Reason::LookAlike(it.clone()))).collect())
}

fn once(reasons: &mut Vec<Reason>, reason: Reason) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
}

/// The mark that goes into our subjects: `[#12]`.
pub fn subject_mark(prefix: &str, number: u64) -> String {
    format!("[#{prefix}{number}]")
}

/// Numbers in `[#12]`, in full-width forms too; in no other place of the message, where they may be quoted.
pub fn subject_numbers(subject: &str, prefix: &str) -> Vec<u64> {
    let narrow: String = subject.chars().map(half_width).collect();
    let marks = narrow.split('[').skip(1).filter_map(|it| it.split_once(']').map(|it| it.0.trim()));
    let digits = marks.filter_map(|it| it.strip_prefix('#')?.trim().strip_prefix(prefix));
    let sound = digits.filter(|it| (1..=18).contains(&it.len()) && it.chars().all(|it| it.is_ascii_digit()));
    sound.filter_map(|it| it.parse().ok()).collect()
}

fn half_width(character: char) -> char {
    match character {
        '【' | '［' => '[',
        '】' | '］' => ']',
        '＃' => '#',
        '０'..='９' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

/// A subject without prefixes of answers and forwards, marks and blanks, in lower case.
pub fn base_subject(subject: &str) -> String {
    const PREFIXES: &[&str] = &[
        "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "tr", "rv", "res", "ref", "rif", "回复", "答复", "回覆", "答覆", "转发", "轉寄", "轉發", "自动回复", "自动答复", "自動回覆", "automatic reply",
    ];
    let narrow: String = plain::bounded(subject, 2_000).chars().map(|it| if it == '：' { ':' } else { half_width(it) }).collect::<String>().to_lowercase();
    let mut rest = narrow.trim();
    loop {
        let before = rest;
        // A mark or the tag of a list: only where something follows.
        if let Some((mark, after)) = rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
            rest = if mark.len() <= 60 && !after.trim().is_empty() { after.trim_start() } else { rest };
        }
        if let Some((head, after)) = rest.split_once(':') {
            let head = head.trim().trim_end_matches(|it: char| it.is_ascii_digit() || "[]()".contains(it)).trim();
            rest = if PREFIXES.contains(&head) { after.trim_start() } else { rest };
        }
        if rest == before {
            break;
        }
    }
    let (mut out, mut inside) = (String::new(), rest);
    // Marks elsewhere.
    while let Some((before, after)) = inside.split_once("[#") {
        out.push_str(before);
        inside = after.split_once(']').map_or("", |it| it.1);
    }
    out.push_str(inside);
    out.chars().filter(|it| !it.is_whitespace()).collect()
}

/// Whether it speaks of something else: neither is the other or within it, and neither is empty.
fn is_other_subject(a: &str, b: &str) -> bool {
    let (a, b) = (base_subject(a), base_subject(b));
    !a.is_empty() && !b.is_empty() && !a.contains(&b) && !b.contains(&a)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(vec![b"new secret".to_vec(), b"old secret".to_vec()])
    }

    fn form() -> ReplyForm {
        ReplyForm { local: "reply".to_owned(), domain: "shop.cn".to_owned(), separator: Some('+') }
    }

    #[test]
    fn a_signed_address_tells_its_conversation_and_no_flipped_letter_does() {
        let id = "0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11";
        let address = keys().reply_address(&form(), id).expect("signed");
        assert!(address.split('@').next().expect("local").len() <= 64, "{address}");
        let desk = Desk { keys: keys(), forms: vec![form()], number_prefix: String::new() };
        assert_eq!(signed(&address, &desk), Some(Ok(id.to_owned())));
        assert_eq!(signed(&address.to_uppercase(), &desk), Some(Ok(id.to_owned())));
        for at in 6..address.find('@').expect("at") {
            let mut letters: Vec<char> = address.chars().collect();
            letters[at] = if letters[at] == 'a' { 'b' } else { 'a' };
            let flipped: String = letters.into_iter().collect();
            assert!(!matches!(signed(&flipped, &desk), Some(Ok(_))), "{flipped}");
        }
        assert_eq!(signed(&address.replace("shop.cn", "evil.cn"), &desk), None);
        assert_eq!(signed("reply@shop.cn", &desk), None);
        assert_eq!(signed("reply+spring-sale@shop.cn", &desk), None);
    }

    #[test]
    fn an_older_key_still_opens_and_a_foreign_one_does_not() {
        let old = Keys::new(vec![b"old secret".to_vec()]).sealed(Purpose::Reply, "c1").expect("sealed");
        assert_eq!(keys().opened(Purpose::Reply, &old), Some("c1"));
        assert_eq!(keys().opened(Purpose::Message, &old), None);
        let foreign = Keys::new(vec![b"another".to_vec()]).sealed(Purpose::Reply, "c1").expect("sealed");
        assert_eq!(keys().opened(Purpose::Reply, &foreign), None);
        assert_eq!((Keys::default().sealed(Purpose::Reply, "c1"), Keys::new(vec![Vec::new()]).opened(Purpose::Reply, &old)), (None, None));
    }

    #[test]
    fn our_message_ids_and_return_addresses_are_known_again() {
        let id = keys().message_id("c-1", "m-2", "shop.cn").expect("id");
        assert_eq!(keys().own_message(&id), Some(("c-1", "m-2")));
        assert_eq!(keys().own_message("r.c-1.m-2.aaaaaaaaaaaaaaaa@shop.cn"), None);
        let bounce = keys().bounce_address("shop.cn", "e-7").expect("address");
        assert_eq!(keys().bounce(&bounce).as_deref(), Some("e-7"));
        assert_eq!(keys().bounce("bounce+e-7.aaaaaaaaaaaaaaaa@shop.cn"), None);
        for bad in ["", "A", "a.b", "a b", "号", &"x".repeat(37)] {
            assert_eq!(keys().reply_address(&form(), bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_stand_in_marks_only() {
        let check = |subject: &str, prefix: &str, expected: &[u64]| assert_eq!(subject_numbers(subject, prefix), expected, "{subject}");
        check("Re: [#12] 退款", "", &[12]);
        check("回复：【＃１２】退款", "", &[12]);
        check("Ticket #12, 12, (12), [12], [#12", "", &[]);
        check("[#RP12] [#12]", "RP", &[12]);
        check("[#99999999999999999999] [#] [#-1] [# 7 ]", "", &[7]);
    }

    #[test]
    fn subjects_are_compared_without_their_prefixes() {
        let check = |a: &str, b: &str, other: bool| assert_eq!(is_other_subject(a, b), other, "{a} | {b}");
        check("Re: 退款进度", "退款进度", false);
        check("回复：回复: 退款进度 [#12]", "[#12] 退款进度", false);
        check("RE[2]: Refund", "Fwd: refund", false);
        check("[Ext] Re: Refund", "Refund", false);
        check("换货 尺码", "退款进度", true);
        check("", "退款进度", false);
        check("Re:", "退款进度", false);
        check("价格：新品", "价格", false);
    }
}
