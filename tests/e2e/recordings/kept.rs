//! The recordings that are kept here, and that nothing else is needed.

use std::path::{Path, PathBuf};

use super::*;

/// Every text file under these folders of the repository that is part of it.
fn files(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if entry.is_dir() && !hidden && !entry.ends_with("target") {
            files(&entry, found);
        } else if entry.is_file()
            && let Ok(text) = std::fs::read_to_string(&entry)
        {
            found.push((entry, text));
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut found);
    found
}

#[test]
fn nothing_outside_of_the_repository_is_read() {
    let outside = ["..", "shared"].join("/");
    // Terraform's registry is asked where this one is not there.
    let reads = |text: &String| text.lines().any(|line| line.contains(&outside) && !line.contains("terraform-mirror"));
    let readers: Vec<_> = sources().into_iter().filter(|(_, text)| reads(text)).map(|(path, _)| path).collect();
    assert_eq!(readers, Vec::<PathBuf>::new());
}

#[test]
fn each_recording_names_its_source_and_is_used() {
    let sources = sources();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(e2e::recorded::folder()).expect("the recordings") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let source = recorded(&name)["source"].as_str().unwrap_or_default().to_owned();
        assert!(source.len() > 10, "{name} names no source");
        let call = format!("recorded(\"{name}\")");
        let is_used =
            |(file, text): &(PathBuf, String)| file.extension().is_some_and(|end| end == "rs") && text.contains(&call);
        assert!(sources.iter().any(is_used), "no test uses {name}");
        names.push(name);
    }
    assert!(names.len() > 15, "{names:?}");
}
