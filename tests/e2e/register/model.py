"""Writes `model.rs` of the library: the members of a task definition, from botocore's model of RegisterTaskDefinition."""

import json
import re
import sys

from botocore.loaders import Loader

HEADER = """\
//! The members of a task definition with their types, from AWS's own model of
//! [`RegisterTaskDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
//!
//! Generated from botocore: `UPDATE_EXPECT=1 cargo test --locked --test e2e register::the_model`
"""

# Members that have rules of their own in `artifact::check`, so that one mistake is one finding, with the type that is
# still checked here.
OWN_RULES = {
    "RegisterTaskDefinitionRequest": {"family": "Own", "containerDefinitions": "Own", "networkMode": "Text"},
    "ContainerDefinition": {"name": "Own"},
    "PortMapping": {"protocol": "Text"},
    "ContainerDependency": {"containerName": "Text", "condition": "Text"},
    "LogConfiguration": {"logDriver": "Text"},
    "Secret": {"name": "Text", "valueFrom": "Text"},
}

# Enums that other rules need, each with its constant.
ENUMS = ["TransportProtocol"]

# The patterns of the model, each as a function of `member.rs`. A new pattern must be added there.
PATTERNS = {r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)": "in_tags"}

# The structures that other files of the library use.
PUBLIC = {"RegisterTaskDefinitionRequest": "TASK", "ContainerDefinition": "CONTAINER"}

SHAPES = Loader().load_service_model("ecs", "service-2")["shapes"]


def constant(name):
    return PUBLIC.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


def texts(shape):
    return ", ".join(json.dumps(text) for text in shape["enum"])


def kind(name):
    shape = SHAPES[name]
    if shape["type"] == "structure":
        return f"Struct({constant(name)})"
    if shape["type"] == "list":
        item = SHAPES[shape["member"]["shape"]]
        if item["type"] == "structure":
            return f"Structs({constant(shape['member']['shape'])})"
        if "enum" in item:
            return f"SomeOf(&[{texts(item)}])"
        return {"string": "Texts", "integer": "Numbers"}[item["type"]]
    if "enum" in shape:
        return f"OneOf(&[{texts(shape)}])"
    if "pattern" in shape:
        # The rules check whether a text may be empty.
        assert shape["min"] <= 1, name
        return f"Limited({shape['max']}, {PATTERNS[shape['pattern']]})"
    if "min" in shape or "max" in shape:
        return f"Between({shape.get('min', 'i64::MIN')}, {shape.get('max', 'i64::MAX')})"
    return {"string": "Text", "integer": "Number", "boolean": "Flag", "map": "TextMap"}[shape["type"]]


def tables(name, done):
    """The table of a structure, preceded by those of its members, each once."""
    shape = SHAPES[name]
    if shape["type"] == "list":
        yield from tables(shape["member"]["shape"], done)
    if shape["type"] != "structure" or name in done:
        return
    done.add(name)
    for member in shape["members"].values():
        yield from tables(member["shape"], done)
    rows = []
    for member, of in shape["members"].items():
        own = OWN_RULES.get(name, {}).get(member)
        need = member in shape.get("required", []) and not own
        most = SHAPES[of["shape"]].get("max") if SHAPES[of["shape"]]["type"] == "list" else None
        assert not (need and most), member
        call = f"up_to({most}, " if most else "needs(" if need else "may("
        rows.append(f"    {call}\"{member}\", Type::{own or kind(of['shape'])}),\n")
    visibility = "pub(crate) " if name in PUBLIC else ""
    page = f"https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_{name.removesuffix('Request')}.html"
    documentation = f"/// [`{name.removesuffix('Request')}`]({page})\n"
    yield f"\n{documentation}{visibility}const {constant(name)}: &[Member] = &[\n{''.join(rows)}];\n"


def enums():
    for name in ENUMS:
        page = f"https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html"
        yield f"\n/// `{name}` of [`RegisterTaskDefinition`]({page}).\n"
        yield f"pub(crate) const {constant(name)}: &[&str] = &[{texts(SHAPES[name])}];\n"


USED = "use super::member::{Member, Type, in_tags, may, needs, up_to};\n"
sys.stdout.write(f"{HEADER}\n{USED}{''.join(enums())}{''.join(tables('RegisterTaskDefinitionRequest', set()))}")
