"""EC2: descriptions of security group rules."""

from moto.ec2.models.security_groups import SecurityGroupRule as Rule


def init(original):
    """moto stores the description with the addresses, so a rule for a group or a prefix list has none."""

    def create(rule, *args, **kwargs):
        original(rule, *args, **kwargs)
        prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None) or {}
        rule.said_of_it = rule.source_group.get("Description") or prefix_list.get("Description")

    return create


def description(rule):
    """The answer of DescribeSecurityGroupRules."""
    return rule.ip_range.get("Description") or rule.said_of_it


def install():
    Rule.__init__ = init(Rule.__init__)
    Rule.description = property(description)
