//! The ways in which a call fails, each with its code.

use super::{BadSource, Denial, Network};

/// As whom S3 is asked: a refusal is corrected in another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The role of the pipeline's action, which came with the job.
    PipelineAction,
    /// The credentials that this program runs with, or a role that they assumed.
    Own,
}

/// Everything that tells one failure from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// `AWS01`: the caller lacks a permission, or a policy says no.
    Denied {
        /// AWS's words, taken apart.
        denial: Box<Denial>,
        /// AWS's words.
        text: String,
    },
    /// `AWS02`: the session has ended.
    Expired,
    /// `AWS03`: AWS does not know the key or the signature, or the clock is wrong.
    Rejected {
        /// AWS's error code.
        code: String,
        /// AWS's words.
        text: String,
    },
    /// `AWS04`: the default chain found no credentials; what was asked for and is not there, if it is that.
    NoCredentials(Option<BadSource>),
    /// `AWS05`: a source of credentials was found and failed.
    CredentialsFailed(BadSource),
    /// `AWS06`: too many requests, after all attempts.
    Throttled,
    /// `AWS07`: a fault on the side of AWS, after all attempts.
    ServerFault {
        /// HTTP status.
        status: u16,
    },
    /// `AWS08`: no answer in time, after all attempts.
    TimedOut,
    /// `AWS09`: no connection, or it broke, after all attempts.
    Unreachable(String),
    /// `AWS10`: an answer that AWS would not give: a proxy's page, or a cut one.
    Unreadable {
        /// HTTP status.
        status: u16,
    },
    /// `AWS11`: any other refusal, in AWS's words.
    Refused {
        /// AWS's error code.
        code: String,
        /// HTTP status.
        status: u16,
        /// AWS's words.
        text: String,
    },
    /// `AWS12`: no region is known, so there is no host to send to.
    NoRegion,
    /// `AWS13`: the SDK could not build the request.
    NotBuilt(String),
    /// `AWS14`: a key or token holds what cannot be part of one; nothing was sent.
    UnfitCredentials,
    /// `NET01` to `NET06`: what lies between here and AWS.
    Network(Network),
    /// `PAR07`: a region name of the wrong shape; nothing was sent.
    BadRegion,
    /// `TD01`: there is no such task definition.
    TaskDefinitionMissing {
        /// Twelve digits, where the request named them.
        account: Option<String>,
    },
    /// `SVC01`: there is no such cluster.
    ClusterMissing,
    /// `SVC02`: there is no such service in the cluster.
    ServiceMissing,
    /// `SVC03`: the service exists no more, or is about to.
    ServiceNotActive {
        /// `INACTIVE` or `DRAINING`.
        status: String,
    },
    /// `SVC07`: the deployment controller of the service does not allow it.
    ControllerForbids {
        /// AWS's words.
        text: String,
    },
    /// `TD12`: ECS does not accept the task definition.
    TaskDefinitionRefused {
        /// AWS's words.
        text: String,
    },
    /// `DEP01`: the deployment group has an active deployment, and takes one at a time.
    DeploymentActive {
        /// Its id, where AWS says it.
        active: Option<String>,
    },
    /// `DEP02`: there is no such deployment.
    DeploymentMissing,
    /// `DEP05`: the application, group or config is not made for ECS.
    NotForEcs {
        /// `Server` or `Lambda`.
        platform: String,
    },
    /// `DEP06`: there is no such CodeDeploy application.
    ApplicationMissing,
    /// `DEP07`: there is no such deployment group in the application.
    GroupMissing,
    /// `DEP08`: there is no such deployment config.
    DeploymentConfigMissing,
    /// `DEP09`: the deployment does not wait for what it was told to go on with.
    NotWaiting {
        /// AWS's words.
        text: String,
    },
    /// `DEP10`: CodeDeploy does not accept the revision, or does not know it.
    RevisionRefused {
        /// AWS's words.
        text: String,
    },
    /// `DEP11`: the deployment config shifts traffic in a way that this version does not know.
    RoutingUnknown {
        /// Its name.
        routing: String,
    },
    /// `DEP12`: CodeDeploy cannot assume the service role of the group, or the role lacks permissions.
    ServiceRole {
        /// AWS's words.
        text: String,
    },
    /// `ELB01`: there is no such target group.
    TargetGroupMissing,
    /// `STS01`: the role may not be assumed by this caller.
    AssumeDenied {
        /// AWS's words, taken apart.
        denial: Box<Denial>,
        /// Whether the request carried an external id.
        external_id: bool,
    },
    /// `STS02`: the role lives in another partition than the region, such as `aws` and `aws-cn`.
    ForeignPartition {
        /// Partition of the role.
        role: String,
        /// Partition of the region.
        region: &'static str,
    },
    /// `S3-01`: the object may not be read.
    ReadDenied {
        /// AWS's words, taken apart.
        denial: Box<Denial>,
        /// As whom it was asked for.
        caller: Caller,
    },
    /// `S3-02`: there is no such object, after four attempts in five seconds.
    ObjectMissing,
    /// `S3-03`: the object may not be written.
    WriteDenied {
        /// AWS's words, taken apart.
        denial: Box<Denial>,
        /// As whom it was written.
        caller: Caller,
    },
    /// `S3-04`: there is no such bucket.
    BucketMissing,
    /// `S3-05`: the bucket is in another region than the call went to.
    BucketElsewhere {
        /// Region of the bucket, where S3 says it.
        region: Option<String>,
    },
    /// `S3-06`: the body of the object ended early or stood still.
    BodyBroken {
        /// Bytes that had arrived.
        received: u64,
    },
    /// `S3-07`: what arrived could not be written on this side.
    NotWritten(String),
    /// `S3-08`: the object is not UTF-8 text, or has more than [`crate::s3::TEXT_BYTES`].
    NotText,
    /// `S3-09`: the KMS key that encrypts the object does not exist, is disabled, or is about to be deleted.
    KeyRefused {
        /// AWS's words.
        text: String,
        /// As whom S3 was asked.
        caller: Caller,
    },
    /// `ZIP09`: the object is larger than the caller accepts.
    ObjectTooLarge {
        /// Size of the object, or what of it had arrived when it passed the limit, in bytes.
        bytes: u64,
        /// The caller's limit, in bytes.
        limit: u64,
    },
}
