//! A YAML text as parsed by `saphyr-parser`: the nodes in the order of the text, with their styles and places.
//!
//! `yaml_serde`, which reads the values, is libyaml and follows YAML 1.1; it hides tags, styles and places. This parser
//! follows YAML 1.2. A document on which the two disagree is refused, and so is input that both accept but other
//! readers interpret differently: tags, directives, explicit keys, merge keys, several documents, and scalars or line
//! breaks that depend on the version.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span};

use super::cursor::{Cursor, is_old_break};
use super::error::{DocumentError, DocumentErrorKind, Place};
use super::limits::Limits;
use super::places;
use super::yaml_plain::{is_ambiguous, is_text};

/// A node of the text, or the end of a list or map.
pub(super) struct Item<'t> {
    pub(super) place: Place,
    pub(super) node: Node<'t>,
}

/// What the node is.
pub(super) enum Node<'t> {
    Scalar {
        text: Cow<'t, str>,
        style: ScalarStyle,
    },
    /// An alias of the item with this index.
    Alias(usize),
    List,
    Map,
    End,
}

/// All nodes of a text with one document. There are at most as many as `limits` allows, aliases not expanded.
pub(super) fn items(text: &str, limits: Limits) -> Result<Vec<Item<'_>>, DocumentError> {
    let mut walk = Walk {
        text,
        limits,
        cursor: Cursor::new(text),
        documents: 0,
        open: Vec::new(),
        anchors: HashMap::new(),
        items: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => walk.event(event, span)?,
            Err(error) => return Err(walk.syntax(&error)),
        }
    }
    Ok(walk.items)
}

struct Walk<'t> {
    text: &'t str,
    limits: Limits,
    /// Where the event before this one ended.
    cursor: Cursor<'t>,
    documents: usize,
    /// The open lists and maps, and of each map whether its next node is a key.
    open: Vec<Option<bool>>,
    /// The index of the item that each anchor names.
    anchors: HashMap<usize, usize>,
    items: Vec<Item<'t>>,
}

impl<'t> Walk<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), DocumentError> {
        self.between(span.start)?;
        let place = place(span.start);
        let (node, anchor) = match event {
            Event::DocumentStart(_) if self.documents > 0 => return Err(DocumentErrorKind::Documents.at(place)),
            Event::DocumentStart(_) => {
                self.documents += 1;
                return Ok(());
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => return Ok(()),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.items.push(Item { place, node: Node::End });
                return Ok(());
            }
            Event::Scalar(.., Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                return Err(self.cursor.tag());
            }
            Event::Alias(anchor) => (Node::Alias(self.anchors.get(&anchor).copied().unwrap_or_default()), 0),
            Event::Scalar(text, style, anchor, None) => (Node::Scalar { text, style }, anchor),
            Event::SequenceStart(anchor, None) => (Node::List, anchor),
            Event::MappingStart(anchor, None) => (Node::Map, anchor),
        };
        let item = match node {
            Node::Scalar { text, style } => self.scalar(text, style, anchor > 0, span)?,
            node => Item { place, node },
        };
        let is_key = self.open.last_mut().and_then(Option::as_mut).is_some_and(|key| std::mem::replace(key, !*key));
        if is_key {
            self.check_key(&item)?;
        }
        match item.node {
            Node::List => self.open.push(None),
            Node::Map => self.open.push(Some(true)),
            _ => {}
        }
        if self.open.len() > self.limits.depth {
            return Err(DocumentErrorKind::Depth(self.limits.depth).at(place));
        }
        if self.items.len() > 2 * self.limits.nodes {
            return Err(DocumentErrorKind::Nodes(self.limits.nodes).nowhere());
        }
        if anchor > 0 {
            self.anchors.insert(anchor, self.items.len());
        }
        self.items.push(item);
        Ok(())
    }

    fn scalar(
        &mut self,
        mut text: Cow<'t, str>,
        style: ScalarStyle,
        has_anchor: bool,
        span: Span,
    ) -> Result<Item<'t>, DocumentError> {
        if style == ScalarStyle::Plain && text.is_empty() {
            // Its span is that of the following node.
            return Ok(Item { place: place(span.start), node: Node::Scalar { text, style } });
        }
        if has_anchor {
            self.cursor.skip_anchor();
        }
        let place = self.cursor.place();
        let quote = match style {
            ScalarStyle::Plain if text == "<<" => return Err(DocumentErrorKind::MergeKey.at(place)),
            ScalarStyle::Plain if is_ambiguous(text.trim()) => return Err(DocumentErrorKind::Ambiguous.at(place)),
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => None,
            ScalarStyle::SingleQuoted => Some('\''),
            ScalarStyle::DoubleQuoted => Some('"'),
        };
        self.cursor.scalar(quote, span.end.index())?;
        // A block scalar that ends at the end of the text without a line break has none, but saphyr-parser adds one.
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let cut_off = self.cursor.is_at_end() && self.cursor.place().column >= place.column.max(2);
        if is_block && cut_off && text.ends_with('\n') {
            text.to_mut().pop();
        }
        Ok(Item { place, node: Node::Scalar { text, style } })
    }

    fn check_key(&self, item: &Item<'t>) -> Result<(), DocumentError> {
        let node = match &item.node {
            Node::Alias(index) => self.items.get(*index).map(|item| &item.node),
            node => Some(node),
        };
        match node {
            Some(Node::Scalar { text, .. }) if text == "<<" => Err(DocumentErrorKind::MergeKey.at(item.place)),
            Some(Node::Scalar { text, style }) if *style != ScalarStyle::Plain || is_text(text) => Ok(()),
            _ => Err(DocumentErrorKind::KeyNotText.at(item.place)),
        }
    }

    /// Passes the text between two events: white space, comments and indicators, some of which have no event.
    fn between(&mut self, end: Marker) -> Result<(), DocumentError> {
        let (mut comment, mut line_starts) = (false, self.cursor.place().column == 1);
        while let Some((c, place)) = self.cursor.next_before(end.index()) {
            match c {
                _ if is_old_break(c) => return Err(DocumentErrorKind::LineBreak(c).at(place)),
                '\n' | '\r' => comment = false,
                '#' => comment = true,
                '%' if line_starts && !comment => return Err(DocumentErrorKind::Directive.at(place)),
                '?' if !comment => return Err(DocumentErrorKind::KeyNotText.at(place)),
                _ => {}
            }
            line_starts = matches!(c, '\n' | '\r');
        }
        Ok(())
    }

    fn syntax(mut self, error: &ScanError) -> DocumentError {
        // Here a question mark may also be in a scalar that has no event yet.
        while let Err(found) = self.between(*error.marker()) {
            if found.kind != DocumentErrorKind::KeyNotText {
                return found;
            }
        }
        let place = place(*error.marker());
        let message = match error.info() {
            _ if self.cursor.is_at('!') => return self.cursor.tag(),
            "the handle wasn't declared" => return self.cursor.tag(),
            _ if self.cursor.is_at('%') && place.column == 1 => return DocumentErrorKind::Directive.at(place),
            "recursion limit exceeded" => return DocumentErrorKind::Depth(self.limits.depth).at(place),
            "simple key expect ':'" | "simple key expected" => "could not find expected ':'",
            "invalid indentation in quoted scalar" => "the text in quotes has no end, or a line of it is not indented",
            "did not find expected <document start>" => {
                "this does not belong to the document above; check the indentation"
            }
            other => other,
        };
        places::yaml_syntax(self.text, message, Some(place))
    }
}

fn place(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}
