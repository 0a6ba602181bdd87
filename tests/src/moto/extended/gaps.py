"""Refuses calls that moto does not support. The server would answer 500, which Terraform treats as temporary and
retries for ten minutes."""

import json
import sys
import threading
import traceback
from xml.sax.saxutils import escape

CODE = "NotInMoto"


def refused_by(application):
    """The application, with 400 in place of 500, and one request at a time."""
    # Terraform sends ten at once, and moto iterates over dictionaries that other threads modify.
    one = threading.Lock()

    def call(environ, start_response):
        try:
            with one:
                return application(environ, start_response)
        except Exception as error:
            where = environ.get("HTTP_X_AMZ_TARGET") or f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO')}"
            said = f"moto failed in {where}: {type(error).__name__}: {error}"
            print(said, file=sys.stderr)
            if not isinstance(error, NotImplementedError):
                traceback.print_exc()
        in_json = "json" in environ.get("CONTENT_TYPE", "") or "HTTP_X_AMZ_TARGET" in environ
        xml = f"<ErrorResponse><Error><Code>{CODE}</Code><Message>{escape(said)}</Message></Error></ErrorResponse>"
        body = (json.dumps({"__type": CODE, "message": said}) if in_json else xml).encode()
        headers = [("content-type", "application/json" if in_json else "text/xml"), ("x-amzn-errortype", CODE)]
        start_response("400 Bad Request", [*headers, ("content-length", str(len(body)))])
        return [body]

    return call
