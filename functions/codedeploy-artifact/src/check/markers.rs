//! Text that somebody forgot to replace.

/// The marker in a text, such as `${ACCOUNT}` in `arn:aws:iam::${ACCOUNT}:role/x`: `<…>`, `${…}`, `{{…}}`, `@@…@@`,
/// `__…__`, `%…%`, `$NAME`, or words such as `ACCOUNT_ID` and `REGION` alone.
///
/// Only for texts in which none of these characters has another meaning: ARNs, Regions, names of roles.
pub(super) fn marker(text: &str) -> Option<&str> {
    for (open, close) in [("${", "}"), ("{{", "}}"), ("#{", "}"), ("<", ">"), ("@@", "@@"), ("__", "__"), ("%", "%")] {
        if let Some((before, rest)) = text.split_once(open)
            && let Some((inside, _)) = rest.split_once(close)
            && !inside.is_empty()
        {
            return text.get(before.len()..before.len() + open.len() + inside.len() + close.len());
        }
    }
    text.find('$').and_then(|at| text.get(at..))
}

/// Whether a word can only be the name of a variable: two or more words of capitals joined by underscores.
pub(super) fn is_variable_name(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
