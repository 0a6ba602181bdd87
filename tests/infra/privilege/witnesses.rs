//! Calls that no program of ours makes: AWS's own services make them as the roles that they become.

use super::{
    policies::{Statement, is_for, texts},
    request::Request,
};

/// A call by a service, documented for it. Without a resource it is for the first one that the statement names.
#[derive(Clone, Copy)]
struct Witness {
    /// Who becomes the role, as in its trust policy, or the end of the role's name where that is somebody of ours.
    who: &'static str,
    action: &'static str,
    resource: Option<&'static str>,
    context: &'static [(&'static str, &'static str)],
}

const fn by(who: &'static str, action: &'static str) -> Witness {
    Witness { who, action, resource: None, context: &[] }
}

const fn with(witness: Witness, context: &'static [(&'static str, &'static str)]) -> Witness {
    Witness { context, ..witness }
}

const fn on(witness: Witness, resource: &'static str) -> Witness {
    Witness { resource: Some(resource), ..witness }
}

const CODEBUILD: &str = "codebuild.amazonaws.com";
const CODEDEPLOY: &str = "codedeploy.amazonaws.com";
const CODEPIPELINE: &str = "codepipeline.amazonaws.com";
const EVENTS: &str = "events.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";
const TASKS: &str = "ecs-tasks.amazonaws.com";
const THROUGH_S3: &[(&str, &str)] = &[("kms:ViaService", "s3.eu-west-1.amazonaws.com")];
const TO_TASKS: &[(&str, &str)] = &[("iam:PassedToService", "ecs-tasks.amazonaws.com")];

static WITNESSES: [Witness; 35] = [
    // Of a configuration that is not one of AWS's own: those the command line knows by heart.
    by("-build-read", "codedeploy:GetDeploymentConfig"),
    // For a deployment that overrides the alarms of its group: `rollback`, `deploy --no-alarms`.
    by("-build-deploy", "codedeploy:UpdateDeploymentGroup"),
    by(LAMBDA, "logs:PutLogEvents"),
    by(LAMBDA, "kms:Decrypt"),
    on(by(LAMBDA, "xray:PutTraceSegments"), "*"),
    by(LAMBDA, "lambda:InvokeFunction"),
    // The hook function, which no deployment of moto invokes, and its network interfaces.
    on(by(LAMBDA, "codedeploy:PutLifecycleEventHookExecutionStatus"), "*"),
    on(by(LAMBDA, "cloudwatch:DescribeAlarms"), "*"),
    on(by(LAMBDA, "ec2:DescribeNetworkInterfaces"), "*"),
    by(CODEBUILD, "ecr:PutImage"),
    by(CODEBUILD, "logs:PutLogEvents"),
    by(EVENTS, "codepipeline:StartPipelineExecution"),
    by(CODEPIPELINE, "s3:GetBucketVersioning"),
    by(CODEPIPELINE, "s3:GetObject"),
    with(by(CODEPIPELINE, "kms:Decrypt"), THROUGH_S3),
    by(CODEPIPELINE, "sns:Publish"),
    by("-generate", "lambda:InvokeFunction"),
    by(CODEDEPLOY, "ecs:UpdateServicePrimaryTaskSet"),
    by(CODEDEPLOY, "ecs:DeleteTaskSet"),
    on(by(CODEDEPLOY, "elasticloadbalancing:DescribeListeners"), "*"),
    by(CODEDEPLOY, "elasticloadbalancing:ModifyListener"),
    by(CODEDEPLOY, "elasticloadbalancing:ModifyRule"),
    with(by(CODEDEPLOY, "iam:PassRole"), TO_TASKS),
    by(CODEDEPLOY, "lambda:InvokeFunction"),
    by(CODEDEPLOY, "sns:Publish"),
    by(CODEDEPLOY, "s3:GetObject"),
    by(CODEDEPLOY, "s3:GetObjectVersion"),
    with(by(CODEDEPLOY, "kms:Decrypt"), THROUGH_S3),
    on(by(TASKS, "ecr:GetAuthorizationToken"), "*"),
    by(TASKS, "ecr:BatchGetImage"),
    by(TASKS, "logs:PutLogEvents"),
    by(TASKS, "logs:CreateLogStream"),
    by(TASKS, "secretsmanager:GetSecretValue"),
    by(TASKS, "ssm:GetParameters"),
    by(TASKS, "kms:Decrypt"),
];

/// The witnesses of a statement, as requests: what somebody who may become the role does with it.
pub(super) fn of(statement: &Statement, trust: &serde_json::Value, region: &str) -> Vec<Request> {
    let trust = trust.to_string();
    let mut requests = Vec::new();
    for witness in &WITNESSES {
        let named = texts(&statement.body["Action"]).contains(&witness.action);
        if named && (trust.contains(witness.who) || is_for(&statement.role, witness.who)) {
            let resource = witness.resource.map_or_else(|| filled(statement.resource()), str::to_owned);
            requests.push(Request::new(&statement.role, witness.action, &resource, region, witness.context));
        }
    }
    requests
}

/// One resource that the pattern stands for.
fn filled(pattern: &str) -> String {
    match pattern.strip_suffix(":*") {
        Some(group) if group.contains(":log-group:") => format!("{}:log-stream:any", group.replace('*', "any")),
        _ => pattern.replace('*', "any"),
    }
}
