//! The default target of the Dockerfile, which compiles this checkout. The compiler's image cannot be had everywhere, so
//! a program stands in for `cargo` here: it judges the folder and the arguments that it is given, and hands out the
//! command of the shared image.

use e2e::{scratch::Scratch, unique};

use crate::{
    image::{self, Image},
    jenkins::shown,
};

const CARGO: &str = r#"#!/bin/sh
set -eux
[ "$*" = "build --release --locked --package step-image" ]
[ -f Cargo.lock ] && [ -f step-image/src/main.rs ] && [ -f functions/aws-calls/src/lib.rs ]
[ -f tests/Cargo.toml ] && [ "$(find tests -type f | wc -l)" = 2 ]
[ "$(ls -A | tr "\n" " ")" = "Cargo.lock Cargo.toml functions step-image tests " ]
mkdir -p target/release
cp /usr/local/bin/codedeploy-artifact target/release/
"#;

#[test]
fn the_checkout_is_what_is_compiled_and_its_command_is_in_the_image() {
    let Some(image) = Image::shared() else { return };
    let docker = image.docker;
    let compiler = unique::name("compiler");
    let context = Scratch::new();
    context.write("cargo", CARGO);
    let recipe = format!("FROM {}\nUSER 0\nCOPY cargo /usr/bin/cargo\nRUN chmod 755 /usr/bin/cargo\n", image.name);
    let dockerfile = context.write("Dockerfile", recipe);
    let mut stand_in = docker.command(["build", "--quiet", "--network=none", "--tag", &compiler, "--file"]);
    let output = stand_in.arg(dockerfile).arg(context.path()).output().expect("the client of Docker");
    assert!(output.status.success(), "{}", shown(&output));

    let name = unique::name("codedeploy-artifact");
    let mut command = image::build(docker, &name, image.base, &compiler);
    command.args(["--network=none", concat!(env!("CARGO_MANIFEST_DIR"), "/..")]);
    let output = command.output().expect("the client of Docker");
    assert!(output.status.success(), "{}", shown(&output));

    let digest = |image: &str| {
        let sum = ["sha256sum", "/usr/local/bin/codedeploy-artifact"];
        docker.ask([&["run", "--rm", "--network=none", image], &sum[..]].concat())
    };
    assert_eq!(digest(&name), digest(&image.name));
    for made in [&name, &compiler] {
        docker.call(["image", "rm", "--force", made]);
    }
}
