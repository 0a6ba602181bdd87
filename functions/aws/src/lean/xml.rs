//! Answers in XML as JSON values, so that one kind of answer is read everywhere.

use aws_smithy_xml::decode::{Document, try_data};
use serde_json::{Map, Value};

/// The most levels of an answer; deeper ones are left out.
const DEPTH: usize = 32;

struct Element {
    name: String,
    depth: usize,
    text: String,
}

/// The content of the root element: an object for elements in it, a list if these are named `member` or `item`, as AWS names
/// the items of lists, and else a text. An empty element is an empty text. `None` for what is not XML.
pub(super) fn read(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    let elements = elements(text);
    elements.split_first().map(|(root, rest)| value(root, rest))
}

/// All elements in their order, with the text of those that have no others in them.
fn elements(text: &str) -> Vec<Element> {
    let mut document = Document::new(text);
    let depths: Vec<usize> = std::iter::from_fn(|| document.next_start_element().map(|start| start.depth())).collect();
    let mut document = Document::new(text);
    let mut elements = Vec::new();
    for (place, depth) in depths.iter().enumerate() {
        let Some(start) = document.next_start_element() else { break };
        let name = start.local().to_owned();
        let parent = depths.get(place + 1).is_some_and(|next| next > depth);
        let text = if parent {
            String::new()
        } else {
            try_data(&mut document.scoped_to(start)).unwrap_or_default().into_owned()
        };
        if *depth < DEPTH {
            elements.push(Element { name, depth: *depth, text });
        }
    }
    elements
}

/// The value of an element, given all that follow it.
fn value(element: &Element, following: &[Element]) -> Value {
    let inner = following.iter().position(|next| next.depth <= element.depth).unwrap_or(following.len());
    let inner = following.get(..inner).unwrap_or_default();
    if inner.is_empty() {
        return Value::from(element.text.as_str());
    }
    let children = inner.iter().enumerate().filter(|(_, child)| child.depth == element.depth + 1);
    let children =
        children.map(|(place, child)| (&child.name, value(child, inner.get(place + 1..).unwrap_or_default())));
    let children: Vec<(&String, Value)> = children.collect();
    if children.iter().all(|(name, _)| ["member", "item"].contains(&name.as_str())) {
        return children.into_iter().map(|(_, value)| value).collect();
    }
    Value::Object(children.into_iter().map(|(name, value)| (name.clone(), value)).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_objects_and_texts_are_told_apart() {
        let subnets = "<?xml version=\"1.0\"?>\n<DescribeSubnetsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n \
            <subnetSet>\n  <item><subnetId>subnet-1</subnetId><tagSet><item><key>a</key></item></tagSet><vpcId>vpc-1</vpcId>\
            </item>\n  <item><subnetId>subnet-2</subnetId><tagSet/><vpcId>a &amp; b</vpcId></item></subnetSet></DescribeSubnetsResponse>";
        let expect = json!({"subnetSet": [
            {"subnetId": "subnet-1", "tagSet": [{"key": "a"}], "vpcId": "vpc-1"},
            {"subnetId": "subnet-2", "tagSet": "", "vpcId": "a & b"},
        ]});
        assert_eq!(read(subnets.as_bytes()), Some(expect));
        assert_eq!(read(b"<a/>"), Some(json!("")));
        assert_eq!(read(b"no XML"), None);
        assert_eq!(read(b"\xff"), None);
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "<a>".repeat(100_000);
        assert!(read(deep.as_bytes()).is_some());
    }
}
