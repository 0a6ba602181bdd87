//! CBOR (RFC 8949) as `rpc-v2-cbor` uses it, to and from the JSON that the services speak. Today's clients send it to
//! CloudWatch, boto3 to CodeDeploy too.

use serde_json::{Map, Number, Value};

/// The JSON of a request body; `None` where it is not well-formed. A timestamp becomes its number.
pub(super) fn decode(bytes: &[u8]) -> Option<Value> {
    Reader { rest: bytes }.item()
}

/// The body of an answer. Numbers with a decimal point become doubles, and members with the name of a time
/// (`createTime`, `lastUpdatedAt`, `StateUpdatedTimestamp`) become timestamps.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut body = Vec::new();
    write(&mut body, "", value);
    body
}

fn write(body: &mut Vec<u8>, name: &str, value: &Value) {
    match value {
        Value::Null => body.push(0xf6),
        Value::Bool(value) => body.push(0xf4 + u8::from(*value)),
        Value::Number(number) => {
            if ["Time", "At", "Timestamp"].iter().any(|end| name.ends_with(end)) {
                body.push(0xc1);
            }
            match (number.as_u64(), number.as_f64()) {
                (Some(number), _) => head(body, 0, number),
                (None, number) => {
                    body.push(0xfb);
                    body.extend(number.unwrap_or_default().to_be_bytes());
                }
            }
        }
        Value::String(text) => {
            head(body, 3, text.len() as u64);
            body.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(body, 4, items.len() as u64);
            for item in items {
                write(body, "", item);
            }
        }
        Value::Object(members) => {
            head(body, 5, members.len() as u64);
            for (name, value) in members {
                head(body, 3, name.len() as u64);
                body.extend(name.as_bytes());
                write(body, name, value);
            }
        }
    }
}

/// The beginning of an item, in as few bytes as its number needs.
fn head(body: &mut Vec<u8>, major: u8, number: u64) {
    let bytes = number.to_be_bytes();
    let (info, length) = match number {
        0..=23 => (bytes[7], 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    body.push((major << 5) | info);
    body.extend(&bytes[8 - length..]);
}

struct Reader<'b> {
    rest: &'b [u8],
}

/// What ends an item of indefinite length.
const BREAK: u8 = 0xff;

impl Reader<'_> {
    fn item(&mut self) -> Option<Value> {
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        match (major, info) {
            (2 | 3, 31) => self.chunks().map(Value::String),
            (4, 31) => self.until_break(Reader::item).map(Value::Array),
            (5, 31) => Some(Value::Object(self.until_break(Reader::member)?.into_iter().collect())),
            (7, _) => self.simple(info),
            _ => {
                let number = self.number(info)?;
                let length = usize::try_from(number).ok()?;
                match major {
                    0 => Some(Value::from(number)),
                    1 => Some(Value::from(-1 - i64::try_from(number).ok()?)),
                    2 | 3 => self.text(length).map(Value::String),
                    4 => (0..length).map(|_| self.item()).collect::<Option<Vec<_>>>().map(Value::Array),
                    5 => (0..length).map(|_| self.member()).collect::<Option<Map<_, _>>>().map(Value::Object),
                    _ => self.item(),
                }
            }
        }
    }

    fn member(&mut self) -> Option<(String, Value)> {
        let Value::String(name) = self.item()? else { return None };
        Some((name, self.item()?))
    }

    fn until_break<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        while *self.rest.first()? != BREAK {
            items.push(read(self)?);
        }
        self.take(1)?;
        Some(items)
    }

    fn chunks(&mut self) -> Option<String> {
        let chunks = self.until_break(Reader::item)?;
        chunks.iter().map(Value::as_str).collect()
    }

    fn text(&mut self, length: usize) -> Option<String> {
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    fn number(&mut self, info: u8) -> Option<u64> {
        match info {
            0..=23 => Some(u64::from(info)),
            24..=27 => {
                self.take(1 << (info - 24)).map(|bytes| bytes.iter().fold(0, |n, byte| (n << 8) | u64::from(*byte)))
            }
            _ => None,
        }
    }

    fn simple(&mut self, info: u8) -> Option<Value> {
        match info {
            20 | 21 => Some(Value::Bool(info == 21)),
            22 | 23 => Some(Value::Null),
            26 => Number::from_f64(f64::from(f32::from_be_bytes(self.take(4)?.try_into().ok()?))).map(Value::Number),
            27 => Number::from_f64(f64::from_be_bytes(self.take(8)?.try_into().ok()?)).map(Value::Number),
            _ => None,
        }
    }

    fn take(&mut self, length: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let value = json!({"a": [1, 300, true, null, "é"], "b": {"weight": 12.5, "createTime": 1.5}, "c": [70_000, 5_000_000_000_u64, 23, 24]});
        let bytes = encode(&value);
        assert_eq!(decode(&bytes), Some(value));
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
    }

    #[test]
    fn what_clients_write_is_read() {
        let check = |bytes: &[u8], expect: Option<Value>| assert_eq!(decode(bytes), expect, "{bytes:x?}");
        check(&[0xbf, 0x61, b'a', 0x9f, 0x18, 0x64, 0x20, 0xff, 0xff], Some(json!({"a": [100, -1]})));
        check(&[0xa1, 0x61, b't', 0xc1, 0x1a, 0x65, 0x53, 0xf1, 0x00], Some(json!({"t": 1_700_000_000})));
        check(&[0x7f, 0x61, b'a', 0x61, b'b', 0xff], Some(json!("ab")));
        check(&[0xa1, 0x01, 0x02], None);
        check(&[0x1c], None);
    }
}
