//! AppSpec files that are hard to write correctly, the same on every run, for tests here and with other readers.

use super::{AppSpec, CapacityProvider, Hook, Network, Random};

/// The AppSpec with this number.
pub(super) fn nasty_appspec(number: u64) -> AppSpec {
    let mut random = Random::new(number);
    let mut spec = AppSpec::new(&text(&mut random), &text(&mut random), port(&mut random));
    if random.below(2) == 0 {
        spec.resource_name = ["no", "~", "1.0", "a b", " Name ", "a: b", "- x", "#", "service-1", "é😀", "=", "null"]
            .get(random.below(12))
            .map_or_else(String::new, |name| (*name).to_owned());
    }
    if random.below(2) == 0 {
        spec.platform_version = Some(if random.below(2) == 0 { "LATEST" } else { "1.4.0" }.to_owned());
    }
    if random.below(2) == 0 {
        let ids = |prefix: &str, count: usize| (0..count).map(|id| format!("{prefix}-{id:017x}")).collect();
        let public = if random.below(2) == 0 { "ENABLED" } else { "DISABLED" };
        spec.network = Network::new(ids("subnet", 1 + random.below(16)), ids("sg", 1 + random.below(5)), public).ok();
    }
    for item in 0..random.below(4) {
        let base = if item == 0 { 100_000 } else { 0 };
        spec.capacity_provider_strategy.push(CapacityProvider { name: format!("p-{item}"), base, weight: 1 });
    }
    for hook in Hook::ALL {
        if random.below(2) == 0 {
            spec.hooks.push((
                hook,
                ["no", "0x1F", "1_000", "arn:aws:lambda:eu-west-1:012345678901:function:f:1"]
                    .get(random.below(4))
                    .map_or_else(String::new, |name| (*name).to_owned()),
            ));
        }
    }
    spec
}

/// Texts that some readers interpret as another type.
const WORDS: [&str; 44] = [
    "yes",
    "no",
    "on",
    "off",
    "NO",
    "y",
    "~",
    "null",
    "true",
    "=",
    "<<",
    "-",
    "- a",
    "?",
    ": ",
    "a: b",
    "#",
    " #c",
    "&a",
    "*a",
    "!Sub a",
    "|",
    ">",
    "%",
    "@",
    "`",
    "0",
    "012345678901",
    "1_000",
    "0x1F",
    "0o14",
    "1e3",
    ".inf",
    "12:30:45",
    "2024-01-01",
    " lead",
    "trail ",
    "\t",
    "---",
    "...",
    "{a: b}",
    "[a]",
    "<TASK_DEFINITION>",
    "${X}",
];

/// Pieces to put together.
const PIECES: [&str; 26] = [
    "\"",
    "\\",
    "'",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{1}",
    "\u{7f}",
    "\u{1b}[31m",
    "😀",
    "é",
    "e\u{301}",
    "\u{202e}",
    "\\n",
    "\\u0041",
    "\u{fffd}",
    "\u{e000}",
    ": ",
    "x",
];

fn text(random: &mut Random) -> String {
    match random.below(16) {
        0..=4 => WORDS.get(random.below(WORDS.len())).map_or_else(String::new, |word| (*word).to_owned()),
        5 => "long and \"quoted\" ".repeat(1 + random.below(150)),
        _ => (0..=random.below(12)).filter_map(|_| PIECES.get(random.below(PIECES.len()))).copied().collect(),
    }
}

fn port(random: &mut Random) -> u16 {
    u16::try_from(1 + random.below(65_535)).unwrap_or(1)
}
