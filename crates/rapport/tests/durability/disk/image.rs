//! The disk as a power cut leaves it: what was synced is there; of the rest there may be nothing, a beginning, or any sectors.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rand::{Rng, SeedableRng, rngs::SmallRng};

use super::Record;

/// What a disk writes whole or not at all. Units: bytes.
const SECTOR: usize = 512;

/// How much of what was not synced reached the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Nothing,
    /// What was done first, up to a moment.
    Beginning { seed: u64 },
    /// Any sectors of any writes, in no order; names in folders still in theirs.
    AnySectors { seed: u64 },
}

#[derive(Clone, Debug)]
enum Change {
    Write { inode: u64, at: usize, data: Vec<u8> },
    Truncate { inode: u64, len: usize },
    Name { path: PathBuf, inode: u64 },
    NoName { path: PathBuf },
    Folder { path: PathBuf },
}

/// What one sync covers: a file's content, or the names in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Synced {
    Content(u64),
    Names(PathBuf),
}

impl Change {
    fn synced_by(&self) -> Synced {
        match self {
            Self::Write { inode, .. } | Self::Truncate { inode, .. } => Synced::Content(*inode),
            Self::Name { path, .. } | Self::NoName { path } | Self::Folder { path } => Synced::Names(path.parent().unwrap_or(path).to_owned()),
        }
    }
}

#[derive(Default)]
struct Disk {
    contents: BTreeMap<u64, Vec<u8>>,
    names: BTreeMap<PathBuf, u64>,
    folders: BTreeSet<PathBuf>,
    /// Not synced yet, each with its place among the records.
    pending: BTreeMap<Synced, Vec<(usize, Change)>>,
}

/// Makes the disk after `records` at `to`, in place of `root`.
pub(crate) fn image<'a>(records: impl IntoIterator<Item = &'a Record>, cut: Cut, root: &Path, to: &Path) {
    let mut disk = Disk::default();
    let mut begun = BTreeMap::new();
    for (place, record) in records.into_iter().enumerate() {
        match record {
            Record::Create { path, inode } => {
                // The number of a removed file may be given again: nothing of the old one is to be seen in the new.
                disk.later(place, Change::Truncate { inode: *inode, len: 0 });
                disk.later(place, Change::Name { path: path.clone(), inode: *inode });
            }
            Record::Write { inode, at, data } => disk.later(place, Change::Write { inode: *inode, at: *at, data: data.clone() }),
            Record::Truncate { inode, len } => disk.later(place, Change::Truncate { inode: *inode, len: *len }),
            Record::Rename { from, to, inode } => {
                disk.later(place, Change::NoName { path: from.clone() });
                disk.later(place, Change::Name { path: to.clone(), inode: *inode });
            }
            Record::Link { path, inode } => disk.later(place, Change::Name { path: path.clone(), inode: *inode }),
            Record::Unlink { path } => disk.later(place, Change::NoName { path: path.clone() }),
            Record::MakeFolder { path } => disk.later(place, Change::Folder { path: path.clone() }),
            Record::SyncBegin { number } => drop(begun.insert(*number, place)),
            Record::SyncEnd { number, inode, folder } => {
                let what = folder.as_ref().map_or(Synced::Content(*inode), |it| Synced::Names(it.clone()));
                disk.sync(begun.remove(number).unwrap_or(0), &what);
            }
        }
    }
    disk.cut(cut);
    disk.write(root, to);
}

impl Disk {
    fn later(&mut self, place: usize, change: Change) {
        self.pending.entry(change.synced_by()).or_default().push((place, change));
    }

    fn sync(&mut self, begun: usize, what: &Synced) {
        let Some(mut now) = self.pending.remove(what) else { return };
        let later = now.split_off(now.partition_point(|(place, _)| *place < begun));
        now.into_iter().for_each(|(_, change)| self.apply(change));
        if !later.is_empty() {
            self.pending.insert(what.clone(), later);
        }
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Write { inode, at, data } => {
                let content = self.contents.entry(inode).or_default();
                if content.len() < at + data.len() {
                    content.resize(at + data.len(), 0);
                }
                content[at..at + data.len()].copy_from_slice(&data);
            }
            Change::Truncate { inode, len } => self.contents.entry(inode).or_default().resize(len, 0),
            Change::Name { path, inode } => drop(self.names.insert(path, inode)),
            Change::NoName { path } => drop(self.names.remove(&path)),
            Change::Folder { path } => drop(self.folders.insert(path)),
        }
    }

    /// Applies of what is pending what the cut lets through.
    fn cut(&mut self, cut: Cut) {
        let mut pending: Vec<(usize, Change)> = std::mem::take(&mut self.pending).into_values().flatten().collect();
        pending.sort_by_key(|(place, _)| *place);
        match cut {
            Cut::Nothing => {}
            Cut::Beginning { seed } => {
                let mut random = SmallRng::seed_from_u64(seed);
                let kept = random.random_range(0..=pending.len());
                pending.into_iter().take(kept).for_each(|(_, change)| self.apply(change));
            }
            Cut::AnySectors { seed } => {
                let mut random = SmallRng::seed_from_u64(seed);
                let mut closed = BTreeSet::new();
                for (_, change) in pending {
                    match change {
                        Change::Write { inode, at, data } => self.some_sectors(&mut random, inode, at, &data),
                        Change::Truncate { .. } => {
                            if random.random_bool(0.5) {
                                self.apply(change);
                            }
                        }
                        Change::Name { .. } | Change::NoName { .. } | Change::Folder { .. } => {
                            let folder = change.synced_by();
                            if !closed.contains(&folder) && random.random_bool(0.7) {
                                self.apply(change);
                            } else {
                                closed.insert(folder);
                            }
                        }
                    }
                }
            }
        }
    }

    fn some_sectors(&mut self, random: &mut SmallRng, inode: u64, at: usize, data: &[u8]) {
        let mut from = 0;
        while from < data.len() {
            // To the next border of a sector of the file.
            let to = data.len().min(from + SECTOR - (at + from) % SECTOR);
            if random.random_bool(0.5) {
                self.apply(Change::Write { inode, at: at + from, data: data[from..to].to_vec() });
            }
            from = to;
        }
    }

    fn write(&self, root: &Path, to: &Path) {
        let place = |path: &Path| to.join(path.strip_prefix(root).expect("below the root"));
        let reachable = |path: &Path| path.ancestors().skip(1).take_while(|it| *it != root).all(|it| self.folders.contains(it));
        for folder in self.folders.iter().filter(|it| reachable(it)) {
            fs::create_dir_all(place(folder)).expect("folder");
        }
        for (path, inode) in self.names.iter().filter(|(path, _)| reachable(path)) {
            fs::write(place(path), self.contents.get(inode).map(Vec::as_slice).unwrap_or_default()).expect("file");
        }
    }
}
