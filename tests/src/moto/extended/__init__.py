"""Adds to moto what our Terraform and CodePipeline's jobs need, one module for each service.

Each function says in one line why it is there. moto's own files stay as they are: its classes get new members at
run time. The pinned version is in `tests/requirements.txt`; what a later one brings itself can go from here.
"""

from . import (
    autoscaling,
    buckets,
    calls,
    codebuild,
    codedeploy,
    codepipeline,
    functions,
    namespaces,
    security_groups,
    services,
    zones,
)

SERVICES = (
    autoscaling,
    buckets,
    codebuild,
    codedeploy,
    codepipeline,
    functions,
    namespaces,
    security_groups,
    services,
    zones,
)


def install():
    """Extends moto in this process; call it once, before the first request."""
    for service in SERVICES:
        service.install()
    calls.install()
