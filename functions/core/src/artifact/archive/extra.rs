//! Extra fields of a zip entry that some readers use instead of its header.
//!
//! APPNOTE.TXT, sections 4.5.3 (zip64) and 4.6.9 (Info-ZIP Unicode path).

use super::fields::Fields;

const ZIP64: u16 = 0x0001;
const UNICODE_PATH: u16 = 0x7075;

/// The paths that the Unicode path fields give to an entry.
pub(super) fn unicode_paths(extra: &[u8]) -> impl Iterator<Item = &[u8]> {
    // A version and a checksum precede the path. Readers differ in what they do if these are wrong.
    contents(extra, UNICODE_PATH).map(|content| content.get(5..).unwrap_or_default())
}

/// The numbers of a header, each replaced by its 64 bits from the zip64 field if its 32 bits say so.
///
/// `None` if the field lacks one of them, exists twice, or holds other numbers than the header.
pub(super) fn widened<const COUNT: usize>(header: [u32; COUNT], extra: &[u8]) -> Option<[u64; COUNT]> {
    let mut fields = contents(extra, ZIP64);
    let field = fields.next().unwrap_or_default();
    if fields.next().is_some() {
        return None;
    }
    let (mut large, mut numbers) = (Fields(field), [0; COUNT]);
    for (number, small) in numbers.iter_mut().zip(header) {
        *number = if small == u32::MAX { large.u64()? } else { small.into() };
    }
    // Some writers list every number, needed or not. The number of a disk (4 bytes) may follow.
    let lists_all = || {
        let mut all = Fields(field);
        numbers.iter().map_while(|number| Some((*number, all.u64()?))).all(|(one, other)| one == other)
    };
    (large.0.len() < 8 || lists_all()).then_some(numbers)
}

/// The contents of the extra fields with this ID. A truncated field at the end counts as empty.
fn contents(extra: &[u8], wanted: u16) -> impl Iterator<Item = &[u8]> {
    let mut fields = Fields(extra);
    std::iter::from_fn(move || {
        let (id, length) = (fields.u16()?, fields.u16()?);
        Some((id, fields.take(length.into()).unwrap_or_default()))
    })
    .filter_map(move |(id, content)| (id == wanted).then_some(content))
}
