//! `explain` knows every code that the page of codes lists.

use std::collections::BTreeSet;

use expect_test::expect;

use crate::folder::Folder;

#[test]
fn a_code_is_explained_in_any_case() {
    let folder = Folder::new();
    folder.check(
        &["explain", "cli07"],
        &expect![[r#"
            exit 0
            --- stdout
            CLI07: error, exit code 2

              {one} and {other} cannot be used together
              hint: use a .zip file or a folder instead of -

            {name} stands for what varies; names in backquotes are request parameters
        "#]],
    );
    folder.check(
        &["explain", "CLI77"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE05: invalid value "CLI77" for [CODE]: no error has this code; did you mean CLI07?
            hint: see [CODE] in `codedeploy-artifact explain --help`
        "#]],
    );
}

#[test]
fn every_code_is_listed_and_explained() {
    let folder = Folder::new();
    let listed = String::from_utf8(folder.run(&["explain"])).unwrap();
    let listed: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    let page = include_str!("../../../functions/core/ERRORS.md");
    let codes = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), codes.collect::<BTreeSet<_>>());
    assert!(listed.len() > 150 && listed.is_sorted(), "{listed:?}");
    let json = folder.run(&["explain", "TD03", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let of_td03 = page.lines().filter(|line| line.starts_with("| `TD03`")).count();
    assert_eq!(json["meanings"].as_array().map(Vec::len), Some(of_td03));
    assert!(!json.to_string().contains("&lt;"), "{json}");
}
