//! Numbers and texts as bytes and back, little-endian, every length checked.

use thiserror::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the bytes are no model of this kind and version, or damaged")]
pub struct ReadError;

#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn size(&mut self, value: usize) {
        self.bytes.extend(u64::try_from(value).unwrap_or(u64::MAX).to_le_bytes());
    }
    pub(crate) fn text(&mut self, value: &str) {
        self.size(value.len());
        self.bytes.extend(value.as_bytes());
    }
    pub(crate) fn f32s(&mut self, values: &[f32]) {
        self.size(values.len());
        values.iter().for_each(|it| self.bytes.extend(it.to_le_bytes()));
    }
    pub(crate) fn u64s(&mut self, values: &[u64]) {
        self.size(values.len());
        values.iter().for_each(|it| self.bytes.extend(it.to_le_bytes()));
    }
    pub(crate) fn i16s(&mut self, values: &[i16]) {
        self.size(values.len());
        values.iter().for_each(|it| self.bytes.extend(it.to_le_bytes()));
    }
    pub(crate) fn i8s(&mut self, values: &[i8]) {
        self.size(values.len());
        self.bytes.extend(values.iter().map(|it| it.cast_unsigned()));
    }
}

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(ReadError)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn size(&mut self) -> Result<usize, ReadError> {
        let bytes = self.take(8)?.try_into().map_err(|_short| ReadError)?;
        usize::try_from(u64::from_le_bytes(bytes)).map_err(|_too_long| ReadError)
    }

    pub(crate) fn text(&mut self) -> Result<String, ReadError> {
        let length = self.size()?;
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_not_text| ReadError)
    }

    fn many<const WIDTH: usize, T>(&mut self, read: impl Fn([u8; WIDTH]) -> T) -> Result<Vec<T>, ReadError> {
        let length = self.size()?.checked_mul(WIDTH).ok_or(ReadError)?;
        let (chunks, _) = self.take(length)?.as_chunks::<WIDTH>();
        Ok(chunks.iter().map(|it| read(*it)).collect())
    }

    pub(crate) fn f32s(&mut self) -> Result<Vec<f32>, ReadError> {
        self.many(f32::from_le_bytes)
    }
    pub(crate) fn u64s(&mut self) -> Result<Vec<u64>, ReadError> {
        self.many(u64::from_le_bytes)
    }
    pub(crate) fn i16s(&mut self) -> Result<Vec<i16>, ReadError> {
        self.many(i16::from_le_bytes)
    }
    pub(crate) fn i8s(&mut self) -> Result<Vec<i8>, ReadError> {
        self.many(|[it]: [u8; 1]| it.cast_signed())
    }
}
