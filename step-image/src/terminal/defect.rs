//! A panic, which is a defect of this program: it has an exit code like every other end.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use codedeploy_core::fault::Fault;
use codedeploy_core::faults;

use super::print;

/// Runs the command; a panic becomes an error. Its message may contain a value, so only its place is printed.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    set_hook(Box::new(|panic| print::message(&told(panic))));
    // What the work has left half done is dropped with it.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

fn told(panic: &PanicHookInfo<'_>) -> String {
    format!("panicked at {}", panic.location().map(ToString::to_string).unwrap_or_default())
}

faults! {
    /// A defect of this program.
    pub(crate) const FORMS;

    /// A panic.
    fn panicked() => "BUG01" Bug "internal error; what was started in AWS is still in progress",
        "report this as a bug with the line \"panicked at\" above, and check the deployments of the group";
}

#[cfg(test)]
mod tests {
    use std::panic::take_hook;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::terminal::exit;

    #[test]
    fn a_panic_is_an_error_that_shows_nothing_of_its_message() {
        let usual = take_hook();
        assert_eq!(caught(|| Ok(7)).unwrap(), 7);
        let error = caught::<()>(|| panic!("with planted-secret")).unwrap_err();
        let (tell, heard) = channel();
        set_hook(Box::new(move |panic| drop(tell.send(told(panic)))));
        let _ = catch_unwind(|| panic!("with planted-secret"));
        // The panics of other tests in this process must stay visible.
        set_hook(usual);
        assert_eq!(exit::code(&error), exit::BUG);
        let told = heard.recv().unwrap();
        assert!(
            told.starts_with("panicked at step-image/src/terminal/defect.rs:") && !told.contains("planted"),
            "{told}"
        );
    }
}
