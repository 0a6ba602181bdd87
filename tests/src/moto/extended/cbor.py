"""The protocol that boto3 and the command line of AWS speak with CodeDeploy and CodePipeline, and moto does not.

A request in `rpc-v2-cbor` becomes one in JSON 1.1 with the same members, and its answer becomes CBOR again. botocore
reads the numbers of JSON as times, so the models of the services are not needed.
"""

import io
import json
import struct

from botocore.parsers import RpcV2CBORParser

TYPE = "application/cbor"


def understood_by(application):
    """The application, with the protocol translated."""

    def call(environ, start_response):
        path = environ.get("PATH_INFO", "").split("/")
        if environ.get("HTTP_SMITHY_PROTOCOL") != "rpc-v2-cbor" or len(path) != 5:
            return application(environ, start_response)
        _, _, service, _, operation = path
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        text = json.dumps(decode(body) if body else {}).encode()
        environ |= {
            "PATH_INFO": "/",
            "RAW_URI": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": "application/x-amz-json-1.1",
            "CONTENT_LENGTH": str(len(text)),
            "HTTP_X_AMZ_TARGET": f"{service}.{operation}",
            "wsgi.input": io.BytesIO(text),
        }
        answered = {}

        def hold(status, headers, _=None):
            answered.update(status=status, headers=headers)

        answer = b"".join(application(environ, hold))
        headers = [pair for pair in answered["headers"] if pair[0].lower() not in ("content-type", "content-length")]
        answer = encode(json.loads(answer or b"{}"))
        headers += [("content-type", TYPE), ("content-length", str(len(answer))), ("smithy-protocol", "rpc-v2-cbor")]
        start_response(answered["status"], headers)
        return [answer]

    return call


def decode(body):
    return RpcV2CBORParser().parse_data_item(io.BytesIO(body))


def encode(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    # A null member of a structure is left out.
    members = {name: member for name, member in value.items() if member is not None}
    return head(5, len(members)) + b"".join(encode(name) + encode(member) for name, member in members.items())


def head(major, value):
    """The major type and a length or a number, in as few bytes as possible."""
    if value < 24:
        return bytes([major << 5 | value])
    for code, form in ((24, ">B"), (25, ">H"), (26, ">I"), (27, ">Q")):
        if value < 2 ** (8 * struct.calcsize(form)):
            return bytes([major << 5 | code]) + struct.pack(form, value)
    raise OverflowError(value)
