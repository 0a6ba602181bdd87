//! "Did you mean": the known word nearest to a mistyped one.

/// The word of `known` that was probably meant by `word`: the one with the fewest edits, if it is near enough.
///
/// Case is ignored. An edit is an inserted, lost or wrong character, or two neighbours swapped. Near enough is at most
/// a third of the word's length, and never more than three edits; words over 64 characters get no suggestion.
pub fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > LONGEST {
        return None;
    }
    let wanted = word.to_lowercase();
    let length = wanted.chars().count();
    let allowed = length.div_ceil(3).min(3);
    known
        // Each character more or less is an edit; to count is cheaper than to compare.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::osa_distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What follows a mistyped word in a message: `; did you mean "web"?`, or nothing if no word is near.
pub fn or_did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}

/// Limits the work for hostile words. No known name is that long.
const LONGEST: usize = 64;

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
        let check = |word: &str, known: &str, near: bool| {
            assert_eq!(did_you_mean(word, std::iter::once(known)), near.then_some(known), "{word} -> {known}");
        };
        check("ab", "ba", true);
        check("abc", "cab", false);
        check("kitten", "sitten", true);
        check("kitten", "sitting", false);
        check("é", "e", true);
        check("", "abc", false);
        check("abc", "", false);
    }
}
