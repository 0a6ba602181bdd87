//! The manual pages, formatted by `man`.

use std::{path::Path, process::Command};

use e2e::{scratch::Scratch, skip};

use super::Release;

/// What the formatter warns of in a page, and the page as it is shown.
fn formatted(page: &Path) -> (String, String) {
    let mut man = Command::new("man");
    man.args(["--warnings", "--local-file", "-Tutf8"]).arg(page).env_clear();
    let output = man.env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").output().expect("man");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stderr), text(&output.stdout))
}

#[test]
fn every_manual_page_is_formatted_without_a_warning() {
    if Command::new("man").arg("--version").output().is_err() {
        return skip::missing("man", "install man-db");
    }
    let folder = Release::unpacked();
    let pages = std::fs::read_dir(folder.path().join("man")).expect("manual pages");
    let pages: Vec<_> = pages.map(|page| page.unwrap().path()).collect();
    assert_eq!(pages.len(), step_image::command().get_subcommands().count() + 1, "{pages:?}");
    for page in pages {
        let (warnings, shown) = formatted(&page);
        assert_eq!(warnings, "", "{}", page.display());
        assert!(shown.contains("codedeploy-artifact") && shown.lines().count() > 10, "{}: {shown}", page.display());
    }
    let wrong = Scratch::new();
    let page = wrong.write("wrong.1", ".TH wrong 1\n.SH NAME\n\\fB\\*[nothing]wrong\n.nowhere\n");
    assert_ne!(formatted(&page).0, "", "no warning is seen");
}
