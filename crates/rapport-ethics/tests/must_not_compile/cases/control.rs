//! What is allowed: to seal, to move, to read back from the store, and to open with the capability of the purpose.
use rapport_ethics::{Capability, Care, Sealed};
use rapport_model::{ContactId, Reading};

fn written_out<T: serde::Serialize>(_value: &T) {}

pub fn care(text: &str, leave: &Capability<Care>) -> Option<f32> {
    let stored: Sealed<Reading, Care> = Sealed::from_stored(text).ok()?;
    let moved = stored;
    written_out(&moved.seal_json(leave).ok()?);
    let valence = moved.map(leave, |it| it.valence);
    let who: ContactId = leave.contact();
    println!("{who:?} {:?}", valence.open(leave));
    Some(valence.into_inner(leave))
}
