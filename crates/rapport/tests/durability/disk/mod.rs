//! A disk that can be cut, filled and made to lie: the shim between a process and its files, what it wrote down, and the images made of it.

mod image;
mod record;

use std::{
    fs::{self, File},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) use self::{
    image::{Cut, image},
    record::{Record, read},
};

const SHIM: &str = include_str!("shim.c");

/// What goes wrong; `enum mode` of the shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Good = 0,
    /// Takes what overwrites, and nothing that grows.
    Full = 1,
    SyncFails = 2,
    /// Says that the log is synced and does nothing: what `synchronous=OFF` would be.
    LogSyncLies = 3,
    FolderSyncLies = 4,
}

/// The files of one process below `root`.
pub(crate) struct Disk {
    /// What lies below survives by its own rules; the folder itself is there from the beginning.
    pub(crate) root: PathBuf,
    pub(crate) record: PathBuf,
    shim: PathBuf,
    control: File,
    control_path: PathBuf,
}

impl Disk {
    /// `folder` is the test's own. The shim is compiled here, by the C compiler that Rust itself links with.
    pub(crate) fn new(folder: &Path) -> Self {
        let at = |name: &str| folder.join(name);
        let (root, shim, source, control_path) = (at("disk"), at("shim.so"), at("shim.c"), at("control"));
        fs::create_dir_all(&root).expect("folder");
        fs::write(&source, SHIM).expect("source");
        let made = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&shim).arg(&source).arg("-ldl").output();
        let made = made.expect("a C compiler: `apt-get install -y gcc libc6-dev`");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::write(&control_path, [0_u8; 4096]).expect("control");
        let control = fs::OpenOptions::new().write(true).open(&control_path).expect("control");
        Self { root: root.canonicalize().expect("path"), record: at("record"), shim, control, control_path }
    }

    /// What a process needs in its environment.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("LD_PRELOAD", self.shim.clone()),
            ("RAPPORT_DISK_ROOT", self.root.clone()),
            ("RAPPORT_DISK_RECORD", self.record.clone()),
            ("RAPPORT_DISK_CONTROL", self.control_path.clone()),
        ]
    }

    /// From the next call of the process on.
    pub(crate) fn set(&self, mode: Mode) {
        self.control.write_all_at(&[mode as u8], 0).expect("control");
    }
}
