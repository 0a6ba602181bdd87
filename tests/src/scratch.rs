//! Folders that go away with their test.

use std::path::{Path, PathBuf};

use crate::unique;

/// A new empty folder, removed when the value is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder among the temporary files of the system.
    #[expect(clippy::new_without_default, reason = "making a folder is not a default")]
    pub fn new() -> Scratch {
        let path = std::env::temp_dir().join(unique::name("e2e"));
        std::fs::create_dir_all(&path).expect("a folder among the temporary files");
        Scratch(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it, folders on the way included, and says where it is.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&self.0)).expect("a folder for the file");
        std::fs::write(&path, content).expect("a file in a scratch folder");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
