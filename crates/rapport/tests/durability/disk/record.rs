//! What the shim wrote down: one record a call, in the order in which it happened.

use std::path::{Path, PathBuf};

/// One thing a process did to a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Create { path: PathBuf, inode: u64 },
    Write { inode: u64, at: usize, data: Vec<u8> },
    Truncate { inode: u64, len: usize },
    SyncBegin { number: u64 },
    /// Everything that was done to the file (or to the names in the folder) before the begin of the same number is on the disk.
    SyncEnd { number: u64, inode: u64, folder: Option<PathBuf> },
    Rename { from: PathBuf, to: PathBuf, inode: u64 },
    Unlink { path: PathBuf },
    /// One more name of a file.
    Link { path: PathBuf, inode: u64 },
    MakeFolder { path: PathBuf },
}

/// Shape: `struct head` of the shim, little-endian, then path and data.
const HEAD: usize = 32;

/// The records, each with how much was written down when it was: the mark by which an acknowledgement is placed between them.
pub(crate) fn read(path: &Path) -> Vec<(u64, Record)> {
    let bytes = std::fs::read(path).expect("record");
    let mut records = Vec::new();
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + HEAD) {
        let number = |from: usize| u64::from_le_bytes(head[from..from + 8].try_into().expect("eight bytes"));
        let path_len = usize::try_from(u32::from_le_bytes(head[4..8].try_into().expect("four bytes"))).expect("fits");
        let (inode, place, data_len) = (number(8), number(16), usize::try_from(number(24)).expect("fits"));
        let path_at = at + HEAD;
        // A process that was killed while it wrote leaves half a record.
        let Some(data) = bytes.get(path_at + path_len..path_at + path_len + data_len) else { break };
        let path = PathBuf::from(std::str::from_utf8(&bytes[path_at..path_at + path_len]).expect("a path"));
        at = path_at + path_len + data_len;
        let (is_folder, place_in_file) = (head[1] == 1, || usize::try_from(place).expect("fits"));
        let record = match head[0] {
            1 => Record::Create { path, inode },
            2 => Record::Write { inode, at: place_in_file(), data: data.to_vec() },
            3 => Record::Truncate { inode, len: place_in_file() },
            4 => Record::SyncBegin { number: place },
            5 => Record::SyncEnd { number: place, inode, folder: is_folder.then_some(path) },
            6 => Record::Rename { from: path, to: PathBuf::from(std::str::from_utf8(data).expect("a path")), inode },
            7 => Record::Unlink { path },
            8 => Record::MakeFolder { path },
            9 => panic!("{} is written through a shared map, which this test cannot see", path.display()),
            10 => Record::Link { path, inode },
            other => panic!("record {other}"),
        };
        records.push((u64::try_from(at).expect("fits"), record));
    }
    records
}
