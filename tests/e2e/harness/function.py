"""A Lambda function that does what its event says."""

import json
import os
import sys
import time
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"


def post(path, body):
    urllib.request.urlopen(urllib.request.Request(f"{API}/{path}", body.encode(), method="POST")).read()


if os.environ.get("FAIL_AT_START"):
    post("init/error", json.dumps({"errorType": "Runtime.InitError", "errorMessage": "no configuration"}))
    sys.exit(1)
count = 0
while True:
    with urllib.request.urlopen(f"{API}/invocation/next") as answer:
        request, deadline, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], answer.headers["Lambda-Runtime-Deadline-Ms"], json.load(answer)
    count += 1
    match event["do"]:
        case "answer":
            post(f"invocation/{request}/response", json.dumps({"count": count, "left": int(deadline) - time.time() * 1000}))
        case "fail":
            post(f"invocation/{request}/error", json.dumps({"errorType": "Oops", "errorMessage": "it went wrong"}))
        case "exit":
            sys.exit(3)
        case "hang":
            time.sleep(60)
        case "say":
            print(event["text"], flush=True)
            post(f"invocation/{request}/response", "null")
