//! What the store keeps of consent and care, and what is there of one person.

use std::collections::BTreeMap;

use rapport_model::{
    Alert, Attachment, BlobId, CareBudget, Consent, Contact, ContactId, Conversation, ConversationId, Entry, FeelingExample, Identity, MemberId, Seq, Spending, SpendingId, SpendingState, Ticket, Timestamp,
};

/// What a commit changes of consent and care, in its transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct CareWrite {
    pub contact: ContactId,
    /// The decision rests on how the customer feels: it conflicts unless the consent to that is in force in this transaction.
    pub rests_on_feeling: bool,
    /// Given, or withdrawn. A withdrawal of `emotion:care` deletes what was noticed of the contact in this transaction, everywhere.
    pub consent: Option<Consent>,
    /// Sealed.
    pub mood: Option<String>,
    pub sample: Option<NewSample>,
    pub alert: Option<Alert>,
    /// New ones.
    pub spendings: Vec<Spending>,
    /// Those whose state changed, and the member who changed it.
    pub settled: Vec<(SpendingId, SpendingState, Option<MemberId>)>,
    /// The decision counted on so much: it conflicts when new spendings are more than is left.
    pub budget: Option<CareBudget>,
}

/// What was noticed in one entry of a commit. `body` is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSample {
    /// Its place among the commit's entries.
    pub entry: usize,
    pub body: String,
    pub expires_at: Timestamp,
}

/// As stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub conversation: ConversationId,
    pub seq: Seq,
    pub at: Timestamp,
    pub body: String,
    pub expires_at: Timestamp,
}

/// Everything about one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonData {
    pub contact: Option<Contact>,
    pub identities: Vec<Identity>,
    pub conversations: Vec<Conversation>,
    /// Oldest first.
    pub entries: Vec<Entry>,
    pub tickets: Vec<Ticket>,
    pub attachments: Vec<Attachment>,
    pub consents: Vec<Consent>,
    pub samples: Vec<Sample>,
    pub spendings: Vec<Spending>,
    pub alerts: Vec<Alert>,
    /// What was learned from their own words.
    pub feelings_taught: Vec<FeelingExample>,
}

/// What an erasure did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Rows by table.
    pub counts: BTreeMap<&'static str, u64>,
    /// Files whose content is to be deleted.
    pub blobs: Vec<BlobId>,
}
