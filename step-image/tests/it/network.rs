//! Offline commands send nothing; and the errors if AWS is needed but not reachable.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::expect;

use crate::folder::Folder;

/// Listens, counts connections and closes them.
fn count_connections() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            shared.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, count)
}

/// Everything that could lead out points at that port.
fn run(folder: &Folder, port: u16, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let url = format!("http://127.0.0.1:{port}");
    let mut command = folder.command(&[&["generate", "--artifact", "a.zip"], args].concat());
    for name in ["AWS_ENDPOINT_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"] {
        command.env(name, &url);
    }
    command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url).env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    command.envs(variables.iter().copied()).output().unwrap()
}

const KEYS: [(&str, &str); 3] =
    [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "not-a-real-key")];

#[test]
fn what_needs_nothing_of_aws_asks_for_nothing() {
    let folder = Folder::new();
    folder.write("config.yaml", "task_definition_file: web.json\nregion: eu-west-1\n");
    let (port, count) = count_connections();
    for args in [&["--task-definition-file", "web.json"][..], &["--config", "config.yaml"]] {
        for variables in [&[][..], &KEYS] {
            let output = run(&folder, port, args, variables);
            assert!(output.status.success(), "{}", folder.seen(&output));
        }
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);

    // A check of the counter: a command that needs AWS connects.
    let asked = run(&folder, port, &["--task-definition", "web"], &KEYS);
    assert!(!asked.status.success());
    assert_ne!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn where_nothing_listens_aws_is_unavailable() {
    let folder = Folder::new();
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let offline = run(&folder, port, &["--task-definition-file", "web.json"], &[]);
    assert!(offline.status.success(), "{}", folder.seen(&offline));
    let said = |args: &[&str], variables: &[(&str, &str)]| folder.seen(&run(&folder, port, args, variables));
    expect![[r#"
        exit 5
        --- stderr
        error: AWS09: ecs:DescribeTaskDefinition on web in eu-west-1: no connection: Connection refused (os error 111)
        hint: check the network path to ecs in eu-west-1 (VPC endpoint, proxy, security group), then retry
    "#]]
    .assert_eq(&said(&["--task-definition", "web"], &KEYS));
    expect![[r#"
        exit 4
        --- stderr
        error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: no credentials from the container endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI): connection refused
        hint: check that the task has a task role, or the pod an EKS Pod Identity association, and that nothing but the platform sets AWS_CONTAINER_CREDENTIALS_FULL_URI
    "#]].assert_eq(&said(&["--task-definition", "web"], &KEYS[..1]));
    expect![[r#"
        exit 2
        --- stderr
        error: AWS12: ecs:DescribeTaskDefinition on web in no region: no region is set
        hint: set --region or the environment variable AWS_REGION
    "#]]
    .assert_eq(&said(&["--task-definition", "web"], &KEYS[1..]));
}
