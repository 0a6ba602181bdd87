//! The two files of profiles.

use aws_config::profile::ProfileSet;
use aws_types::os_shim_internal::{Env, Fs};

use super::set;

/// Both files as the SDK reads them.
pub(super) struct Files {
    /// Or why they cannot be read.
    pub(super) profiles: Result<ProfileSet, String>,
    config: String,
    credentials: String,
}

impl Files {
    pub(super) async fn read() -> Files {
        #[expect(deprecated, reason = "aws-config names this type for its own function, and by no other name")]
        let files = aws_config::profile::profile_file::ProfileFiles::default();
        let read = aws_config::profile::load(&Fs::real(), &Env::real(), &files, None).await;
        let problem = |error: aws_config::profile::ProfileFileLoadError| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            // "error parsing FILE on line N:\n  WHAT"
            cause.unwrap_or_else(|| error.to_string()).replace(":\n ", ":")
        };
        Files {
            profiles: read.map_err(problem),
            config: path("AWS_CONFIG_FILE", "config"),
            credentials: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    /// `AWS_PROFILE`, or `default`.
    pub(super) fn selected(&self) -> &str {
        self.profiles.as_ref().map_or("default", ProfileSet::selected_profile)
    }

    /// Both paths, each with what is wrong with it.
    pub(super) fn paths(&self) -> String {
        let state = |path: &String| match std::fs::metadata(path) {
            Ok(_) => path.clone(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => format!("{path} (not found)"),
            Err(error) => format!("{path} ({error})"),
        };
        format!("{} and {}", state(&self.config), state(&self.credentials))
    }

    /// The profiles that there are, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.profiles.iter().flat_map(ProfileSet::profiles).map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The config file, if it has `[NAME]` where it must be `[profile NAME]`.
    pub(super) fn without_prefix(&self, name: &str) -> Option<&str> {
        has(&self.config, &[format!("[{name}]")]).then_some(&self.config)
    }

    /// The file that has a profile, or both of them.
    pub(super) fn holding(&self, name: &str) -> String {
        let in_config = [format!("[profile {name}]"), format!("[{name}]")];
        match (has(&self.config, &in_config), has(&self.credentials, &[format!("[{name}]")])) {
            (true, false) => self.config.clone(),
            (false, true) => self.credentials.clone(),
            _ => format!("{} or {}", self.config, self.credentials),
        }
    }
}

/// Whether a file has one of these lines.
fn has(path: &str, lines: &[String]) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().any(|line| lines.iter().any(|one| line.trim() == one))
}

fn path(name: &str, default: &str) -> String {
    let home = || set("HOME").unwrap_or_else(|| "~".to_owned());
    match set(name) {
        Some(path) => path.strip_prefix("~/").map(|rest| format!("{}/{rest}", home())).unwrap_or(path),
        None => format!("{}/.aws/{default}", home()),
    }
}
