//! Calls to Service Quotas.

use serde_json::{Value, json};

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, find, send};

pub(crate) const QUOTAS: Service = Service {
    id: "Service Quotas",
    signing: "servicequotas",
    host: "servicequotas",
    protocol: Protocol::Json("ServiceQuotasV20190624"),
};

/// A quota of Fargate: the applied one, or the default of AWS if none was ever applied.
pub async fn fargate(aws: &Aws, code: &str) -> Result<u64, AwsError> {
    let arguments = || Arguments::Json(json!({ "ServiceCode": "fargate", "QuotaCode": code }));
    let call = aws.call("servicequotas:GetServiceQuota", code)?;
    let applied = find(aws, &QUOTAS, &call, arguments(), &["NoSuchResourceException"]).await?;
    let answer = if let Some(answer) = applied {
        answer
    } else {
        let call = aws.call("servicequotas:GetAWSDefaultServiceQuota", code)?;
        send(aws, &QUOTAS, &call, arguments(), refused).await?
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of vCPUs, which is never negative"
    )]
    let whole = |value: f64| value as u64;
    call.part(answer.pointer("/Quota/Value").and_then(Value::as_f64).map(whole))
}
