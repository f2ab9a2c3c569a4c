//! Dialect, jargon and sound: canonical terms, their variants, and pinyin.

pub mod import;
pub mod noise;
pub mod normalise;
pub mod pinyin;
mod placeholder;
mod sound;
pub mod starter;
pub(crate) mod words;

use std::ops::Range;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use normalise::{Folding, Normalised, normalised};
use sound::Sounds;

/// Where a variant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 粤语
    Cantonese,
    /// 川渝
    Sichuan,
    /// 东北
    Northeast,
    /// 吴语
    Wu,
    /// 闽台
    Min,
    /// 网络语
    Internet,
    /// The tenant's own jargon.
    Own,
}

impl Group {
    pub const ALL: [Self; 7] = [Self::Cantonese, Self::Sichuan, Self::Northeast, Self::Wu, Self::Min, Self::Internet, Self::Own];

    /// As it stands in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cantonese => "cantonese",
            Self::Sichuan => "sichuan",
            Self::Northeast => "northeast",
            Self::Wu => "wu",
            Self::Min => "min",
            Self::Internet => "internet",
            Self::Own => "own",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// One term and how else it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The standard term.
    pub canonical: String,
    pub variants: Vec<String>,
    pub group: Group,
    #[serde(default)]
    pub note: String,
}

/// What showed a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A variant stands there as written.
    Exact,
    /// It sounds like the term or one of its variants.
    Sound,
}

/// A term found in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    pub canonical: String,
    pub group: Group,
    /// What stands in the text, normalised.
    pub surface: String,
    /// Bytes of the text as it was given.
    pub range: Range<usize>,
    pub by: By,
}

/// A text with canonical terms in place of their variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rewritten {
    pub text: String,
    /// In the order of the text.
    pub replaced: Vec<Match>,
}

/// Finds variants in texts. Building takes milliseconds; searching is linear in the text.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    /// Normalised variants, and canonical terms themselves (so that no sound is heard where the term stands).
    written: Vec<Written>,
    automaton: Option<AhoCorasick>,
    sounds: Sounds,
}

#[derive(Debug)]
struct Written {
    entry: usize,
    text: String,
    is_canonical: bool,
    /// Two everyday characters: they may also be the end of one word and the start of the next.
    is_loose: bool,
}

/// A candidate in the normalised text.
struct Candidate {
    range: Range<usize>,
    entry: usize,
    is_canonical: bool,
    by: By,
}

impl Lexicon {
    /// Earlier entries win where two name the same variant. Empty variants, and variants equal to their term, are left out.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut written: Vec<Written> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let canonical = normalised(&entry.canonical, Folding::PLAIN).text;
            for variant in &entry.variants {
                let text = normalised(variant, Folding::PLAIN).text;
                if text != canonical {
                    written.push(Written::new(at, text, false));
                }
            }
            written.push(Written::new(at, canonical, true));
        }
        written.retain(|it| !it.text.is_empty());
        let automaton = AhoCorasick::new(written.iter().map(|it| it.text.as_str())).ok();
        let sounds = Sounds::new(written.iter().map(|it| (it.entry, it.text.as_str())));
        Self { entries, written, automaton, sounds }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Variants in the text, from left to right, the longest where several start, none overlapping.
    pub fn find(&self, text: &str) -> Vec<Match> {
        self.found(&normalised(text, Folding::PLAIN))
    }

    /// Puts the canonical terms in place of their variants; everything else stays as it was given.
    pub fn rewrite(&self, text: &str) -> Rewritten {
        let replaced = self.find(text);
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for it in &replaced {
            out.push_str(text.get(done..it.range.start).unwrap_or_default());
            out.push_str(&it.canonical);
            done = it.range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Rewritten { text: out, replaced }
    }

    fn found(&self, plain: &Normalised) -> Vec<Match> {
        let mut candidates = self.exact(&plain.text);
        candidates.extend(self.sounds.find(&plain.text).into_iter().map(|(range, entry)| Candidate { range, entry, is_canonical: false, by: By::Sound }));
        // As written goes before as heard; the longest goes first; a variant goes before a term of the same length; the earlier entry goes first.
        candidates.sort_by_key(|it| (it.range.start, it.by, std::cmp::Reverse(it.range.end), it.is_canonical, it.entry));
        let mut taken: Vec<Candidate> = Vec::new();
        for by in [By::Exact, By::Sound] {
            // What is written is settled first: no sound may take a part of it.
            let (now, later): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|it| it.by == by);
            candidates = later;
            taken = merged(taken, now);
        }
        taken.into_iter().filter(|it| !it.is_canonical).filter_map(|it| self.told(plain, it)).collect()
    }

    fn exact(&self, text: &str) -> Vec<Candidate> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        automaton
            .find_overlapping_iter(text)
            .filter_map(|it| {
                let written = self.written.get(it.pattern().as_usize())?;
                written.may_stand(text, it.range()).then(|| Candidate { range: it.range(), entry: written.entry, is_canonical: written.is_canonical, by: By::Exact })
            })
            .collect()
    }

    fn told(&self, plain: &Normalised, candidate: Candidate) -> Option<Match> {
        let entry = self.entries.get(candidate.entry)?;
        Some(Match {
            canonical: entry.canonical.clone(),
            group: entry.group,
            surface: plain.text.get(candidate.range.clone())?.to_owned(),
            range: plain.original(candidate.range),
            by: candidate.by,
        })
    }
}

/// Adds those of `later` (ordered by start, the best first) that overlap nothing.
fn merged(taken: Vec<Candidate>, later: Vec<Candidate>) -> Vec<Candidate> {
    let mut out = Vec::with_capacity(taken.len() + later.len());
    let mut taken = taken.into_iter().peekable();
    let mut end = 0;
    for it in later {
        while let Some(before) = taken.next_if(|before| before.range.start <= it.range.start) {
            end = end.max(before.range.end);
            out.push(before);
        }
        let next = taken.peek().map_or(usize::MAX, |next| next.range.start);
        if it.range.start >= end && it.range.end <= next {
            end = it.range.end;
            out.push(it);
        }
    }
    out.extend(taken);
    out
}

impl Written {
    fn new(entry: usize, text: String, is_canonical: bool) -> Self {
        let is_loose = text.chars().count() == 2 && text.chars().all(words::is_ordinary);
        Self { entry, text, is_canonical, is_loose }
    }

    /// Latin words only as whole words; two everyday characters only where they do not belong to the words beside them.
    fn may_stand(&self, text: &str, range: Range<usize>) -> bool {
        let before = text.get(..range.start).and_then(|it| it.chars().next_back());
        let after = text.get(range.end..).and_then(|it| it.chars().next());
        let (Some(first), Some(last)) = (self.text.chars().next(), self.text.chars().next_back()) else { return false };
        let inside = |a: Option<char>, b: char| a.is_some_and(|a| a.is_ascii_alphanumeric()) && b.is_ascii_alphanumeric();
        if inside(before, first) || inside(after, last) {
            return false;
        }
        let crossed = before.is_some_and(|it| words::is_everyday(it, first)) || after.is_some_and(|it| words::is_everyday(last, it));
        !(self.is_loose && crossed)
    }
}

#[cfg(test)]
mod tests;
