//! The operation of a request, its signer, and the code of an error, in each AWS protocol.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};

/// The key ID and the Region in `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
pub(super) fn signer(authorization: &str) -> (Option<&str>, Option<&str>) {
    let scope = authorization.split_once("Credential=").map(|(_, scope)| scope);
    let mut parts = scope.into_iter().flat_map(|scope| scope.split('/'));
    (parts.next(), parts.nth(1))
}

/// `SERVICE:OPERATION` as IAM names them, or `METHOD HOST` of what is not an operation, such as credentials of a container:
/// their path may be a secret.
pub(super) fn what(request: &HttpRequest) -> String {
    let agent = request.headers().get("user-agent").unwrap_or_default();
    let service = agent.split(' ').find_map(|word| word.strip_prefix("api/")?.split('/').next());
    match (service, operation(request)) {
        (Some(service), Some(operation)) => format!("{service}:{operation}"),
        _ => format!("{} {}", request.method(), request.uri().split('/').nth(2).unwrap_or_default()),
    }
}

/// The operation, where each protocol of AWS has it.
fn operation(request: &HttpRequest) -> Option<&str> {
    let header = |name| request.headers().get(name);
    let in_header = header("x-amz-target").and_then(|target| target.rsplit('.').next());
    let in_query = || request.uri().split_once('?')?.1.split('&').find_map(|pair| pair.strip_prefix("x-id="));
    let in_form = || std::str::from_utf8(request.body().bytes()?).ok()?.strip_prefix("Action=")?.split('&').next();
    in_header.or_else(in_query).or_else(in_form)
}

/// The code of an error: a word, wherever the protocol has it.
pub(super) fn error_code<'a>(answer: &'a HttpResponse, body: &'a [u8]) -> Option<&'a str> {
    let in_header = answer.headers().get("x-amzn-errortype").and_then(|value| value.split(':').next());
    let text = std::str::from_utf8(body).unwrap_or_default();
    let in_json = || {
        let (_, rest) = text.split_once("\"__type\"")?;
        rest.trim_start_matches([':', ' ']).strip_prefix('"')?.split('"').next()
    };
    let in_xml = || text.split_once("<Code>")?.1.split('<').next();
    let code = in_header.or_else(in_json).or_else(in_xml)?;
    let code = code.rsplit('#').next()?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
    ((1..=80).contains(&code.len()) && code.bytes().all(fits)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    /// Headers, body and code.
    type Case<'a> = (&'a [(&'static str, &'static str)], &'a [u8], Option<&'a str>);

    fn code(headers: &[(&'static str, &'static str)], body: &[u8]) -> Option<String> {
        let mut answer = HttpResponse::new(StatusCode::try_from(400).unwrap(), SdkBody::empty());
        for (name, value) in headers {
            answer.headers_mut().insert(*name, *value);
        }
        error_code(&answer, body).map(str::to_owned)
    }

    #[test]
    fn the_code_of_an_error_is_a_word_and_nothing_else_of_its_body() {
        let cases: [Case; 7] = [
            (&[], br#"{"__type":"com.amazon.ecs#ServerException","message":"planted"}"#, Some("ServerException")),
            (&[], br#"{"message":"planted", "__type": "ThrottlingException"}"#, Some("ThrottlingException")),
            (&[], b"<Error><Code>SlowDown</Code><Message>planted</Message></Error>", Some("SlowDown")),
            (&[("x-amzn-errortype", "UnauthorizedException:http://internal")], b"{}", Some("UnauthorizedException")),
            (&[], b"<html>planted</html>", None),
            (&[], br#"{"__type":"a planted secret"}"#, None),
            (&[], b"", None),
        ];
        for (headers, body, expected) in cases {
            assert_eq!(code(headers, body).as_deref(), expected, "{}", String::from_utf8_lossy(body));
        }
    }

    fn request(method: &str, uri: &str, headers: &[(&'static str, &'static str)], body: &'static str) -> String {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).unwrap();
        request.set_uri(uri).unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, *value);
        }
        what(&request)
    }

    #[test]
    fn an_operation_is_named_without_its_path_query_and_body() {
        let sts = [("user-agent", "aws-sdk-rust/1.3 ua/2.1 api/sts/1.124.0 os/linux")];
        let s3 = [("user-agent", "aws-sdk-rust/1.3 api/s3/1.157.0")];
        assert_eq!(request("POST", "https://sts/", &sts, "Action=AssumeRole&ExternalId=planted"), "sts:AssumeRole");
        assert_eq!(request("GET", "https://b.s3/operation/k?x-id=GetObject&versionId=1", &s3, ""), "s3:GetObject");
        assert_eq!(request("PUT", "https://b.s3/x-id=planted", &s3, "planted"), "PUT b.s3");
        assert_eq!(request("GET", "http://169.254.170.2/planted?planted", &[], ""), "GET 169.254.170.2");
        let authorization =
            "AWS4-HMAC-SHA256 Credential=ASIAKEY/20261123/eu-west-1/ecs/aws4_request, Signature=planted";
        assert_eq!(signer(authorization), (Some("ASIAKEY"), Some("eu-west-1")));
        assert_eq!(signer("Bearer planted"), (None, None));
    }
}
