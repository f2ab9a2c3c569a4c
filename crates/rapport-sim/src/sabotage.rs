//! Bugs planted on purpose, to see that the invariants notice.

/// One planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// The store forgets which inbound facts it has.
    LoseDedupeKey,
    /// The node acknowledges before the commit.
    AcknowledgeEarly,
    /// The store takes decisions made on an old state.
    SkipVersionCheck,
    /// Timers of waiting conversations are not kept.
    ForgetQueueTimer,
    /// Routing sees every agent as idle.
    HideLoad,
    /// The visitor's feed is not filtered.
    LeakNotes,
    /// The node drops the reasons of its decisions.
    DropReasons,
    /// The node mixes up the tenants of two effects: a member of another tenant gets the conversation.
    ForeignMember,
    /// The state that is stored is not the one that the events make.
    SkewState,
    /// Every resolution asks for a rating.
    AskRatingAlways,
}

impl Sabotage {
    pub const ALL: [Self; 10] = [
        Self::LoseDedupeKey,
        Self::AcknowledgeEarly,
        Self::SkipVersionCheck,
        Self::ForgetQueueTimer,
        Self::HideLoad,
        Self::LeakNotes,
        Self::DropReasons,
        Self::ForeignMember,
        Self::SkewState,
        Self::AskRatingAlways,
    ];
}
