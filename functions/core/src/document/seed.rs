//! Reads any serde deserializer into a [`Value`] within a budget.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Limits;
use super::error::DocumentErrorKind;

/// The key under which `serde_json` hands a number over, its text as the value.
pub(super) const NUMBER: &str = "$serde_json::private::Number";

/// What is left to spend, and why reading stopped.
pub(super) struct Budget {
    limits: Limits,
    nodes: usize,
    scalar_bytes: usize,
    /// Keys read so far: the number of the next key.
    keys: usize,
    /// A YAML number was read, whose text [`Numbers`] has to fetch.
    pub(super) has_numbers: bool,
    pub(super) fault: Option<Fault>,
}

/// Keys are named by their number, in the order of the text.
pub(super) enum Fault {
    Duplicate { key: String, first: usize, second: usize },
    At { kind: DocumentErrorKind, key: Option<usize> },
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Budget {
        Budget { limits, nodes: 0, scalar_bytes: 0, keys: 0, has_numbers: false, fault: None }
    }

    /// Serde's error carries only where the reader stood; the fault keeps what it was.
    fn refuse<E: Error>(&mut self, kind: DocumentErrorKind, key: Option<usize>) -> E {
        self.fault(Fault::At { kind, key })
    }

    fn fault<E: Error>(&mut self, fault: Fault) -> E {
        if self.fault.is_none() {
            self.fault = Some(fault);
        }
        E::custom("refused")
    }

    fn node<E: Error>(&mut self) -> Result<(), E> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            Err(self.refuse(DocumentErrorKind::Nodes(self.limits.nodes), None))
        } else {
            Ok(())
        }
    }

    fn scalar<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.scalar_bytes = self.scalar_bytes.saturating_add(text.len());
        if self.scalar_bytes > self.limits.scalar_bytes {
            return Err(self.refuse(DocumentErrorKind::ScalarBytes(self.limits.scalar_bytes), None));
        }
        Ok(())
    }
}

/// One node of the document and all below it.
pub(super) struct Tree<'b> {
    budget: &'b mut Budget,
    depth: usize,
}

impl<'b> Tree<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Tree<'b> {
        Tree { budget, depth: 0 }
    }

    fn below<E: Error>(&mut self) -> Result<usize, E> {
        if self.depth >= self.budget.limits.depth {
            return Err(self.budget.refuse(DocumentErrorKind::Depth(self.budget.limits.depth), None));
        }
        Ok(self.depth + 1)
    }

    /// JSON integers come here whole. Of a YAML number only the kind counts: its text comes in a second reading.
    fn number(self, number: Number) -> Value {
        self.budget.has_numbers = true;
        Value::Number(number)
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.budget.node()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(self.number(Number::from(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(self.number(Number::from(value)))
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Value, E> {
        Ok(self.number(Number::from(0)))
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Value, E> {
        Ok(self.number(Number::from(0)))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Ok(self.number(Number::from(0)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.budget.scalar(text)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.below()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Tree { budget: self.budget, depth })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let depth = self.below()?;
        let mut map = Map::new();
        let mut numbers = BTreeMap::new();
        while let Some(key) = members.next_key_seed(Key { budget: self.budget })? {
            if key == NUMBER {
                // The text was searched for this name before, so it can only be the parser's own.
                let text: String = members.next_value()?;
                self.budget.scalar(&text)?;
                return text.parse().map(Value::Number).map_err(A::Error::custom);
            }
            let number = self.budget.keys;
            self.budget.keys += 1;
            if let Some(&first) = numbers.get(&key) {
                return Err(self.budget.fault(Fault::Duplicate { key, first, second: number }));
            }
            numbers.insert(key.clone(), number);
            map.insert(key, members.next_value_seed(Tree { budget: self.budget, depth })?);
        }
        Ok(Value::Object(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, _) = data.variant::<String>()?;
        Err(self.budget.refuse(DocumentErrorKind::Tag(format!("!{tag}")), None))
    }
}

/// A key, which has to be text.
struct Key<'b> {
    budget: &'b mut Budget,
}

impl Key<'_> {
    fn not_text<E: Error>(self) -> Result<String, E> {
        let number = self.budget.keys;
        Err(self.budget.refuse(DocumentErrorKind::KeyNotText, Some(number)))
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        self.budget.node()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<String, E> {
        if text == NUMBER { Ok(text.to_owned()) } else { self.visit_str(text) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        let number = self.budget.keys;
        self.budget.scalar(text)?;
        match text {
            "<<" => Err(self.budget.refuse(DocumentErrorKind::MergeKey, Some(number))),
            // Spelled with an escape, which the search of the text cannot see.
            NUMBER => Err(self.budget.refuse(DocumentErrorKind::ReservedKey, Some(number))),
            _ => Ok(text.to_owned()),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        self.not_text()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<String, E> {
        self.not_text()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<String, E> {
        self.not_text()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<String, E> {
        self.not_text()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<String, E> {
        self.not_text()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<String, E> {
        self.not_text()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<String, E> {
        self.not_text()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        self.not_text()
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        self.not_text()
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        self.not_text()
    }
}

/// Second reading of a YAML document: puts the text of every number into the tree of the first.
///
/// `yaml_serde` gives either the type of a scalar or its text, so one reading cannot have both. A number in a spelling
/// that JSON does not have (`0x50`, `+1`, `.5`) becomes a string.
pub(super) struct Numbers<'v, 'b> {
    value: &'v mut Value,
    budget: &'b mut Budget,
}

impl<'v, 'b> Numbers<'v, 'b> {
    pub(super) fn new(value: &'v mut Value, budget: &'b mut Budget) -> Numbers<'v, 'b> {
        Numbers { value, budget }
    }
}

impl<'de> DeserializeSeed<'de> for Numbers<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.value {
            Value::Number(_) => deserializer.deserialize_str(self),
            Value::Array(_) | Value::Object(_) => deserializer.deserialize_any(self),
            Value::Null | Value::Bool(_) | Value::String(_) => {
                deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ())
            }
        }
    }
}

impl<'de> Visitor<'de> for Numbers<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same document again")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.budget.scalar(text)?;
        *self.value = text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Number);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if let Value::Array(list) = self.value {
            for value in list {
                items.next_element_seed(Numbers { value, budget: self.budget })?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if let Value::Object(map) = self.value {
            for value in map.values_mut() {
                members.next_key::<IgnoredAny>()?;
                members.next_value_seed(Numbers { value, budget: self.budget })?;
            }
        }
        Ok(())
    }
}
