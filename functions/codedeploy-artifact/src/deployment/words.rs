//! Foreign text made safe to print.

pub(crate) use crate::error::safe;

/// The longest foreign sentence in one line, in characters. The sentences of AWS stay below it.
pub(crate) const LINE: usize = 600;

/// The last `most` lines of a text, each made safe; blank lines at both ends are left out.
pub(crate) fn last_lines(text: &str, most: usize) -> Vec<String> {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines.iter().skip(lines.len().saturating_sub(most)).map(|line| safe(line.trim_end(), LINE)).collect()
}
