use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::artifact::file_ref::FileRef;
use crate::artifact::request::Parameters;
use crate::artifact::service::{Controller, Service};

const WEB: &str = include_str!("../../../fixtures/fargate-web.json");
const SIDECARS: &str = include_str!("../../../fixtures/sidecars-and-volumes.json");

fn document(name: &str, text: &str) -> Document {
    Document { name: name.to_owned(), text: text.to_owned() }
}

fn request(json: &str) -> Request {
    Parameters::from_user_parameters(Some(json)).and_then(Request::new).expect(json)
}

fn described(text: &str) -> Sources {
    Sources { task_definition: Some(document("shop-web", text)), ..Sources::default() }
}

/// The AppSpec, or the report of what is wrong.
fn appspec(json: &str, sources: &Sources) -> String {
    match render(&request(json), sources) {
        Ok(files) => files.appspec.text,
        Err(error) => error.report(),
    }
}

fn check(json: &str, sources: &Sources, expected: &Expect) {
    expected.assert_eq(&appspec(json, sources));
}

#[test]
fn the_only_mapped_port_is_the_target() {
    check(
        r#"{"task_definition":"shop-web"}"#,
        &described(WEB),
        &expect![[r#"
            version: 0.0
            Resources:
              - TargetService:
                  Type: "AWS::ECS::Service"
                  Properties:
                    TaskDefinition: "<TASK_DEFINITION>"
                    LoadBalancerInfo:
                      ContainerName: "web"
                      ContainerPort: 8080
        "#]],
    );
}

#[test]
fn a_revision_that_is_not_active_is_refused_only_where_the_appspec_names_it() {
    for status in ["INACTIVE", "DELETE_IN_PROGRESS"] {
        let sources = described(&WEB.replace("\"ACTIVE\"", &format!("\"{status}\"")));
        let files = render(&request(r#"{"task_definition":"shop-web"}"#), &sources).expect("an artifact");
        let notes: Vec<String> =
            files.warnings.iter().map(|it| format!("{} {}", it.severity.name(), it.report())).collect();
        assert_eq!(
            notes,
            [format!(
                "note TD02: shop-web:7 is {status}; the deployment registers its content as a new revision\nhint: if you meant \
                 another revision, name it with `task_definition`"
            )]
        );
        let appspec_template = document(
            "appspec.yml",
            "version: 0.0\nResources: [{T: {Type: AWS::ECS::Service, Properties: \
            {TaskDefinition: '${TASK_DEFINITION_ARN}', LoadBalancerInfo: {ContainerName: web, ContainerPort: 8080}}}}]\n",
        );
        let with_template = Sources {
            appspec_template: Some(appspec_template),
            ..described(&WEB.replace("\"ACTIVE\"", &format!("\"{status}\"")))
        };
        for (json, sources) in [
            (r#"{"task_definition":"shop-web","appspec_task_definition":"arn"}"#, &sources),
            (
                r#"{"task_definition":"shop-web","appspec_task_definition":"arn","appspec_template":"a.yml"}"#,
                &with_template,
            ),
        ] {
            assert_eq!(
                appspec(json, sources),
                format!(
                    "TD02: shop-web:7 is {status}\nhint: name an ACTIVE revision, \
                     or remove `appspec_task_definition` to register this revision again"
                )
            );
        }
    }
}

#[test]
fn the_name_of_the_appspec_decides_its_language() {
    let yaml = "version: 0.0 # ours\nResources:\n  - Mine:\n      Type: AWS::ECS::Service\n      Properties:\n        \
                TaskDefinition: <TASK_DEFINITION>\n        LoadBalancerInfo: {ContainerName: web, ContainerPort: 8080}\n\
                Hooks: [{BeforeInstall: check}]\n";
    let json = r#" {"version": 0.0, "Resources": [{"Mine": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition":
        "<TASK_DEFINITION>", "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 8080}}}}], "Hooks": [{"BeforeInstall": "check"}]}"#;
    let text = |path: &str, template: Option<&str>| {
        let sources = Sources { appspec_template: template.map(|text| document("t", text)), ..described(WEB) };
        let given = template.map_or("", |_| r#","appspec_template":"t""#);
        appspec(&format!(r#"{{"task_definition":"shop-web","appspec_path":"{path}"{given}}}"#), &sources)
    };
    for path in ["appspec.json", "deploy/AppSpec.JSON", ".json"] {
        let ours = text(path, None);
        assert!(ours.starts_with("{\n  \"version\": 0.0,") && ours.ends_with("}\n"), "{path}: {ours}");
        assert_eq!(text(path, Some(json)), json, "{path}");
        let converted = text(path, Some(yaml));
        assert!(converted.starts_with('{'), "{path}: {converted}");
        assert_eq!(appspec::read(&converted, "x").ok(), appspec::read(yaml, "x").ok(), "{path}");
        assert_eq!(appspec::read(&ours, "x").ok(), appspec::read(&text("appspec.yml", None), "x").ok());
    }
    for path in ["appspec.yml", "appspec.yaml", "appspec", "json", "appspec.json.tpl"] {
        assert!(text(path, None).starts_with("version: 0.0\n"), "{path}");
        assert_eq!((text(path, Some(json)), text(path, Some(yaml))), (json.to_owned(), yaml.to_owned()), "{path}");
    }
}

#[test]
fn several_mapped_ports_are_a_question() {
    check(
        r#"{"task_definition":"orders"}"#,
        &described(SIDECARS),
        &expect![[r#"
            PAR20: orders:12 maps several ports (app:8080, app:9090); choose one
            hint: set `container_name` and `container_port` to one of them"#]],
    );
    check(
        r#"{"task_definition":"orders","container_port":9090}"#,
        &described(SIDECARS),
        &expect![[r#"
            version: 0.0
            Resources:
              - TargetService:
                  Type: "AWS::ECS::Service"
                  Properties:
                    TaskDefinition: "<TASK_DEFINITION>"
                    LoadBalancerInfo:
                      ContainerName: "app"
                      ContainerPort: 9090
        "#]],
    );
}

#[test]
fn every_optional_part_is_written() {
    let json = r#"{"task_definition":"shop-web","appspec_task_definition":"arn","platform_version":"1.4.0",
        "network":{"subnets":["subnet-0a","subnet-0b"],"security_groups":["sg-0c"],"assign_public_ip":"DISABLED"},
        "capacity_provider_strategy":[{"capacity_provider":"FARGATE_SPOT","base":1,"weight":2}],
        "hooks":{"AfterAllowTraffic":"smoke","BeforeInstall":"arn:aws:lambda:eu-west-1:111111111111:function:check"}}"#;
    check(
        json,
        &described(WEB),
        &expect![[r#"
            version: 0.0
            Resources:
              - TargetService:
                  Type: "AWS::ECS::Service"
                  Properties:
                    TaskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7"
                    LoadBalancerInfo:
                      ContainerName: "web"
                      ContainerPort: 8080
                    PlatformVersion: "1.4.0"
                    NetworkConfiguration:
                      AwsvpcConfiguration:
                        Subnets:
                          - "subnet-0a"
                          - "subnet-0b"
                        SecurityGroups:
                          - "sg-0c"
                        AssignPublicIp: "DISABLED"
                    CapacityProviderStrategy:
                      - CapacityProvider: "FARGATE_SPOT"
                        Base: 1
                        Weight: 2
            Hooks:
              - BeforeInstall: "arn:aws:lambda:eu-west-1:111111111111:function:check"
              - AfterAllowTraffic: "smoke"
        "#]],
    );
}

#[test]
fn the_live_service_fills_what_is_not_given() {
    let service = Service {
        cluster: "shop".to_owned(),
        name: "web".to_owned(),
        controller: Controller::CodeDeploy,
        deployment: None,
        task_definition: Some("arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7".to_owned()),
        load_balancers: vec![LoadBalancer {
            container_name: "web".to_owned(),
            container_port: 8080,
            target_group: None,
        }],
        platform_version: Some("LATEST".to_owned()),
        network: Some(
            appspec::Network::new(vec!["subnet-0a".to_owned()], vec!["sg-0c".to_owned()], "DISABLED")
                .expect("a network"),
        ),
        capacity_provider_strategy: Vec::new(),
        own_network: None,
        desired_count: 0,
        account: None,
    };
    let request = request(r#"{"service":"shop/web","platform_version":"1.4.0"}"#);
    assert_eq!(
        crate::artifact::sources::task_definition_to_describe(&request, Some(&service)),
        Ok(service.task_definition.as_deref())
    );
    let sources = Sources { service: Some(service.clone()), ..described(WEB) };
    check(
        r#"{"service":"shop/web","platform_version":"1.4.0"}"#,
        &sources,
        &expect![[r#"
            version: 0.0
            Resources:
              - TargetService:
                  Type: "AWS::ECS::Service"
                  Properties:
                    TaskDefinition: "<TASK_DEFINITION>"
                    LoadBalancerInfo:
                      ContainerName: "web"
                      ContainerPort: 8080
                    PlatformVersion: "1.4.0"
                    NetworkConfiguration:
                      AwsvpcConfiguration:
                        Subnets:
                          - "subnet-0a"
                        SecurityGroups:
                          - "sg-0c"
                        AssignPublicIp: "DISABLED"
        "#]],
    );
    let native = Service { controller: Controller::EcsBlueGreen, ..service };
    let sources = Sources { service: Some(native), ..described(WEB) };
    assert!(appspec(r#"{"service":"shop/web"}"#, &sources).starts_with("SVC04"));
}

#[test]
fn images_come_by_reference_placeholder_and_detail() {
    let request = request(
        r#"{"task_definition":"orders","container_name":"app","container_port":8080,
            "images":{"app":"repo/app:2","envoy":"IMAGE1_NAME","log-router":"Build::imageDetail.json"}}"#,
    );
    let mut sources = described(SIDECARS);
    for (slot, file) in request.files() {
        assert_eq!(file, &"Build::imageDetail.json".parse::<FileRef>().expect("a file"));
        sources.insert(slot, document("Build::imageDetail.json", r#"{"ImageURI":"repo/router@sha256:bad"}"#));
    }
    assert!(render(&request, &sources).expect_err("a bad digest").to_string().starts_with("PAR12"));
    sources.image_details[0].1.text = r#"{"ImageURI":"repo/router:3"}"#.to_owned();
    let files = render(&request, &sources).expect("the files");
    let images: Vec<&str> = files.facts.images.iter().map(|(_, image)| image.as_str()).collect();
    assert_eq!(images, ["repo/app:2", "<IMAGE1_NAME>", "repo/router:3"]);
    assert!(files.taskdef.text.contains(r#""image": "<IMAGE1_NAME>""#));
}

#[test]
fn all_findings_are_reported_at_once() {
    let json = r#"{"task_definition":"shop-web","container_name":"web","container_port":9090,"images":{"app":"x","web":"IMAGE1_NAME"}}"#;
    check(
        json,
        &described(WEB),
        &expect![[r#"
            PAR13: no container "app" in shop-web:7 (has: web); PAR14: container "web" does not map port 9090 (maps: 8080)
            hint: set `container_name` and the keys of `images` to one of these; set `container_port` to a mapped port, or add the port mapping to the task definition"#]],
    );
    let web = WEB.replace("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2", "<IMAGE2_NAME>");
    check(
        r#"{"task_definition":"shop-web"}"#,
        &described(&web),
        &expect![[r#"
            TD06: placeholder <IMAGE2_NAME> is not listed in `images` (listed: none)
            hint: add `"images": {"web": "IMAGE2_NAME"}` and let CodeDeployToECS fill it (ImageNContainerName: IMAGE2_NAME); at most 4"#]],
    );
    let web = WEB.replace("/shop/web:1.4.2", "/shop/web:${TAG}");
    check(
        r#"{"task_definition":"shop-web"}"#,
        &described(&web),
        &expect![[r#"
            TD11: image "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:${TAG}" of container "web" is not filled in
            hint: add `"images": {"web": "repo/app:1.4.2"}` with its image, or write it in the task definition"#]],
    );
    check(
        r#"{"task_definition":"shop-web","container_name":"app"}"#,
        &described(WEB),
        &expect![[r#"
            PAR13: no container "app" in shop-web:7 (has: web)
            hint: set `container_name` and the keys of `images` to one of these"#]],
    );
}

#[test]
fn faults_of_both_files_are_reported_in_one_run() {
    let codes = |taskdef: &str, appspec: &str, from: &str| {
        let (file, template) = match from {
            "template" => (None, Some(document("taskdef.tpl", taskdef))),
            _ => (Some(document("taskdef.json", taskdef)), None),
        };
        let sources = Sources {
            task_definition: file,
            taskdef_template: template,
            appspec_template: Some(document("appspec.tpl", appspec)),
            ..Sources::default()
        };
        let json = if from == "template" { "taskdef_template" } else { "task_definition_file" };
        let json = format!(r#"{{"{json}":"t","appspec_template":"a","variables":{{"TAG":"1"}}}}"#);
        let fault = render(&request(&json), &sources).expect_err("faults").to_string();
        // Two or three letters, two digits and a colon.
        let code = |word: &&str| {
            let letters = word.trim_start_matches(|it: char| it.is_ascii_uppercase());
            letters.len() == 3 && letters.len() < word.len() && letters.ends_with(':')
        };
        fault.split(' ').filter(code).map(|word| word.trim_end_matches(':').to_owned()).collect::<Vec<_>>().join(" ")
    };
    let bare =
        WEB.replace(r#""taskDefinitionArn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7","#, "");
    let tag = |text: &str| text.replace("/shop/web:1.4.2", "/shop/web:${TAG}");
    let size = tag(&bare).replace(r#""cpu": "256""#, r#""cpu": "300""#);
    let wrong_type = tag(&bare).replace(r#""cpu": "256""#, r#""cpu": 256"#);
    let misspelt = TEMPLATE.replace("ContainerPort", "ContainerPrt");
    for (taskdef, appspec, expect) in [
        (size.as_str(), misspelt.as_str(), "TD15 APP20"),
        (&size, "version: 0.0\nResources: [", "TD15 APP16"),
        (&size, &TEMPLATE.replace("${CONTAINER_PORT}", "${PORT}"), "TD15 TPL01"),
        (&wrong_type, &misspelt, "TD09 APP20"),
        (&wrong_type, TEMPLATE, "TD09"),
        (&format!("{},,", tag(&bare)), &misspelt, "TD05 APP20"),
        (&format!("{},,", tag(&bare)), TEMPLATE, "TD05"),
    ] {
        assert_eq!(codes(taskdef, appspec, "template"), expect);
    }
    assert_eq!(codes(&wrong_type, &misspelt, "file"), "TD09 TD11 APP20");
    assert_eq!(codes("{", &misspelt, "file"), "TD05 APP20");
    assert_eq!(codes("", &misspelt, "file"), "TD14 APP20");
}

#[test]
fn a_task_definition_template_may_be_yaml() {
    let yaml = "family: ${FAMILY}\nnetworkMode: awsvpc\nrequiresCompatibilities: [FARGATE]\ncpu: \"256\"\nmemory: \"512\"\n\
                containerDefinitions:\n  - name: web\n    image: \"nginx:${TAG}\"\n    portMappings: [{containerPort: 8080}]\n    \
                environment:\n      - {name: A, value: \"${VALUE}\"}\n";
    let taskdef = |template: &str, value: &str| {
        let sources = Sources { taskdef_template: Some(document("t.yml", template)), ..Sources::default() };
        let request =
            json!({"taskdef_template": "t.yml", "variables": {"FAMILY": "shop", "TAG": "1.10", "VALUE": value}});
        render(&self::request(&request.to_string()), &sources)
            .map_or_else(|error| error.report(), |files| files.taskdef.text)
    };
    for value in ["plain", "no", "\" quoted: [x]", "a\nb", "# not a comment", "é\\"] {
        let made: Value = serde_json::from_str(&taskdef(yaml, value)).expect(value);
        assert_eq!(made["containerDefinitions"][0]["environment"][0]["value"], value);
        assert_eq!(made["containerDefinitions"][0]["image"], "nginx:1.10");
        assert_eq!(made["family"], "shop");
    }
    // The same as JSON of the same content.
    let json = r#"{"family":"${FAMILY}","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","containerDefinitions":[{"name":"web","image":"nginx:${TAG}","portMappings":[{"containerPort":8080}],"environment":[{"name":"A","value":"${VALUE}"}]}]}"#;
    assert_eq!(taskdef(yaml, "x"), taskdef(json, "x"));
}

#[test]
fn a_word_that_is_the_placeholder_of_its_container_means_it() {
    let file = WEB
        .replace("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2", "<myapp>")
        .replace(r#""taskDefinitionArn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7","#, "");
    let image = |image: &str| {
        let json = json!({ "task_definition_file": "taskdef.json", "images": { "web": image } }).to_string();
        match render(&request(&json), &described(&file)) {
            Ok(files) => files.facts.images[0].1.clone(),
            Err(error) => error.code().to_owned(),
        }
    };
    for (given, expected) in [
        ("myapp", "<myapp>"),
        ("<myapp>", "<myapp>"),
        ("<IMAGE1-NAME>", "<IMAGE1-NAME>"),
        ("IMAGE1_NAME", "<IMAGE1_NAME>"),
        ("myapp:1", "myapp:1"),
        ("other", "other"),
        ("MyApp", "IMG02"),
        ("image1_name", "IMG02"),
        ("Image1Name", "IMG02"),
        ("Shop", "PAR12"),
    ] {
        assert_eq!(image(given), expected, "{given}");
    }
}

#[test]
fn what_ecs_accepted_is_not_checked_again() {
    let broken = |text: &str| text.replace(r#""cpu": "256""#, r#""cpu": "300""#);
    assert!(!appspec(r#"{"task_definition":"shop-web"}"#, &described(&broken(WEB))).starts_with("TD"));
    let whole = r#"{"task_definition_file":"taskdef.json"}"#;
    assert!(!appspec(whole, &described(&broken(WEB))).starts_with("TD"));
    let bare =
        WEB.replace(r#""taskDefinitionArn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7","#, "");
    assert!(appspec(whole, &described(&broken(&bare))).starts_with("TD15"), "{bare}");
}

#[test]
fn what_fargate_refuses_is_a_warning_of_a_described_revision_and_an_error_of_a_file() {
    let ec2 = WEB.replace(r#"["EC2", "FARGATE"]"#, r#"["EC2"]"#).replace(r#""awsvpc""#, r#""host""#);
    let codes = |json: &str| match render(&request(json), &described(&ec2)) {
        Ok(files) => files.warnings.iter().map(|it| format!("{} {}", it.severity.name(), it.code)).collect(),
        Err(error) => vec![error.message()],
    };
    assert_eq!(codes(r#"{"task_definition":"shop-web"}"#), ["warning TD03", "warning TD04"]);
    let of_a_file = codes(r#"{"task_definition_file":"taskdef.json"}"#).concat();
    assert!(of_a_file.contains("not Fargate-compatible") && of_a_file.contains("TD04"), "{of_a_file}");
}

#[test]
fn a_target_for_udp_only_is_a_warning() {
    let udp = WEB.replace(r#""protocol": "tcp""#, r#""protocol": "udp""#);
    assert_ne!(udp, WEB);
    let files = render(&request(r#"{"task_definition":"shop-web"}"#), &described(&udp)).expect("the files");
    assert_eq!(files.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["CHK04"]);
}

/// The template style of Terraform's `templatefile`, as guides for the AWS CLI show it.
const TEMPLATE: &str = "version: 0.0
# our service
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: ${TASK_DEFINITION_ARN}
        LoadBalancerInfo:
          ContainerName: \"${CONTAINER_NAME}\"
          ContainerPort: ${CONTAINER_PORT}
";

fn with_template(template: &str) -> Sources {
    Sources { appspec_template: Some(document("appspec.tpl.yml", template)), ..described(WEB) }
}

#[test]
fn a_template_of_terraforms_style_works_unchanged() {
    let json =
        r#"{"task_definition":"shop-web","appspec_template":"S::appspec.tpl.yml","appspec_task_definition":"arn"}"#;
    check(
        json,
        &with_template(TEMPLATE),
        &expect![[r#"
        version: 0.0
        # our service
        Resources:
          - TargetService:
              Type: AWS::ECS::Service
              Properties:
                TaskDefinition: arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 8080
    "#]],
    );
    let placeholder =
        appspec(r#"{"task_definition":"shop-web","appspec_template":"S::a.yml"}"#, &with_template(TEMPLATE));
    assert!(placeholder.contains("TaskDefinition: <TASK_DEFINITION>\n"), "{placeholder}");
}

#[test]
fn templates_are_checked_against_the_task_definition() {
    let other =
        TEMPLATE.replace("${TASK_DEFINITION_ARN}", "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:6");
    let json = r#"{"task_definition":"shop-web","appspec_template":"S::a.yml"}"#;
    check(
        json,
        &with_template(&other),
        &expect![[r#"
            CHK01: the AppSpec names arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:6, but CodeDeployToECS registers a new revision, which would not be deployed
            hint: write TaskDefinition: <TASK_DEFINITION> in the AppSpec template; `codedeploy-artifact deploy --register` also replaces it"#]],
    );
    check(
        &json.replace('}', r#","appspec_task_definition":"arn"}"#),
        &with_template(&other),
        &expect![[r#"
            CHK03: the AppSpec names arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:6, but the task definition is arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7
            hint: write TaskDefinition: ${TASK_DEFINITION_ARN} in the AppSpec template"#]],
    );
    check(
        json,
        &with_template(&TEMPLATE.replace("${CONTAINER_PORT}", "81")),
        &expect![[r#"
            PAR14: container "web" does not map port 81 (maps: 8080)
            hint: set `container_port` to a mapped port, or add the port mapping to the task definition"#]],
    );
    check(
        json,
        &with_template(&TEMPLATE.replace("CONTAINER_PORT", "CONTAINER_PROT")),
        &expect![[r#"
            TPL01: appspec.tpl.yml line 10: unknown variable "CONTAINER_PROT"; did you mean "CONTAINER_PORT"?
            hint: write ${CONTAINER_PORT}, or add `"variables": {"CONTAINER_PROT": "VALUE"}`, or write $${ for a literal ${"#]],
    );
}

#[test]
fn a_variable_used_in_either_template_is_used() {
    let taskdef = WEB.replace("web:1.4.2", "web:${TAG}");
    let sources = Sources { taskdef_template: Some(document("taskdef.tpl.json", &taskdef)), ..with_template(TEMPLATE) };
    let json =
        r#"{"task_definition":"shop-web","appspec_template":"S::a","taskdef_template":"S::t","variables":{"TAG":"2"}}"#;
    let files = render(&request(json), &sources).expect("the files");
    assert_eq!(files.facts.images[0].1, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:2");
    assert_eq!(files.facts.revision.as_deref(), Some("7"));
    check(
        &json.replace(r#""TAG":"2""#, r#""TAG":"2","TAGG":"3""#),
        &sources,
        &expect![[r#"
            TPL02: variable "TAGG" is given, but no template uses it
            hint: remove it from `variables`, or use it in the template"#]],
    );
    check(
        &json.replace(r#""TAG":"2""#, r#""TAG":"2\",\"x\":\"y""#),
        &sources,
        &expect![[r#"
            TD11: taskdef.tpl.json: containerDefinitions[0].image "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:2","x":"y" of container "web" is not an image reference
            hint: add `"images": {"web": "repo/app:1.4.2"}` with its image, or write it in the task definition"#]],
    );
}

#[test]
fn a_template_that_asks_for_a_container_is_told_why_there_is_none() {
    let sources = Sources {
        appspec_template: Some(document("a.yml", TEMPLATE)),
        task_definition: Some(document("orders", SIDECARS)),
        ..Sources::default()
    };
    check(
        r#"{"task_definition":"orders","appspec_template":"S::a.yml"}"#,
        &sources,
        &expect![[r#"
            PAR20: orders:12 maps several ports (app:8080, app:9090); choose one
            hint: set `container_name` and `container_port` to one of them"#]],
    );
}

#[test]
fn a_task_definition_template_knows_the_container_as_well() {
    let template = WEB.replace(r#""name": "web""#, r#""name": "${CONTAINER_NAME}""#);
    let sources = Sources { taskdef_template: Some(document("t.json", &template)), ..described(WEB) };
    let files = render(&request(r#"{"task_definition":"shop-web","taskdef_template":"S::t.json"}"#), &sources);
    assert_eq!(files.expect("the files").facts.container_name, "web");
}
