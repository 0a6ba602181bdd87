//! Sentences of AWS made safe to print.

use codedeploy_artifact::error::shown;

/// The longest sentence that is repeated, in characters. Those of AWS stay below it.
const LONGEST: usize = 600;

/// Characters that [`shown`] takes at once.
const CHUNK: usize = 80;

/// Like [`shown`], with room for a sentence.
pub(crate) fn safe(text: &str) -> String {
    let characters: Vec<char> = text.trim().chars().collect();
    let kept = characters.get(..LONGEST).unwrap_or(&characters);
    let mut safe: String = kept.chunks(CHUNK).map(|chunk| shown(&chunk.iter().collect::<String>())).collect();
    if kept.len() < characters.len() {
        safe.push('…');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_length_and_lose_their_colours() {
        let sentence = "word ".repeat(60);
        assert_eq!(safe(&sentence), sentence.trim());
        assert_eq!(safe("a\u{1b}[2Jb\n"), r"a\u{1b}[2Jb");
        assert_eq!(safe(&"x".repeat(601)), format!("{}…", "x".repeat(600)));
    }
}
