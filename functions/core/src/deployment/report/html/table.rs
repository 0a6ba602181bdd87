//! Tables.

use std::fmt::Write as _;

/// Writes a table whose cells are HTML, and nothing if there are no rows. The first cell of a row is its heading.
pub(super) fn write<const N: usize>(
    page: &mut String,
    caption: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    // A table that is wider than the screen is scrolled, with the keyboard as well.
    let _ = write!(
        page,
        "<section class=\"wide\" tabindex=\"0\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>",
        caption = plain(caption)
    );
    for column in columns {
        let _ = write!(page, "<th scope=\"col\">{column}</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let _ = match at {
                0 => write!(page, "<th scope=\"row\">{cell}</th>"),
                _ => write!(page, "<td>{cell}</td>"),
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

/// A text without the elements that it has.
fn plain(html: &str) -> String {
    let mut plain = String::new();
    for part in html.split('<') {
        plain.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    plain
}
