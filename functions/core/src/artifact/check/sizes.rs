//! CPU and memory of the task and of its containers.

use std::fmt;

use super::checked::{Checked, Part};
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with sizes.
    pub(super) const FORMS;

    fn missing(; member, example) =>
        "TD15" Error Input "is missing; Fargate requires cpu and memory at the task level",
        "set \"{member}\" to a Fargate size, such as \"{example}\"";
    fn unknown_unit(text; member, example) =>
        "TD15" Warning Input "\"{text}\" has a unit that ECS does not document",
        "set \"{member}\" to a Fargate size, such as \"{example}\"";
    fn not_a_number(text; units, member, example) =>
        "TD15" Error Input "\"{text}\" is not a number of {units}",
        "set \"{member}\" to a Fargate size, such as \"{example}\"";
    fn not_a_cpu_size(cpu; sizes) =>
        "TD15" Error Input "{cpu} is not a Fargate CPU size ({sizes})",
        "set \"cpu\" to a Fargate size, such as \"256\"";
    fn not_for_windows(cpu) =>
        "TD15" Error Input "{cpu} is not a Fargate CPU size for Windows containers",
        "set \"cpu\" to \"1024\", \"2048\" or \"4096\"";
    fn not_combined(memory, cpu; sizes, nearest) =>
        "TD15" Error Input "{memory} MiB cannot be combined with {cpu} CPU units on Fargate (allowed: {sizes})",
        "set \"memory\" to \"{nearest}\", or choose another \"cpu\"";
    fn more_than_the_task(memory, container, task) =>
        "TD16" Error Input "{memory} MiB of container \"{container}\" is more than the {task} MiB of the task",
        "lower it, or raise \"memory\" of the task";
    fn more_than_the_container(reservation, container, memory) =>
        "TD16" Error Input "{reservation} MiB of container \"{container}\" is more than its memory of {memory} MiB",
        "lower it, or raise \"memory\" of the container";
    fn no_memory(container) =>
        "TD16" Error Input "of container \"{container}\" is missing, and so is the memory of the task",
        "set \"memory\" of the task or of the container";
    fn too_little_cpu(task, containers) =>
        "TD16" Error Input "{task} is less than the {containers} CPU units that its containers reserve",
        "lower \"cpu\" of the containers, or raise \"cpu\" of the task";
    fn too_little_memory(task, containers) =>
        "TD16" Warning Input "{task} is less than the {containers} MiB that its containers reserve together",
        "lower the memory of the containers, or raise \"memory\" of the task";
}

/// The sizes of memory in MiB that Fargate offers with some CPU units.
enum Memory {
    OneOf(&'static [i64]),
    /// The smallest, the largest, and the step between them.
    Steps(i64, i64, i64),
}

/// CPU units and memory.
///
/// [Task size](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size)
const SIZES: [(i64, Memory); 8] = [
    (256, Memory::OneOf(&[512, 1024, 2048])),
    (512, Memory::Steps(1024, 4096, 1024)),
    (1024, Memory::Steps(2048, 8192, 1024)),
    (2048, Memory::Steps(4096, 16_384, 1024)),
    (4096, Memory::Steps(8192, 30_720, 1024)),
    (8192, Memory::Steps(16_384, 61_440, 4096)),
    (16_384, Memory::Steps(32_768, 122_880, 8192)),
    (LARGEST, Memory::OneOf(&[61_440, 122_880, 249_856])),
];

const LARGEST: i64 = 32_768;

impl Memory {
    fn has(&self, memory: i64) -> bool {
        match self {
            Memory::OneOf(sizes) => sizes.contains(&memory),
            Memory::Steps(least, most, step) => (*least..=*most).contains(&memory) && memory % step == 0,
        }
    }

    /// The smallest size with at least this much memory, or the largest size.
    fn nearest(&self, memory: i64) -> i64 {
        match self {
            Memory::OneOf(sizes) => {
                sizes.iter().find(|size| **size >= memory).or(sizes.last()).copied().unwrap_or_default()
            }
            Memory::Steps(least, most, step) => memory.clamp(*least, *most).saturating_add(step - 1) / step * step,
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Memory::OneOf(sizes) => match sizes.split_last() {
                Some((last, rest)) => {
                    let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
                    write!(f, "{} or {last}", rest.join(", "))
                }
                None => Ok(()),
            },
            Memory::Steps(least, most, step) => write!(f, "{least} to {most} in steps of {step}"),
        }
    }
}

pub(super) fn check(checked: &mut Checked<'_>) {
    let cpu = size(checked, "cpu");
    let memory = size(checked, "memory");
    if let (Some(cpu), Some(memory)) = (cpu, memory) {
        combination(checked, cpu, memory);
    }
    containers(checked, cpu, memory);
}

/// CPU in units or memory in MiB. A missing or unreadable size is a finding; a wrong type has already been reported.
fn size(checked: &mut Checked<'_>, member: &'static str) -> Option<i64> {
    let Some(value) = checked.task.member(member) else {
        checked.push_for_fargate(member, missing(member, example(member)));
        return None;
    };
    let text = value.as_str()?;
    let finding = match units(text, member == "cpu") {
        Units::Number(number) => return Some(number),
        Units::Unknown => unknown_unit(text, member, example(member)),
        Units::None if member == "cpu" => not_a_number(text, "CPU units or vCPUs", member, example(member)),
        Units::None => not_a_number(text, "MiB or GB", member, example(member)),
    };
    checked.push(member, finding);
    None
}

fn example(member: &str) -> &'static str {
    if member == "cpu" { "256" } else { "512" }
}

enum Units {
    Number(i64),
    /// A number with an unknown unit.
    Unknown,
    None,
}

/// `1024`, `1 vCPU` or `.25 vcpu`; `2048`, `2 GB` or `0.5GB`.
fn units(text: &str, cpu: bool) -> Units {
    let text = text.trim();
    let end = text.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let Ok(number) = number.parse::<f64>() else { return Units::None };
    let unit = unit.trim().to_ascii_lowercase();
    let factor = match (unit.as_str(), cpu) {
        ("", _) => 1.0,
        ("vcpu" | "vcpus", true) | ("gb", false) => 1024.0,
        ("gib" | "mb" | "mib" | "g" | "m" | "cpu", _) => return Units::Unknown,
        _ => return Units::None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    let units = (number * factor).round() as i64;
    Units::Number(units)
}

fn combination(checked: &mut Checked<'_>, cpu: i64, memory: i64) {
    let Some((_, sizes)) = SIZES.iter().find(|(units, _)| *units == cpu) else {
        let sizes: Vec<String> = SIZES.iter().map(|(units, _)| units.to_string()).collect();
        let finding = not_a_cpu_size(cpu, sizes.join(", "));
        // Larger sizes may have been added since.
        let may_be_new = cpu > LARGEST && cpu % 16_384 == 0;
        return checked.push_for_fargate("cpu", if may_be_new { finding.into_warning() } else { finding });
    };
    if checked.is_windows() && !(1024..=4096).contains(&cpu) {
        return checked.push_for_fargate("cpu", not_for_windows(cpu));
    }
    if !sizes.has(memory) {
        checked.push_for_fargate("memory", not_combined(memory, cpu, sizes, sizes.nearest(memory)));
    }
}

/// Checks that the task has enough CPU and memory for what its containers reserve.
fn containers(checked: &mut Checked<'_>, cpu: Option<i64>, memory: Option<i64>) {
    let (mut all_cpu, mut all_memory) = (0_i64, 0_i64);
    for container in checked.containers() {
        let name = container.name();
        let (hard, soft) = (container.number("memory"), container.number("memoryReservation"));
        if let (Some(hard), Some(task)) = (hard, memory)
            && hard > task
        {
            checked.push(container.at("memory"), more_than_the_task(hard, name, task));
        }
        if let (Some(hard), Some(soft)) = (hard, soft)
            && soft > hard
        {
            checked.push(container.at("memoryReservation"), more_than_the_container(soft, name, hard));
        }
        let given = |part: &Part<'_>, member| part.member(member).is_some();
        let any =
            given(&container, "memory") || given(&container, "memoryReservation") || given(&checked.task, "memory");
        if !any && !checked.fargate {
            checked.push(container.at("memory"), no_memory(name));
        }
        all_cpu = all_cpu.saturating_add(container.number("cpu").unwrap_or_default());
        all_memory = all_memory.saturating_add(soft.or(hard).unwrap_or_default());
    }
    if let Some(task) = cpu.filter(|task| all_cpu > *task) {
        checked.push("cpu", too_little_cpu(task, all_cpu));
    }
    if let Some(task) = memory.filter(|task| all_memory > *task) {
        checked.push("memory", too_little_memory(task, all_memory));
    }
}
