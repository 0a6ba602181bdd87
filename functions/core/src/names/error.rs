//! What is wrong with a name.

/// Text that is not a valid name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct NameError {
    /// What is wrong with it. Follows the name of the parameter and the text itself.
    pub problem: &'static str,
    /// What to write instead.
    pub hint: String,
}
