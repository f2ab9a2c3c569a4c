//! An answer within the answer to a callback: it costs none of the five messages that each message of a customer allows.

use crate::channel::{
    MediaKind, Piece, WireFault,
    fields::{Fields as _, cdata, tree},
};
use rapport_model::Timestamp;

/// The account's own `gh_…`, to which a callback was sent: what [`passive`] takes as `from`.
pub fn official_id(plain: &[u8]) -> Result<String, WireFault> {
    tree(plain)?.need("ToUserName")
}

/// XML for an Official Account, to be sealed ([`crate::channel::envelope::seal`]) where the callback was. `None` for pieces that have no such form: those go
/// out by [`super::send()`]. Mini-programs take none.
pub fn passive(to: &str, from: &str, at: Timestamp, piece: &Piece) -> Option<Vec<u8>> {
    let (kind, content) = match piece {
        Piece::Text(text) => ("text", format!("<Content>{}</Content>", cdata(text))),
        Piece::Media { kind: MediaKind::Image | MediaKind::Sticker, id, caption, .. } if caption.is_empty() => {
            ("image", format!("<Image><MediaId>{}</MediaId></Image>", cdata(id)))
        }
        Piece::Media { kind: MediaKind::Voice, id, caption, .. } if caption.is_empty() => ("voice", format!("<Voice><MediaId>{}</MediaId></Voice>", cdata(id))),
        Piece::Media { kind: MediaKind::Video, id, name, caption } => {
            let content = format!("<MediaId>{}</MediaId><Title>{}</Title><Description>{}</Description>", cdata(id), cdata(name), cdata(caption));
            ("video", format!("<Video>{content}</Video>"))
        }
        Piece::MediaUrl { kind: MediaKind::File, url, name, caption } => {
            let item = format!("<Title>{}</Title><Description>{}</Description><Url>{}</Url>", cdata(name), cdata(caption), cdata(url));
            ("news", format!("<ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"))
        }
        Piece::Media { .. } | Piece::MediaUrl { .. } | Piece::Buttons { .. } | Piece::Template { .. } => return None,
    };
    let head = format!("<ToUserName>{}</ToUserName><FromUserName>{}</FromUserName>", cdata(to), cdata(from));
    let seconds = at.0.div_euclid(1_000);
    Some(format!("<xml>{head}<CreateTime>{seconds}</CreateTime><MsgType>{}</MsgType>{content}</xml>", cdata(kind)).into_bytes())
}
