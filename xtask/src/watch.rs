//! Ends a command that takes too long, with everything it started, so that a run always comes to its totals.

use std::{
    fs,
    process::Command,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    time::Duration,
};

/// Dropped when the command is done.
pub(crate) struct Watch {
    _done: Sender<()>,
}

/// After `limit` the process and its descendants are killed.
pub(crate) fn over(process: u32, limit: Duration, name: &'static str) -> Watch {
    let (done, wait) = channel::<()>();
    std::thread::spawn(move || {
        if wait.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            println!("== {name}: not done after {} s: ended", limit.as_secs());
            for id in family(process, &processes()) {
                let _gone = Command::new("kill").args(["-KILL", &id.to_string()]).status();
            }
        }
    });
    Watch { _done: done }
}

/// (process, parent) of all that run.
fn processes() -> Vec<(u32, u32)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|it| fs::read_to_string(it.path().join("stat")).ok());
    stats.filter_map(|it| parents(&it)).collect()
}

/// `12 (a name) S 7 …`: the name may hold anything, also parentheses.
fn parents(stat: &str) -> Option<(u32, u32)> {
    let (id, _) = stat.split_once(' ')?;
    let (_, rest) = stat.rsplit_once(") ")?;
    Some((id.parse().ok()?, rest.split(' ').nth(1)?.parse().ok()?))
}

/// The process and all below it, parents before children.
fn family(process: u32, all: &[(u32, u32)]) -> Vec<u32> {
    let mut found = vec![process];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(all.iter().filter(|(_, it)| *it == parent).map(|(id, _)| *id));
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_found_by_its_parents() {
        assert_eq!(parents("12 (a (b) c) S 7 7 0"), Some((12, 7)));
        assert_eq!(family(1, &[(2, 1), (3, 2), (4, 9), (5, 1)]), [1, 2, 5, 3]);
    }
}
