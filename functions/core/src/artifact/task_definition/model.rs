//! The members of a task definition with their types, from AWS's own model of
//! [RegisterTaskDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
//!
//! Members that have rules of their own in [`crate::artifact::check`] (protocol, condition, log driver, network mode, and what a
//! secret or a dependency needs) are plain texts here, so that one fault is one finding.

use super::member::{Member, Type, may, needs};

const REPOSITORY_CREDENTIALS: &[Member] = &[needs("credentialsParameter", Type::Text)];

const PORT_MAPPING: &[Member] = &[
    may("containerPort", Type::Number),
    may("hostPort", Type::Number),
    may("protocol", Type::Text),
    may("name", Type::Text),
    may("appProtocol", Type::OneOf(&["http", "http2", "grpc"])),
    may("containerPortRange", Type::Text),
];

const RESTART_POLICY: &[Member] =
    &[needs("enabled", Type::Flag), may("ignoredExitCodes", Type::Numbers), may("restartAttemptPeriod", Type::Number)];

const KEY_VALUE_PAIR: &[Member] = &[may("name", Type::Text), may("value", Type::Text)];

const ENVIRONMENT_FILE: &[Member] = &[needs("value", Type::Text), needs("type", Type::OneOf(&["s3"]))];

const MOUNT_POINT: &[Member] =
    &[may("sourceVolume", Type::Text), may("containerPath", Type::Text), may("readOnly", Type::Flag)];

const VOLUME_FROM: &[Member] = &[may("sourceContainer", Type::Text), may("readOnly", Type::Flag)];

const KERNEL_CAPABILITIES: &[Member] = &[may("add", Type::Texts), may("drop", Type::Texts)];

const DEVICE: &[Member] =
    &[needs("hostPath", Type::Text), may("containerPath", Type::Text), may("permissions", Type::Texts)];

const TMPFS: &[Member] =
    &[needs("containerPath", Type::Text), needs("size", Type::Number), may("mountOptions", Type::Texts)];

const LINUX_PARAMETERS: &[Member] = &[
    may("capabilities", Type::Struct(KERNEL_CAPABILITIES)),
    may("devices", Type::Structs(DEVICE)),
    may("initProcessEnabled", Type::Flag),
    may("sharedMemorySize", Type::Number),
    may("tmpfs", Type::Structs(TMPFS)),
    may("maxSwap", Type::Number),
    may("swappiness", Type::Number),
];

const SECRET: &[Member] = &[may("name", Type::Text), may("valueFrom", Type::Text)];

const CONTAINER_DEPENDENCY: &[Member] = &[may("containerName", Type::Text), may("condition", Type::Text)];

const HOST_ENTRY: &[Member] = &[needs("hostname", Type::Text), needs("ipAddress", Type::Text)];

const ULIMIT: &[Member] = &[
    needs(
        "name",
        Type::OneOf(&[
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack",
        ]),
    ),
    needs("softLimit", Type::Number),
    needs("hardLimit", Type::Number),
];

const LOG_CONFIGURATION: &[Member] =
    &[may("logDriver", Type::Text), may("options", Type::TextMap), may("secretOptions", Type::Structs(SECRET))];

const HEALTH_CHECK: &[Member] = &[
    needs("command", Type::Texts),
    may("interval", Type::Number),
    may("timeout", Type::Number),
    may("retries", Type::Number),
    may("startPeriod", Type::Number),
];

const SYSTEM_CONTROL: &[Member] = &[may("namespace", Type::Text), may("value", Type::Text)];

const NVIDIA_MPS_ALLOCATION: &[Member] = &[needs("memory", Type::Number), may("maxComputePercent", Type::Number)];

const SHARING_STRATEGY: &[Member] = &[may("nvidiaMps", Type::Struct(NVIDIA_MPS_ALLOCATION))];

const RESOURCE_REQUIREMENT: &[Member] = &[
    may("value", Type::Text),
    needs("type", Type::OneOf(&["GPU", "InferenceAccelerator", "NeuronDevice"])),
    may("sharingStrategy", Type::Struct(SHARING_STRATEGY)),
];

const FIRELENS_CONFIGURATION: &[Member] =
    &[needs("type", Type::OneOf(&["fluentd", "fluentbit"])), may("options", Type::TextMap)];

/// A container definition.
pub(crate) const CONTAINER: &[Member] = &[
    may("name", Type::Own),
    may("image", Type::Text),
    may("repositoryCredentials", Type::Struct(REPOSITORY_CREDENTIALS)),
    may("cpu", Type::Number),
    may("memory", Type::Number),
    may("memoryReservation", Type::Number),
    may("links", Type::Texts),
    may("portMappings", Type::Structs(PORT_MAPPING)),
    may("essential", Type::Flag),
    may("restartPolicy", Type::Struct(RESTART_POLICY)),
    may("entryPoint", Type::Texts),
    may("command", Type::Texts),
    may("environment", Type::Structs(KEY_VALUE_PAIR)),
    may("environmentFiles", Type::Structs(ENVIRONMENT_FILE)),
    may("mountPoints", Type::Structs(MOUNT_POINT)),
    may("volumesFrom", Type::Structs(VOLUME_FROM)),
    may("linuxParameters", Type::Struct(LINUX_PARAMETERS)),
    may("secrets", Type::Structs(SECRET)),
    may("dependsOn", Type::Structs(CONTAINER_DEPENDENCY)),
    may("startTimeout", Type::Number),
    may("stopTimeout", Type::Number),
    may("versionConsistency", Type::OneOf(&["enabled", "disabled"])),
    may("hostname", Type::Text),
    may("user", Type::Text),
    may("workingDirectory", Type::Text),
    may("disableNetworking", Type::Flag),
    may("privileged", Type::Flag),
    may("readonlyRootFilesystem", Type::Flag),
    may("dnsServers", Type::Texts),
    may("dnsSearchDomains", Type::Texts),
    may("extraHosts", Type::Structs(HOST_ENTRY)),
    may("dockerSecurityOptions", Type::Texts),
    may("interactive", Type::Flag),
    may("pseudoTerminal", Type::Flag),
    may("dockerLabels", Type::TextMap),
    may("ulimits", Type::Structs(ULIMIT)),
    may("logConfiguration", Type::Struct(LOG_CONFIGURATION)),
    may("healthCheck", Type::Struct(HEALTH_CHECK)),
    may("systemControls", Type::Structs(SYSTEM_CONTROL)),
    may("resourceRequirements", Type::Structs(RESOURCE_REQUIREMENT)),
    may("firelensConfiguration", Type::Struct(FIRELENS_CONFIGURATION)),
    may("credentialSpecs", Type::Texts),
];

const HOST_VOLUME: &[Member] = &[may("sourcePath", Type::Text)];

const DOCKER_VOLUME: &[Member] = &[
    may("scope", Type::OneOf(&["task", "shared"])),
    may("autoprovision", Type::Flag),
    may("driver", Type::Text),
    may("driverOpts", Type::TextMap),
    may("labels", Type::TextMap),
];

const EFS_AUTHORIZATION: &[Member] =
    &[may("accessPointId", Type::Text), may("iam", Type::OneOf(&["ENABLED", "DISABLED"]))];

const EFS_VOLUME: &[Member] = &[
    needs("fileSystemId", Type::Text),
    may("rootDirectory", Type::Text),
    may("transitEncryption", Type::OneOf(&["ENABLED", "DISABLED"])),
    may("transitEncryptionPort", Type::Number),
    may("authorizationConfig", Type::Struct(EFS_AUTHORIZATION)),
];

const S3_FILES_VOLUME: &[Member] = &[
    needs("fileSystemArn", Type::Text),
    may("rootDirectory", Type::Text),
    may("transitEncryptionPort", Type::Number),
    may("accessPointArn", Type::Text),
];

const FSX_AUTHORIZATION: &[Member] = &[needs("credentialsParameter", Type::Text), needs("domain", Type::Text)];

const FSX_VOLUME: &[Member] = &[
    needs("fileSystemId", Type::Text),
    needs("rootDirectory", Type::Text),
    needs("authorizationConfig", Type::Struct(FSX_AUTHORIZATION)),
];

const VOLUME: &[Member] = &[
    may("name", Type::Text),
    may("host", Type::Struct(HOST_VOLUME)),
    may("dockerVolumeConfiguration", Type::Struct(DOCKER_VOLUME)),
    may("efsVolumeConfiguration", Type::Struct(EFS_VOLUME)),
    may("s3filesVolumeConfiguration", Type::Struct(S3_FILES_VOLUME)),
    may("fsxWindowsFileServerVolumeConfiguration", Type::Struct(FSX_VOLUME)),
    may("configuredAtLaunch", Type::Flag),
];

const PLACEMENT_CONSTRAINT: &[Member] = &[may("type", Type::OneOf(&["memberOf"])), may("expression", Type::Text)];

const TAG: &[Member] = &[may("key", Type::Text), may("value", Type::Text)];

const PROXY_CONFIGURATION: &[Member] = &[
    may("type", Type::OneOf(&["APPMESH"])),
    needs("containerName", Type::Text),
    may("properties", Type::Structs(KEY_VALUE_PAIR)),
];

const INFERENCE_ACCELERATOR: &[Member] = &[needs("deviceName", Type::Text), needs("deviceType", Type::Text)];

const EPHEMERAL_STORAGE: &[Member] = &[needs("sizeInGiB", Type::Number)];

const RUNTIME_PLATFORM: &[Member] = &[
    may("cpuArchitecture", Type::OneOf(&["X86_64", "ARM64"])),
    may(
        "operatingSystemFamily",
        Type::OneOf(&[
            "WINDOWS_SERVER_2019_FULL",
            "WINDOWS_SERVER_2019_CORE",
            "WINDOWS_SERVER_2016_FULL",
            "WINDOWS_SERVER_2004_CORE",
            "WINDOWS_SERVER_2022_CORE",
            "WINDOWS_SERVER_2022_FULL",
            "WINDOWS_SERVER_2025_CORE",
            "WINDOWS_SERVER_2025_FULL",
            "WINDOWS_SERVER_20H2_CORE",
            "LINUX",
        ]),
    ),
];

const TRUSTED_EXECUTION: &[Member] = &[
    needs("isolationMode", Type::OneOf(&["SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"])),
    may("attestationPolicy", Type::Text),
];

/// RegisterTaskDefinition.
pub(crate) const TASK: &[Member] = &[
    may("family", Type::Own),
    may("taskRoleArn", Type::Text),
    may("executionRoleArn", Type::Text),
    may("networkMode", Type::Text),
    may("containerDefinitions", Type::Own),
    may("volumes", Type::Structs(VOLUME)),
    may("placementConstraints", Type::Structs(PLACEMENT_CONSTRAINT)),
    may("requiresCompatibilities", Type::Texts),
    may("cpu", Type::Text),
    may("memory", Type::Text),
    may("tags", Type::Structs(TAG)),
    may("pidMode", Type::OneOf(&["host", "task"])),
    may("ipcMode", Type::OneOf(&["host", "task", "none"])),
    may("proxyConfiguration", Type::Struct(PROXY_CONFIGURATION)),
    may("inferenceAccelerators", Type::Structs(INFERENCE_ACCELERATOR)),
    may("ephemeralStorage", Type::Struct(EPHEMERAL_STORAGE)),
    may("runtimePlatform", Type::Struct(RUNTIME_PLATFORM)),
    may("enableFaultInjection", Type::Flag),
    may("trustedExecutionConfiguration", Type::Struct(TRUSTED_EXECUTION)),
];
