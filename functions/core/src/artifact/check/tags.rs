//! Tags. [Tag](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html)

use std::collections::BTreeSet;

use super::checked::Checked;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with tags.
    pub(super) const FORMS;

    fn no_key() => "TD30" Error Input "is missing", "set a key, or remove the tag";
    fn reserved(key) => "TD30" Error Input "\"{key}\" starts with aws:, which is reserved", "choose another key";
    fn twice(key) => "TD30" Error Input "\"{key}\" is given twice", "remove one of them";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    let mut keys = BTreeSet::new();
    for tag in checked.task.list("tags") {
        let key = tag.text("key").unwrap_or_default();
        let finding = if key.is_empty() {
            no_key()
        } else if key.to_ascii_lowercase().starts_with("aws:") {
            reserved(key)
        } else if !keys.insert(key) {
            twice(key)
        } else {
            continue;
        };
        checked.push(tag.at("key"), finding);
    }
}
