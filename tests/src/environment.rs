//! The environment variables of a program under test: none of this machine, only those that AWS or a shell sets.

use std::collections::BTreeMap;

use crate::fake_aws::Credentials;

/// All variables that a program gets. `Debug` shows the names only.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// No variable at all.
    pub fn empty() -> Environment {
        Environment::default()
    }

    /// What the AWS SDKs and the command line of AWS read: endpoint, region and keys. The search for other keys on this
    /// machine is disabled, and so are its root certificates: a debug build needs longer to read 140 of them than for
    /// everything else.
    pub fn of_aws(endpoint: &str, region: &str, credentials: &Credentials) -> Environment {
        Environment::empty()
            .with("AWS_ENDPOINT_URL", endpoint)
            .with("AWS_REGION", region)
            .with("AWS_DEFAULT_REGION", region)
            .with("AWS_ACCESS_KEY_ID", &credentials.access_key_id)
            .with("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key)
            .with("AWS_SESSION_TOKEN", &credentials.session_token)
            .with("AWS_EC2_METADATA_DISABLED", "true")
            .with("SSL_CERT_FILE", ROOT)
            .with("PATH", "/usr/local/bin:/usr/bin:/bin")
    }

    /// What Lambda sets for a function on `provided.al2023`, with the keys of the function's role.
    pub fn of_lambda(endpoint: &str, region: &str, credentials: &Credentials) -> Environment {
        Environment::of_aws(endpoint, region, credentials)
            .with("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin")
            .with("LD_LIBRARY_PATH", "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib")
            .with("LANG", "en_US.UTF-8")
            .with("TZ", ":UTC")
            .with("_HANDLER", "bootstrap")
            .with("LAMBDA_TASK_ROOT", "/var/task")
            .with("LAMBDA_RUNTIME_DIR", "/var/runtime")
            .with("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023")
            .with("AWS_LAMBDA_FUNCTION_NAME", FUNCTION_NAME)
            .with("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .with("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .with("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .with("AWS_LAMBDA_LOG_FORMAT", "Text")
            .with("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/generate-codedeploy-artifact")
            .with("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef")
    }

    /// The same with one variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Environment {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same without that variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Environment {
        self.0.remove(name);
        self
    }

    /// The variables.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// One root certificate, in a file of this folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/root.pem");

/// The function's name in every test.
pub(crate) const FUNCTION_NAME: &str = "generate-codedeploy-artifact";
