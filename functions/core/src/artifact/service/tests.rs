use expect_test::expect;

use super::*;

fn service(load_balancers: &[(&str, u16)]) -> Service {
    Service {
        cluster: "shop".to_owned(),
        name: "web".to_owned(),
        controller: Controller::CodeDeploy,
        deployment: None,
        task_definition: None,
        load_balancers: load_balancers
            .iter()
            .map(|(name, port)| LoadBalancer {
                container_name: (*name).to_owned(),
                container_port: *port,
                target_group: None,
            })
            .collect(),
        platform_version: None,
        network: None,
        capacity_provider_strategy: Vec::new(),
        own_network: None,
        desired_count: 1,
        account: None,
    }
}

fn target(service: &Service, container: Option<&str>, port: Option<u16>) -> String {
    match service.target(container, port) {
        Ok(target) => target.to_string(),
        Err(error) => error.report(),
    }
}

#[test]
fn every_load_balancer_is_considered() {
    let two = service(&[("web", 80), ("admin", 9000)]);
    expect![[r#"
        SVC05: service shop/web has 2 load balancers: web:80, admin:9000
        hint: set `container_name` and `container_port` to one of them"#]]
    .assert_eq(&target(&two, None, None));
    assert_eq!(target(&two, Some("admin"), None), "admin:9000");
    assert_eq!(target(&two, None, Some(80)), "web:80");
    expect![[r#"
        SVC05: service shop/web has no matching load balancer (has: web:80, admin:9000)
        hint: set `container_name` and `container_port` to one of them"#]]
    .assert_eq(&target(&two, Some("web"), Some(9000)));
    expect![[r#"
        SVC05: service shop/web has no matching load balancer (has: none)
        hint: set `container_name` and `container_port` to one of them"#]]
    .assert_eq(&target(&service(&[]), None, None));
}

#[test]
fn two_target_groups_of_one_container_are_one_candidate() {
    assert_eq!(target(&service(&[("web", 80), ("web", 80)]), None, None), "web:80");
}

#[test]
fn only_codedeploy_services_are_deployable() {
    for (controller, deployable) in [
        (Controller::CodeDeploy, true),
        (Controller::EcsRolling, false),
        (Controller::EcsBlueGreen, false),
        (Controller::External, false),
    ] {
        let service = Service { controller, ..service(&[]) };
        assert_eq!(service.check_deployable().is_ok(), deployable, "{controller:?}");
    }
    let service = Service { controller: Controller::EcsBlueGreen, ..service(&[]) };
    let error = service.check_deployable().expect_err("a native service");
    expect![[r#"
        SVC04: service shop/web is deployed by ECS itself (its own blue/green, linear or canary deployment), not by CodeDeploy
        hint: deploy it with `aws ecs update-service`: ECS shifts its traffic itself"#]].assert_eq(&error.report());
}
