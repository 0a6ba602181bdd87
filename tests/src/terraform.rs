//! Terraform, on a copy of `infra/` under `target/`, so that no state and no lock file is left in the checkout.

use std::{
    ffi::OsString,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{environment::Environment, process::Process, programs, skip, unique};

/// The longest that one call may take. An apply takes some 90 seconds, most of them the provider's own waits.
const LIMIT: Duration = Duration::from_mins(10);

/// A copy of `infra/`. It goes away with the value, unless the test is failing.
#[derive(Debug)]
pub struct Copy {
    folder: PathBuf,
}

/// One configuration of a copy: a module or an example.
#[derive(Debug)]
pub struct Configuration {
    folder: PathBuf,
    environment: Environment,
}

/// What a call has come to.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From start to end.
    pub elapsed: Duration,
}

/// The folder `infra/` of the checkout.
pub fn infra() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra")
}

/// The names of the folders in that folder of `infra/`, sorted.
///
/// # Panics
/// When it is not there.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(infra().join(folder)).unwrap_or_else(|error| panic!("infra/{folder}: {error}"));
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

impl Copy {
    /// A new copy, or `None` (reported) where this machine has no Terraform.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn new() -> Option<Copy> {
        if !is_there() {
            return None;
        }
        let folder = programs::target_folder().join("terraform").join(unique::name("infra"));
        copy(&infra(), &folder);
        Some(Copy { folder })
    }

    /// Where the copy is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The configuration in that folder below `infra/`, with these variables of the environment beside Terraform's own.
    pub fn configuration(&self, folder: &str, environment: Environment) -> Configuration {
        Configuration { folder: self.folder.join(folder), environment }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "the copy of infra/ is kept in {}", self.folder.display());
        } else {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Configuration {
    /// The variables of the environment that it has beside Terraform's own.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Downloads the providers, or takes them from the mirror on this machine.
    ///
    /// # Panics
    /// When Terraform refuses, as for all calls here but [`Configuration::run`].
    pub fn init(&self) {
        // Two downloads into one plugin cache would break each other.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = mirror().is_none().then(|| ONE.lock().unwrap_or_else(PoisonError::into_inner));
        let mut args = vec!["init".to_owned(), "-backend=false".to_owned()];
        args.extend(mirror().map(|mirror| format!("-plugin-dir={}", mirror.display())));
        self.must(&args);
    }

    /// Replaces a text of one of its files, which must be there once.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(text.matches(from).count(), 1, "{from} in {}:\n{text}", path.display());
        fs::write(&path, text.replace(from, to)).expect("a copy under target/");
    }

    /// Creates or changes everything.
    pub fn apply(&self, variables: &[(&str, &str)]) -> Ended {
        self.must(&with("apply -auto-approve", variables))
    }

    /// What another apply would change: `None` for nothing, else the plan as text.
    pub fn plan(&self, variables: &[(&str, &str)]) -> Option<String> {
        let ended = self.run(&with("plan -detailed-exitcode", variables));
        match ended.code {
            0 => None,
            2 => Some(ended.stdout),
            _ => panic!("terraform plan in {}: {ended:?}", self.folder.display()),
        }
    }

    /// Removes everything.
    pub fn destroy(&self, variables: &[(&str, &str)]) -> Ended {
        self.must(&with("destroy -auto-approve", variables))
    }

    /// The outputs, by name.
    pub fn outputs(&self) -> Value {
        let all: Value = self.json("output -json");
        let all = all.as_object().expect("an object of outputs");
        all.iter().map(|(name, output)| (name.clone(), output["value"].clone())).collect()
    }

    /// The resources in the state, those of modules included, each as `show -json` has it.
    pub fn resources(&self) -> Vec<Value> {
        fn collect(module: &Value, all: &mut Vec<Value>) {
            all.extend(module["resources"].as_array().into_iter().flatten().cloned());
            for child in module["child_modules"].as_array().into_iter().flatten() {
                collect(child, all);
            }
        }
        let mut all = Vec::new();
        collect(&self.json("show -json")["values"]["root_module"], &mut all);
        all
    }

    /// A call that must succeed.
    pub fn must<S: AsRef<str>>(&self, args: &[S]) -> Ended {
        let ended = self.run(args);
        let Ended { code, stdout, stderr, .. } = &ended;
        let args: Vec<_> = args.iter().map(AsRef::as_ref).collect();
        let folder = self.folder.display();
        assert!(*code == 0, "terraform {} in {folder} ended with {code}:\n{stdout}\n{stderr}", args.join(" "));
        ended
    }

    /// Any call.
    pub fn run<S: AsRef<str>>(&self, args: &[S]) -> Ended {
        let mut command = Command::new("terraform");
        command.args(args.iter().map(AsRef::as_ref)).current_dir(&self.folder).env_clear();
        command.envs(settings());
        command.envs(self.environment.iter().filter(|(name, _)| *name != "PATH"));
        let started = Instant::now();
        let mut process = Process::start(&mut command, Vec::new());
        let status = loop {
            if let Some(status) = process.ended() {
                break status;
            }
            if started.elapsed() > LIMIT {
                let (stdout, _) = process.finish();
                panic!("terraform has not ended in {LIMIT:?}:\n{}", String::from_utf8_lossy(&stdout));
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let elapsed = started.elapsed();
        let (stdout, stderr) = process.finish();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ended { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr), elapsed }
    }

    fn json(&self, args: &str) -> Value {
        let ended = self.must(&args.split(' ').collect::<Vec<_>>());
        serde_json::from_str(&ended.stdout).expect("JSON of Terraform")
    }
}

/// The environment variables with which Terraform runs in tests: nobody is asked, and nothing is looked up beyond what it needs.
pub fn settings() -> Vec<(&'static str, OsString)> {
    let mut settings: Vec<(&str, OsString)> =
        ["PATH", "HOME"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect();
    if mirror().is_none() {
        let plugins = programs::target_folder().join("terraform-plugins");
        fs::create_dir_all(&plugins).expect("a folder under target/");
        settings.push(("TF_PLUGIN_CACHE_DIR", plugins.into()));
        settings.push(("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "1".into()));
    }
    let fixed = [
        ("TF_IN_AUTOMATION", "1"),
        ("TF_INPUT", "0"),
        ("CHECKPOINT_DISABLE", "1"),
        ("TF_CLI_ARGS", "-no-color"),
        // The schema of the provider fills the heap at each start: by default, a quarter of the processor time is garbage collection.
        ("GOGC", "400"),
    ];
    settings.extend(fixed.map(|(name, value)| (name, value.into())));
    settings
}

/// The same for the commands of a README, as a person types them: confirmed at once, with the providers of this machine.
pub fn settings_of_a_shell() -> Vec<(&'static str, OsString)> {
    let mut settings = settings();
    settings.extend(["TF_CLI_ARGS_apply", "TF_CLI_ARGS_destroy"].map(|name| (name, "-auto-approve".into())));
    settings.extend(mirror().map(|mirror| ("TF_CLI_ARGS_init", format!("-plugin-dir={}", mirror.display()).into())));
    settings
}

fn with(args: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let variables = variables.iter().map(|(name, value)| format!("-var={name}={value}"));
    args.split(' ').map(str::to_owned).chain(variables).collect()
}

fn is_there() -> bool {
    static VERSION: OnceLock<bool> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let version = Command::new("terraform").arg("version").env_remove("TF_CLI_CONFIG_FILE").output();
        let found = version.is_ok_and(|output| output.status.success());
        if !found {
            skip::missing("Terraform", "there is no program `terraform` on the PATH");
        }
        found
    })
}

/// A folder with unpacked providers: what `shared/bin/terraform-mirror` beside the checkout finds. Without it,
/// Terraform asks its registry.
fn mirror() -> Option<&'static Path> {
    static MIRROR: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = MIRROR.get_or_init(|| {
        let finder = infra().join("../../shared/bin/terraform-mirror");
        let output = Command::new(finder).output().ok().filter(|output| output.status.success())?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
    });
    found.as_deref()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder under target/");
    for entry in fs::read_dir(from).expect("infra/").flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let lasting = !name.to_string_lossy().starts_with(".terraform") && !name.to_string_lossy().contains(".tfstate");
        if lasting && path.is_dir() {
            copy(&path, &to.join(name));
        } else if lasting {
            fs::copy(&path, to.join(name)).expect("a copy under target/");
        }
    }
}
