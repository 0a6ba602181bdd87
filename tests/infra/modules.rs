//! The modules: they are valid and pass their own tests.

use std::sync::Mutex;

use e2e::{
    environment::Environment,
    terraform::{Copy, names},
};

/// Two at a time: a `terraform test` with its provider takes most of a gigabyte and a core.
const WORKERS: usize = 2;

/// Runs the check for each module and says all failures at once.
fn each_module(check: impl Fn(&str) -> Result<(), String> + Sync) {
    let modules = names("modules");
    assert!(!modules.is_empty());
    let (left, failures) = (Mutex::new(modules), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(module) = { left.lock().unwrap().pop() } {
                    if let Err(why) = check(&module) {
                        failures.lock().unwrap().push(format!("== {module} ==\n{why}"));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn modules_are_valid_and_pass_their_own_tests() {
    let Some(copy) = Copy::new() else { return };
    each_module(|module| {
        let configuration = copy.configuration(&format!("modules/{module}"), Environment::empty());
        configuration.init();
        for args in ["validate", "test"] {
            let ended = configuration.run(&[args]);
            if ended.code != 0 {
                return Err(format!("terraform {args}:\n{}{}", ended.stdout, ended.stderr));
            }
            // A module whose tests are not found passes with none.
            if args == "test" && !passed(&ended.stdout) {
                return Err(format!("terraform test ran nothing:\n{}", ended.stdout));
            }
        }
        Ok(())
    });
}

/// Whether the last line is `Success! N passed, 0 failed.` with an N above 0.
fn passed(said: &str) -> bool {
    let summary = said.lines().rev().find_map(|line| line.strip_prefix("Success! "));
    summary.is_some_and(|counts| !counts.starts_with("0 passed") && counts.contains(" passed, 0 failed"))
}
