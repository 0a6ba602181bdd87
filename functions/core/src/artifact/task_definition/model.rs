//! The members of a task definition with their types, from AWS's own model of
//! [`RegisterTaskDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
//!
//! Generated from botocore: `UPDATE_EXPECT=1 cargo test --locked --test e2e register::the_model`

use super::member::{Member, Type, in_tags, may, needs, up_to};

/// `TransportProtocol` of [`RegisterTaskDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
pub(crate) const TRANSPORT_PROTOCOL: &[&str] = &["tcp", "udp"];

/// [`RepositoryCredentials`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RepositoryCredentials.html)
const REPOSITORY_CREDENTIALS: &[Member] = &[
    needs("credentialsParameter", Type::Text),
];

/// [`PortMapping`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html)
const PORT_MAPPING: &[Member] = &[
    may("containerPort", Type::Number),
    may("hostPort", Type::Number),
    may("protocol", Type::Text),
    may("name", Type::Text),
    may("appProtocol", Type::OneOf(&["http", "http2", "grpc"])),
    may("containerPortRange", Type::Text),
];

/// [`ContainerRestartPolicy`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html)
const CONTAINER_RESTART_POLICY: &[Member] = &[
    needs("enabled", Type::Flag),
    may("ignoredExitCodes", Type::Numbers),
    may("restartAttemptPeriod", Type::Number),
];

/// [`KeyValuePair`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html)
const KEY_VALUE_PAIR: &[Member] = &[
    may("name", Type::Text),
    may("value", Type::Text),
];

/// [`EnvironmentFile`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EnvironmentFile.html)
const ENVIRONMENT_FILE: &[Member] = &[
    needs("value", Type::Text),
    needs("type", Type::OneOf(&["s3"])),
];

/// [`MountPoint`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html)
const MOUNT_POINT: &[Member] = &[
    may("sourceVolume", Type::Text),
    may("containerPath", Type::Text),
    may("readOnly", Type::Flag),
];

/// [`VolumeFrom`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_VolumeFrom.html)
const VOLUME_FROM: &[Member] = &[
    may("sourceContainer", Type::Text),
    may("readOnly", Type::Flag),
];

/// [`KernelCapabilities`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html)
const KERNEL_CAPABILITIES: &[Member] = &[
    may("add", Type::Texts),
    may("drop", Type::Texts),
];

/// [`Device`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Device.html)
const DEVICE: &[Member] = &[
    needs("hostPath", Type::Text),
    may("containerPath", Type::Text),
    may("permissions", Type::SomeOf(&["read", "write", "mknod"])),
];

/// [`Tmpfs`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html)
const TMPFS: &[Member] = &[
    needs("containerPath", Type::Text),
    needs("size", Type::Number),
    may("mountOptions", Type::Texts),
];

/// [`LinuxParameters`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html)
const LINUX_PARAMETERS: &[Member] = &[
    may("capabilities", Type::Struct(KERNEL_CAPABILITIES)),
    may("devices", Type::Structs(DEVICE)),
    may("initProcessEnabled", Type::Flag),
    may("sharedMemorySize", Type::Number),
    may("tmpfs", Type::Structs(TMPFS)),
    may("maxSwap", Type::Number),
    may("swappiness", Type::Number),
];

/// [`Secret`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html)
const SECRET: &[Member] = &[
    may("name", Type::Text),
    may("valueFrom", Type::Text),
];

/// [`ContainerDependency`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html)
const CONTAINER_DEPENDENCY: &[Member] = &[
    may("containerName", Type::Text),
    may("condition", Type::Text),
];

/// [`HostEntry`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HostEntry.html)
const HOST_ENTRY: &[Member] = &[
    needs("hostname", Type::Text),
    needs("ipAddress", Type::Text),
];

/// [`Ulimit`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html)
const ULIMIT: &[Member] = &[
    needs("name", Type::OneOf(&["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"])),
    needs("softLimit", Type::Number),
    needs("hardLimit", Type::Number),
];

/// [`LogConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html)
const LOG_CONFIGURATION: &[Member] = &[
    may("logDriver", Type::Text),
    may("options", Type::TextMap),
    may("secretOptions", Type::Structs(SECRET)),
];

/// [`HealthCheck`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html)
const HEALTH_CHECK: &[Member] = &[
    needs("command", Type::Texts),
    may("interval", Type::Number),
    may("timeout", Type::Number),
    may("retries", Type::Number),
    may("startPeriod", Type::Number),
];

/// [`SystemControl`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html)
const SYSTEM_CONTROL: &[Member] = &[
    may("namespace", Type::Text),
    may("value", Type::Text),
];

/// [`NvidiaMpsAllocation`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NvidiaMpsAllocation.html)
const NVIDIA_MPS_ALLOCATION: &[Member] = &[
    needs("memory", Type::Between(1, i64::MAX)),
    may("maxComputePercent", Type::Between(1, 100)),
];

/// [`SharingStrategy`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SharingStrategy.html)
const SHARING_STRATEGY: &[Member] = &[
    may("nvidiaMps", Type::Struct(NVIDIA_MPS_ALLOCATION)),
];

/// [`ResourceRequirement`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ResourceRequirement.html)
const RESOURCE_REQUIREMENT: &[Member] = &[
    may("value", Type::Text),
    needs("type", Type::OneOf(&["GPU", "InferenceAccelerator", "NeuronDevice"])),
    may("sharingStrategy", Type::Struct(SHARING_STRATEGY)),
];

/// [`FirelensConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FirelensConfiguration.html)
const FIRELENS_CONFIGURATION: &[Member] = &[
    needs("type", Type::OneOf(&["fluentd", "fluentbit"])),
    may("options", Type::TextMap),
];

/// [`ContainerDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html)
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
    may("restartPolicy", Type::Struct(CONTAINER_RESTART_POLICY)),
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

/// [`HostVolumeProperties`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HostVolumeProperties.html)
const HOST_VOLUME_PROPERTIES: &[Member] = &[
    may("sourcePath", Type::Text),
];

/// [`DockerVolumeConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DockerVolumeConfiguration.html)
const DOCKER_VOLUME_CONFIGURATION: &[Member] = &[
    may("scope", Type::OneOf(&["task", "shared"])),
    may("autoprovision", Type::Flag),
    may("driver", Type::Text),
    may("driverOpts", Type::TextMap),
    may("labels", Type::TextMap),
];

/// [`EFSAuthorizationConfig`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSAuthorizationConfig.html)
const EFS_AUTHORIZATION_CONFIG: &[Member] = &[
    may("accessPointId", Type::Text),
    may("iam", Type::OneOf(&["ENABLED", "DISABLED"])),
];

/// [`EFSVolumeConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html)
const EFS_VOLUME_CONFIGURATION: &[Member] = &[
    needs("fileSystemId", Type::Text),
    may("rootDirectory", Type::Text),
    may("transitEncryption", Type::OneOf(&["ENABLED", "DISABLED"])),
    may("transitEncryptionPort", Type::Number),
    may("authorizationConfig", Type::Struct(EFS_AUTHORIZATION_CONFIG)),
];

/// [`S3FilesVolumeConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_S3FilesVolumeConfiguration.html)
const S3_FILES_VOLUME_CONFIGURATION: &[Member] = &[
    needs("fileSystemArn", Type::Text),
    may("rootDirectory", Type::Text),
    may("transitEncryptionPort", Type::Number),
    may("accessPointArn", Type::Text),
];

/// [`FSxWindowsFileServerAuthorizationConfig`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FSxWindowsFileServerAuthorizationConfig.html)
const F_SX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG: &[Member] = &[
    needs("credentialsParameter", Type::Text),
    needs("domain", Type::Text),
];

/// [`FSxWindowsFileServerVolumeConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FSxWindowsFileServerVolumeConfiguration.html)
const F_SX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION: &[Member] = &[
    needs("fileSystemId", Type::Text),
    needs("rootDirectory", Type::Text),
    needs("authorizationConfig", Type::Struct(F_SX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG)),
];

/// [`Volume`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html)
const VOLUME: &[Member] = &[
    may("name", Type::Text),
    may("host", Type::Struct(HOST_VOLUME_PROPERTIES)),
    may("dockerVolumeConfiguration", Type::Struct(DOCKER_VOLUME_CONFIGURATION)),
    may("efsVolumeConfiguration", Type::Struct(EFS_VOLUME_CONFIGURATION)),
    may("s3filesVolumeConfiguration", Type::Struct(S3_FILES_VOLUME_CONFIGURATION)),
    may("fsxWindowsFileServerVolumeConfiguration", Type::Struct(F_SX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION)),
    may("configuredAtLaunch", Type::Flag),
];

/// [`TaskDefinitionPlacementConstraint`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinitionPlacementConstraint.html)
const TASK_DEFINITION_PLACEMENT_CONSTRAINT: &[Member] = &[
    may("type", Type::OneOf(&["memberOf"])),
    may("expression", Type::Text),
];

/// [`Tag`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html)
const TAG: &[Member] = &[
    may("key", Type::Limited(128, in_tags)),
    may("value", Type::Limited(256, in_tags)),
];

/// [`ProxyConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html)
const PROXY_CONFIGURATION: &[Member] = &[
    may("type", Type::OneOf(&["APPMESH"])),
    needs("containerName", Type::Text),
    may("properties", Type::Structs(KEY_VALUE_PAIR)),
];

/// [`InferenceAccelerator`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InferenceAccelerator.html)
const INFERENCE_ACCELERATOR: &[Member] = &[
    needs("deviceName", Type::Text),
    needs("deviceType", Type::Text),
];

/// [`EphemeralStorage`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html)
const EPHEMERAL_STORAGE: &[Member] = &[
    needs("sizeInGiB", Type::Number),
];

/// [`RuntimePlatform`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html)
const RUNTIME_PLATFORM: &[Member] = &[
    may("cpuArchitecture", Type::OneOf(&["X86_64", "ARM64"])),
    may("operatingSystemFamily", Type::OneOf(&["WINDOWS_SERVER_2019_FULL", "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2016_FULL", "WINDOWS_SERVER_2004_CORE", "WINDOWS_SERVER_2022_CORE", "WINDOWS_SERVER_2022_FULL", "WINDOWS_SERVER_2025_CORE", "WINDOWS_SERVER_2025_FULL", "WINDOWS_SERVER_20H2_CORE", "LINUX"])),
];

/// [`TrustedExecutionConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TrustedExecutionConfiguration.html)
const TRUSTED_EXECUTION_CONFIGURATION: &[Member] = &[
    needs("isolationMode", Type::OneOf(&["SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"])),
    may("attestationPolicy", Type::Text),
];

/// [`RegisterTaskDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html)
pub(crate) const TASK: &[Member] = &[
    may("family", Type::Own),
    may("taskRoleArn", Type::Text),
    may("executionRoleArn", Type::Text),
    may("networkMode", Type::Text),
    may("containerDefinitions", Type::Own),
    may("volumes", Type::Structs(VOLUME)),
    may("placementConstraints", Type::Structs(TASK_DEFINITION_PLACEMENT_CONSTRAINT)),
    may("requiresCompatibilities", Type::SomeOf(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"])),
    may("cpu", Type::Text),
    may("memory", Type::Text),
    up_to(50, "tags", Type::Structs(TAG)),
    may("pidMode", Type::OneOf(&["host", "task"])),
    may("ipcMode", Type::OneOf(&["host", "task", "none"])),
    may("proxyConfiguration", Type::Struct(PROXY_CONFIGURATION)),
    may("inferenceAccelerators", Type::Structs(INFERENCE_ACCELERATOR)),
    may("ephemeralStorage", Type::Struct(EPHEMERAL_STORAGE)),
    may("runtimePlatform", Type::Struct(RUNTIME_PLATFORM)),
    may("enableFaultInjection", Type::Flag),
    may("trustedExecutionConfiguration", Type::Struct(TRUSTED_EXECUTION_CONFIGURATION)),
];
