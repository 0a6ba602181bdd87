//! Messages about deployments, from CodeDeploy, CodePipeline, Amazon ECS and Elastic Load Balancing.

use super::step::Step::{self, HookFailed, HookSilent, Say};
use super::tasks::NOT_ATTACHED;

const CONTAINER: &str = "set ContainerName in the AppSpec to a container of the task definition";
const PORT: &str = "set ContainerPort in the AppSpec to a port that the container maps";
const INACTIVE: &str = "name an ACTIVE revision in the AppSpec, or register the task definition again: an INACTIVE revision \
                        starts no new tasks";
const NO_REVISION: &str = "name a task definition revision that exists in the account and Region of the service";
const PLATFORM: &str =
    "set PlatformVersion in the AppSpec to LATEST, or to a version that AWS Fargate has, such as 1.4.0";
const CAPABILITIES: &str = "set PlatformVersion in the AppSpec to LATEST: the task definition uses features that the \
                            requested platform version or launch type does not have";
const TASK_SETS: &str = "wait until the earlier deployments of the service have ended, or delete its leftover task sets with \
                         `aws ecs delete-task-set --force` (`aws ecs describe-services` lists them)";
const SECURITY_GROUP: &str = "name security groups of the VPC of the service in NetworkConfiguration of the AppSpec";
const SUBNET: &str = "name subnets that exist in NetworkConfiguration of the AppSpec";
const ONE_VPC: &str = "name subnets and security groups of one VPC in NetworkConfiguration of the AppSpec, the VPC of the \
                       target groups";
const NETWORK: &str = "set NetworkConfiguration in the AppSpec: the network mode awsvpc needs subnets";
const CAPACITY_PROVIDER: &str = "associate the capacity provider with the cluster (`aws ecs \
                                 put-cluster-capacity-providers`), or name one of the cluster in \
                                 CapacityProviderStrategy of the AppSpec";
const NO_INSTANCES: &str = "register container instances with the cluster, or use FARGATE: set requiresCompatibilities in \
                            the task definition";
const LISTENER: &str = "point the test listener, the production listener and their rules at the target group of the primary task set; \
                        `codedeploy-artifact check --online` prints the command for each that does not";
const LINKED_ROLE: &str = "create the role with `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`, \
                           or restore its permissions";
const TASK_ROLE: &str =
    "let ecs-tasks.amazonaws.com assume the task role and the execution role in their trust policies";
const ECS_ROLE: &str = "let ecs.amazonaws.com assume the role that the message names in its trust policy";
const EXECUTION_ROLE: &str = "set executionRoleArn in the task definition";
const TARGET_TYPE: &str = "use target groups with target type ip: the network mode awsvpc needs it";
const FARGATE: &str = "add FARGATE to requiresCompatibilities of the task definition and register it";
const QUOTA: &str = "request an increase of the quota that the message names in Service Quotas, or stop tasks that are no \
                     longer needed";
const SERVICE: &str = "check that the service and the cluster of the deployment group exist, are ACTIVE, and that the \
                       service has the deployment controller CODE_DEPLOY";
const NO_PUBLIC_IP: &str =
    "set AssignPublicIp in the AppSpec to DISABLED: only tasks on AWS Fargate can have a public IP";
pub(super) const REPLACEMENT: &str = "look at the stopped tasks and unhealthy targets of the green task set: `aws ecs describe-tasks`, \
                           target health";
pub(super) const CONTINUE: &str = "continue the next one in time (`codedeploy-artifact continue ID`), or raise waitTimeInMinutes of the \
                        group";

pub(super) const KNOWN: &[(&str, Step)] = &[
    // CodeDeploy: revision and AppSpec.
    (
        "revision is a null file",
        Say("give the AppSpec as a bare file with bundleType YAML or JSON: a zip is for CodePipeline only"),
    ),
    (
        "appspec file cannot be located",
        Say("check bucket, key and version of the revision; the bucket must be in the region of the deployment"),
    ),
    (
        "not a well-formed yaml",
        Say("correct the AppSpec: it must be YAML or JSON, and LoadBalancerInfo a map, not a list"),
    ),
    (
        "missing or has an invalid configuration",
        Say("correct the AppSpec after the AppSpec reference for Amazon ECS in the CodeDeploy user guide"),
    ),
    (
        "an appspec file is required",
        Say("name the AppSpec in the artifact as the action expects it (AppSpecTemplatePath)"),
    ),
    // Amazon ECS: the AppSpec against the task definition.
    ("does not exist in the task definition", Say(CONTAINER)),
    ("did not have a container port", Say(PORT)),
    ("does not have a container port", Say(PORT)),
    ("invalid revision number", Say("name the task definition by an ARN that ends in a number")),
    ("taskdefinition is inactive", Say(INACTIVE)),
    ("task definition is inactive", Say(INACTIVE)),
    ("taskdefinition * is inactive", Say(INACTIVE)),
    ("task definition * is inactive", Say(INACTIVE)),
    ("taskdefinition not found", Say(NO_REVISION)),
    ("task definition not found", Say(NO_REVISION)),
    ("task definition does not exist", Say(NO_REVISION)),
    ("unable to describe task definition", Say(NO_REVISION)),
    ("does not support launch_type fargate", Say(FARGATE)),
    ("requested capabilities are not supported", Say(CAPABILITIES)),
    ("satisfy the required capabilities", Say(CAPABILITIES)),
    ("platform version * not valid", Say(PLATFORM)),
    ("platform version * invalid", Say(PLATFORM)),
    ("platform version * does not exist", Say(PLATFORM)),
    ("platform version * doesn't exist", Say(PLATFORM)),
    ("platform version * not found", Say(PLATFORM)),
    ("platform version * not supported", Say(PLATFORM)),
    ("invalid platform version", Say(PLATFORM)),
    // Amazon ECS: network.
    ("security group * does not exist", Say(SECURITY_GROUP)),
    ("security groups * do not exist", Say(SECURITY_GROUP)),
    ("security group * not found", Say(SECURITY_GROUP)),
    ("invalidgroup.notfound", Say(SECURITY_GROUP)),
    ("subnet * does not exist", Say(SUBNET)),
    ("subnets * do not exist", Say(SUBNET)),
    ("subnet * not found", Say(SUBNET)),
    ("invalidsubnetid.notfound", Say(SUBNET)),
    ("belong to different networks", Say(ONE_VPC)),
    ("must be from the same vpc", Say(ONE_VPC)),
    ("not in the same vpc", Say(ONE_VPC)),
    ("network configuration must be provided", Say(NETWORK)),
    (
        "network configuration is not valid for the given networkmode",
        Say("remove NetworkConfiguration from the AppSpec, or set networkMode awsvpc in the task definition"),
    ),
    ("assign public ip is not supported", Say(NO_PUBLIC_IP)),
    // Amazon ECS: capacity and service.
    ("capacity provider * not associated", Say(CAPACITY_PROVIDER)),
    ("capacity provider * not found", Say(CAPACITY_PROVIDER)),
    ("capacity provider * does not exist", Say(CAPACITY_PROVIDER)),
    (
        "launch type and * capacity provider strategy",
        Say("remove CapacityProviderStrategy from the AppSpec, or the launch type from the service"),
    ),
    ("no container instances were found", Say(NO_INSTANCES)),
    ("deployments exist", Say(TASK_SETS)),
    ("task sets exist", Say(TASK_SETS)),
    ("too many task sets", Say(TASK_SETS)),
    ("too many deployments", Say(TASK_SETS)),
    ("maximum number of task sets", Say(TASK_SETS)),
    ("maximum number of tasksets", Say(TASK_SETS)),
    ("too many tasksets", Say(TASK_SETS)),
    ("tasksets exist", Say(TASK_SETS)),
    ("maximum number of deployments", Say(TASK_SETS)),
    ("limit of * task sets", Say(TASK_SETS)),
    ("unable to assume the service linked role", Say(LINKED_ROLE)),
    ("unable to assume role and validate", Say(LINKED_ROLE)),
    ("unable to assume the role * provided for this task", Say(TASK_ROLE)),
    ("unable to assume role", Say(ECS_ROLE)),
    ("unable to assume the role", Say(ECS_ROLE)),
    ("execution role arn", Say(EXECUTION_ROLE)),
    (
        "role is not valid",
        Say(
            "correct taskRoleArn and executionRoleArn in the task definition: they must be ARNs of roles of this account",
        ),
    ),
    ("service was not active", Say(SERVICE)),
    ("service not found", Say(SERVICE)),
    ("ecs service does not exist", Say(SERVICE)),
    ("ecs service * does not exist", Say(SERVICE)),
    ("cluster not found", Say(SERVICE)),
    ("cluster was inactive", Say(SERVICE)),
    ("reached the limit on the number of", Say(QUOTA)),
    ("rate exceeded", Say("deploy again later, with fewer tools that call AWS in this account at once")),
    ("tags can not be empty", Say("remove the empty tags from the task definition")),
    // Elastic Load Balancing.
    ("does not have an associated load balancer", Say(NOT_ATTACHED)),
    ("not associated with a load balancer", Say(NOT_ATTACHED)),
    ("not associated with the load balancer", Say(NOT_ATTACHED)),
    (
        "not associated with either productionlistenerrule or testlistenerrule",
        Say("forward the production listener rule to both target groups, or set a test listener rule"),
    ),
    ("must be behind listener", Say(LISTENER)),
    ("has target type instance", Say(TARGET_TYPE)),
    ("target type * incompatible with the awsvpc network mode", Say(TARGET_TYPE)),
    ("target groups not found", Say("check that both target groups of the deployment group exist")),
    ("target group * not found", Say("check that both target groups of the deployment group exist")),
    ("target group * does not exist", Say("check that both target groups of the deployment group exist")),
    ("listeners not found", Say("correct the listeners of the deployment group: one of them does not exist any more")),
    ("listener * not found", Say("correct the listeners of the deployment group: one of them does not exist any more")),
    ("rules not found", Say("correct the listener rules of the service: one of them does not exist any more")),
    (
        "associated with more than one load balancer",
        Say("use target groups of one load balancer in the deployment group"),
    ),
    (
        "only alb supports gradual traffic",
        Say("use CodeDeployDefault.ECSAllAtOnce: a Network Load Balancer cannot shift traffic in steps"),
    ),
    // CodeDeploy: hooks and waits.
    ("waiting for a status callback", HookSilent),
    ("lifecycle event validation functions failed", HookFailed),
    ("replacement task set to become healthy", Say(REPLACEMENT)),
    ("waiting for a notification to continue", Say(CONTINUE)),
    (
        "rollback is not possible",
        Say("fix the cause and deploy again: nothing was installed, so there is nothing to roll back"),
    ),
    // CodePipeline and tools.
    (
        "exception while trying to read the task definition artifact file",
        Say("set TaskDefinitionTemplatePath to the name in the artifact, and keep the artifact below 3 MB"),
    ),
    (
        "exception while trying to read the image artifact file",
        Say("name the file imageDetail.json in the image artifact"),
    ),
    (
        "failed to return a result",
        Say("check that the Lambda function may call codepipeline:PutJobSuccessResult, and read its log"),
    ),
    (
        "sufficient permissions to access codedeploy",
        Say(
            "allow the codedeploy actions of the CodeDeployToECS action to its role in CodePipeline; CloudTrail names the denied one",
        ),
    ),
    (
        "sufficient permissions to access ecs",
        Say(
            "allow ecs:RegisterTaskDefinition, ecs:TagResource and iam:PassRole to the role of the CodeDeployToECS action; CloudTrail names the denied one",
        ),
    ),
    ("unknown parameter in input", Say("remove the response-only members: `codedeploy-artifact generate` does")),
    // Amazon ECS: deployments with its own controller.
    (
        "returned failed status",
        Say("read the log of the lifecycle hook function that the message names: it returned hookStatus FAILED"),
    ),
    (
        "unable to parse the response from",
        Say("let the lifecycle hook function return {\"hookStatus\": \"SUCCEEDED\"}, FAILED or IN_PROGRESS"),
    ),
    (
        "unable to invoke hook target",
        Say("check that the lifecycle hook function exists and that the role of the hook may invoke it"),
    ),
    ("pause hook timed out", Say("continue the next one in time, or give the pause hook more time")),
    (
        "missing permissions on ecs infrastructure role",
        Say(
            "attach AmazonECSInfrastructureRolePolicyForLoadBalancers to the infrastructure role that the message names",
        ),
    ),
    (
        "exactly one target group serving traffic",
        Say("give the production listener rule weight 100 for one target group and 0 for the other"),
    ),
    (
        "must be associated with the productionlistenerrule",
        Say("forward the production or test listener rule to both target groups"),
    ),
    (
        "circuit breaker threshold was exceeded",
        Say("look at the stopped tasks of the new revision: they did not start or stay healthy"),
    ),
    (
        "no rollback candidate was found",
        Say("look at the stopped tasks of the new revision: it is the first one, so there is none to go back to"),
    ),
];
