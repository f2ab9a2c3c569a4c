//! The browser's files are embedded from `web/dist`: the folder must exist, and a new build of it must be taken up.

use std::{env, fs, path::Path};

fn main() {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../web/dist");
    // Without it the pages say how to build them; that beats a compile error about a folder.
    let _exists = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
}
