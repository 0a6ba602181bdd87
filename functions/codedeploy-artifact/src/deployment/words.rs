//! Foreign text made safe to print.

use crate::error::shown;

/// The longest foreign sentence in one line, in characters. The sentences of AWS stay below it.
pub(crate) const LINE: usize = 600;

/// Characters that [`shown`] takes at once.
const CHUNK: usize = 80;

/// Escapes control characters and direction overrides as [`shown`] does, and cuts at `most` characters.
pub(crate) fn safe(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.trim().chars().take(most).collect();
    let mut safe: String = characters.chunks(CHUNK).map(|chunk| shown(&chunk.iter().collect::<String>())).collect();
    if text.trim().chars().nth(most).is_some() {
        safe.push('…');
    }
    safe
}

/// The last `most` lines of a text, each made safe; blank lines at both ends are left out.
pub(crate) fn last_lines(text: &str, most: usize) -> Vec<String> {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines.iter().skip(lines.len().saturating_sub(most)).map(|line| safe(line.trim_end(), LINE)).collect()
}
