//! The workspace of a build on its agent: a folder and its `@tmp` neighbour, owned by the user that the container runs as.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use e2e::{docker::as_root, unique};

pub(crate) struct Workspace {
    root: PathBuf,
    user: String,
}

impl Workspace {
    /// Makes both folders. Names of jobs have spaces.
    pub(crate) fn new(user: &str) -> Workspace {
        let root = std::env::temp_dir().join(unique::name("agent"));
        let workspace = Workspace { root, user: user.to_owned() };
        for folder in [workspace.path(), workspace.temporary()] {
            fs::create_dir_all(folder).expect("a folder among the temporary files");
        }
        workspace.own();
        workspace
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.root.join("workspace/shop deploy")
    }

    pub(crate) fn temporary(&self) -> PathBuf {
        self.root.join("workspace/shop deploy@tmp")
    }

    /// The folder as text, for the command line.
    pub(crate) fn text(&self) -> String {
        self.path().display().to_string()
    }

    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// Writes a file there as the agent does.
    pub(crate) fn write(&self, path: &Path, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        // The folder is that of another user, whom only root can write for.
        let staged = self.root.join(unique::name("file"));
        fs::write(&staged, content).expect("a file among the temporary files");
        let folder = path.parent().expect("a folder");
        for command in [
            as_root("mkdir").arg("-p").arg(folder),
            as_root("mv").arg(&staged).arg(&path),
            as_root("chown").arg(&self.user).args([&path, folder]),
        ] {
            assert!(command.status().is_ok_and(|status| status.success()), "{command:?}");
        }
    }

    /// What of the workspace belongs to another user than the container's.
    pub(crate) fn foreign_files(&self) -> Vec<PathBuf> {
        let uid = self.user.split(':').next().and_then(|uid| uid.parse::<u32>().ok()).expect("a user");
        let mut found = Vec::new();
        let mut folders = vec![self.path(), self.temporary()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of the workspace").flatten() {
                let metadata = entry.metadata().expect("an entry of the workspace");
                if metadata.uid() != uid {
                    found.push(entry.path());
                }
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        found
    }

    fn own(&self) {
        let owned = as_root("chown").arg("-R").arg(&self.user).arg(self.root.join("workspace")).status();
        assert!(owned.is_ok_and(|status| status.success()), "cannot give the workspace to {}", self.user);
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = as_root("rm").arg("-rf").arg(&self.root).status();
    }
}
