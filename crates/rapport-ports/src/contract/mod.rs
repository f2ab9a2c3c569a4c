//! Contract tests: what every implementation of the ports promises, as functions that panic with what broke.
//!
//! `store_contract!`, `blobs_contract!` and `bus_contract!` make one test of each promise over whatever opens the subject.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a broken promise is told by a panic, as in any test")]

pub mod audit;
pub mod blobs;
pub mod bus;
pub mod care;
pub mod conversations;
pub mod credentials;
pub mod directory;
pub mod everything;
pub mod isolation;
pub mod journal;
pub mod records;
pub mod schedule;
pub mod world;

pub use world::{Published, Subject};

/// A test for each promise of a store. `$subject` is called once a test and answers a `Subject` over a store that holds nothing,
/// and what keeps it alive.
#[macro_export]
macro_rules! store_contract {
    ($subject:path) => {
        $crate::store_contract! { @$subject,
            journal: numbers_rise_without_gaps_and_are_told_in_order, an_inbound_fact_is_kept_once, an_inbound_fact_is_kept_once_under_concurrency,
                a_stale_decision_conflicts, a_stale_routing_decision_conflicts, a_decision_is_kept_whole, a_refused_decision_leaves_nothing,
                a_bad_decision_harms_no_other, entries_are_read_by_scope, entries_come_back_as_they_were;
            conversations: a_state_is_read_as_it_was_left, lists_are_filtered, lists_are_paged, texts_are_found_as_they_are, routing_reads_what_decisions_left;
            schedule: effects_are_leased_and_settled, effects_go_to_one_of_many, effects_that_no_decision_made_and_those_that_are_stuck, timers_move_and_clear;
            directory: tenants_have_their_names, numbers_are_allotted_once, contacts_and_identities, tickets_are_kept, changes_at_once_all_count, attachments_are_tied_once;
            records: saves_expect_what_they_saw, keys_are_unique, typed_records, versions_and_settings_are_kept;
            credentials: a_link_works_once, credentials_end;
            audit: the_audit_log_is_a_chain;
            care: no_feeling_is_kept_without_consent, a_withdrawal_leaves_nothing_of_a_feeling, a_budget_is_not_overspent, what_has_expired_is_gone, an_erased_person_is_found_nowhere,
                a_person_is_exported_whole;
            isolation: no_method_reaches_another_tenant;
        }
    };
    (@$subject:path, $($module:ident: $($promise:ident),+;)+) => {
        /// How many there are.
        pub(crate) const PROMISES: usize = [$($(stringify!($promise)),+),+].len();
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let (subject, kept) = $subject();
                $crate::contract::$module::$promise(subject).await;
                drop(kept);
            }
        )+)+
    };
}

/// The same for files.
#[macro_export]
macro_rules! blobs_contract {
    ($subject:path) => {
        $crate::blobs_contract! { @$subject, files_come_back_as_they_were, files_belong_to_one_tenant, a_deleted_file_is_gone }
    };
    (@$subject:path, $($promise:ident),+) => {$(
        #[tokio::test]
        async fn $promise() {
            let (blobs, kept) = $subject();
            $crate::contract::blobs::$promise(blobs).await;
            drop(kept);
        }
    )+};
}

/// The same for the bus; `$subject` is called with how entries are encoded.
#[macro_export]
macro_rules! bus_contract {
    ($subject:path) => {
        $crate::bus_contract! { @$subject,
            entries_are_heard_in_order_by_whom_they_are_for, signals_reach_whom_they_are_for, a_slow_reader_is_cut_by_frames,
            a_slow_reader_is_cut_by_bytes, whoever_left_is_gone
        }
    };
    (@$subject:path, $($promise:ident),+) => {$(
        #[test]
        fn $promise() {
            $crate::contract::bus::$promise(&*$subject($crate::contract::bus::frames));
        }
    )+};
}
