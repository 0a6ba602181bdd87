//! Private keys, which are blocks of several lines.

use std::ops::Range;

/// The bodies of private keys: between the marks, to the end if the second one is missing, and the lines of base64 before
/// it if the first one is missing.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut body: Option<usize> = None;
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        let begins = line.find("-----BEGIN ").filter(|_| line.contains("PRIVATE KEY"));
        let ends = line.find("-----END ").filter(|_| line.contains("PRIVATE KEY"));
        if let Some(at) = begins {
            open = Some(start + at);
        }
        if let Some(at) = ends
            && let Some(from) = open.take().or(body)
        {
            let mark = line.get(at + 9..).and_then(|rest| rest.find("-----")).map_or(line.len(), |to| at + 9 + to + 5);
            found.push(from..start + mark);
        }
        let is_body = line.trim().len() >= 16
            && line.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
        body = body.filter(|_| is_body).or(is_body.then_some(start));
        start = end + 1;
    }
    found.extend(open.map(|from| from..text.len()));
    found
}
