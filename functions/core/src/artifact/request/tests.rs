use expect_test::{Expect, expect};

use super::*;
use crate::fault::Fault;

/// The same parameters at both doors: UserParameters and flags.
fn both(json: &str, flags: &[(&'static str, &[&str])]) -> (String, String) {
    let show = |request: Result<Request, Fault>| match request {
        Ok(request) => format!("{request:#?}"),
        Err(error) => error.report(),
    };
    let flags = flags.iter().map(|(name, values)| (*name, values.iter().map(|value| (*value).to_owned()).collect()));
    (
        show(Parameters::from_user_parameters(Some(json)).and_then(Request::new)),
        show(Parameters::from_flags(flags).and_then(Request::new)),
    )
}

/// A list and a map are written differently in JSON and as flags, and mean the same.
#[test]
fn both_doors_lead_to_the_same_request() {
    type Flags = &'static [(&'static str, &'static [&'static str])];
    let cases: &[(&str, Flags)] = &[
        (r#"{"task_definition":"app"}"#, &[("task_definition", &["app"])]),
        (
            r#"{"task_definition":"app:7","container_name":"web","container_port":8080,"images":{"web":"repo/app:1","log":"IMAGE1_NAME","x":"Source::imageDetail.json"}}"#,
            &[
                ("task_definition", &["app:7"]),
                ("container_name", &["web"]),
                ("container_port", &["8080"]),
                ("images", &["web=repo/app:1", "log=IMAGE1_NAME", "x=Source::imageDetail.json"]),
            ],
        ),
        (
            r#"{"service":"c/s","network":{"subnets":["subnet-1a","subnet-2b"],"security_groups":["sg-1"],"assign_public_ip":"DISABLED"}}"#,
            &[
                ("service", &["c/s"]),
                ("network", &["subnets=subnet-1a,subnet-2b", "security_groups=sg-1", "assign_public_ip=DISABLED"]),
            ],
        ),
        (
            r#"{"service":"c/s","network":{"subnets":["subnet-1a"],"security_groups":["sg-1"],"assign_public_ip":"ENABLED"}}"#,
            &[
                ("service", &["c/s"]),
                ("network", &[r#"{"subnets":["subnet-1a"],"security_groups":["sg-1"],"assign_public_ip":"ENABLED"}"#]),
            ],
        ),
        (
            r#"{"task_definition":"app","capacity_provider_strategy":[{"capacity_provider":"FARGATE_SPOT","base":1,"weight":2},{"capacity_provider":"FARGATE","weight":1}]}"#,
            &[
                ("task_definition", &["app"]),
                (
                    "capacity_provider_strategy",
                    &["capacity_provider=FARGATE_SPOT,base=1,weight=2", "capacity_provider=FARGATE,weight=1"],
                ),
            ],
        ),
        (
            r#"{"task_definition":"app","hooks":{"AfterAllowTraffic":"b","BeforeInstall":"a"}}"#,
            &[("task_definition", &["app"]), ("hooks", &["AfterAllowTraffic=b", "BeforeInstall=a"])],
        ),
        (
            r#"{"task_definition_file":"Source::td.json","appspec_template":"Source::a.yml","variables":{"X":"a=b","N":"1"},"appspec_path":"d/a.yaml","taskdef_path":"d/t.json","output_artifact":"out","role_arn":"arn:aws:iam::222222222222:role/r","external_id":"id","region":"eu-west-1","platform_version":null}"#,
            &[
                ("task_definition_file", &["Source::td.json"]),
                ("appspec_template", &["Source::a.yml"]),
                ("variables", &["X=a=b", "N=1"]),
                ("appspec_path", &["d/a.yaml"]),
                ("taskdef_path", &["d/t.json"]),
                ("output_artifact", &["out"]),
                ("role_arn", &["arn:aws:iam::222222222222:role/r"]),
                ("external_id", &["id"]),
                ("region", &["eu-west-1"]),
            ],
        ),
        (
            r#"{"task_definition":"app","container_port":"0"}"#,
            &[("task_definition", &["app"]), ("container_port", &["0"])],
        ),
        (
            r#"{"task_definition":"app","region":"us-east-1.evil.com/#"}"#,
            &[("task_definition", &["app"]), ("region", &["us-east-1.evil.com/#"])],
        ),
        (
            r#"{"task_definition":"app","verify":true,"strict":true,"ignore":["TD26","ACC20=by hand"],"application":"a","deployment_group":"g"}"#,
            &[
                ("task_definition", &["app"]),
                ("verify", &[]),
                ("strict", &[]),
                ("ignore", &["TD26", "ACC20=by hand"]),
                ("application", &["a"]),
                ("deployment_group", &["g"]),
            ],
        ),
        (r#"{"task_definition":"app:x"}"#, &[("task_definition", &["app:x"])]),
        (r#"{"container_name":"web"}"#, &[("container_name", &["web"])]),
    ];
    for (json, flags) in cases {
        let (from_json, from_flags) = both(json, flags);
        assert_eq!(from_json, from_flags, "{json}");
    }
}

/// Every parameter is understood by someone: a name in the table that nobody reads would be ignored in silence.
#[test]
fn every_parameter_is_read() {
    for parameter in PARAMETERS.iter().filter(|parameter| parameter.name != "config") {
        let json = format!(r#"{{"task_definition_file":"t.json","{}":{{"\u0000":[]}}}}"#, parameter.name);
        let json =
            json.replace(r#""task_definition_file":"t.json","task_definition_file""#, r#""task_definition_file""#);
        let refused = Parameters::from_user_parameters(Some(&json)).and_then(Request::new);
        assert!(refused.is_err(), "{} is not read", parameter.name);
    }
}

fn check(json: &str, expected: &Expect) {
    let shown = match Parameters::from_user_parameters(Some(json)).and_then(Request::new) {
        Ok(request) => format!("{request:?}"),
        Err(error) => error.report(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn what_is_checked_must_be_named_whole_and_be_used() {
    let code = |json: &str| match Parameters::from_user_parameters(Some(json)).and_then(Request::new) {
        Ok(request) => format!("{:?}", request.group_to_verify()),
        Err(error) => format!("{} {}", error.code(), error.message()),
    };
    let check = |json: &str, expect: &str| assert_eq!(code(json), expect, "{json}");
    check(r#"{"task_definition":"app","verify":"yes"}"#, r#"PAR15 `verify` must be true or false, got "yes""#);
    check(r#"{"task_definition":"app","strict":1}"#, "PAR15 `strict` must be true or false, got a number");
    check(
        r#"{"task_definition":"app","application":"a","deployment_group":"g"}"#,
        "PAR16 `application` requires `verify`",
    );
    check(
        r#"{"task_definition":"app","verify":true,"application":"a"}"#,
        "PAR16 `application` requires `deployment_group` or `service`",
    );
    check(
        r#"{"task_definition":"app","verify":true,"deployment_group":"g"}"#,
        "PAR16 `deployment_group` requires `application` or `service`",
    );
    check(r#"{"task_definition":"app","verify":true}"#, "None");
    check(r#"{"service":"c/s","verify":true,"application":"a"}"#, r#"Some(("a", "DgpECS-c-s", true))"#);
    // A switch that is set to false is not the same as one that is not given.
    check(
        r#"{"task_definition":"app","verify":false,"application":"a","deployment_group":"g"}"#,
        r#"Some(("a", "g", false))"#,
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn faults_have_one_line_and_one_hint() {
    check(
        r#"{"task_definition":"app","network":{"subnets":["subnet-1"],"security_groups":["sg-1"]}}"#,
        &expect![[r#"
            PAR15: `network.assign_public_ip` must be ENABLED or DISABLED, got nothing
            hint: set `network.assign_public_ip` to ENABLED or DISABLED"#]],
    );
    check(
        "",
        &expect![[r#"
        PAR01: UserParameters is empty; at least "task_definition" is required
        hint: set UserParameters to JSON such as {"task_definition": "my-family"}"#]],
    );
    check(
        "[]",
        &expect![[r#"
            PAR02: UserParameters must be an object that contains the parameters
            hint: write {"task_definition": "my-family", …}"#]],
    );
    check(
        r#"{"task_definition": "app" "x": 1}"#,
        &expect![[r#"
            PAR02: UserParameters is not valid JSON: line 1 column 27: expected `,` or `}`
            hint: check quotes, commas, brackets and indentation at this position"#]],
    );
    check(
        r#"{"task_definition":"app","variables":{"M":"fix "quotes" in x"}}"#,
        &expect![[r#"
            PAR02: UserParameters is not valid JSON: line 1 column 49: expected `,` or `}`
            hint: CodePipeline inserts variables such as #{SourceVariables.CommitMessage} without escaping them; remove variables that contain quotes, backslashes or line breaks, or write their values to a file in an input artifact and set UserParameters to {"config": "ARTIFACT::PATH"}"#]],
    );
    check(
        "{\"task_definition\":\"app\",\"variables\":{\"M\":\"one\ntwo\"}}",
        &expect![[r#"
            PAR02: UserParameters is not valid JSON: line 2 column 0: control character (\u0000-\u001F) found while parsing a string
            hint: CodePipeline inserts variables such as #{SourceVariables.CommitMessage} without escaping them; remove variables that contain quotes, backslashes or line breaks, or write their values to a file in an input artifact and set UserParameters to {"config": "ARTIFACT::PATH"}"#]],
    );
    check(
        r#"{"task_definition":"app","variables":{"M":"C:\app"}}"#,
        &expect![[r#"
            PAR02: UserParameters is not valid JSON: line 1 column 47: invalid escape
            hint: CodePipeline inserts variables such as #{SourceVariables.CommitMessage} without escaping them; remove variables that contain quotes, backslashes or line breaks, or write their values to a file in an input artifact and set UserParameters to {"config": "ARTIFACT::PATH"}"#]],
    );
    check(
        r#"{"task_defintion":"app"}"#,
        &expect![[r#"
            PAR03: unknown parameter "task_defintion"; did you mean "task_definition"?
            hint: write task_definition, or remove it"#]],
    );
    check(
        r#"{"task_definition":"app","image":"a","image":"b"}"#,
        &expect![[r#"
            PAR04: parameter "image" is given twice
            hint: remove one of them"#]],
    );
    check(
        r#"{"task_definition":"app","container_port":"8080x"}"#,
        &expect![[r#"
            PAR05: `container_port` must be 1-65535, got "8080x"
            hint: set it to a containerPort of the task definition"#]],
    );
    check(
        r#"{"task_definition":"app","container_port":65536}"#,
        &expect![[r#"
            PAR05: `container_port` must be 1-65535, got "65536"
            hint: set it to a containerPort of the task definition"#]],
    );
    check(
        &format!(r#"{{"task_definition":"app","variables":{{"A":"{}"#, "x".repeat(970)),
        &expect![[r#"
            PAR06: UserParameters is cut off at CodePipeline's limit of 1000 characters
            hint: move the parameters to a file in an input artifact and set UserParameters to {"config": "ARTIFACT::PATH"}"#]],
    );
    check(
        r#"{"task_definition":"app","role_arn":"arn:aws:iam::123:role/x"}"#,
        &expect![[r#"
            PAR08: `role_arn` is not the ARN of a role: account must be 12 digits
            hint: use an ARN such as arn:aws:iam::123456789012:role/deploy-reader"#]],
    );
    check(
        r#"{"task_definition":"app","role_arn":"arn:aws:iam::123456789012:role/x","external_id":" "}"#,
        &expect![[r#"
            PAR10: `external_id` must be 2-1224 characters of A-Z a-z 0-9 + = , . @ : / - _
            hint: copy the external ID from the trust policy of the role"#]],
    );
    check(
        r#"{"task_definition":"app","images":{"app":"repo/app:latest\"\nHooks:"}}"#,
        &expect![[r#"
            PAR11: `images.app`: image contains a line break
            hint: write the image on one line, such as repo/app:1.4.2"#]],
    );
    check(
        r#"{"task_definition":"app","images":{"app":"APP:"}}"#,
        &expect![[r#"
            PAR12: `images.app`: "APP:" is not an image reference (name[:tag][@sha256:…])
            hint: a repository name must be lowercase; use a reference such as repo/app:1.4.2, a placeholder such as IMAGE1_NAME, or ARTIFACT::imageDetail.json"#]],
    );
    check(
        r#"{"task_definition":"app","hooks":{"BeforeAllowTrafic":"f"}}"#,
        &expect![[r#"
        APP12: unknown hook "BeforeAllowTrafic"; did you mean "BeforeAllowTraffic"?
        hint: use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic"#]],
    );
    check(
        r#"{"task_definition":"app","network":{"subnets":["subnet_1"],"security_groups":["sg-1"],"assign_public_ip":"ENABLED"}}"#,
        &expect![[r#"
            APP14: "subnet_1" is not a subnet ID
            hint: write an ID such as subnet-0a1b2c3d4e5f67890"#]],
    );
    check(
        r#"{"task_definition":"app","network":{"subnet":["subnet-1"],"security_groups":["sg-1"],"assign_public_ip":"ENABLED"}}"#,
        &expect![[r#"
            PAR03: unknown parameter "network.subnet"; did you mean "network.subnets"?
            hint: write network.subnets, or remove it"#]],
    );
    check(
        r#"{"service":"only-a-name"}"#,
        &expect![[r#"
        PAR15: `service` "only-a-name" is not CLUSTER/SERVICE
        hint: write CLUSTER/SERVICE, such as prod/shop, or the ARN of the service"#]],
    );
    check(
        r#"{"task_definition":"app","external_id":"secret-value"}"#,
        &expect![[r#"
            PAR16: `external_id` requires `role_arn`
            hint: set `role_arn` as well, or remove `external_id`"#]],
    );
    check(
        r#"{"task_definition":"app","appspec_template":"a::b.yml","hooks":{"BeforeInstall":"f"}}"#,
        &expect![[r#"
            PAR16: `hooks` and `appspec_template` cannot be used together: the template says it
            hint: remove `hooks` and write it into the template, or remove `appspec_template`"#]],
    );
    check(
        r#"{"task_definition":"app","appspec_task_definition":"arn","images":{"a":"b"}}"#,
        &expect![[r#"
            PAR16: `images` and `"appspec_task_definition": "arn"` cannot be used together: the AppSpec would name a revision without them
            hint: remove `"appspec_task_definition": "arn"`, which leaves <TASK_DEFINITION> for CodeDeployToECS or `codedeploy-artifact deploy --register` to fill, or remove `images`"#]],
    );
    check(
        r#"{"task_definition":"arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7","region":"eu-west-2"}"#,
        &expect![[r#"
            PAR16: `region` is "eu-west-2", but `task_definition` is an ARN in "eu-west-1"
            hint: remove `region`; the Region of the ARN is used"#]],
    );
    check(
        r#"{"task_definition":"app","variables":{"A":"b"}}"#,
        &expect![[r#"
            PAR16: `variables` requires `appspec_template` or `taskdef_template`
            hint: set `appspec_template` or `taskdef_template` as well, or remove `variables`"#]],
    );
    check(
        r#"{"task_definition":"app","images":{"a":"A1","b":"A2","c":"A3","d":"A4","e":"A5"}}"#,
        &expect![[r#"
            PAR19: `images` names 5 placeholders; one CodeDeployToECS action fills at most 4
            hint: use references such as repo/app:1.4.2, or ARTIFACT::imageDetail.json, for some of the `images`"#]],
    );
    check(
        r#"{"task_definition":"app","appspec_path":"../a.yml"}"#,
        &expect![[r#"
            PAR15: `appspec_path` must be a relative path with forward slashes, got "../a.yml"
            hint: set `appspec_path` to a relative path with forward slashes"#]],
    );
}

#[test]
fn a_configuration_file_lies_under_the_parameters() {
    let file = "Source::deploy.yml".parse::<FileRef>().expect("a file");
    let config = "task_definition: app\ncontainer_port: 80\nimages: {web: repo/app:1}\n";
    let config = Parameters::from_config(config, &file).expect("a configuration");
    let over = Parameters::from_user_parameters(Some(r#"{"config":"Source::deploy.yml","container_port":8080}"#));
    let request = Request::new(over.expect("parameters").over(config)).expect("a request");
    assert_eq!(request.container_port, Some(8080));
    assert_eq!(request.task_definition, Some(TaskDefinitionSource::Describe("app".to_owned())));
    assert_eq!(request.images.len(), 1);
    for bad in ["config: other.yml", "task_defintion: app", "- a", "a: 1\na: 2\ntask_definition: !Sub x"] {
        assert!(Parameters::from_config(bad, &file).and_then(Request::new).is_err(), "{bad}");
    }
}

#[test]
fn a_configuration_file_may_name_its_schema() {
    let file = "Source::deploy.json".parse::<FileRef>().expect("a file");
    let read = |text: &str| Parameters::from_config(text, &file).and_then(Request::new);
    let plain = read("service: prod/shop").expect("a request");
    for named in [r#"{"$schema": "request.schema.json", "service": "prod/shop"}"#, "$schema: a\nservice: prod/shop"] {
        assert_eq!(format!("{:?}", read(named).expect(named)), format!("{plain:?}"));
    }
    assert!(read(r#"{"$schema": 1, "service": "prod/shop"}"#).is_err());
    let parameters = Parameters::from_user_parameters(Some(r#"{"$schema": "a", "service": "prod/shop"}"#));
    assert!(parameters.and_then(Request::new).is_err());
}

#[test]
fn the_region_of_an_arn_counts() {
    let request = |json| Parameters::from_user_parameters(Some(json)).and_then(Request::new).expect(json);
    let arn = request(r#"{"task_definition":"arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7"}"#);
    assert_eq!(arn.region_to_ask(), Some("eu-west-1"));
    assert_eq!(request(r#"{"task_definition":"app"}"#).region_to_ask(), None);
    assert_eq!(request(r#"{"task_definition":"app","region":"eu-west-2"}"#).region_to_ask(), Some("eu-west-2"));
}

#[test]
fn a_service_may_be_named_by_an_arn_that_also_names_the_region() {
    let service = "arn:aws:ecs:us-east-1:123456789012:cluster/prod/web";
    let of = |more: &str| {
        let json = format!(r#"{{"service":"{service}"{more}}}"#);
        Request::new(Parameters::from_user_parameters(Some(&json)).unwrap()).unwrap()
    };
    assert_eq!(of("").region_to_ask(), Some("us-east-1"));
    assert_eq!(of("").service.map(|service| service.full()), Some("prod/web".to_owned()));
    assert_eq!(of(r#","region":"us-east-1""#).region_to_ask(), Some("us-east-1"));
    check(
        &format!(r#"{{"service":"{service}","region":"eu-west-1"}}"#),
        &expect![[r#"
            PAR16: `region` is "eu-west-1", but `service` is an ARN in "us-east-1"
            hint: remove `region`; the Region of the ARN is used"#]],
    );
    check(
        &format!(
            r#"{{"service":"{service}","task_definition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7"}}"#
        ),
        &expect![[r#"
            PAR16: the Region of `task_definition` is "eu-west-1", but `service` is an ARN in "us-east-1"
            hint: name a task definition and a service in the same Region"#]],
    );
}

#[test]
fn aws_is_asked_only_where_it_must_be() {
    let request = |json| Parameters::from_user_parameters(Some(json)).and_then(Request::new).expect(json);
    assert!(!request(r#"{"task_definition_file":"t.json"}"#).asks_ecs());
    assert!(!request(r#"{"taskdef_template":"t.json"}"#).asks_ecs());
    assert!(request(r#"{"task_definition":"app"}"#).asks_ecs());
    assert!(request(r#"{"task_definition_file":"t.json","service":"c/s"}"#).asks_ecs());
}

/// Terraform's `jsonencode` writes `null` for an optional attribute that is not set.
#[test]
fn null_is_not_given() {
    let file = "Source::deploy.yml".parse::<FileRef>().expect("a file");
    let config = Parameters::from_config("task_definition: app\nregion: eu-west-2\nconfig:\n", &file);
    let over = Parameters::from_user_parameters(Some(r#"{"config":null,"region":null,"role_arn":null}"#));
    let over = over.expect("parameters");
    assert_eq!(over.config().expect("no file"), None);
    let request = Request::new(over.over(config.expect("a configuration"))).expect("a request");
    assert_eq!(request.region_to_ask(), Some("eu-west-2"));
}

#[test]
fn debug_shows_no_external_id() {
    let parameters = Parameters::from_user_parameters(Some(r#"{"external_id":"planted-id"}"#)).expect("parameters");
    assert!(!format!("{parameters:?}").contains("planted"), "{parameters:?}");
}

#[test]
fn every_fault_of_a_request_is_reported_in_one_run() {
    let text = r#"{"task_defintion": "shop", "container_name": "a b", "container_port": 0, "platform_version": "1.4",
        "hooks": {"BeforeInstal": "f"}, "region": "europe", "role_arn": "x"}"#;
    let parameters = Parameters::from_user_parameters(Some(text)).expect("JSON");
    let error = Request::new(parameters).expect_err("seven faults");
    expect![[r#"
        PAR03: unknown parameter "task_defintion"; did you mean "task_definition"?; PAR15: `container_name` must be 1-255 letters, digits, hyphens and underscores, got "a b"; PAR05: `container_port` must be 1-65535, got "0"; APP24: platform version must be LATEST or a number such as 1.4.0, found "1.4"; APP12: unknown hook "BeforeInstal"; did you mean "BeforeInstall"?; PAR08: `role_arn` is not the ARN of a role: must look like arn:aws:iam::123456789012:role/NAME; PAR07: "europe" is not the name of an AWS Region
        hint: write task_definition, or remove it; set `container_name` to 1-255 letters, digits, hyphens and underscores; set it to a containerPort of the task definition; write LATEST, or a version such as 1.4.0; use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic; use an ARN such as arn:aws:iam::123456789012:role/deploy-reader; use a Region such as eu-west-1"#]].assert_eq(&error.report());
}
