//! A member of a task definition and its type.

use serde_json::Value;

/// A member of a map.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    /// Whether RegisterTaskDefinition requires it in its map.
    pub(crate) required: bool,
    /// The maximum number of items of a list.
    pub(crate) most: Option<usize>,
}

pub(super) const fn may(name: &'static str, kind: Type) -> Member {
    Member { name, kind, required: false, most: None }
}

pub(super) const fn needs(name: &'static str, kind: Type) -> Member {
    Member { name, kind, required: true, most: None }
}

/// A list that may be absent.
pub(super) const fn up_to(most: usize, name: &'static str, kind: Type) -> Member {
    Member { name, kind, required: false, most: Some(most) }
}

/// Whether tags may have this character.
pub(super) fn in_tags(character: char) -> bool {
    let separator = character.is_whitespace() && !character.is_control();
    character.is_alphanumeric() || separator || "_.:/=+-@".contains(character)
}

/// The type of a member.
#[derive(Clone, Copy)]
pub(crate) enum Type {
    Text,
    /// One of these texts; ECS may add others.
    OneOf(&'static [&'static str]),
    /// Text with a maximum number of characters, each of which must be allowed.
    Limited(usize, fn(char) -> bool),
    Number,
    /// A number with a minimum and a maximum.
    Between(i64, i64),
    Flag,
    Texts,
    /// A list of texts as in [`Type::OneOf`].
    SomeOf(&'static [&'static str]),
    Numbers,
    /// Names and texts.
    TextMap,
    Struct(&'static [Member]),
    Structs(&'static [Member]),
    /// A value whose type another rule checks.
    Own,
}

impl Type {
    /// Whether a value has this type. Members and items are not checked, except texts and numbers.
    pub(crate) fn fits(self, value: &Value) -> bool {
        let whole = |value: &Value| value.is_i64() || value.is_u64();
        let all = |fits: &dyn Fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(fits));
        match self {
            Type::Text | Type::OneOf(_) | Type::Limited(..) => value.is_string(),
            Type::Number | Type::Between(..) => whole(value),
            Type::Flag => value.is_boolean(),
            Type::Texts | Type::SomeOf(_) => all(&Value::is_string),
            Type::Numbers => all(&whole),
            Type::TextMap | Type::Struct(_) => value.is_object(),
            Type::Structs(_) => value.is_array(),
            Type::Own => true,
        }
    }

    /// The type in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Type::Text | Type::OneOf(_) | Type::Limited(..) => "text in quotes",
            Type::Number | Type::Between(..) => "a whole number without quotes",
            Type::Flag => "true or false without quotes",
            Type::Texts | Type::SomeOf(_) => "a list of texts in quotes",
            Type::Numbers => "a list of whole numbers without quotes",
            Type::TextMap | Type::Struct(_) => "a map",
            Type::Structs(_) | Type::Own => "a list",
        }
    }

    /// A value of this type.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Type::Text | Type::OneOf(_) | Type::Limited(..) => "\"text\"",
            Type::Number | Type::Between(..) => "1",
            Type::Flag => "true",
            Type::Texts | Type::SomeOf(_) => "[\"a\", \"b\"]",
            Type::Numbers => "[1, 2]",
            Type::TextMap | Type::Struct(_) => "{\"NAME\": \"VALUE\"}",
            Type::Structs(_) | Type::Own => "[{\"NAME\": \"VALUE\"}]",
        }
    }

    /// The members of the map, or of each item in the list.
    pub(crate) fn members(self) -> &'static [Member] {
        match self {
            Type::Struct(members) | Type::Structs(members) => members,
            _ => &[],
        }
    }
}
