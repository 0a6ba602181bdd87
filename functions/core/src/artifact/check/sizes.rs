//! CPU and memory of the task and of its containers.

use serde_json::Value;

use super::task_definition::Checked;
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};

/// CPU units, the least and the most memory in MiB, and the step between.
///
/// [Task size](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size).
/// With 256 CPU units 1536 MiB is missing between the steps.
const SIZES: [(i64, i64, i64, i64); 7] = [
    (256, 512, 2048, 512),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

pub(super) fn check(checked: &mut Checked<'_>) {
    let cpu = size(checked, "cpu");
    let memory = size(checked, "memory");
    if let (Some(cpu), Some(memory)) = (cpu, memory) {
        combination(checked, cpu, memory);
    }
    containers(checked, cpu, memory);
    storage(checked);
}

/// CPU in units or memory in MiB. A missing or unreadable one is a finding; one of the wrong type is one already.
fn size(checked: &mut Checked<'_>, member: &'static str) -> Option<i64> {
    let Some(value) = checked.member(member) else {
        let message = "is missing; Fargate requires cpu and memory of the task".to_owned();
        checked.push_for_fargate(member, Finding::error("TD15", Kind::Input, message, example(member)));
        return None;
    };
    let text = value.as_str()?;
    match units(text, member == "cpu") {
        Units::Number(number) => Some(number),
        Units::Unknown => {
            let message = format!("\"{}\" has a unit that ECS does not document", shown(text));
            checked.push(member, Finding::warning("TD15", message, example(member)));
            None
        }
        Units::None => {
            let what = if member == "cpu" { "CPU units or vCPUs" } else { "MiB or GB" };
            let message = format!("\"{}\" is no number of {what}", shown(text));
            checked.push(member, Finding::error("TD15", Kind::Input, message, example(member)));
            None
        }
    }
}

fn example(member: &str) -> &'static str {
    if member == "cpu" {
        "set \"cpu\" to a size of Fargate, such as \"256\""
    } else {
        "set \"memory\" to a size of Fargate, such as \"512\""
    }
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
    let windows = checked.member("runtimePlatform").and_then(|it| it.get("operatingSystemFamily"));
    let windows = windows.and_then(Value::as_str).is_some_and(|family| family.starts_with("WINDOWS"));
    let Some(&(_, least, most, step)) = SIZES.iter().find(|(units, ..)| *units == cpu) else {
        let message = format!("{cpu} is no CPU size of Fargate (256, 512, 1024, 2048, 4096, 8192, 16384)");
        // Larger sizes than these may have been added meanwhile.
        let finding = if cpu > 16_384 && cpu % 16_384 == 0 {
            Finding::warning("TD15", message, example("cpu"))
        } else {
            Finding::error("TD15", Kind::Input, message, example("cpu"))
        };
        checked.push_for_fargate("cpu", finding);
        return;
    };
    if windows && !(1024..=4096).contains(&cpu) {
        let message = format!("{cpu} is too little or too much for Windows containers on Fargate");
        let finding = Finding::error("TD15", Kind::Input, message, "set \"cpu\" to \"1024\", \"2048\" or \"4096\"");
        checked.push_for_fargate("cpu", finding);
        return;
    }
    let fits = (least..=most).contains(&memory) && memory % step == 0 && (cpu, memory) != (256, 1536);
    if !fits {
        let sizes = match cpu {
            256 => "512, 1024 or 2048".to_owned(),
            _ => format!("{least} to {most} in steps of {step}"),
        };
        let message = format!("{memory} MiB cannot be combined with {cpu} CPU units on Fargate (possible: {sizes})");
        let nearest = nearest(cpu, memory, least, most, step);
        let hint = format!("set \"memory\" to \"{nearest}\", or choose another \"cpu\"");
        checked.push_for_fargate("memory", Finding::error("TD15", Kind::Input, message, hint));
    }
}

/// The smallest size that holds so much memory, or the largest one.
fn nearest(cpu: i64, memory: i64, least: i64, most: i64, step: i64) -> i64 {
    let up = memory.clamp(least, most);
    let up = up.saturating_add(step - 1) / step * step;
    if (cpu, up) == (256, 1536) { 2048 } else { up }
}

/// What containers reserve must fit into the task.
fn containers(checked: &mut Checked<'_>, cpu: Option<i64>, memory: Option<i64>) {
    let (mut all_cpu, mut all_memory) = (0_i64, 0_i64);
    for container in checked.containers() {
        let name = shown(container.name());
        let (hard, soft) = (container.number("memory"), container.number("memoryReservation"));
        if let (Some(hard), Some(task)) = (hard, memory)
            && hard > task
        {
            let message = format!("{hard} MiB of container \"{name}\" is more than the {task} MiB of the task");
            let hint = "lower it, or raise \"memory\" of the task";
            checked.push(container.at("memory"), Finding::error("TD16", Kind::Input, message, hint));
        }
        if let (Some(hard), Some(soft)) = (hard, soft)
            && soft > hard
        {
            let message = format!("{soft} MiB of container \"{name}\" is more than its memory of {hard} MiB");
            let finding =
                Finding::error("TD16", Kind::Input, message, "lower it, or raise \"memory\" of the container");
            checked.push(container.at("memoryReservation"), finding);
        }
        if hard.is_none() && soft.is_none() && checked.member("memory").is_none() && !checked.fargate {
            let message = format!("of container \"{name}\" is missing, and so is the memory of the task");
            let hint = "set \"memory\" of the task or of the container";
            checked.push(container.at("memory"), Finding::error("TD16", Kind::Input, message, hint));
        }
        all_cpu = all_cpu.saturating_add(container.number("cpu").unwrap_or_default());
        all_memory = all_memory.saturating_add(soft.or(hard).unwrap_or_default());
    }
    if let Some(task) = cpu.filter(|task| all_cpu > *task) {
        let message = format!("{task} is less than the {all_cpu} CPU units that its containers reserve");
        let hint = "lower \"cpu\" of the containers, or raise that of the task";
        checked.push("cpu", Finding::error("TD16", Kind::Input, message, hint));
    }
    if let Some(task) = memory.filter(|task| all_memory > *task) {
        let message = format!("{task} is less than the {all_memory} MiB that its containers reserve together");
        let hint = "lower the memory of the containers, or raise that of the task";
        checked.push("memory", Finding::warning("TD16", message, hint));
    }
}

/// [Ephemeral storage](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html): 21-200 GiB.
fn storage(checked: &mut Checked<'_>) {
    let size = checked.member("ephemeralStorage").and_then(|it| it.get("sizeInGiB")).and_then(Value::as_i64);
    if let Some(size) = size.filter(|size| !(21..=200).contains(size)) {
        let message = format!("{size} must be 21-200");
        let hint = "set a size of 21 to 200 GiB, or remove ephemeralStorage for 20 GiB";
        checked.push("ephemeralStorage.sizeInGiB", Finding::error("TD15", Kind::Input, message, hint));
    }
}
