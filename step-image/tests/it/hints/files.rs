//! Faults of paths, destinations and input artifacts.

use super::{Call, Row, TASK_DEFINITION, call, check, generate, row};
use crate::folder::zip;

/// `generate` to another destination than the folder `made`.
fn to(artifact: &str) -> Call {
    call(&format!("generate --artifact {artifact} --task-definition-file base.json --container-name web"))
}

/// A task definition from this input artifact.
fn from(bytes: impl Into<Vec<u8>>) -> Call {
    call("generate --artifact made --container-name web --task-definition-file in::t.json --input-artifact in=in.zip")
        .file("in.zip", bytes)
}

fn good() -> Vec<u8> {
    zip(&[("t.json", TASK_DEFINITION)])
}

/// A file twice.
fn renamed() -> Vec<u8> {
    replaced(zip(&[("t.json", TASK_DEFINITION), ("u.json", "{}")]), b"u.json", b"t.json")
}

/// A symbolic link of the name.
fn link() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("t.json", "u.json", zip::write::SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// The content with another checksum than its own.
fn damaged() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("t.json", stored).unwrap();
    std::io::Write::write_all(&mut zip, TASK_DEFINITION.as_bytes()).unwrap();
    replaced(zip.finish().unwrap().into_inner(), b"shop", b"shoq")
}

/// The bytes with some of the same length in place of others, as often as they occur.
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes.get(at..at + from.len()) == Some(from) {
            bytes.splice(at..at + to.len(), to.iter().copied());
        }
    }
    bytes
}

pub(super) fn rows() -> Vec<Row> {
    let detail = |text: &str| {
        generate("--images web=in::imageDetail.json --input-artifact in=in.zip")
            .file("in.zip", zip(&[("imageDetail.json", text)]))
    };
    let template = |flags: &str| call(&format!("generate {flags} --taskdef-template base.json --container-name web"));
    let long = format!("{TASK_DEFINITION}{}", " ".repeat(2_000_000));
    let again = "recreate the artifact with a standard zip tool";
    vec![
        row(
            "APP01",
            from(zip(&[("deploy/t.json", TASK_DEFINITION)])),
            "write the path exactly as it is in the archive",
            from(good()),
        ),
        row(
            "CLI01",
            call("generate --artifact made --task-definition-file b.json --container-name web"),
            "check the path",
            to("made"),
        ),
        row(
            "CLI13",
            call("generate --artifact made --container-name web --task-definition-file other")
                .file("other/t.json", TASK_DEFINITION),
            "use the path of a file",
            call("generate --artifact made --container-name web --task-definition-file other/t.json")
                .file("other/t.json", TASK_DEFINITION),
        ),
        row(
            "CLI03",
            generate("--appspec-template a.yml").file("a.yml", "#".repeat(300_000)),
            "check that the path is that of a task definition, AppSpec or template",
            generate("--appspec-template base.yml"),
        ),
        row(
            "CLI04",
            generate("--input-artifact x"),
            "the name of the artifact, an equals sign and the path of its zip",
            generate("--input-artifact x=in.zip").file("in.zip", good()),
        ),
        row(
            "CLI07",
            call("generate --artifact - --output json --task-definition-file base.json --container-name web"),
            "use a .zip file or a folder instead of -",
            call("generate --artifact a.zip --output json --task-definition-file base.json --container-name web"),
        ),
        row(
            "CLI09",
            generate("--input-artifact x=a.zip --input-artifact x=b.zip"),
            "remove one of them",
            generate("--input-artifact x=a.zip"),
        ),
        row("CLI11", to("a.tar.gz"), "use a.zip", to("a.zip")),
        row("CLI11", to("a.tar.gz"), "add a trailing slash", to("a.tar.gz/")),
        row("CLI11", to("base.json"), "use a .zip file, or a folder", to("base/")),
        row(
            "CLI12",
            template("--artifact . --taskdef-path base.json"),
            "choose another --artifact",
            template("--artifact made --taskdef-path base.json"),
        ),
        row(
            "CLI12",
            template("--artifact . --taskdef-path base.json"),
            "--taskdef-path",
            template("--artifact . --taskdef-path made.json"),
        ),
        row("IMG01", detail("{\"image\": \"a:1\"}"), "write {\"ImageURI\": ", detail("{\"ImageURI\": \"a:1\"}")),
        row(
            "PAR18",
            call("generate --artifact made --container-name web --task-definition-file in::t.json")
                .file("in.zip", good()),
            "add --input-artifact in=ZIP",
            from(good()),
        ),
        row("ZIP01", from(TASK_DEFINITION), "write a zip archive", from(good())),
        row("ZIP02", from(good().into_iter().take(300).collect::<Vec<u8>>()), again, from(good())),
        row("ZIP06", from(zip(&[("t.json", &long)])), "check that the path names the right file", from(good())),
        row("ZIP04", from(renamed()), "recreate the archive with this file only once", from(good())),
        row("ZIP05", from(link()), "put the file itself into the archive", from(good())),
        row("ZIP03", from(damaged()), again, from(good())),
    ]
}

#[test]
fn files() {
    check(&rows());
}
