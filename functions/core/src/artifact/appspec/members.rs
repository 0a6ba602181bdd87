//! The members of an AppSpec.

/// Each member, and the one that it belongs under.
const PARENTS: &[(&str, &str)] = &[
    ("version", TOP),
    ("Resources", TOP),
    ("Hooks", TOP),
    ("TargetService", "Resources"),
    ("Type", "TargetService"),
    ("Properties", "TargetService"),
    ("TaskDefinition", "Properties"),
    ("LoadBalancerInfo", "Properties"),
    ("PlatformVersion", "Properties"),
    ("NetworkConfiguration", "Properties"),
    ("CapacityProviderStrategy", "Properties"),
    ("ContainerName", "LoadBalancerInfo"),
    ("ContainerPort", "LoadBalancerInfo"),
    ("AwsvpcConfiguration", "NetworkConfiguration"),
    ("Subnets", "AwsvpcConfiguration"),
    ("SecurityGroups", "AwsvpcConfiguration"),
    ("AssignPublicIp", "AwsvpcConfiguration"),
    ("CapacityProvider", "CapacityProviderStrategy"),
    ("Base", "CapacityProviderStrategy"),
    ("Weight", "CapacityProviderStrategy"),
    ("BeforeInstall", "Hooks"),
    ("AfterInstall", "Hooks"),
    ("AfterAllowTestTraffic", "Hooks"),
    ("BeforeAllowTraffic", "Hooks"),
    ("AfterAllowTraffic", "Hooks"),
];

/// The parent of the members without one.
pub(super) const TOP: &str = "";

/// The documented name of a member and the member that it belongs under, if the AppSpec has such a member anywhere.
pub(super) fn belongs(key: &str) -> Option<(&'static str, &'static str)> {
    PARENTS.iter().copied().find(|(name, _)| name.eq_ignore_ascii_case(key))
}

/// The documented names of the members under `parent`.
pub(super) fn members_of(parent: &str) -> Vec<&'static str> {
    PARENTS.iter().filter(|(_, of)| *of == parent).map(|(name, _)| *name).collect()
}

/// Whether a key is the documented name of a member.
pub(super) fn is_member(key: &str) -> bool {
    PARENTS.iter().any(|(name, _)| *name == key)
}
