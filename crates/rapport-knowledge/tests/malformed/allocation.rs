//! Counts what a thread allocates, so that a test can tell how much a call held and how much it used in all.
#![expect(unsafe_code, reason = "an allocator is unsafe by its interface; this one only counts and passes on")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// Most bytes held at once.
    pub peak: usize,
    /// Bytes allocated in all: a measure of work that does not depend on the machine.
    pub total: usize,
}

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static TOTAL: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn add(bytes: usize) {
    let held = HELD.get() + isize::try_from(bytes).unwrap_or(isize::MAX);
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
    TOTAL.set(TOTAL.get() + bytes);
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - isize::try_from(layout.size()).unwrap_or(0));
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a call answers, and what it used.
pub(crate) fn measured<T>(call: impl FnOnce() -> T) -> (T, Used) {
    let before = HELD.get();
    PEAK.set(before);
    TOTAL.set(0);
    let answer = call();
    let used = Used { peak: usize::try_from(PEAK.get() - before).unwrap_or(0), total: TOTAL.get() };
    (answer, used)
}
