"""CodePipeline: times that strict SDKs can read, and the results of jobs."""

import json

from moto.codepipeline.models import CodePipeline
from moto.codepipeline.responses import CodePipelineResponse as Response
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time


def metadata(pipeline):
    """JSON 1.1 has times as numbers; moto sends text, which boto3 accepts and Go does not."""
    return {
        "pipelineArn": pipeline._arn,
        "created": unix_time(pipeline._created),
        "updated": unix_time(pipeline._updated),
    }


def put_result(response):
    """moto runs no actions and has no jobs: any ID is a job, which accepts one result, as in AWS."""
    results = response.codepipeline_backend.__dict__.setdefault("results", {})
    job, result = response._get_param("jobId"), json.loads(response.body)
    if "continuationToken" in result:
        return "{}"
    if job in results:
        raise JsonRESTError("InvalidJobStateException", f"Job {job} has a result already.")
    results[job] = result
    return "{}"


def install():
    CodePipeline.metadata = property(metadata)
    Response.put_job_success_result = put_result
    Response.put_job_failure_result = put_result
