//! Numbers that must be within a range.

use serde_json::Value;

use super::checked::{Checked, Part};
use crate::fault::finding::findings;

findings! {
    /// Numbers outside their range.
    pub(super) const FORMS;

    fn port(number, container; range, least, most) =>
        "TD18" Error Input "{number} of container \"{container}\" must be {range}", "set a port from {least} to {most}";
    fn health_check(number, container; range, least, most) =>
        "TD22" Error Input "{number} of container \"{container}\" must be {range}", "set a number from {least} to {most}";
    fn restart(number, container; range, least, most) =>
        "TD31" Error Input "{number} of container \"{container}\" must be {range}", "set a number from {least} to {most}";
    fn timeout(number, container; range) =>
        "TD27" Error Input "{number} must be {range} seconds on Fargate (container \"{container}\")", "set {range}";
    fn storage(number; range, least, most) =>
        "TD15" Error Input "{number} must be {range}",
        "set a size of {least} to {most} GiB, or remove ephemeralStorage for 20 GiB";
    fn reserved(number, container; range, least) =>
        "TD31" Error Input "{number} of container \"{container}\" must be {range}", "set {least} or more, or remove it";
    fn soft_limit(soft, container, hard) =>
        "TD31" Warning Input "{soft} of container \"{container}\" is more than the hardLimit {hard}", "set {hard} or less";
}

/// What a range belongs to.
#[derive(Clone, Copy)]
enum Of {
    Port,
    HealthCheck,
    Restart,
    /// What a container reserves.
    Reserved,
    /// Only Fargate has these limits.
    Timeout,
}

/// Members of a container with their least and largest numbers.
///
/// [HealthCheck](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html),
/// [ContainerRestartPolicy](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html);
/// "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds."
/// "The Docker 19.03.13-ce or earlier daemon reserves a minimum of 4 MiB of memory for a container", and later ones 6 MiB.
const CONTAINER: [(&str, i64, i64, Of); 12] = [
    ("cpu", 0, i64::MAX, Of::Reserved),
    ("memory", 4, i64::MAX, Of::Reserved),
    ("memoryReservation", 4, i64::MAX, Of::Reserved),
    ("portMappings[].containerPort", 1, 65_535, Of::Port),
    ("portMappings[].hostPort", 0, 65_535, Of::Port),
    ("healthCheck.interval", 5, 300, Of::HealthCheck),
    ("healthCheck.timeout", 2, 60, Of::HealthCheck),
    ("healthCheck.retries", 1, 10, Of::HealthCheck),
    ("healthCheck.startPeriod", 0, 300, Of::HealthCheck),
    ("restartPolicy.restartAttemptPeriod", 60, 1800, Of::Restart),
    ("startTimeout", 2, i64::MAX, Of::Timeout),
    ("stopTimeout", 2, 120, Of::Timeout),
];

/// [Ephemeral storage](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html) in GiB.
const STORAGE: (&str, i64, i64) = ("ephemeralStorage.sizeInGiB", 21, 200);

pub(super) fn check(checked: &mut Checked<'_>) {
    let (path, least, most) = STORAGE;
    for (path, number) in outside(&checked.task, path, least, most) {
        checked.push(path, storage(number, range(least, most), least, most));
    }
    for container in checked.containers() {
        for (path, least, most, of) in CONTAINER {
            for (path, number) in outside(&container, path, least, most) {
                let (name, range) = (container.name(), range(least, most));
                match of {
                    Of::Port => checked.push(path, port(number, name, range, least, most)),
                    Of::HealthCheck => checked.push(path, health_check(number, name, range, least, most)),
                    Of::Restart => checked.push(path, restart(number, name, range, least, most)),
                    Of::Reserved => checked.push(path, reserved(number, name, range, least)),
                    Of::Timeout => checked.push_for_fargate(path, timeout(number, name, range)),
                }
            }
        }
        for limit in container.list("ulimits") {
            if let (Some(soft), Some(hard)) = (limit.number("softLimit"), limit.number("hardLimit"))
                && hard >= 0
                && soft > hard
            {
                checked.push(limit.at("softLimit"), soft_limit(soft, container.name(), hard));
            }
        }
    }
}

/// The whole numbers at a path that are not in the range.
fn outside(part: &Part<'_>, path: &str, least: i64, most: i64) -> Vec<(String, i64)> {
    let numbers = part.values(path).into_iter().filter_map(|(path, value)| Some((path, Value::as_i64(value)?)));
    numbers.filter(|(_, number)| !(least..=most).contains(number)).collect()
}

/// `5-300`, or `at least 2`.
pub(super) fn range(least: i64, most: i64) -> String {
    if most == i64::MAX { format!("at least {least}") } else { format!("{least}-{most}") }
}
