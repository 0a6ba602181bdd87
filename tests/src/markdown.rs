//! Parts of Markdown pages, for tests that do what a page says.

/// The blocks of code of a language, in their order.
pub fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("\n```{language}\n");
    let starts = text.split(opening.as_str()).skip(1);
    starts.map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

/// The text of a section, of any level, up to the next heading.
///
/// # Panics
/// When the page has no such heading.
pub fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("# {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    rest.split("\n#").next().unwrap_or_default()
}
