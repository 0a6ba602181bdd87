//! Messages of AWS that have one known cause, each with one next step. Data only.

use Step::{HookFailed, HookSilent, Say};

/// What follows from a known sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// One next step, as an imperative sentence without a full stop.
    Say(&'static str),
    /// A hook function reported `Failed`, or failed itself.
    HookFailed,
    /// A hook function did not call back.
    HookSilent,
}

pub(super) const OUT_OF_MEMORY: &str = "give the container more memory: it was killed (exit code 137 is SIGKILL)";
pub(super) const ENDED: &str = "let the command of the essential container keep running, or set \"essential\": false for it: \
                                it ended with exit code 0, which stops the task";
pub(super) const UNHEALTHY: &str = "check that the container answers the health check path and port of the target group \
                                    with the expected code in time, and that its security group lets the load balancer in";
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
const NOT_ATTACHED: &str = "forward a listener rule of the load balancer to the target group: both target groups of the \
                            deployment group must be attached to its listeners";
const LISTENER: &str = "point the production listener at the target group of the primary task set; infrastructure code must \
                        ignore changes of the listener's default action";
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
const PULL: &str = "check that the image and its tag exist, that the execution role may pull it, and that the subnets reach \
                    the registry (NAT, or endpoints for ECR and S3)";
const NO_IMAGE: &str = "push the image with this tag, or correct the image in the task definition: the registry does not \
                        have it";
const REGISTRY_ROUTE: &str = "give the subnets a route to the registry: a NAT gateway, a public IP, or VPC endpoints for \
                              ecr.api, ecr.dkr and s3";
const SECRETS: &str = "check that the execution role may read the secrets, parameters and log group that the task \
                       definition names, and that the subnets reach their endpoints";
const ROUTE: &str = "give the subnets a route to the service that the message names: a NAT gateway, a public IP, or a VPC \
                     endpoint whose security group lets the tasks in";
const NO_SECRET: &str = "create the secret or parameter, or correct valueFrom in the task definition: it does not exist in \
                         this account and Region";
const NO_LOG_GROUP: &str = "create the log group, or set awslogs-create-group to true in the task definition";
const ARCHITECTURE: &str = "build the image for the CPU architecture of the task definition (runtimePlatform)";
const COMMAND: &str =
    "correct command or entryPoint of the container: the program is not in the image or not executable";
const CAPACITY: &str = "wait and deploy again, or add FARGATE to the capacity provider strategy";
const PLACEMENT: &str = "add capacity to the cluster, or reduce the CPU and memory of the tasks";
const REPLACEMENT: &str = "look at the stopped tasks and unhealthy targets of the green task set: `aws ecs describe-tasks`, \
                           target health";
const CONTINUE: &str = "continue the next one in time (`codedeploy-artifact continue ID`), or raise waitTimeInMinutes of the \
                        group";

/// Parts of messages in lower case, special ones before general ones; `*` stands for any text between two parts.
///
/// From the troubleshooting pages of Amazon ECS, CodeDeploy, CodePipeline and Elastic Load Balancing, and from recorded
/// deployments.
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
    // Stopped tasks.
    ("exec format error", Say(ARCHITECTURE)),
    ("image manifest does not contain descriptor matching platform", Say(ARCHITECTURE)),
    ("no matching manifest for", Say(ARCHITECTURE)),
    ("executable file not found", Say(COMMAND)),
    ("no such file or directory", Say(COMMAND)),
    (
        "pull access denied * docker login",
        Say(
            "correct the image, or set repositoryCredentials: the registry does not have it or does not show it without a login",
        ),
    ),
    (
        "toomanyrequests",
        Say("copy the image to Amazon ECR, or set repositoryCredentials: the registry limits anonymous pulls"),
    ),
    ("cannotpullcontainererror * i/o timeout", Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * deadline exceeded", Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * client.timeout", Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * no such host", Say(REGISTRY_ROUTE)),
    (
        "cannotpullcontainererror * no basic auth credentials",
        Say("attach AmazonECSTaskExecutionRolePolicy to the execution role"),
    ),
    (
        "cannotpullcontainererror * no space left on device",
        Say("give the task more ephemeralStorage, or make the image smaller"),
    ),
    ("cannotpullcontainererror * not found", Say(NO_IMAGE)),
    ("cannotpullcontainererror * manifest unknown", Say(NO_IMAGE)),
    ("cannotpullcontainererror * does not exist", Say(NO_IMAGE)),
    ("cannotpullcontainererror", Say(PULL)),
    ("cannotpullecrcontainererror", Say(PULL)),
    ("imagepullfailure", Say(PULL)),
    ("outofmemory", Say(OUT_OF_MEMORY)),
    ("outofmemoryerror", Say(OUT_OF_MEMORY)),
    ("specified log group does not exist", Say(NO_LOG_GROUP)),
    ("invalid ssm parameters", Say(NO_SECRET)),
    ("can't find the specified secret", Say(NO_SECRET)),
    (
        "retrieved secret * did not contain json key",
        Say("correct the JSON key in valueFrom: the secret does not have it"),
    ),
    ("resourceinitializationerror * i/o timeout", Say(ROUTE)),
    ("resourceinitializationerror * deadline exceeded", Say(ROUTE)),
    ("resourceinitializationerror * connection issue", Say(ROUTE)),
    ("resourceinitializationerror * no such host", Say(ROUTE)),
    ("failed to invoke efs utils", Say("check the EFS file system, its mount targets and their security group")),
    ("resourceinitializationerror", Say(SECRETS)),
    ("failed elb health checks", Say(UNHEALTHY)),
    ("failed container health checks", Say("run the health check command of the container in its image")),
    ("capacity is unavailable", Say(CAPACITY)),
    ("spot task", Say(CAPACITY)),
    ("resource:eni", Say(PLACEMENT)),
    ("resource:memory", Say(PLACEMENT)),
    ("resource:cpu", Say(PLACEMENT)),
    ("no container instance met all of its requirements", Say(PLACEMENT)),
    ("unable to place a task", Say(PLACEMENT)),
    // Unhealthy targets.
    (
        "target.responsecodemismatch",
        Say(
            "let the health check path of the container answer with a code that the target group expects, or correct path and matcher of its health check",
        ),
    ),
    (
        "target.timeout",
        Say(
            "check that the security group of the tasks lets the load balancer in on the port, and that the container answers before the time-out of the health check",
        ),
    ),
    (
        "target.failedhealthchecks",
        Say(
            "check that the container listens on the port of the health check on all interfaces (0.0.0.0), and that it is up before the grace period ends",
        ),
    ),
    ("target.notinuse", Say(NOT_ATTACHED)),
];
