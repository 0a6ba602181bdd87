//! Reads one level of JSON: the members of a map without their content. Depth, size and invalid values below them cost
//! nothing and do not affect other members.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of a map by name; if a name is repeated, the last one counts.
#[derive(Debug, Default)]
pub struct Members(Vec<(Name, Box<RawValue>)>);

impl Members {
    /// Those of a value, if it is a map.
    pub fn of(value: &RawValue) -> Option<Members> {
        serde_json::from_str(value.get()).ok()
    }

    /// A member.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let member = self.0.iter().rev().find(|(Name(known), _)| known == name.as_bytes());
        member.map(|(_, value)| &**value)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(map: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        map.deserialize_map(Map)
    }
}

/// A name as bytes: half a surrogate pair (`\ud800`) is legal in JSON, and no text.
#[derive(Debug)]
struct Name(Vec<u8>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(name: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E>(self, name: &[u8]) -> Result<Name, E> {
                Ok(Name(name.to_owned()))
            }
        }
        name.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(event: &str) -> Option<String> {
        let event = RawValue::from_string(event.to_owned()).expect("JSON");
        Members::of(&event)?.get("id").map(|value| value.get().to_owned())
    }

    #[test]
    fn a_member_is_found_beside_whatever_else_there_is() {
        for event in [
            r#"{"id":7}"#,
            r#"{"\ud800":1,"id":7,"\udc00\ud800":2}"#,
            r#"{"id":1,"x":{"id":2},"\u0069d":7}"#,
            r#"{"":[[[[]]]],"id":7,"y":1e999}"#,
        ] {
            assert_eq!(found(event).as_deref(), Some("7"), "{event}");
        }
        for event in ["[]", "7", "null", r#"{"ID":7}"#] {
            assert_eq!(found(event), None, "{event}");
        }
    }
}
