"""Adds unknown members of a task definition to a copy of botocore's model of ECS.

usage: tomorrow.py TASKDEF FOLDER

Writes the model to FOLDER, which AWS_DATA_PATH can name, and prints as JSON what was added, and what botocore's own
validator says of the task definition by today's model and by the new one.
"""

import json
import pathlib
import sys

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

OPERATION = "RegisterTaskDefinition"


def learn(shapes, name, value, place=""):
    """Adds the members of the value that the shape lacks; yields the place of each addition."""
    shape = shapes[name]
    if shape["type"] == "structure" and isinstance(value, dict):
        for key, member in value.items():
            if key in shape["members"]:
                yield from learn(shapes, shape["members"][key]["shape"], member, f"{place}.{key}")
            else:
                shape["members"][key] = {"shape": invent(shapes, f"{name}_{key}", member)}
                yield f"{place}.{key}".lstrip(".")
    elif shape["type"] == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from learn(shapes, shape["member"]["shape"], item, f"{place}[{index}]")


def invent(shapes, name, value):
    """A new shape for a value."""
    if isinstance(value, dict):
        members = {key: {"shape": invent(shapes, f"{name}_{key}", member)} for key, member in value.items()}
        shape = {"type": "structure", "members": members}
    elif isinstance(value, list):
        shape = {"type": "list", "member": {"shape": invent(shapes, f"{name}_item", value[0] if value else "")}}
    elif value is None:
        # The only kind of shape that accepts null.
        shape = {"type": "structure", "members": {}, "document": True}
    else:
        # A bool is an int in Python, so it comes first.
        kinds = {bool: "boolean", int: "long", float: "double", str: "string"}
        shape = {"type": next(kind for python, kind in kinds.items() if isinstance(value, python))}
    shapes[name] = shape
    return name


def validate(model, value):
    shape = ServiceModel(model).operation_model(OPERATION).input_shape
    return ParamValidator().validate(value, shape).generate_report()


def main(taskdef, folder):
    value = json.loads(pathlib.Path(taskdef).read_text(encoding="utf-8"))
    loader = Loader()
    model = loader.load_service_model("ecs", "service-2")
    today = validate(model, value)
    added = list(learn(model["shapes"], model["operations"][OPERATION]["input"]["shape"], value))
    version = loader.determine_latest_version("ecs", "service-2")
    path = pathlib.Path(folder, "ecs", version, "service-2.json")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(model), encoding="utf-8")
    print(json.dumps({"added": added, "today": today, "tomorrow": validate(model, value)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
