"""CodeBuild: projects that CodePipeline runs, and their keys."""

from moto.codebuild import responses
from moto.codebuild.models import CodeBuildBackend as Backend
from moto.codebuild.responses import CodeBuildResponse as Response


def unless_codepipeline(validate):
    """Source and artifacts of a project that CodePipeline runs have no location."""

    def validated(settings):
        validate(settings if settings.get("type") != "CODEPIPELINE" else settings | {"location": "none"})

    return validated


def with_key(create):
    """moto always answers the default key."""

    def created(response):
        answer = create(response)
        project = response.codebuild_backend.codebuild_projects[response._get_param("name")]
        if key := response._get_param("encryptionKey"):
            project.project_metadata["encryptionKey"] = key
        return answer

    return created


def by_name(delete):
    """Terraform deletes a project by its ARN, which moto accepts without deleting anything."""
    return lambda backend, name: delete(backend, name.rsplit("/", 1)[-1])


def install():
    for name in ("_validate_required_params_source", "_validate_required_params_artifacts"):
        setattr(responses, name, unless_codepipeline(getattr(responses, name)))
    Response.create_project = with_key(Response.create_project)
    Backend.delete_project = by_name(Backend.delete_project)
