//! Rows 36 to 50: an AppSpec template of the user's own.

use super::*;

const APPSPEC: &str = "\
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: app
          ContainerPort: 8080
";
const NETWORK: &str = "        NetworkConfiguration:
          AwsvpcConfiguration:
            Subnets: [subnet-0a1b2c3d]
            SecurityGroups: [sg-0a1b2c3d]
            AssignPublicIp: DISABLED
";
/// What every message begins with.
const AT: &str = "Source::appspec.yaml";

fn parameters() -> Value {
    json!({"task_definition": "app", "appspec_template": AT})
}

/// A template of these bytes.
fn file(number: u8, bytes: impl AsRef<[u8]>) -> Row {
    row(number, parameters()).source(packed::one("appspec.yaml", bytes))
}

/// The good template with one part replaced.
fn spoiled(number: u8, from: &str, to: &str) -> Row {
    let good = format!("{APPSPEC}{NETWORK}");
    assert!(good.contains(from), "row {number}: no {from}");
    file(number, good.replacen(from, to, 1))
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn templates_are_refused_by_line() {
    let world = World::new();
    let twelve: Vec<packed::Entry> = (0..11).map(|at| packed::entry(&format!("src/{at}.py"), b"")).collect();
    let twelve = packed::archive(&[twelve, vec![packed::entry("appspec.yml", APPSPEC.as_bytes())]].concat());
    let subnets = |count: usize| (0..count).map(|at| format!("subnet-{at:08}")).collect::<Vec<_>>().join(", ");
    let bomb = format!("a: &a \"{}\"\nb: [{}]\n{APPSPEC}", "x".repeat(30_000), "*a, ".repeat(50));
    let laughs = (1..9).fold("a0: &a0 [1, 1]\n".to_owned(), |all, at| {
        format!("{all}a{at}: &a{at} [{}]\n", format!("*a{}, ", at - 1).repeat(9))
    });
    let deep = format!("{APPSPEC}Hooks: {}{}\n", "[".repeat(200), "]".repeat(200));
    let properties = format!("{AT} line 5: Resources[0].TargetService.Properties");
    let network =
        format!("{AT} line 11: Resources[0].TargetService.Properties.NetworkConfiguration.AwsvpcConfiguration");
    world.play(
        &[],
        &[
            row(36, parameters())
                .source(twelve)
                .says("APP01: \"appspec.yaml\" not found in artifact Source (12 files; similar: appspec.yml)", INPUT),
            spoiled(37, "      Type", "\tType")
                .says(format!("APP02: {AT} line 4 column 1: tab used for indentation"), INPUT),
            spoiled(38, "        LoadBalancerInfo", "        TaskDefinition: x\n        LoadBalancerInfo").says(
                format!("APP03: {AT} line 7 column 9: key \"TaskDefinition\" is given twice (first at line 6)"),
                INPUT,
            ),
            spoiled(38, "        LoadBalancerInfo", "        taskdefinition: x\n        LoadBalancerInfo").says(
                format!(
                    "APP03: {AT} line 7: Resources[0].TargetService.Properties.taskdefinition: \"TaskDefinition\" and \
                     \"taskdefinition\" are the same key"
                ),
                INPUT,
            ),
            file(39, format!("{APPSPEC}---\n{APPSPEC}"))
                .says(format!("APP04: {AT} line 10 column 1: more than one YAML document"), INPUT),
            spoiled(40, "ContainerName: app", "ContainerName: !Sub app")
                .says(format!("APP05: {AT} line 8 column 26: YAML tags (!Sub) are not supported"), INPUT),
            file(41, bomb)
                .says(format!("APP06: {AT}: expands to more than 1048576 bytes (anchors and aliases)"), INPUT),
            file(41, laughs).says(format!("APP06: {AT}: more than 20000 values and keys"), INPUT),
            file(42, deep).says(format!("APP07: {AT} line 10 column 71: nested deeper than 64 levels"), INPUT),
            spoiled(43, "version: 0.0", "version: new")
                .says(format!("APP08: {AT} line 1: version: version must be a number, found new"), INPUT),
            file(44, "version: 0.0\nResources: []\n")
                .says(format!("APP09: {AT} line 2: Resources: must have exactly one item, found 0"), INPUT),
            file(44, format!("{APPSPEC}{}", &APPSPEC[APPSPEC.find("  - ").unwrap()..]))
                .says(format!("APP09: {AT} line 2: Resources: must have exactly one item, found 2"), INPUT),
            spoiled(45, "AWS::ECS::Service", "AWS::Lambda::Function").says(
                format!(
                    "APP10: {AT} line 4: Resources[0].TargetService.Type: resource type must be AWS::ECS::Service, \
                     found \"AWS::Lambda::Function\""
                ),
                INPUT,
            ),
            spoiled(46, "          ContainerName: app\n          C", "          - ContainerName: app\n            C")
                .says(
                    format!(
                        "APP11: {AT} line 7: Resources[0].TargetService.Properties.LoadBalancerInfo: \
                     must be a map, found a list (CodeDeploy rejects it)"
                    ),
                    INPUT,
                ),
            file(47, format!("{APPSPEC}Hooks:\n  - BeforeAllowTrafic: check\n")).says(
                format!(
                    "APP12: {AT} line 11: Hooks[0].BeforeAllowTrafic: unknown hook \"BeforeAllowTrafic\"; did you \
                     mean \"BeforeAllowTraffic\"?"
                ),
                INPUT,
            ),
            spoiled(48, "DISABLED", "true")
                .says(format!("APP13: {network}: AssignPublicIp must be ENABLED or DISABLED, found \"true\""), INPUT),
            spoiled(49, "subnet-0a1b2c3d", "subnet_1")
                .says(format!("APP14: {network}: \"subnet_1\" is not a subnet ID"), INPUT),
            spoiled(49, "subnet-0a1b2c3d", &subnets(17))
                .says(format!("APP14: {network}: 1-16 subnets are allowed, found 17"), INPUT),
            file(50, utf16(APPSPEC)).says(format!("APP15: {AT}: UTF-16 text, UTF-8 expected"), INPUT),
            file(50, b"version: \xff").says(format!("APP15: {AT}: not UTF-8 text (byte 9)"), INPUT),
            spoiled(50, "TaskDefinition:", "TaskDefinitoin:").says(
                format!(
                    "APP20: {}.TaskDefinitoin: unknown key \"TaskDefinitoin\"; did you mean \"TaskDefinition\"?",
                    properties.replace("line 5", "line 6")
                ),
                INPUT,
            ),
        ],
    );
}

/// The same faults in the parameters of a request.
#[test]
fn parts_of_an_appspec_in_the_request_are_refused() {
    let world = World::new();
    let app =
        |number, name: &str, value: Value| row(number, json!({"task_definition": "app", name: value})).asks_nobody();
    let network = |subnets: &[String], public: &str| {
        let groups = ["sg-0a1b2c3d"];
        json!({"subnets": subnets, "security_groups": groups, "assign_public_ip": public})
    };
    let subnets: Vec<String> = (0..17).map(|at| format!("subnet-{at:08}")).collect();
    world.play(
        &[],
        &[
            app(47, "hooks", json!({"BeforeAllowTrafic": "check"}))
                .says("APP12: unknown hook \"BeforeAllowTrafic\"; did you mean \"BeforeAllowTraffic\"?", CONFIGURATION),
            app(48, "network", network(&subnets[..1], "true"))
                .says("APP13: AssignPublicIp must be ENABLED or DISABLED, found \"true\"", CONFIGURATION),
            app(49, "network", network(&["subnet_1".to_owned()], "DISABLED"))
                .says("APP14: \"subnet_1\" is not a subnet ID", CONFIGURATION),
            app(49, "network", network(&subnets, "DISABLED"))
                .says("APP14: 1-16 subnets are allowed, found 17", CONFIGURATION),
        ],
    );
}

#[test]
fn a_byte_order_mark_is_accepted() {
    let world = World::new();
    let row = file(50, format!("\u{feff}{APPSPEC}"));
    let event = world.event(&row);
    world.aws.add_job(TOOLS, event.id());
    world.lambda(&[]).invoke(&event.text(), TIMEOUT);
    let job = world.aws.job(event.id());
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.results);
}
