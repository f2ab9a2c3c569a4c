//! Nothing acknowledged is lost: the real binary is killed, cut off from power, out of disk, copied while it serves, and parted from its database.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_in_result, reason = "what is not as expected ends the test")]

mod backup;
mod bar;
#[path = "../../../rapport-backends/tests/store/postgres/cluster.rs"]
mod cluster;
mod crash;
mod disk;
mod disk_full;
mod postgres;
mod power_loss;
mod process;
mod senders;
mod verdict;
