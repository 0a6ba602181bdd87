//! A folder of one test's own, and the program run in it with nothing of this machine's environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use expect_test::Expect;

/// The answer of `describe-task-definition` for a usual web service, as file `web.json`.
pub(crate) const WEB: &str = include_str!("../../../functions/core/fixtures/fargate-web.json");

/// A folder, removed when the value is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A folder with nothing in it but `web.json`.
    pub(crate) fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // A process that was killed leaves its folders, and process ids come again.
        let folder = loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("codedeploy-artifact-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => break made.map(|()| Folder(path)).unwrap(),
            }
        };
        folder.write("web.json", WEB);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, folders on the way included.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).expect(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// The names in it, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A call that is still to be run: in this folder, with an empty environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codedeploy-artifact"));
        command.args(args).current_dir(&self.0).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs a call that must succeed, and says what it wrote to standard output.
    pub(crate) fn run(&self, args: &[&str]) -> Vec<u8> {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", self.seen(&output));
        output.stdout
    }

    /// Runs a call and compares everything that its user sees.
    pub(crate) fn check(&self, args: &[&str], expect: &Expect) {
        expect.assert_eq(&self.seen(&self.command(args).output().unwrap()));
    }

    /// Makes an artifact of `web.json` with these flags more, and shows its AppSpec and the images in it.
    pub(crate) fn files_of(&self, args: &[&str]) -> (String, String) {
        self.run(&[&["generate", "--artifact", "made"], args].concat());
        let files = (self.text("made/appspec.yml"), self.text("made/taskdef.json"));
        fs::remove_dir_all(self.0.join("made")).unwrap();
        files
    }

    /// Exit status, standard output and standard error. What differs from run to run is replaced here only.
    pub(crate) fn seen(&self, output: &Output) -> String {
        let redacted = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace(&self.0.display().to_string(), "[FOLDER]")
                .replace(concat!("codedeploy-artifact ", env!("CARGO_PKG_VERSION")), "codedeploy-artifact [VERSION]")
        };
        let mut seen = match output.status.code() {
            Some(code) => format!("exit {code}\n"),
            None => format!("{}\n", output.status),
        };
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                seen += &["--- ", name, "\n", &redacted(bytes)].concat();
            }
        }
        seen
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A zip with these files.
pub(crate) fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The files of a zip, in their order.
pub(crate) fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut file = |at| {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        (file.name().to_owned(), bytes)
    };
    (0..2).map(&mut file).collect()
}
