//! "Did you mean": the known word nearest to a mistyped one.

/// The word of `known` that `word` was probably meant to be: the nearest one by edits, if it is near enough.
///
/// Case is ignored. An edit is an inserted, lost or wrong character, or two neighbours swapped. Near enough is at most
/// a third of the word's length, and never more than three edits; words over 64 characters get no suggestion.
pub fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > LONGEST {
        return None;
    }
    let wanted: Vec<char> = word.to_lowercase().chars().collect();
    let allowed = wanted.len().div_ceil(3).min(3);
    known
        .map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().collect();
            (edits(&wanted, &letters), candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What follows a mistyped word in a message: `; did you mean "web"?`, or nothing if no word is near.
pub fn or_did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}

/// Bounds the work for hostile words; no name that this product knows comes near it.
const LONGEST: usize = 64;

/// Edit distance with swaps of neighbours (optimal string alignment), row by row.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous_from = None;
    for (row, &a) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_to = None;
        for (column, &b) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, column) + usize::from(a != b)).min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if column > 0 && previous_from == Some(b) && previous_to == Some(a) {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
            previous_to = Some(b);
        }
        previous_from = Some(a);
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_known_word_is_suggested_and_far_ones_are_not() {
        let known = ["task_definition", "BeforeAllowTraffic", "region", "a", "hooks"];
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(did_you_mean(word, known.into_iter()), expected, "{word}");
        };
        check("task_defintion", Some("task_definition"));
        check("BeforeAllowTrafic", Some("BeforeAllowTraffic"));
        check("beforeallowtraffic", Some("BeforeAllowTraffic"));
        check("regoin", Some("region"));
        check("hook", Some("hooks"));
        check("b", Some("a"));
        check("cluster", None);
        check("", None);
        check(&"region".repeat(20_000), None);
    }

    #[test]
    fn a_swap_of_neighbours_is_one_edit() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        let check = |from: &str, to: &str, expected: usize| {
            assert_eq!(edits(&letters(from), &letters(to)), expected, "{from} -> {to}");
        };
        check("ab", "ba", 1);
        check("kitten", "sitting", 3);
        check("", "abc", 3);
        check("abc", "", 3);
        check("é", "e", 1);
    }
}
