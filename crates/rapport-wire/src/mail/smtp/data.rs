//! The text of a message as it comes: dots at the beginning of lines are taken off, and only CRLF `.` CRLF ends it.

/// Where the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    LineStart,
    /// Behind a dot that began a line.
    Dot,
    /// Behind such a dot and a CR.
    DotCr,
    Text,
    Cr,
}

#[derive(Debug)]
pub(super) struct Data {
    bytes: Vec<u8>,
    size_max: usize,
    place: Place,
    too_large: bool,
    bare: bool,
}

impl Data {
    pub(super) fn new(size_max: usize) -> Self {
        Self { bytes: Vec::new(), size_max, place: Place::LineStart, too_large: false, bare: false }
    }

    /// Takes what belongs to the message; gives how many bytes that were, its end included, and whether it ended.
    pub(super) fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, byte) in bytes.iter().enumerate() {
            if self.byte(*byte) {
                return (at + 1, true);
            }
        }
        (bytes.len(), false)
    }

    pub(super) fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// The message, and whether a CR or LF stood alone in it.
    pub(super) fn into_bytes(self) -> (Vec<u8>, bool) {
        (self.bytes, self.bare)
    }

    /// Whether it ends here.
    fn byte(&mut self, byte: u8) -> bool {
        match (self.place, byte) {
            (Place::DotCr, b'\n') => return true,
            (Place::LineStart, b'.') => {
                self.place = Place::Dot;
                return false;
            }
            (Place::Dot, b'\r') => {
                self.place = Place::DotCr;
                return false;
            }
            // The CR belongs to the text after all.
            (Place::DotCr, _) => {
                self.push(b'\r');
                self.place = Place::Cr;
            }
            (Place::LineStart | Place::Dot | Place::Text | Place::Cr, _) => {}
        }
        let after_cr = self.place == Place::Cr;
        self.bare |= after_cr != (byte == b'\n');
        self.push(byte);
        self.place = match byte {
            b'\r' => Place::Cr,
            b'\n' if after_cr => Place::LineStart,
            _ => Place::Text,
        };
        false
    }

    fn push(&mut self, byte: u8) {
        if self.bytes.len() < self.size_max {
            self.bytes.push(byte);
        } else if !self.too_large {
            self.too_large = true;
            self.bytes = Vec::new();
            self.size_max = 0;
        }
    }
}
