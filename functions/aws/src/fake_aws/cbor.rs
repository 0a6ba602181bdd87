//! The part of CBOR (RFC 8949) that the protocol `rpc-v2-cbor` uses, to and from JSON.

use serde_json::{Map, Value};

/// Members whose name ends with `Timestamp` become times, as AWS marks them (tag 1).
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put(value, &mut out);
    out
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(value) => out.push(0xf4 + u8::from(*value)),
        Value::Number(number) => {
            out.push(0xfb);
            out.extend(number.as_f64().unwrap().to_be_bytes());
        }
        Value::String(text) => {
            head(3, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len(), out);
            for item in items {
                put(item, out);
            }
        }
        Value::Object(members) => {
            head(5, members.len(), out);
            for (name, member) in members {
                put(&Value::from(name.as_str()), out);
                if name.ends_with("Timestamp") {
                    out.push(0xc1);
                }
                put(member, out);
            }
        }
    }
}

fn head(major: u8, length: usize, out: &mut Vec<u8>) {
    out.push((major << 5) | 0x1a);
    out.extend(u32::try_from(length).unwrap().to_be_bytes());
}

pub(crate) fn read(bytes: &[u8]) -> Value {
    let mut rest = bytes;
    let value = take(&mut rest).unwrap();
    assert!(rest.is_empty());
    value
}

/// `None` is the break that ends an item of unknown length.
fn take(rest: &mut &[u8]) -> Option<Value> {
    let first = next(rest, 1)[0];
    let (major, info) = (first >> 5, first & 31);
    if first == 0xff {
        return None;
    }
    let length = match info {
        0..24 => Some(usize::from(info)),
        24..28 => Some(next(rest, 1 << (info - 24)).iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte))),
        _ => None,
    };
    let mut items = |each: usize| {
        let mut items = Vec::new();
        while length.is_none_or(|length| items.len() < length * each) {
            let Some(item) = take(rest) else { break };
            items.push(item);
        }
        items
    };
    Some(match major {
        0 => Value::from(length.unwrap()),
        3 => Value::from(std::str::from_utf8(next(rest, length.unwrap())).unwrap()),
        4 => Value::from(items(1)),
        5 => {
            let items = items(2);
            let pairs = items.chunks(2).map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone()));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        _ => panic!("major type {major} is not read here"),
    })
}

fn next<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, left) = rest.split_at(count);
    *rest = left;
    taken
}
