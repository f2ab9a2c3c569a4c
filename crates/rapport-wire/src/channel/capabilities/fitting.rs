//! What is to be sent, made to fit a channel: texts cut, captions beside what has none, choices as a numbered list where there are no buttons.

use super::{Capabilities, MediaLimit};
use crate::channel::split::{Unit, split};
use crate::channel::{Button, MediaKind, Piece};

/// A text as pieces that the channel takes.
pub fn pieces(capabilities: &Capabilities, text: &str) -> Vec<String> {
    split(text, capabilities.text.unit, capabilities.text.limit)
}

/// Why a file cannot go as what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Kind,
    Type,
    TooLarge { bytes_max: u64 },
}

/// Whether the channel takes a file.
pub fn fits(capabilities: &Capabilities, kind: MediaKind, media_type: &str, bytes: u64) -> Result<(), Unfit> {
    let limit = limit(capabilities, kind).ok_or(Unfit::Kind)?;
    // Without its parameters: `audio/ogg; codecs=opus`.
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !limit.types.is_empty() && !limit.types.iter().any(|it| it.eq_ignore_ascii_case(media_type)) {
        return Err(Unfit::Type);
    }
    if bytes > limit.bytes_max { Err(Unfit::TooLarge { bytes_max: limit.bytes_max }) } else { Ok(()) }
}

/// A piece as those that the channel can bear, in order; each is one message there, and one of the quota. Nothing that was written is lost.
pub fn fitted(capabilities: &Capabilities, piece: Piece) -> Vec<Piece> {
    match piece {
        Piece::Text(text) => texts(capabilities, &text),
        Piece::Media { kind, id, name, caption } => match form(capabilities, kind) {
            Some(limit) => captioned(capabilities, limit, caption, |kind, caption| Piece::Media { kind, id, name, caption }),
            None => vec![Piece::Media { kind, id, name, caption }],
        },
        Piece::MediaUrl { kind, url, name, caption } => match form(capabilities, kind) {
            Some(limit) => captioned(capabilities, limit, caption, |kind, caption| Piece::MediaUrl { kind, url, name, caption }),
            None => {
                let words = [caption, name, url];
                texts(capabilities, &words.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n"))
            }
        },
        Piece::Buttons { text, options } => choices(capabilities, text, options),
        Piece::Template { .. } => vec![piece],
    }
}

fn texts(capabilities: &Capabilities, text: &str) -> Vec<Piece> {
    pieces(capabilities, text).into_iter().map(Piece::Text).collect()
}

fn limit(capabilities: &Capabilities, kind: MediaKind) -> Option<&'static MediaLimit> {
    capabilities.media.iter().find(|it| it.kind == kind)
}

/// The kind itself, or what it may go as: a sticker is a picture, and all are files.
fn form(capabilities: &Capabilities, kind: MediaKind) -> Option<&'static MediaLimit> {
    let picture = (kind == MediaKind::Sticker).then_some(MediaKind::Image);
    [Some(kind), picture, Some(MediaKind::File)].into_iter().flatten().find_map(|it| limit(capabilities, it))
}

fn captioned(capabilities: &Capabilities, limit: &MediaLimit, caption: String, made: impl FnOnce(MediaKind, String) -> Piece) -> Vec<Piece> {
    if capabilities.text.unit.length(&caption) <= limit.caption {
        return vec![made(limit.kind, caption)];
    }
    let mut pieces = vec![made(limit.kind, String::new())];
    pieces.extend(texts(capabilities, &caption));
    pieces
}

fn choices(capabilities: &Capabilities, text: String, options: Vec<Button>) -> Vec<Piece> {
    let Some(limit) = capabilities.buttons.filter(|it| options.len() <= it.count) else {
        let lines: Vec<String> = options.iter().enumerate().map(|(at, it)| format!("{}. {}", at + 1, it.label)).collect();
        return texts(capabilities, &format!("{text}\n{}", lines.join("\n")));
    };
    let options: Vec<Button> = options.into_iter().map(|it| Button { label: shortened(&it.label, limit.label), ..it }).collect();
    if capabilities.text.unit.length(&text) <= limit.text {
        return vec![Piece::Buttons { text, options }];
    }
    // The end, where the question stands, goes with the buttons.
    let mut parts = split(&text, capabilities.text.unit, limit.text);
    let last = parts.pop().unwrap_or_default();
    parts.into_iter().map(Piece::Text).chain([Piece::Buttons { text: last, options }]).collect()
}

/// At most `characters`, with `…` where something is left out.
fn shortened(label: &str, characters: usize) -> String {
    if Unit::Characters.length(label) <= characters {
        return label.to_owned();
    }
    let head = split(label, Unit::Characters, characters.saturating_sub(1)).into_iter().next().unwrap_or_default();
    format!("{head}…")
}
