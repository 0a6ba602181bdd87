//! Archives with a few changes, the same ones every time.

use super::Random;

/// The archive after one to four changes. `others` are archives whose parts may be put into it.
pub(super) fn mutated(archive: &[u8], others: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = archive.to_vec();
    for _ in 0..=random.below(4) {
        change(&mut bytes, others, random);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + 1 + random.below(60)).min(bytes.len());
    match random.below(9) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let piece: Vec<u8> = bytes.drain(at..end).collect();
            let to = random.below(bytes.len() + 1);
            drop(bytes.splice(to..to, piece));
        }
        3 => {
            let other = others.get(random.below(others.len())).map_or(&[][..], Vec::as_slice);
            let start = random.below(other.len() + 1);
            let piece: Vec<u8> = other.iter().skip(start).take(random.below(120)).copied().collect();
            drop(bytes.splice(at..at, piece));
        }
        4 | 5 => number_in_a_record(bytes, random),
        6 => a_record_again(bytes, random),
        7 => name(bytes, random),
        _ => drop(bytes.splice(at..at, std::iter::repeat_n(0, random.below(5)))),
    }
}

/// Where records with one of the signatures start.
fn records(bytes: &[u8], signatures: &[&[u8]]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| signatures.iter().any(|it| bytes.split_at(*at).1.starts_with(it))).collect()
}

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

fn pick(from: &[usize], random: &mut Random) -> usize {
    from.get(random.below(from.len().max(1))).copied().unwrap_or(0)
}

/// Another value for a field of a header, an end record or a data descriptor.
fn number_in_a_record(bytes: &mut [u8], random: &mut Random) {
    let start = pick(&records(bytes, &[LOCAL, CENTRAL, END, DESCRIPTOR]), random);
    let field = start + 4 + 2 * random.below(21);
    let value: [u8; 4] = match random.below(5) {
        0 => [0; 4],
        1 => [0xff; 4],
        2 => [8, 0, 0, 0],
        3 => u32::try_from(random.below(300)).unwrap_or(0).to_le_bytes(),
        _ => [0, 8, 0, 0],
    };
    let length = 2 << random.below(2);
    bytes.iter_mut().skip(field).take(length).zip(value).for_each(|(byte, value)| *byte = value);
}

/// A header once more, wherever it may be.
fn a_record_again(bytes: &mut Vec<u8>, random: &mut Random) {
    let starts = records(bytes, &[LOCAL, CENTRAL, END]);
    let (from, to) = (pick(&starts, random), pick(&starts, random));
    let piece: Vec<u8> = bytes.iter().skip(from).take(22 + random.below(80)).copied().collect();
    drop(bytes.splice(to..to, piece));
}

/// A name in a header that is the name of another entry, or one letter away from it.
fn name(bytes: &mut [u8], random: &mut Random) {
    let found = records(bytes, &[b"appspec.yaml", b"other.txt"]);
    let at = pick(&found, random) + random.below(12);
    let letter = b"aA./\\\0_p".get(random.below(8)).copied().unwrap_or(b'a');
    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = letter);
}
