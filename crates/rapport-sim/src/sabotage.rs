//! Bugs planted on purpose, to see that the invariants notice.

/// One planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sabotage {
    /// The store forgets which inbound facts it has.
    LoseDedupeKey,
    /// The node acknowledges before the commit.
    AcknowledgeEarly,
    /// The server takes a later frame of a connection before an earlier one.
    Overtake,
    /// The store takes decisions made on an old state.
    SkipVersionCheck,
    /// A node takes its copy of a conversation for the newest when it decides to do nothing.
    TrustCache,
    /// The store numbers past what it has.
    SkipNumber,
    /// Timers of waiting conversations are not kept.
    ForgetTimer,
    /// Timers are decided on as if it were later than it is.
    HurryTimers,
    /// Effects are settled before they are carried out.
    SettleEarly,
    /// A repeated effect writes its ticket over what became of it.
    RepeatTicket,
    /// A freed agent does not make the queue move.
    LoseRouting,
    /// Routing sees every agent as idle.
    HideLoad,
    /// A second agent is asked while the first may still accept.
    OfferTwice,
    /// The visitor's feed is not filtered.
    LeakNotes,
    /// A desk hears the other company's entries.
    CrossTenants,
    /// Whoever resumes misses the first entry.
    ResumeOneLate,
    /// What was read on resuming is sent once more when it comes over the bus.
    SendTwice,
    /// A visitor may write into anybody's conversation.
    SkipOwnerCheck,
    /// The node drops the reasons of its decisions.
    DropReasons,
    /// The node mixes up the tenants of two effects: a member of another tenant gets the conversation.
    ForeignMember,
    /// The state that is stored is not the one that the events make.
    SkewState,
    /// Every resolution asks for a rating.
    AskRatingAlways,
    /// Node and store take a consent that was withdrawn for one in force.
    IgnoreWithdrawal,
    /// A withdrawal leaves what was noticed.
    KeepFeelings,
}

impl Sabotage {
    pub const ALL: [Self; 24] = [
        Self::LoseDedupeKey,
        Self::AcknowledgeEarly,
        Self::Overtake,
        Self::SkipVersionCheck,
        Self::TrustCache,
        Self::SkipNumber,
        Self::ForgetTimer,
        Self::HurryTimers,
        Self::SettleEarly,
        Self::RepeatTicket,
        Self::LoseRouting,
        Self::HideLoad,
        Self::OfferTwice,
        Self::LeakNotes,
        Self::CrossTenants,
        Self::ResumeOneLate,
        Self::SendTwice,
        Self::SkipOwnerCheck,
        Self::DropReasons,
        Self::ForeignMember,
        Self::SkewState,
        Self::AskRatingAlways,
        Self::IgnoreWithdrawal,
        Self::KeepFeelings,
    ];

    /// Part of what the invariant that notices it says.
    pub fn noticed_as(self) -> &'static str {
        match self {
            Self::LoseDedupeKey | Self::AcknowledgeEarly => "times on the timeline",
            Self::Overtake => "stands behind",
            Self::SkipVersionCheck | Self::SkewState => "fold(journal) != state",
            Self::SkipNumber => "gap in the numbers",
            Self::ForgetTimer | Self::TrustCache => "nothing will wake it",
            Self::HurryTimers => "too early",
            Self::SettleEarly => "never written",
            Self::RepeatTicket => "went back",
            Self::LoseRouting => "is free",
            Self::HideLoad => "conversations of",
            Self::OfferTwice => "offer is open to",
            Self::LeakNotes => "is not for customers",
            Self::CrossTenants => "of another tenant",
            Self::ResumeOneLate | Self::SendTwice => "saw",
            Self::SkipOwnerCheck => "not their own",
            Self::DropReasons => "without reasons",
            Self::ForeignMember => "not of this tenant",
            Self::AskRatingAlways => "rating asked",
            Self::IgnoreWithdrawal | Self::KeepFeelings => "without consent",
        }
    }
}
