//! Messages about stopped tasks and unhealthy targets.

use super::step::Step::{self, Say};
use crate::deployment::why::CauseKind::{
    self, Architecture, Capacity, Command, Configuration, ContainerHealthCheck, Crash, HealthCheck, ImageNotFound,
    ImagePull, LogGroup, Network, NotListening, OutOfMemory, Secret, Unreachable, Volume,
};

pub(crate) const OUT_OF_MEMORY: &str = "give the container more memory: it was killed (exit code 137 is SIGKILL)";
pub(crate) const ENDED: &str = "let the command of the essential container keep running, or set \"essential\": false for it: \
                                it ended with exit code 0, which stops the task";
pub(crate) const UNHEALTHY: &str = "check that the container answers the health check path and port of the target group \
                                    with the expected code in time, and that its security group lets the load balancer in";
pub(super) const NOT_ATTACHED: &str = "forward a listener rule of the load balancer to the target group: both target groups of the \
                            deployment group must be attached to its listeners";
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
const HEAP: &str =
    "give the container more memory, or limit the heap of the program: it logged that it ran out of memory";
const CAPACITY: &str = "wait and deploy again, or add FARGATE to the capacity provider strategy";
const PLACEMENT: &str = "add capacity to the cluster, or reduce the CPU and memory of the tasks";

const MISMATCH: &str = "let the health check path of the container answer with a code that the target group expects, or correct path and matcher of its health check";
const TIMEOUT: &str = "check that the security group of the tasks lets the load balancer in on the port, and that the container answers before the time-out of the health check";

pub(super) const KNOWN: &[(&str, CauseKind, Step)] = &[
    // Stopped tasks.
    ("exec format error", Architecture, Say(ARCHITECTURE)),
    ("image manifest does not contain descriptor matching platform", Architecture, Say(ARCHITECTURE)),
    ("no matching manifest for", Architecture, Say(ARCHITECTURE)),
    ("executable file not found", Command, Say(COMMAND)),
    ("no such file or directory", Command, Say(COMMAND)),
    (
        "pull access denied * docker login",
        ImageNotFound,
        Say(
            "correct the image, or set repositoryCredentials: the registry does not have it or does not show it without a login",
        ),
    ),
    (
        "toomanyrequests",
        ImagePull,
        Say("copy the image to Amazon ECR, or set repositoryCredentials: the registry limits anonymous pulls"),
    ),
    ("cannotpullcontainererror * i/o timeout", ImagePull, Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * deadline exceeded", ImagePull, Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * client.timeout", ImagePull, Say(REGISTRY_ROUTE)),
    ("cannotpullcontainererror * no such host", ImagePull, Say(REGISTRY_ROUTE)),
    (
        "cannotpullcontainererror * no basic auth credentials",
        ImagePull,
        Say("attach AmazonECSTaskExecutionRolePolicy to the execution role"),
    ),
    (
        "cannotpullcontainererror * no space left on device",
        ImagePull,
        Say("give the task more ephemeralStorage, or make the image smaller"),
    ),
    ("cannotpullcontainererror * not found", ImageNotFound, Say(NO_IMAGE)),
    ("cannotpullcontainererror * manifest unknown", ImageNotFound, Say(NO_IMAGE)),
    ("cannotpullcontainererror * does not exist", ImageNotFound, Say(NO_IMAGE)),
    ("cannotpullcontainererror", ImagePull, Say(PULL)),
    ("cannotpullecrcontainererror", ImagePull, Say(PULL)),
    ("imagepullfailure", ImagePull, Say(PULL)),
    ("outofmemory", OutOfMemory, Say(OUT_OF_MEMORY)),
    ("outofmemoryerror", OutOfMemory, Say(OUT_OF_MEMORY)),
    ("specified log group does not exist", LogGroup, Say(NO_LOG_GROUP)),
    ("invalid ssm parameters", Secret, Say(NO_SECRET)),
    ("can't find the specified secret", Secret, Say(NO_SECRET)),
    (
        "retrieved secret * did not contain json key",
        Secret,
        Say("correct the JSON key in valueFrom: the secret does not have it"),
    ),
    ("resourceinitializationerror * i/o timeout", Network, Say(ROUTE)),
    ("resourceinitializationerror * deadline exceeded", Network, Say(ROUTE)),
    ("resourceinitializationerror * connection issue", Network, Say(ROUTE)),
    ("resourceinitializationerror * no such host", Network, Say(ROUTE)),
    (
        "failed to invoke efs utils",
        Volume,
        Say("check the EFS file system, its mount targets and their security group"),
    ),
    ("resourceinitializationerror", Secret, Say(SECRETS)),
    ("failed elb health checks", HealthCheck, Say(UNHEALTHY)),
    (
        "failed container health checks",
        ContainerHealthCheck,
        Say("run the health check command of the container in its image"),
    ),
    ("capacity is unavailable", Capacity, Say(CAPACITY)),
    ("spot task", Capacity, Say(CAPACITY)),
    ("resource:eni", Capacity, Say(PLACEMENT)),
    ("resource:memory", Capacity, Say(PLACEMENT)),
    ("resource:cpu", Capacity, Say(PLACEMENT)),
    ("no container instance met all of its requirements", Capacity, Say(PLACEMENT)),
    ("unable to place a task", Capacity, Say(PLACEMENT)),
    // Events of the service about its targets, more specific than the reason of the task.
    ("is unhealthy in * reason request timed out", Unreachable, Say(TIMEOUT)),
    ("is unhealthy in * failed with these codes", HealthCheck, Say(MISMATCH)),
    // Unhealthy targets.
    ("target.responsecodemismatch", HealthCheck, Say(MISMATCH)),
    ("target.timeout", Unreachable, Say(TIMEOUT)),
    (
        "target.failedhealthchecks",
        NotListening,
        Say(
            "check that the container listens on the port of the health check on all interfaces (0.0.0.0), and that it is up before the grace period ends",
        ),
    ),
    ("target.notinuse", Configuration, Say(NOT_ATTACHED)),
];

/// What programs log before they exit, more specific than their exit codes. Parts as in [`KNOWN`].
pub(super) const LOGGED: &[(&str, CauseKind, Step)] = &[
    ("exec format error", Architecture, Say(ARCHITECTURE)),
    ("java.lang.outofmemoryerror", OutOfMemory, Say(HEAP)),
    ("javascript heap out of memory", OutOfMemory, Say(HEAP)),
    ("cannot allocate memory", OutOfMemory, Say(HEAP)),
    ("out of memory", OutOfMemory, Say(HEAP)),
    ("executable file not found", Command, Say(COMMAND)),
    ("exec * no such file or directory", Command, Say(COMMAND)),
    ("exec * permission denied", Command, Say(COMMAND)),
    (
        "address already in use",
        Crash,
        Say("give each container of the task a port of its own: the containers of a task share one network"),
    ),
];
