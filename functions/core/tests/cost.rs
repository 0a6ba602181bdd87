//! What an input costs for each of its bytes: eight times the input takes about eight times the time, whatever is in it,
//! and the largest input that is read takes less than a second, also without optimisation.
//!
//! Time is that of the processor, so that other programs do not count. Where the system does not tell it, the clock does.
//! `COST_SIZE=4` tries inputs of about the largest size that is read; without it they are a quarter of that.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers fail the test that uses them")]

use std::fmt::Write as _;
use std::io::Cursor;
use std::time::{Duration, Instant};

use codedeploy_core::artifact::appspec;
use codedeploy_core::artifact::archive;
use codedeploy_core::artifact::check;
use codedeploy_core::artifact::render::render;
use codedeploy_core::artifact::request::{Parameters, Request};
use codedeploy_core::artifact::sources::{Document, Sources};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::artifact::template::{Format, Variables, fill_document};
use codedeploy_core::document::{self, Limits};
use codedeploy_core::fault::denial::Denial;
use codedeploy_core::fault::{safe, shown};
use codedeploy_core::text::suggest::did_you_mean;

/// The time that this thread has used.
fn used() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

#[expect(clippy::disallowed_methods, reason = "how much to test is asked for there")]
fn size() -> usize {
    std::env::var("COST_SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(1)
}

fn time(work: impl FnOnce()) -> Duration {
    let before = used();
    work();
    used().saturating_sub(before)
}

/// Eight small inputs and a large one of the same size in all cost about the same. Quadratic work differs by a factor of 8.
#[track_caller]
fn linear<Input>(what: &str, large: usize, make: impl Fn(usize) -> Input, work: impl Fn(&Input)) {
    let large = large * size();
    let (eighth, whole) = (make(large / 8), make(large));
    let mut seen = Vec::new();
    for _ in 0..3 {
        let eight = time(|| (0..8).for_each(|_| work(&eighth)));
        let one = time(|| work(&whole));
        if one <= eight * 3 + Duration::from_millis(10) && one < Duration::from_secs(1) {
            return;
        }
        seen.push((eight, one));
    }
    panic!("{what:?}: eight times an eighth, and all at once, took {seen:?}");
}

#[test]
#[should_panic(expected = "eight times an eighth")]
fn quadratic_work_is_noticed() {
    linear(
        "",
        6_000 / size(),
        |bytes| "x".repeat(bytes),
        |text| {
            let all: usize =
                (0..text.len()).step_by(8).map(|at| text.chars().skip(at).filter(|it| *it == 'y').count()).sum();
            assert_eq!(all, 0);
        },
    );
}

/// A pattern between a beginning and an end; `%` in it is a number that counts up.
type Pattern<'p> = (&'p str, &'p str, &'p str);

/// A text of at most so many bytes.
fn repeated((begin, pattern, end): Pattern<'_>, bytes: usize) -> String {
    let mut text = begin.to_owned();
    for number in 0.. {
        if text.len() + pattern.len() + end.len() + 8 > bytes {
            break;
        }
        text.push_str(&pattern.replace('%', &number.to_string()));
    }
    text + end
}

fn all_linear(patterns: &[Pattern<'_>], bytes: usize, work: impl Fn(&String)) {
    for pattern in patterns {
        linear(&format!("{pattern:?}"), bytes, |bytes| repeated(*pattern, bytes), &work);
    }
}

const YAML: [Pattern<'_>; 26] = [
    ("", "k%: v\n", ""),
    ("", "- v\n", ""),
    ("", "\n", "a"),
    ("", " ", "a"),
    ("", "# comment\n", "a: b"),
    ("a: |\n", "  text\n", ""),
    ("a: >\n", "\n", "  b"),
    ("a: \"", "\\n", "\""),
    ("a: \"", "b\n ", "\""),
    ("a: '", "''", "'"),
    ("a: ", "b ", ""),
    ("a: b\n", "  b\n", ""),
    ("a: [", "b, ", "]"),
    ("a: {", "b%: c, ", "}"),
    ("a: [", "{b: c}, ", "]"),
    ("a: &x b\nc: [", "*x, ", "]"),
    ("", "k%: &a% v\n", ""),
    ("", "[", ""),
    ("", "- ", "a"),
    ("", "? ", "a"),
    ("", "a: ", "b"),
    ("", "a: b\n", ""),
    ("", "k%: 1\n", ""),
    ("k: [", "1.5, ", "]"),
    ("", "\"k%\": v\n", ""),
    ("a: [", "b!c, ", "]"),
];

#[test]
fn yaml() {
    let deep = "[".repeat(250);
    for patterns in [&YAML[..], &[(&deep, "a, ", ""), (&deep[..64], "a, ", "")]] {
        all_linear(patterns, 15_000, |text| drop(document::yaml_document(text, Limits::YAML)));
    }
}

const JSON: [Pattern<'_>; 14] = [
    ("[", "1, ", "1]"),
    ("[", "\"a\", ", "1]"),
    ("{", "\"k%\": 1, ", "\"k\": 1}"),
    ("{", "\"k\": 1, ", "\"k\": 1}"),
    ("\"", "a", "\""),
    ("\"", "\\n", "\""),
    ("\"", "\\u00e9", "\""),
    ("\"", "\\ud800", "\""),
    ("", "[", ""),
    ("", " ", "{}"),
    ("", "1", ""),
    ("{\"a\": ", "1", ",}"),
    ("{", "// comment\n", "}"),
    ("[", "{\"a\": [1.50]}, ", "1] x"),
];

#[test]
fn json() {
    all_linear(&JSON, 100_000, |text| drop(document::json_document(text, Limits::JSON)));
}

#[test]
fn appspecs() {
    let target = "version: 0.0\nResources: [{TargetService: {Type: AWS::ECS::Service, Properties: {TaskDefinition: a, \
                  LoadBalancerInfo: {ContainerName: web, ContainerPort: 80}";
    let network = format!("{target}, NetworkConfiguration: {{AwsvpcConfiguration: {{Subnets: [");
    let strategy = format!("{target}, CapacityProviderStrategy: [");
    let hooks = format!("{target}}}}}}}]\nHooks:\n");
    let properties = format!("{target}, ");
    let patterns = [
        (hooks.as_str(), "  - BeforeInstall: f\n", ""),
        (&hooks, "  - k%: f\n", ""),
        (&network, "subnet-%, ", "]}}}}}]"),
        (&strategy, "{Base: 0, CapacityProvider: p%, Weight: 1}, ", "]}}}]"),
        (&properties, "k%: 1, ", "}}}]"),
        ("version: 0.0\n", "k%: 1\n", ""),
        ("version: 0.0\nResources:\n", "  - r%: {Type: AWS::ECS::Service}\n", ""),
        ("version: 0.0\nResources: [{TargetService: {", "type%: 1, ", "}}]"),
    ];
    all_linear(&patterns, 15_000, |text| drop(appspec::read(text, "appspec.yml")));
}

fn variables(count: usize, value: &str) -> Vec<(String, String)> {
    (0..count).map(|number| (format!("V{number}"), value.to_owned())).collect()
}

/// The same text with at most 100 different names: `V123` is `V23`.
fn with_few_names(text: &str) -> String {
    let mut few = String::new();
    let mut digits = 0;
    for letter in text.chars() {
        digits = if letter.is_ascii_digit() { digits + 1 } else { 0 };
        if digits < 3 {
            few.push(letter);
        }
    }
    few
}

#[test]
fn templates() {
    const YAML: [Pattern<'_>; 16] = [
        ("a: \"", "${V%}", "\""),
        ("a: '", "${V%}", "'"),
        ("a: ", "${V%}", ""),
        ("a: [", "${V%}, ", "]"),
        ("", "k%k: ${V%}\n", ""),
        ("a: |\n", "  ${V%}\n", ""),
        ("# ", "${V%}", "\na: b"),
        ("a: '", "''${V%}", "'"),
        ("", "k%k: '${V%}'\n", ""),
        ("a: ", "$V% ", ""),
        ("a: ", "$${", ""),
        ("a: ", "$$", ""),
        ("a: ", "%%{ ", ""),
        ("a: ", "${", ""),
        ("a: ", "$", ""),
        ("", "${V%}", ": a"),
    ];
    const JSON: [Pattern<'_>; 3] =
        [("{\"a\": \"", "${V%}", "\"}"), ("{\"a\": [", "${V%}, ", "1]}"), ("{\"a\": [", "\"$V%\", ", "1]}")];
    for value in ["word", "a: \"'\n b"] {
        let given = variables(100, value);
        for (patterns, bytes, format) in [(&YAML[..], 12_000, Format::Yaml), (&JSON, 40_000, Format::Json)] {
            for pattern in patterns {
                let make = |bytes| with_few_names(&repeated(*pattern, bytes));
                linear(&format!("{pattern:?} with {value:?}"), bytes, make, |text| {
                    drop(fill_document(text, "f", &Variables { given: &given, ..Variables::default() }, format));
                });
            }
        }
    }
}

/// Two inputs that once took minutes and five seconds.
#[test]
fn many_placeholders_and_variables_take_less_than_a_second() {
    let fill = |text: &str, given: &[(String, String)]| {
        let mut filled = None;
        let variables = Variables { given, ..Variables::default() };
        let took = time(|| filled = Some(fill_document(text, "f", &variables, Format::Json).is_ok()));
        assert!(took < Duration::from_secs(1), "{took:?}");
        filled == Some(true)
    };
    let mut given = variables(99, "x");
    given.push(("A".to_owned(), "value".to_owned()));
    assert!(fill(&format!("{{\"family\": \"{}\"}}", "${A}".repeat(8_000)), &given));

    let mut given = variables(100, "x");
    given[57].1 = "\"".to_owned();
    let placeholders = |quote: &str| {
        let all: Vec<String> = (0..15_000).map(|number| format!("{quote}${{V{}}}{quote}", number % 100)).collect();
        format!("{{\"a\": [{}]}}", all.join(","))
    };
    assert!(!fill(&placeholders(""), &given));
    assert!(fill(&placeholders("\""), &given));
}

fn task_definition(containers: usize, container: impl Fn(usize) -> String) -> TaskDefinition {
    let containers: Vec<String> = (0..containers).map(container).collect();
    let text = format!(
        "{{\"family\": \"web\", \"networkMode\": \"awsvpc\", \"containerDefinitions\": [{}]}}",
        containers.join(",")
    );
    TaskDefinition::parse(&text, "taskdef.json").unwrap()
}

#[test]
fn task_definitions() {
    let patterns = [
        ("{\"family\": \"a\", \"containerDefinitions\": [", "{\"name\": \"c%\", \"image\": \"i\"}, ", "{}]}"),
        ("{\"family\": \"a\", \"containerDefinitions\": [", "{\"cpu\": null}, ", "{}]}"),
        ("{\"family\": \"a\", \"containerDefinitions\": [], \"tags\": [", "{\"key\": \"k%\"}, ", "{}]}"),
        ("{\"family\": \"a\", ", "\"k%\": null, ", "\"containerDefinitions\": []}"),
        ("{\"family\": \"a\", \"containerDefinitions\": [{\"command\": [", "1, ", "1]}]}"),
        ("{\"family\": \"a\", \"volumes\": [", "{\"name\": 1}, ", "1], \"containerDefinitions\": []}"),
    ];
    all_linear(&patterns, 30_000, |text| {
        if let Ok((read, findings)) = TaskDefinition::read(text, "taskdef.json") {
            drop((read.to_json(), findings));
        }
    });
}

#[test]
fn rules_of_task_definitions() {
    let depends = |count: usize| {
        task_definition(count, |number| {
            let other = (number * 7 + 1) % count;
            format!(
                "{{\"name\":\"c{number}\",\"image\":\"i\",\"dependsOn\":[{{\"containerName\":\"c{other}\",\
                 \"condition\":\"START\"}}],\"volumesFrom\":[{{\"sourceContainer\":\"c{other}\"}}]}}"
            )
        })
    };
    let run = |read: &TaskDefinition| drop(check::task_definition(read, "f"));
    linear("dependencies", 240, depends, run);
    let wide = |count: usize| {
        task_definition(1, |_| {
            let list =
                |what: &str| (0..count).map(|it| what.replace('%', &it.to_string())).collect::<Vec<_>>().join(",");
            format!(
                "{{\"name\":\"c\",\"image\":\"i\",\"environment\":[{}],\"secrets\":[{}],\"portMappings\":[{}]}}",
                list("{\"name\":\"E%\"}"),
                list("{\"name\":\"S%\"}"),
                list("{\"containerPort\":%}")
            )
        })
    };
    linear("one container", 400, wide, run);
    let unknown = |count: usize| {
        let mut members = String::new();
        for number in 0..count {
            let _ = write!(members, ",\"imagee{number}\":1");
        }
        task_definition(1, |_| format!("{{\"name\":\"c\"{members}}}"))
    };
    linear("unknown members", 600, unknown, run);
}

fn rendered(parameters: &str, task_definition: &TaskDefinition) -> Result<usize, String> {
    let request = Parameters::from_user_parameters(Some(parameters)).and_then(Request::new);
    let request = request.map_err(|error| error.report())?;
    let described = Document { name: "web:1".to_owned(), text: task_definition.to_json() };
    let sources = Sources { task_definition: Some(described), ..Sources::default() };
    render(&request, &sources).map(|files| files.taskdef.text.len()).map_err(|error| error.report())
}

/// Every name that is not there was once reported with all that are.
#[test]
fn names_that_no_container_has_are_cheap() {
    let containers = |count: usize| task_definition(count, |it| format!("{{\"name\":\"c{it}\",\"image\":\"i\"}}"));
    let images = |count: usize| {
        let images: Vec<String> = (0..count).map(|it| format!("\"x{it}\": \"r/i:1\"")).collect();
        let target = "\"container_name\": \"c0\", \"container_port\": 80";
        format!("{{\"task_definition\": \"web\", {target}, \"images\": {{{}}}}}", images.join(","))
    };
    let said = rendered(&images(10), &containers(3_600)).unwrap_err();
    assert!(said.contains("no container \"x9\"") && said.contains("3590 more"), "{said}");
    assert!(said.len() < 10_000, "{said}");
    linear("unknown names", 900, containers, |read| drop(rendered(&images(10), read)));
    let said = rendered(&images(1_500), &containers(3_600)).unwrap_err();
    assert!(said.len() < 5_000, "{said}");
    let placeholders =
        |count: usize| task_definition(count, |it| format!("{{\"name\":\"c{it}\",\"image\":\"<P{it}>\"}}"));
    linear("unknown placeholders", 900, placeholders, |read| {
        assert!(rendered(&images(0), read).unwrap_err().len() < 20_000);
    });
}

/// An archive of stored files with this content, made by hand: no library writes so many so fast.
fn zip(files: usize, crc: u32, content: &[u8]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    for file in 0..files {
        let name = format!("folder-{}/file-{file:06}.yaml", file % 10);
        let length = [u8::try_from(name.len()).unwrap(), 0, 0, 0];
        let sizes = [number(content.len()), number(content.len())].concat();
        let common = [&[10, 0, 0, 0, 0, 0, 0, 0, 33, 0][..], &crc.to_le_bytes(), &sizes, &length].concat();
        directory
            .extend([b"PK\x01\x02\x0a\x00", &common[..], &[0; 10], &number(bytes.len()), name.as_bytes()].concat());
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), content].concat());
    }
    let (start, size) = (bytes.len(), directory.len());
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(files).unwrap().to_le_bytes();
    bytes.extend([&count[..], &count, &number(size), &number(start), &[0, 0]].concat());
    bytes
}

#[test]
fn archives() {
    let read = |path: &'static str| {
        move |bytes: &Vec<u8>| {
            drop(archive::file(Cursor::new(bytes), "Src", path, 1 << 20).map_err(|it| it.to_string()));
        }
    };
    let one = archive::file(Cursor::new(zip(9, 0, b"")), "Src", "folder-3/file-000003.yaml", 9);
    assert_eq!(one.unwrap(), b"");
    linear("many files", 6_000, |files| zip(files, 0, b""), read("folder-3/file-000003.yaml"));
    linear("not among many files", 6_000, |files| zip(files, 0, b""), read("file-00003.yml"));
    linear("end records", 16_000, |bytes| b"PK\x05\x06".repeat(bytes / 4), read("a"));
    linear("large files", 16_000, |bytes| zip(bytes / 400, 0, &[b'x'; 300]), read("a"));
}

#[test]
fn texts_and_names() {
    let words = |count: usize| (0..count).map(|it| format!("name-{it}")).collect::<Vec<_>>();
    linear("did you mean", 600, words, |words| {
        did_you_mean("nmae-77", words.iter().map(String::as_str));
    });
    let word = |length: usize| "x".repeat(length);
    linear("a long candidate", 2_000, word, |word| {
        did_you_mean("container", std::iter::once(word.as_str()));
    });
    let texts = [
        ("", "a", ""),
        ("", "é", ""),
        ("", "/", ""),
        ("", "a/", ""),
        ("", "\u{1b}", ""),
        ("", "arn:aws:iam::123456789012:role/r ", ""),
        ("", "User: ", ""),
        ("User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ", "ecs:Run ", ""),
        ("", "is not authorized to perform: a on resource: ", ""),
        ("", "because no ", ""),
        ("", "operations in the following AWS service: ", ""),
        ("", "ın", ""),
    ];
    all_linear(&texts, 50_000, |text| drop((shown(text), safe(text, 5_000))));
    all_linear(&texts, 15_000, |text| {
        drop(Denial::find(text).map(|denial| (denial.caller(), denial.next_step("ecs:DescribeServices"))));
    });
}
