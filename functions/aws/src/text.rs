//! Texts between AWS and this product.

/// The text within `limit` characters, the last one `…` if it was cut; `None` if it is empty, because AWS refuses empty
/// texts.
pub(crate) fn cut(text: &str, limit: usize) -> Option<String> {
    let text = text.trim();
    match text.char_indices().nth(limit) {
        None => (!text.is_empty()).then(|| text.to_owned()),
        Some(_) => Some(text.chars().take(limit - 1).chain(['…']).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut(&"ü".repeat(5_000), 5_000).unwrap(), "ü".repeat(5_000));
        assert_eq!(cut(&"ü".repeat(5_001), 5_000).unwrap(), format!("{}…", "ü".repeat(4_999)));
        assert_eq!(cut("  ", 9), None);
    }
}
