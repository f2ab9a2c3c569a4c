//! Model files: where they are looked for, and what is loaded of them while it is needed.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use memmap2::MmapMut;
use rapport_encoder::Encoder;
use rapport_perceive::intent::Encode;

/// The sentence encoder's file (models/manifest.toml).
const ENCODER: &str = "e5-small-q4.bin";
/// An encoder that nobody asked for so long is let go: it holds more memory than the rest of an idle server.
const UNUSED: Duration = Duration::from_secs(60);

/// Folders that may hold model files, first choice first: the one named, then `models` beside the program or above it, then beside where it was started.
fn folders(named: Option<&Path>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_owned()];
    }
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(1).take(2).map(|it| it.join("models"));
    beside.chain(["models".into(), "target/models".into()]).collect()
}

/// The sentence encoder: loaded when a text is to be encoded, let go when it was not used for a while.
pub(crate) struct Sentences {
    path: PathBuf,
    id: OnceLock<String>,
    loaded: Mutex<Option<(Arc<Encoder>, Instant)>>,
}

impl Sentences {
    /// `None` where its file is not at hand: intents then rest on n-grams alone. Nothing is read before it is needed.
    pub(crate) fn find(named: Option<&Path>) -> Option<Arc<Self>> {
        let path = folders(named).iter().map(|it| it.join(ENCODER)).find(|it| it.is_file())?;
        Some(Arc::new(Self { path, id: OnceLock::new(), loaded: Mutex::default() }))
    }

    /// Why it cannot be used, if it cannot.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.encoder().map(drop)
    }

    fn ready(&self) -> Option<Arc<Encoder>> {
        self.encoder().inspect_err(|why| tracing::warn!(path = %self.path.display(), why, "the sentence encoder cannot be loaded")).ok()
    }

    fn encoder(&self) -> Result<Arc<Encoder>, String> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((encoder, used)) = loaded.as_mut() {
            *used = Instant::now();
            return Ok(Arc::clone(encoder));
        }
        let file = read(&self.path).map_err(|error| error.to_string())?;
        let encoder = Arc::new(Encoder::load(file).map_err(|error| error.to_string())?);
        if self.id.get_or_init(|| encoder.id().to_owned()) != encoder.id() {
            return Err("its file was replaced while the program runs".to_owned());
        }
        *loaded = Some((Arc::clone(&encoder), Instant::now()));
        Ok(encoder)
    }

    /// Lets it go when nobody used it for a while. To be called now and then.
    pub(crate) fn rest(&self) {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.as_ref().is_some_and(|it| it.1.elapsed() >= UNUSED) {
            *loaded = None;
            drop(loaded);
            give_back();
        }
    }
}

/// A file in pages of its own: the allocator would keep them for whatever large is asked for next, and on an idle server nothing is.
fn read(path: &Path) -> io::Result<Bytes> {
    let mut file = fs::File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut pages = MmapMut::map_anon(length)?;
    file.read_exact(&mut pages)?;
    Ok(Bytes::from_owner(pages.make_read_only()?))
}

/// Has the allocator give to the system what it keeps for later; by itself it would at its next allocations, which on an idle server do not come.
#[expect(unsafe_code, reason = "a call of the allocator that its safe wrapper does not have")]
fn give_back() {
    // SAFETY: may be called at any time, from any thread that uses this allocator, which is that of the whole program.
    unsafe { libmimalloc_sys::mi_collect(true) };
}

impl Encode for Sentences {
    /// Known once it was loaded; empty, and so nobody's, where it cannot be.
    fn id(&self) -> &str {
        if self.id.get().is_none() {
            drop(self.ready());
        }
        self.id.get().map_or("", String::as_str)
    }
    fn dimensions(&self) -> usize {
        self.ready().map_or(0, |it| it.dimensions())
    }
    /// Empty where it cannot be loaded: the heads then have no opinion.
    fn encode(&self, text: &str) -> Vec<f32> {
        self.ready().map(|it| Encode::encode(&*it, text)).unwrap_or_default()
    }
    fn encode_all(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        self.ready().map(|it| Encode::encode_all(&*it, texts)).unwrap_or_default()
    }
}
