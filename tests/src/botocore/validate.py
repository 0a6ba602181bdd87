"""Checks calls of the fake AWS against botocore's models. Each line of standard input lists calls as {service, operation,
target, cbor, request, status, headers, answer}, bodies in base64; each line of standard output lists what does not fit.

A request must pass botocore's own validation and name only members and enum values of the model. An answer must be
understood by botocore's own parser, and its raw body may hold only members of the model, each of its type."""

import base64
import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

import botocore.session
from botocore.parsers import RpcV2CBORParser, create_parser
from botocore.serialize import create_serializer
from botocore.utils import parse_timestamp
from botocore.validate import ParamValidator

NAMES = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}
# Errors that any service may return, whatever its model lists.
COMMON = {
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "InternalFailure",
    "InvalidClientTokenId", "SerializationException", "ServerException", "ServiceUnavailable", "Throttling",
    "ThrottlingException", "UnauthorizedOperation", "UnrecognizedClientException", "ValidationError", "ValidationException",
}
session = botocore.session.Session()
models = {}


def model_of(service):
    name = NAMES.get(service, service)
    return models.setdefault(name, session.get_service_model(name))


def cbor(body):
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}


def unflatten(form, shape, prefix=""):
    """The members of a query request, read by the shape of the model."""
    if shape.type_name == "structure":
        dot = prefix + "." if prefix else ""
        values = {
            name: unflatten(form, member, dot + name)
            for name, member in shape.members.items()
            if any(key == dot + name or key.startswith(dot + name + ".") for key in form)
        }
        known = tuple(dot + name for name in values)
        for key in form:
            if key.startswith(dot) and not key.startswith(known) and key not in ("Action", "Version"):
                raise ValueError(f"unknown field {key}")
        return values
    if shape.type_name == "list":
        items, place = [], 1
        while any(key == f"{prefix}.member.{place}" or key.startswith(f"{prefix}.member.{place}.") for key in form):
            items.append(unflatten(form, shape.member, f"{prefix}.member.{place}"))
            place += 1
        return items
    return int(form[prefix]) if shape.type_name in ("integer", "long") else form[prefix]


def of_xml(element, shape, where):
    """The raw members of an XML answer; numbers and booleans are read by the shape."""
    tag = lambda child: child.tag.rsplit("}", 1)[-1]
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for child in element:
            if tag(child) not in names:
                yield f"{where}.{tag(child)} is not in the model"
            else:
                yield from of_xml(child, names[tag(child)], f"{where}.{tag(child)}")
    elif shape.type_name == "list":
        for child in element:
            if tag(child) != shape.member.serialization.get("name", "member"):
                yield f"{where} holds {tag(child)}"
            yield from of_xml(child, shape.member, where + "[]")
    else:
        text = element.text or ""
        read = {"integer": int, "long": int, "double": float, "timestamp": parse_timestamp}.get(shape.type_name, str)
        try:
            yield from strict(read(text) if shape.type_name != "boolean" else text == "true", shape, where, False)
        except ValueError:
            yield f"{where} is {text!r}, not {shape.type_name}"


def strict(value, shape, where, times=True):
    """Yields the differences between a value and its shape: unknown members, other types, enum values and lengths."""
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{where} is {value!r}, not a structure"
            return
        for name, member in value.items():
            if name not in shape.members:
                yield f"{where}.{name} is not in the model"
            elif member is None:
                yield f"{where}.{name} is null"
            else:
                yield from strict(member, shape.members[name], f"{where}.{name}", times)
        for name in shape.required_members:
            if name not in value:
                yield f"{where}.{name} is missing"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{where} is {value!r}, not a list"
            return
        for item in value:
            yield from strict(item, shape.member, where + "[]", times)
    elif kind == "map":
        for key, item in value.items():
            yield from strict(key, shape.key, where + "{key}", times)
            yield from strict(item, shape.value, where + "{}", times)
    else:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        fits = {
            "string": isinstance(value, str),
            "integer": number and isinstance(value, int),
            "long": number and isinstance(value, int),
            "double": number,
            "float": number,
            "boolean": isinstance(value, bool),
            "timestamp": number or hasattr(value, "year"),
            "blob": isinstance(value, (str, bytes)),
        }[kind]
        if times and kind == "timestamp" and isinstance(value, str):
            fits = False
        if not fits:
            yield f"{where} is {value!r}, not {kind}"
        elif getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{where} is {value!r}, not one of {', '.join(shape.enum)}"
        elif kind == "string" and not shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)):
            yield f"{where} has a length of {len(value)}"


def protocol_of(call, operation):
    """That of the call, of those that the service has."""
    metadata = operation.service_model.metadata
    if call["query"] and "query" in metadata.get("protocols", []):
        return "query"
    return metadata["protocol"]


def request_findings(call, operation):
    body, shape = base64.b64decode(call["request"]), operation.input_shape
    protocol = protocol_of(call, operation)
    if protocol == "rest-xml":
        return
    if protocol == "ec2":
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        values = [value for key, value in form.items() if key.startswith("Filter.1.Value.")]
        parameters = {"Filters": [{"Name": form["Filter.1.Name"], "Values": values}]}
        wanted = create_serializer("ec2").serialize_to_request(parameters, operation)["body"]
        if form != wanted:
            yield f"the form is {form}, not {wanted}"
    elif protocol == "rest-json":
        # Its arguments are in the path, from which the fake reads the operation.
        return
    elif protocol == "query":
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        if form.get("Version") != operation.service_model.metadata["apiVersion"]:
            yield f"Version is {form.get('Version')}"
        parameters = unflatten(form, shape)
    elif call["cbor"]:
        parameters = cbor(body)
    else:
        wanted = f"{operation.service_model.metadata['targetPrefix']}.{operation.name}"
        if call["target"] != wanted:
            yield f"x-amz-target is {call['target']}, not {wanted}"
        parameters = json.loads(body or b"{}")
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        yield from report.generate_report().splitlines()
    yield from strict(parameters, shape, "request")


def answer_findings(call, operation):
    body, shape = base64.b64decode(call["answer"]), operation.output_shape
    protocol = protocol_of(call, operation)
    if protocol not in ("query", "rest-xml", "ec2", "rest-json"):
        protocol = "smithy-rpc-v2-cbor" if call["cbor"] else "json"
    response = {"body": body, "headers": call["headers"], "status_code": call["status"]}
    parsed = create_parser(protocol).parse(response, shape)
    if call["status"] >= 300:
        codes = {shape.error_code for shape in operation.error_shapes} | {s.name for s in operation.error_shapes}
        code = parsed["Error"]["Code"]
        if code not in codes | COMMON and protocol != "rest-xml":
            yield f"the model of this operation has no error {code}"
        if not parsed["Error"]["Message"] and protocol != "rest-xml":
            yield f"the error {code} has no message"
    elif protocol == "query":
        root = ElementTree.fromstring(body)
        result = [child for child in root if child.tag.endswith(f"}}{operation.name}Result")]
        yield from of_xml(result[0], shape, "answer")
    elif protocol == "ec2":
        root = ElementTree.fromstring(body)
        root[:] = [child for child in root if not child.tag.endswith("}requestId")]
        yield from of_xml(root, shape, "answer")
    elif protocol in ("json", "rest-json") and (body or shape is not None):
        yield from strict(json.loads(body or b"{}"), shape, "answer") if shape else ()
    elif protocol == "smithy-rpc-v2-cbor":
        yield from strict(cbor(body), shape, "answer") if shape else ()


def all_findings(call):
    try:
        operation = model_of(call["service"]).operation_model(call["operation"])
        found = [*request_findings(call, operation), *answer_findings(call, operation)]
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    return {f"{call['service']}:{call['operation']} ({call['status']}): {text}" for text in found}


for line in sys.stdin:
    print(json.dumps(sorted(set().union(*map(all_findings, json.loads(line))))), flush=True)
