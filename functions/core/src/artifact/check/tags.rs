//! Tags. [Tag](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html)

use std::collections::BTreeSet;

use super::task_definition::{Checked, parts};
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};

pub(super) fn check(checked: &mut Checked<'_>) {
    let mut keys = BTreeSet::new();
    for tag in parts(checked.member("tags"), "tags") {
        let key = tag.text("key").unwrap_or_default();
        let (message, hint) = if key.is_empty() {
            ("is missing".to_owned(), "give the tag a key, or remove it")
        } else if key.to_ascii_lowercase().starts_with("aws:") {
            (format!("\"{}\" begins with aws:, which is reserved", shown(key)), "choose another key")
        } else if !keys.insert(key) {
            (format!("\"{}\" is given twice", shown(key)), "keep one of the two")
        } else {
            continue;
        };
        checked.push(tag.at("key"), Finding::error("TD30", Kind::Input, message, hint));
    }
}
