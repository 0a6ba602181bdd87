//! Text that was not replaced.

/// The marker in a text, such as `${ACCOUNT}` in `arn:aws:iam::${ACCOUNT}:role/x`: `<…>`, `${…}`, `{{…}}`, `@@…@@`,
/// `__…__`, `%…%`, `$(…)`, `@NAME@`, `$NAME`.
///
/// Only for texts in which none of these characters has another meaning: ARNs, Regions, names of roles.
pub(super) fn marker(text: &str) -> Option<&str> {
    for (open, close) in [("${", "}"), ("{{", "}}"), ("#{", "}"), ("$(", ")"), ("<", ">"), ("%", "%")] {
        if let Some((before, rest)) = text.split_once(open)
            && let Some((inside, _)) = rest.split_once(close)
            && !inside.is_empty()
        {
            return text.get(before.len()..before.len() + open.len() + inside.len() + close.len());
        }
    }
    ["@@", "__", "@"].into_iter().find_map(|quotes| quoted_name(text, quotes)).or_else(|| {
        let at = text.find('$')?;
        text.get(at..)
    })
}

/// A name of capitals between these quotes, such as `__ROLE__`. They may stand in names too: `/shop/Db__Main__Host`.
fn quoted_name<'t>(text: &'t str, quotes: &str) -> Option<&'t str> {
    let (before, rest) = text.split_once(quotes)?;
    let (inside, after) = rest.split_once(quotes)?;
    let capitals = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || b"0123456789_".contains(&byte));
    let alone = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
    let fits = alone && !inside.is_empty() && capitals(inside);
    fits.then(|| text.get(before.len()..before.len() + 2 * quotes.len() + inside.len())).flatten()
}

/// Whether a word was probably meant to be replaced: two or more words of capitals joined by underscores, or `TODO` and
/// the like.
pub(super) fn is_stand_in(word: &str) -> bool {
    let plain = word.replace(['-', '_'], "").to_ascii_lowercase();
    let is_variable_name = word.contains('_')
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    is_variable_name
        || ["todo", "tbd", "fixme", "xxx", "changeme", "replaceme", "placeholder"].contains(&plain.as_str())
}
