//! README.md and the reference pages: their policies, settings and pipeline are those that the programs need.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use codedeploy_core::artifact::request::{Parameters, Request};
use e2e::markdown::{blocks, section};
use e2e::{environment::Environment, moto::outsider, python::Python};
use serde_json::Value;

pub(crate) const README: &str = include_str!("../../README.md");
const IAM: &str = include_str!("../../functions/aws/IAM.md");

/// The actions that a policy allows.
fn actions(policy: &str) -> BTreeSet<String> {
    let policy: Value = serde_json::from_str(policy).expect("a policy");
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        assert!(statement["Resource"].is_string() || statement["Resource"].is_array(), "{statement}");
        match &statement["Action"] {
            Value::String(action) => vec![action.clone()],
            many => many.as_array().expect("actions").iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        }
    });
    actions.collect()
}

/// The actions of the policies of the README that follow a paragraph with that first word.
pub(crate) fn policies(names: &[&str]) -> Vec<String> {
    let of = |name: &&str| {
        let (_, rest) = README.split_once(&format!("\n{name},")).expect(name);
        actions(blocks(rest, "json")[0])
    };
    names.iter().flat_map(of).collect()
}

/// The first table of a section of IAM.md, and the rest of the section: what only some features need.
fn always(heading: &str) -> (&'static str, &'static str) {
    let section = section(IAM, heading);
    section.split_once("Only for some features").unwrap_or((section, ""))
}

/// The actions in a text.
fn named(text: &str) -> BTreeSet<String> {
    let is_action = |word: &&str| {
        word.split_once(':').is_some_and(|(service, call)| {
            service != "aws"
                && service.chars().all(|c| c.is_ascii_lowercase() || "23-".contains(c))
                && call.starts_with(|c: char| c.is_ascii_uppercase())
                && call.chars().all(|c| c.is_ascii_alphanumeric())
        })
    };
    text.split('`').skip(1).step_by(2).filter(is_action).map(str::to_owned).collect()
}

#[test]
fn the_policies_allow_what_the_table_of_actions_names() {
    let check = |policies_of: &[&str], heading: &str| {
        let allowed: BTreeSet<String> = policies(policies_of).into_iter().collect();
        assert_eq!(allowed, named(always(heading).0), "{heading}");
    };
    check(&["`shop-pipeline-generate`"], "Pipeline action");
    check(&["Reader"], "Command line: reader");
    check(&["Deployer"], "Command line: deployer");
    check(&["Stopper"], "Command line: stopper");
    // The pipeline of the README describes as the function itself.
    let mut function = named(always("Lambda function").0);
    assert!(function.remove("sts:AssumeRole"));
    assert_eq!(policies(&["`function.json`"]).into_iter().collect::<BTreeSet<_>>(), function);
    let watchdog: BTreeSet<String> = policies(&["`watchdog.json`"]).into_iter().collect();
    assert!(watchdog.is_subset(&function) && !watchdog.contains("codepipeline:PutJobSuccessResult"), "{watchdog:?}");
}

/// Methods of answers that are named like calls.
const NO_CALLS: [&str; 3] = ["create_time", "stop_code", "get_ref"];

/// The sources of the library under a folder, without their tests.
fn sources(folder: &Path) -> String {
    let of = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { std::fs::read_to_string(&path).unwrap() }
    };
    let all = std::fs::read_dir(folder).unwrap().map(|entry| of(entry.unwrap().path()));
    all.map(|source| source.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()).collect()
}

/// The calls of the SDK in sources, in the form of the API: `DescribeServices`.
fn calls(source: &str) -> BTreeSet<String> {
    let verbs = "describe get list batch_get create put stop continue update register assume";
    let camel = |name: &str| name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
    // Calls to services without an SDK crate name their action.
    let named = ["aws.call(\"", "(aws, \""].iter().flat_map(|opening| source.split(opening).skip(1));
    let named = named.filter_map(|rest| rest.split('"').next()?.split_once(':')).map(|(_, call)| call.to_owned());
    let methods = source.split('.').filter_map(|rest| rest.split_once("()")).map(|(name, _)| name);
    let is_call = |name: &&str| {
        name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            && verbs.split(' ').any(|verb| name.strip_prefix(verb).is_some_and(|rest| rest.starts_with('_')))
            && !NO_CALLS.contains(name)
    };
    methods.filter(is_call).map(camel).chain(named).collect()
}

#[test]
fn the_table_of_actions_has_every_call_of_the_sdk() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions/aws/src"));
    let calls = calls(&sources);
    assert!(calls.len() > 25, "{calls:?}");
    let actions = named(IAM);
    let actions: BTreeSet<&str> =
        actions.iter().filter_map(|action| action.split_once(':')).map(|(_, call)| call).collect();
    let missing: Vec<&String> = calls.iter().filter(|call| !actions.contains(call.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new(), "functions/aws/IAM.md lacks these");
    // What IAM asks for beside the calls in the sources. The SDK's own provider assumes roles.
    let more = [
        "AssumeRole",
        "CreateLogStream",
        "Decrypt",
        "GenerateDataKey",
        "GetObjectVersion",
        "InvokeFunction",
        "PassRole",
        "PutLogEvents",
        "RegisterApplicationRevision",
        "TagResource",
        "UpdateDeploymentGroup",
    ];
    let unused: Vec<&&str> = actions.iter().filter(|name| !calls.contains(**name) && !more.contains(name)).collect();
    assert_eq!(unused, Vec::<&&str>::new(), "functions/aws/IAM.md names calls that no source makes");
    let functions = IAM.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::"));
    let none = functions
        .filter(|(_, function)| !["(", "<"].iter().any(|next| sources.contains(&format!("fn {function}{next}"))));
    assert_eq!(none.collect::<Vec<_>>(), [], "functions/aws/IAM.md names functions that do not exist");
}

/// The AWS CLI checks the arguments by botocore's model and makes no call.
#[test]
fn the_command_for_denied_calls_is_one_of_the_aws_cli() {
    let Some(python) = Python::shared() else { return };
    let command = blocks(section(README, "The deploy action lacks a permission"), "sh")[0];
    let environment = Environment::of_aws("http://127.0.0.1:9", "eu-west-1", &outsider());
    let run = |command: &str| {
        let (_, args) = command.split_once("aws ").expect("a command of the AWS CLI");
        let aws = python.program("aws");
        let script = format!("\"$0\" {args} --generate-cli-skeleton output");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).arg(aws).env_clear().envs(environment.iter());
        shell.output().expect("a shell")
    };
    let output = run(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (right, wrong) in
        [("AttributeValue=", "AttributeText="), ("contains(", "includes("), ("--start-time", "--since")]
    {
        assert!(!run(&command.replace(right, wrong)).status.success(), "{wrong} must be refused");
    }
}

#[test]
fn the_pipeline_of_the_readme_is_one_that_works() {
    let stage: Value = serde_json::from_str(blocks(section(README, "2. Add the two actions"), "json")[0]).unwrap();
    let [generate, deploy] = [0, 1].map(|at| &stage["actions"][at]["configuration"]);
    let parameters = generate["UserParameters"].as_str().expect("text");
    let request = Request::new(Parameters::from_user_parameters(Some(parameters)).unwrap()).expect("a request");
    assert_eq!(deploy["AppSpecTemplatePath"], request.appspec_path.as_str());
    assert_eq!(deploy["TaskDefinitionTemplatePath"], request.taskdef_path.as_str());
    let placeholder = deploy["Image1ContainerName"].as_str().expect("a name");
    assert!(request.images.iter().any(|(_, image)| format!("{image:?}").contains(placeholder)), "{:?}", request.images);
    let made = &stage["actions"][0]["outputArtifacts"][0]["name"];
    assert_eq!([&deploy["AppSpecTemplateArtifact"], &deploy["TaskDefinitionTemplateArtifact"]], [made, made]);
    let inputs = stage["actions"][1]["inputArtifacts"].as_array().expect("input artifacts");
    for artifact in [made, &deploy["Image1ArtifactName"]] {
        assert!(inputs.iter().any(|input| input["name"] == *artifact), "{artifact}");
    }
}

/// The Markdown files under a folder, without what is built and fetched.
pub(crate) fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

/// The links of a page to files or headings that do not exist.
fn broken(page: &Path, text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let is_broken = |target: &&str| {
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let linked = if file.is_empty() { page.to_owned() } else { page.with_file_name("").join(file) };
        let headings = || std::fs::read_to_string(&linked).unwrap_or_default();
        !linked.exists()
            || !heading.is_empty()
                && !headings()
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| anchor(line.trim_matches('#')) == heading)
    };
    targets.filter(|target| !target.contains("://")).filter(is_broken).map(str::to_owned).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    pages(&root, &mut found);
    assert!(found.len() > 20, "{found:?}");
    let wrong = found.iter().flat_map(|page| {
        let text = std::fs::read_to_string(page).unwrap();
        broken(page, &text).into_iter().map(move |target| format!("{}: {target}", page.display()))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    let text = "[a](README.md#iam) [b](#what-is-not-there) [c](none.md) [d](https://example.com/x)";
    assert_eq!(broken(&root.join("README.md"), text), ["#what-is-not-there", "none.md"]);
}
