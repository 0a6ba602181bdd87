//! The next step for a message of AWS.

/// The next step for a known message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// One next step, as an imperative sentence without a full stop.
    Say(&'static str),
    /// A hook function reported `Failed`, or failed itself.
    HookFailed,
    /// A hook function did not call back.
    HookSilent,
}
