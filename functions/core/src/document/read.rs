//! Reads any serde deserializer into a [`Value`] within a budget.

use std::collections::BTreeMap;
use std::fmt;

use saphyr_parser::ScalarStyle;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::{DocumentError, DocumentErrorKind, Place};
use super::events::{Item, Node};
use super::limits::Limits;

/// The key under which `serde_json` passes a number, with its text as the value.
pub(super) const NUMBER: &str = "$serde_json::private::Number";

/// The budget used so far, the position of the reader, and why it stopped.
pub(super) struct Reading<'i> {
    limits: Limits,
    nodes: usize,
    scalar_bytes: usize,
    /// Keys and items so far.
    marks: usize,
    /// Of the keys and items in the order of the text. Those of YAML are added as they are read, aliases expanded.
    pub(super) places: Vec<Place>,
    /// YAML only: the nodes of the other parser, and the index of the next item.
    witness: Option<(&'i [Item<'i>], usize)>,
    /// Serde's error has only the position.
    pub(super) refusal: Option<DocumentError>,
}

impl<'i> Reading<'i> {
    pub(super) fn json(limits: Limits, places: Vec<Place>) -> Reading<'i> {
        Reading { limits, nodes: 0, scalar_bytes: 0, marks: 0, places, witness: None, refusal: None }
    }

    pub(super) fn yaml(limits: Limits, items: &'i [Item<'i>]) -> Reading<'i> {
        Reading { witness: Some((items, 0)), ..Reading::json(limits, Vec::new()) }
    }

    fn refuse<E: Error>(&mut self, kind: DocumentErrorKind, place: Option<Place>) -> E {
        self.refusal.get_or_insert(DocumentError { kind, place });
        E::custom("refused")
    }

    fn node<E: Error>(&mut self) -> Result<(), E> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.refuse(DocumentErrorKind::Nodes(self.limits.nodes), None));
        }
        Ok(())
    }

    fn scalar<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.scalar_bytes = self.scalar_bytes.saturating_add(text.len());
        if self.scalar_bytes > self.limits.scalar_bytes {
            return Err(self.refuse(DocumentErrorKind::ScalarBytes(self.limits.scalar_bytes), None));
        }
        Ok(())
    }

    /// The node of the other parser at this position, and where to continue if it is an alias.
    fn item(&mut self) -> (Option<&'i Item<'i>>, Option<usize>) {
        let Some((items, next)) = &mut self.witness else { return (None, None) };
        let item = items.get(*next);
        *next += 1;
        match item {
            Some(Item { node: Node::Alias(index), .. }) => {
                let after = std::mem::replace(next, index + 1);
                (items.get(*index), Some(after))
            }
            _ => (item, None),
        }
    }

    fn go_on(&mut self, after: Option<usize>) {
        if let (Some((_, next)), Some(after)) = (&mut self.witness, after) {
            *next = after;
        }
    }

    /// A list or map ends for the other parser too.
    fn end<E: Error>(&mut self) -> Result<(), E> {
        match self.item().0 {
            None | Some(Item { node: Node::End, .. }) => Ok(()),
            Some(item) => Err(self.refuse(DocumentErrorKind::Differs, Some(item.place))),
        }
    }

    /// The value on which both parsers agree; a number has its original text.
    fn agreed<E: Error>(&mut self, value: Value, item: &Item<'_>) -> Result<Value, E> {
        let text = match &item.node {
            Node::Scalar { text, style: ScalarStyle::Plain } => Some(text.as_ref()),
            _ => None,
        };
        let agreed = match (value, text, &item.node) {
            (Value::String(value), _, Node::Scalar { text, .. }) if value == *text => Some(Value::String(value)),
            (Value::Number(_), Some(text), _) => {
                self.scalar(text)?;
                text.parse().ok().map(Value::Number)
            }
            (Value::Bool(value), Some(text), _) if text == if value { "true" } else { "false" } => Some(value.into()),
            (Value::Null, Some("" | "~" | "null"), _) => Some(Value::Null),
            (value @ Value::Array(_), _, Node::List) | (value @ Value::Object(_), _, Node::Map) => Some(value),
            _ => None,
        };
        agreed.ok_or_else(|| self.refuse(DocumentErrorKind::Differs, Some(item.place)))
    }
}

/// One node of the document with everything below it.
pub(super) struct Tree<'r, 'i> {
    reading: &'r mut Reading<'i>,
    depth: usize,
    /// Whether it is an item of a list.
    listed: bool,
}

impl<'r, 'i> Tree<'r, 'i> {
    pub(super) fn new(reading: &'r mut Reading<'i>) -> Tree<'r, 'i> {
        Tree { reading, depth: 0, listed: false }
    }

    fn below<E: Error>(&mut self) -> Result<usize, E> {
        if self.depth >= self.reading.limits.depth {
            return Err(self.reading.refuse(DocumentErrorKind::Depth(self.reading.limits.depth), None));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Tree { reading, depth, listed } = self;
        reading.node()?;
        let (item, after) = reading.item();
        if listed {
            reading.marks += 1;
            reading.places.extend(item.map(|item| item.place));
        }
        let value = deserializer.deserialize_any(Tree { reading, depth, listed })?;
        reading.go_on(after);
        match item {
            Some(item) => reading.agreed(value, item),
            // A text without a node is null.
            None if reading.witness.is_none() || value.is_null() => Ok(value),
            None => Err(reading.refuse(DocumentErrorKind::Differs, None)),
        }
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_> {
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
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    // Only YAML uses the next three; the text of a number comes from the other parser.

    fn visit_u128<E: Error>(self, _: u128) -> Result<Value, E> {
        Ok(Value::Number(0.into()))
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Value, E> {
        Ok(Value::Number(0.into()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Number(0.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.reading.scalar(text)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.below()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Tree { reading: self.reading, depth, listed: true })? {
            list.push(item);
        }
        self.reading.end()?;
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let depth = self.below()?;
        let mut map = Map::new();
        let mut numbers = BTreeMap::new();
        while let Some(key) = members.next_key_seed(Key { reading: self.reading })? {
            if key == NUMBER {
                let text: String = members.next_value()?;
                self.reading.scalar(&text)?;
                return text.parse::<Number>().map(Value::Number).map_err(A::Error::custom);
            }
            let number = self.reading.marks;
            self.reading.marks += 1;
            if let Some(&first) = numbers.get(&key) {
                let place = |number: usize| self.reading.places.get(number).copied();
                let (first, second) = (place(first).map(|place| place.line), place(number));
                return Err(self.reading.refuse(DocumentErrorKind::Duplicate { key, first }, second));
            }
            numbers.insert(key.clone(), number);
            map.insert(key, members.next_value_seed(Tree { reading: self.reading, depth, listed: false })?);
        }
        self.reading.end()?;
        Ok(Value::Object(map))
    }
}

/// A key. The keys of YAML were already checked to be text.
struct Key<'r, 'i> {
    reading: &'r mut Reading<'i>,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        self.reading.node()?;
        let (item, after) = self.reading.item();
        self.reading.go_on(after);
        self.reading.places.extend(item.map(|item| item.place));
        let key = deserializer.deserialize_str(Key { reading: self.reading })?;
        match item {
            Some(Item { node: Node::Scalar { text, .. }, .. }) if key == *text => Ok(key),
            Some(item) => Err(self.reading.refuse(DocumentErrorKind::Differs, Some(item.place))),
            None => Ok(key),
        }
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<String, E> {
        // The text of the JSON document does not contain this name, which was checked before, so it comes from the
        // parser.
        if text == NUMBER && self.reading.witness.is_none() { Ok(text.to_owned()) } else { self.visit_str(text) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        self.reading.scalar(text)?;
        // In JSON it was written with an escape, which the search of the text does not find.
        if text == NUMBER {
            let place = self.reading.places.get(self.reading.marks).copied();
            return Err(self.reading.refuse(DocumentErrorKind::ReservedKey, place));
        }
        Ok(text.to_owned())
    }
}
