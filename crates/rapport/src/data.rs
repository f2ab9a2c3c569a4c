//! The data folder: database, files and the server's secret; opening, copying and restoring it.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use rapport_backends::{OnCommit, make_folder, sync_folder};
use rapport_ports::{Entropy as _, Store};

use crate::{say, settings::DataArgs};

const DATABASE: &str = "rapport.db";
const SECRET: &str = "secret";
const FILES: &str = "files";

/// Opens the store that the arguments name; the folder is made where it is missing.
pub(crate) fn open(args: &DataArgs, on_commit: OnCommit) -> anyhow::Result<Arc<dyn Store>> {
    make_folder(&args.data).with_context(|| format!("data folder {}", args.data.display()))?;
    let store = match &args.database {
        Some(url) => rapport_backends::open_postgres(url, on_commit).context("PostgreSQL")?,
        None => rapport_backends::open_sqlite(&args.data.join(DATABASE), on_commit).context("embedded database")?,
    };
    Ok(store)
}

/// The same for a command that publishes to nobody.
pub(crate) fn open_quietly(args: &DataArgs) -> anyhow::Result<Arc<dyn Store>> {
    open(args, Arc::new(|_, _, _| {}))
}

pub(crate) fn files_folder(args: &DataArgs) -> PathBuf {
    args.data.join(FILES)
}

/// The installation's secret, from which tokens and links are derived; made once, readable by its owner only.
pub(crate) fn secret(args: &DataArgs) -> anyhow::Result<[u8; 32]> {
    let path = args.data.join(SECRET);
    if !path.exists() {
        make_secret(&args.data, &path).with_context(|| format!("secret {}", path.display()))?;
    }
    let found = fs::read(&path).with_context(|| format!("secret {}", path.display()))?;
    found.try_into().map_err(|_wrong| anyhow::anyhow!("{} must hold 32 bytes", path.display()))
}

/// Written beside and then named, so that a power cut leaves the whole secret or none; of two programs that make one, the first wins.
fn make_secret(folder: &Path, path: &Path) -> std::io::Result<()> {
    let mut secret = [0_u8; 32];
    rapport_backends::OsEntropy.fill(&mut secret);
    let beside = folder.join(format!("{SECRET}.{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    match fs::hard_link(&beside, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    fs::remove_file(&beside)?;
    sync_folder(folder)
}

/// `rapport backup`: the database as one consistent copy first, then the files that its rows name, then the secret.
pub(crate) async fn backup(args: &DataArgs, to: &Path) -> anyhow::Result<()> {
    if args.database.is_some() {
        bail!("with --database use pg_dump for the database and copy {} beside it", args.data.display());
    }
    let store = open_quietly(args)?;
    let partial = to.with_extension("partial");
    let copy = to.with_extension("db-copy");
    store.backup(&copy).await.map_err(anyhow::Error::new)?;
    let file = File::create(&partial).with_context(|| format!("backup {}", partial.display()))?;
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
    archive.append_path_with_name(&copy, DATABASE)?;
    archive.append_path_with_name(args.data.join(SECRET), SECRET).context("the server's secret")?;
    if files_folder(args).is_dir() {
        archive.append_dir_all(FILES, files_folder(args))?;
    }
    archive.into_inner()?.finish()?.sync_all()?;
    fs::remove_file(&copy)?;
    fs::rename(&partial, to)?;
    sync_folder(to.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    say(&format!("backup written: {} ({} bytes)", to.display(), fs::metadata(to)?.len()));
    Ok(())
}

/// `rapport restore`: refuses a folder that holds data already, unpacks nothing outside it, and opens the result.
pub(crate) async fn restore(args: &DataArgs, from: &Path) -> anyhow::Result<()> {
    if args.data.join(DATABASE).exists() {
        bail!("{} holds a database already; restore into an empty folder and swap them", args.data.display());
    }
    make_folder(&args.data)?;
    let file = File::open(from).with_context(|| format!("backup {}", from.display()))?;
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    archive.set_overwrite(false);
    for entry in archive.entries()? {
        let mut entry = entry?;
        // `unpack_in` refuses paths that lead outside the folder.
        if !entry.unpack_in(&args.data)? {
            bail!("the archive names a path outside the data folder");
        }
    }
    let store = open_quietly(args)?;
    store.check().await.map_err(anyhow::Error::new)?;
    let tenants = store.tenants().await.map_err(anyhow::Error::new)?;
    say(&format!("restored into {}: {} tenant(s), database readable and writable", args.data.display(), tenants.len()));
    Ok(())
}
