//! An inspection for other programs.

use super::*;

const APPSPEC_OF_ANOTHER: &str = "version: 0.0
Resources:
  - TargetService: {Type: AWS::ECS::Service, Properties: {TaskDefinition: <TASK_DEFINITION>,
      LoadBalancerInfo: {ContainerName: 'w<&%', ContainerPort: 8080}}}
";

/// An error, a warning and a note; names with what the formats escape.
fn inspection() -> Inspection {
    let taskdef = TASKDEF.replace("\"256\"", "\"257\"").replace("\"family\"", "\"familly\": 1, \"family\"");
    inspect(&Given {
        appspec: Some(source("a,b: 100%/appspec.yml", APPSPEC_OF_ANOTHER)),
        task_definition: Some(source("shop.zip::taskdef.json", &taskdef)),
        artifact: None,
        placeholders: &[],
    })
}

#[test]
fn github_reads_each_finding_as_one_command() {
    expect![[r#"
        ::error file=a%2Cb%3A 100%25/appspec.yml,line=4,col=26,title=PAR13::Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: no container "w<&%25" in shop (has: web)%0Ahint: set ContainerName in the AppSpec to one of these
        ::error file=shop.zip,title=TD15::taskdef.json:5:3: cpu 257 is not a Fargate CPU size (256, 512, 1024, 2048, 4096, 8192, 16384, 32768)%0Ahint: set "cpu" to a Fargate size, such as "256"
        ::warning file=shop.zip,title=TD28::taskdef.json:2:3: familly is unknown; did you mean "family"?%0Ahint: write "family", or keep it if it is a new member of ECS
        ::notice file=shop.zip,title=IMG04::taskdef.json:11:7: containerDefinitions[0].image is <IMAGE1_NAME>, which the CodeDeployToECS action must fill in%0Ahint: set Image1ContainerName to IMAGE1_NAME, and Image1ArtifactName, in the action
    "#]].assert_eq(&inspection().github());
}

#[test]
fn junit_has_a_case_for_each_rule() {
    let page = inspection().junit(false);
    let cases = page.lines().filter(|line| line.contains("<testcase")).count();
    assert_eq!(cases, inspection().rules.len());
    let told: String = page
        .lines()
        .map(str::trim_start)
        .filter(|line| line.contains("<testcase") && line.contains('>'))
        .filter(|it| !it.ends_with("\"/>"))
        .flat_map(|it| [it, "\n"])
        .collect();
    expect![[r#"
        <testcase classname="codedeploy-artifact.check" name="TD15" time="0.000"><failure message="shop.zip::taskdef.json: cpu 257 is not a Fargate CPU size (256, 512, 1024, 2048, 4096, 8192, 16384, 32768)" type="error">shop.zip::taskdef.json:5:3: error TD15: cpu 257 is not a Fargate CPU size (256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
        <testcase classname="codedeploy-artifact.check" name="TD28" time="0.000"><system-out>shop.zip::taskdef.json:2:3: warning TD28: familly is unknown; did you mean &quot;family&quot;?
        <testcase classname="codedeploy-artifact.check" name="IMG04" time="0.000"><system-out>shop.zip::taskdef.json:11:7: note IMG04: containerDefinitions[0].image is &lt;IMAGE1_NAME&gt;, which the CodeDeployToECS action must fill in
        <testcase classname="codedeploy-artifact.check" name="PAR13" time="0.000"><failure message="a,b: 100%/appspec.yml: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: no container &quot;w&lt;&amp;%&quot; in shop (has: web)" type="error">a,b: 100%/appspec.yml:4:26: error PAR13: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: no container &quot;w&lt;&amp;%&quot; in shop (has: web)
        <testcase classname="codedeploy-artifact.check" name="CHK07" time="0.000"><skipped message="not checked: no artifact is given"/></testcase>
        <testcase classname="codedeploy-artifact.check" name="CHK08" time="0.000"><skipped message="not checked: no artifact is given"/></testcase>
        <testcase classname="codedeploy-artifact.check" name="TD07" time="0.000"><skipped message="not checked: no artifact is given"/></testcase>
    "#]].assert_eq(&told);
    let strict = inspection().junit(true);
    assert_eq!((page.matches("<failure").count(), strict.matches("<failure").count()), (2, 3));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one document")]
fn sarif_has_rules_results_and_places() {
    let sarif: serde_json::Value = serde_json::from_str(&inspection().sarif("1.2.3")).unwrap();
    let run = &sarif["runs"][0];
    expect![[r#"
        [
          {
            "ruleId": "PAR13",
            "level": "error",
            "message": {
              "text": "Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: no container \"w<&%\" in shop (has: web); set ContainerName in the AppSpec to one of these"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "a%2Cb%3A%20100%25/appspec.yml"
                  },
                  "region": {
                    "startLine": 4,
                    "startColumn": 26
                  }
                },
                "logicalLocations": [
                  {
                    "fullyQualifiedName": "Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName"
                  }
                ]
              }
            ],
            "ruleIndex": 70
          },
          {
            "ruleId": "TD15",
            "level": "error",
            "message": {
              "text": "cpu 257 is not a Fargate CPU size (256, 512, 1024, 2048, 4096, 8192, 16384, 32768); set \"cpu\" to a Fargate size, such as \"256\""
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "shop.zip/taskdef.json"
                  },
                  "region": {
                    "startLine": 5,
                    "startColumn": 3
                  }
                },
                "logicalLocations": [
                  {
                    "fullyQualifiedName": "cpu"
                  }
                ]
              }
            ],
            "ruleIndex": 41
          },
          {
            "ruleId": "TD28",
            "level": "warning",
            "message": {
              "text": "familly is unknown; did you mean \"family\"?; write \"family\", or keep it if it is a new member of ECS"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "shop.zip/taskdef.json"
                  },
                  "region": {
                    "startLine": 2,
                    "startColumn": 3
                  }
                },
                "logicalLocations": [
                  {
                    "fullyQualifiedName": "familly"
                  }
                ]
              }
            ],
            "ruleIndex": 57
          },
          {
            "ruleId": "IMG04",
            "level": "note",
            "message": {
              "text": "containerDefinitions[0].image is <IMAGE1_NAME>, which the CodeDeployToECS action must fill in; set Image1ContainerName to IMAGE1_NAME, and Image1ArtifactName, in the action"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "shop.zip/taskdef.json"
                  },
                  "region": {
                    "startLine": 11,
                    "startColumn": 7
                  }
                },
                "logicalLocations": [
                  {
                    "fullyQualifiedName": "containerDefinitions[0].image"
                  }
                ]
              }
            ],
            "ruleIndex": 67
          }
        ]"#]].assert_eq(&format!("{:#}", run["results"]));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn what_is_ignored_is_said() {
    let ignore = |text: &str| Ignore::parse(text).unwrap();
    let left = inspection().ignoring(&[ignore("td15=one is on order"), ignore("TD16")]);
    assert!(left.findings.iter().all(|it| it.code != "TD15"));
    assert_eq!(left.findings.last().map(|it| it.code), Some("CHK10"));
    assert!(left.text().contains("ignored: 1 TD15: one is on order\n"), "{}", left.text());
    let case = r#"name="TD15" time="0.000"><skipped message="ignored: 1 TD15: one is on order"/>"#;
    assert!(left.junit(true).contains(case), "{}", left.junit(true));
    for (text, says) in
        [("TD51", "did you mean TD"), ("nonsense", "no finding has this code"), ("APP16", "cannot be ignored")]
    {
        assert!(Ignore::parse(text).is_err_and(|error| error.contains(says)), "{text}");
    }
}

/// A viewer shows them as dismissed, with the reason, and does not count them.
#[test]
fn what_is_ignored_is_suppressed_in_sarif() {
    let ignore = |text: &str| Ignore::parse(text).unwrap();
    let results = |inspection: Inspection| -> Vec<serde_json::Value> {
        let sarif: serde_json::Value = serde_json::from_str(&inspection.sarif("1.2.3")).unwrap();
        sarif["runs"][0]["results"].as_array().unwrap().clone()
    };
    let (before, after) =
        (results(inspection()), results(inspection().ignoring(&[ignore("TD15=one is on order"), ignore("IMG04")])));
    assert_eq!(before.len(), after.len());
    for result in &before {
        assert!(result.get("suppressions").is_none(), "{result}");
        let mut same = after.iter().find(|it| it["ruleId"] == result["ruleId"]).expect("the same finding").clone();
        let suppressions = same.as_object_mut().and_then(|members| members.remove("suppressions"));
        assert_eq!(same, *result);
        let external = |more: serde_json::Value| {
            let mut external = serde_json::json!([{ "kind": "external", "status": "accepted" }]);
            external[0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            external
        };
        let expect = match result["ruleId"].as_str().unwrap() {
            "TD15" => Some(external(serde_json::json!({ "justification": "one is on order" }))),
            "IMG04" => Some(external(serde_json::json!({}))),
            _ => None,
        };
        assert_eq!(suppressions, expect, "{result}");
    }
}
