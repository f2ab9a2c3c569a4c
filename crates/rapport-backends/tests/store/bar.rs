//! The bar of the contract: how many promises both databases kept, printed by whichever test of it ends last.

use std::sync::atomic::{AtomicUsize, Ordering};

static ENDED: AtomicUsize = AtomicUsize::new(0);
static KEPT: AtomicUsize = AtomicUsize::new(0);

/// Held by each test of a promise; dropped by its end or its panic.
pub(crate) struct Promise;

#[expect(clippy::print_stdout, reason = "bars are read from what tests print")]
impl Drop for Promise {
    fn drop(&mut self) {
        let total = crate::sqlite::contract::PROMISES + crate::postgres::contract::PROMISES;
        let kept = KEPT.fetch_add(usize::from(!std::thread::panicking()), Ordering::Relaxed) + usize::from(!std::thread::panicking());
        if ENDED.fetch_add(1, Ordering::Relaxed) + 1 == total {
            println!(r#"BAR {{"name":"store-contract","figure":"{kept} of {total}","target":"both","holds":{}}}"#, kept == total);
        }
    }
}
