//! Every parameter of the request, once.

/// One parameter. UserParameters and configuration files use its name, the command line a flag with dashes for underscores.
#[derive(Debug)]
pub struct Parameter {
    /// The `snake_case` key.
    pub name: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// What the value is, for `--help`, such as `FAMILY|ARN`.
    pub value_name: &'static str,
    /// One line for `--help`, without a full stop.
    pub help: &'static str,
    /// A value for the documentation: text without its quotes, anything else as JSON.
    pub example: &'static str,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One word or line. A flag `--name VALUE`.
    Text,
    /// A map. A flag `--name KEY=VALUE`, repeated; `VALUE` is text.
    Map,
    /// A map whose values may be lists. A flag `--name KEY=VALUE[,VALUE…]`, repeated, or one JSON object.
    Record,
    /// True or false. A flag `--name` without a value.
    Switch,
    /// A list of words. A flag `--name WORD`, repeated, or several words separated by commas.
    List,
    /// A list of maps. A flag `--name KEY=VALUE[,KEY=VALUE…]`, repeated, or one JSON list.
    Records,
}

/// Every parameter, in the order of the documentation.
pub const PARAMETERS: &[Parameter] = &[
    text("task_definition", "FAMILY|ARN", "Task definition to describe: family, family:revision, or ARN", "shop-web:7"),
    text("task_definition_file", "FILE", "Task definition file: a path, or ARTIFACT::PATH", "Source::taskdef.json"),
    text(
        "service",
        "CLUSTER/SERVICE",
        "ECS service, or its ARN; values you omit are read from the running service",
        "prod/shop",
    ),
    text("container_name", "NAME", "Container that receives traffic", "web"),
    text("container_port", "PORT", "Port of that container, 1-65535", "8080"),
    text("appspec_task_definition", "placeholder|arn", "Task definition in the AppSpec [default: placeholder]", "arn"),
    Parameter {
        name: "images",
        shape: Shape::Map,
        value_name: "CONTAINER=IMAGE",
        help: "Image of a container: a reference, a placeholder such as IMAGE1_NAME, or ARTIFACT::imageDetail.json",
        example: r#"{"web": "IMAGE1_NAME"}"#,
    },
    text("platform_version", "VERSION", "Fargate platform version: LATEST, or a version such as 1.4.0", "1.4.0"),
    Parameter {
        name: "network",
        shape: Shape::Record,
        value_name: "KEY=VALUE[,VALUE]",
        help: "Network of the tasks: subnets=ID[,ID], security_groups=ID[,ID] and assign_public_ip=ENABLED|DISABLED",
        example: r#"{"subnets": ["subnet-0a1b2c3d"], "security_groups": ["sg-0a1b2c3d"], "assign_public_ip": "DISABLED"}"#,
    },
    Parameter {
        name: "capacity_provider_strategy",
        shape: Shape::Records,
        value_name: "KEY=VALUE,…",
        help: "Capacity provider of the tasks: capacity_provider=NAME,base=N,weight=N",
        example: r#"[{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]"#,
    },
    Parameter {
        name: "hooks",
        shape: Shape::Map,
        value_name: "EVENT=FUNCTION",
        help: "Lambda function, by name or ARN, to call at a lifecycle event",
        example: r#"{"BeforeAllowTraffic": "check-shop"}"#,
    },
    text(
        "appspec_template",
        "FILE",
        "AppSpec with ${NAME} placeholders: a path, or ARTIFACT::PATH",
        "Source::appspec.yml",
    ),
    text(
        "taskdef_template",
        "FILE",
        "Task definition with ${NAME} placeholders: a path, or ARTIFACT::PATH",
        "Source::taskdef.json",
    ),
    Parameter {
        name: "variables",
        shape: Shape::Map,
        value_name: "NAME=VALUE",
        help: "Value for the placeholder ${NAME} in the templates",
        example: r#"{"LOG_LEVEL": "info"}"#,
    },
    text(
        "appspec_path",
        "PATH",
        "AppSpec in the artifact, written as JSON if it ends in .json [default: appspec.yml]",
        "deploy/appspec.yml",
    ),
    text("taskdef_path", "PATH", "Task definition in the artifact [default: taskdef.json]", "deploy/taskdef.json"),
    text(
        "output_artifact",
        "NAME",
        "Output artifact to write; required if the action declares more than one",
        "deployment",
    ),
    Parameter {
        name: "verify",
        shape: Shape::Switch,
        value_name: "",
        help: "Check the account too (read-only), and fail if the check finds an error",
        example: "true",
    },
    Parameter {
        name: "strict",
        shape: Shape::Switch,
        value_name: "",
        help: "Fail on warnings too, and if part of the account could not be checked",
        example: "true",
    },
    Parameter {
        name: "ignore",
        shape: Shape::List,
        value_name: "CODE[=REASON]",
        help: "Findings to ignore, with a reason or not",
        example: r#"["ACC20=scaled by hand", "TD26"]"#,
    },
    text("application", "NAME", "CodeDeploy application to check [default: AppECS-CLUSTER-SERVICE]", "shop"),
    text("deployment_group", "NAME", "Deployment group to check [default: DgpECS-CLUSTER-SERVICE]", "shop"),
    text(
        "role_arn",
        "ARN",
        "IAM role to assume for reading from Amazon ECS; use for cross-account pipelines",
        "arn:aws:iam::222222222222:role/shop-describe",
    ),
    text("external_id", "ID", "External ID for this role", "pipeline-shop"),
    text("region", "REGION", "AWS Region of the service and its task definition", "eu-west-1"),
    text("config", "FILE", "YAML or JSON file with these parameters: a path, or ARTIFACT::PATH", "Source::deploy.yml"),
];

const fn text(name: &'static str, value_name: &'static str, help: &'static str, example: &'static str) -> Parameter {
    Parameter { name, shape: Shape::Text, value_name, help, example }
}

/// The parameter of that name.
pub(super) fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}
