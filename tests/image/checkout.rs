//! The default target of the Dockerfile, which compiles this checkout. The compiler's image cannot be had everywhere, so
//! programs stand in for `cargo` and `rustc` here: they check the folder and the arguments that they are given, and hand
//! out the command of the shared image.

use e2e::{scratch::Scratch, unique};

use crate::{
    image::{self, Image},
    jenkins::shown,
};

const CARGO: &str = r#"#!/bin/sh
set -eux
case $1 in
  install)
    mkdir -p "$7/bin"
    cp /usr/bin/cargo "$7/bin/cargo-auditable"
    ;;
  fetch) [ "$*" = "fetch --locked --quiet" ] ;;
  auditable)
    [ "$*" = "auditable build --release --locked --package step-image" ]
    [ -f Cargo.lock ] && [ -f step-image/src/main.rs ] && [ -f functions/aws/src/lib.rs ]
    [ -f tests/Cargo.toml ] && [ "$(find tests -type f | wc -l)" = 3 ]
    [ "$(ls -A | tr "\n" " ")" = ".ci Cargo.lock Cargo.toml functions step-image target tests " ]
    [ "$(ls -A .ci)" = cargo-release ]
    case $CARGO_ENCODED_RUSTFLAGS in
      *--remap-path-prefix=/build=*--remap-path-prefix=/toolchain/*) ;;
      *) exit 1 ;;
    esac
    mkdir -p target/release
    cp /usr/local/bin/codedeploy-artifact target/release/
    ;;
  *) exit 1 ;;
esac
"#;

const RUSTC: &str = "#!/bin/sh\necho /toolchain\n";

#[test]
fn the_checkout_is_what_is_compiled_and_its_command_is_in_the_image() {
    let Some(image) = Image::shared() else { return };
    let docker = image.docker;
    let compiler = unique::name("compiler");
    let context = Scratch::new();
    context.write("cargo", CARGO);
    context.write("rustc", RUSTC);
    let recipe = format!(
        "FROM {}\nUSER 0\nCOPY cargo rustc /usr/bin/\nRUN chmod 755 /usr/bin/cargo /usr/bin/rustc\n",
        image.name
    );
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
