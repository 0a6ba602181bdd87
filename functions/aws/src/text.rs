//! Texts between AWS and this product.

/// The text within `limit` characters, the last one `…` where it was cut; `None` where there is nothing: AWS refuses
/// empty texts.
pub(crate) fn cut(text: &str, limit: usize) -> Option<String> {
    let text = text.trim();
    match text.char_indices().nth(limit) {
        None => (!text.is_empty()).then(|| text.to_owned()),
        Some(_) => Some(text.chars().take(limit - 1).chain(['…']).collect()),
    }
}

/// The last part of an ARN, or the name itself.
pub(crate) fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
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

    #[test]
    fn an_arn_is_called_by_its_last_part() {
        assert_eq!(short("arn:aws:ecs:eu-west-1:1:service/prod/web"), "web");
        assert_eq!(short("web"), "web");
    }
}
