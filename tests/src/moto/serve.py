"""Runs moto as a server, with the additions of `extended`.

The tests start it without arguments: it takes a free port, prints it, and ends when standard input does, that is with
the process that started it. By hand:

    python tests/src/moto/serve.py --port 5055 --seed eu-west-1

starts it on that port until Ctrl-C, and `--seed REGION` puts into that region what the examples under `infra/` look up.
Beside AWS it serves GET /recorded, the calls so far, and DELETE /recorded, which forgets them.
"""

import argparse
import os
import sys
import threading

# moto reads both while it is imported.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

# Do not write bytecode beside the sources.
sys.dont_write_bytecode = True

import extended
from extended import calls, cbor, gaps


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description="moto with the additions of this project's tests")
    parser.add_argument("--port", type=int, default=0, help="default: 0, a free port; the server then ends with its parent process")
    parser.add_argument("--seed", metavar="REGION", help="add the network, the certificates and so on in this Region")
    given = parser.parse_args()
    extended.install()
    application = gaps.refused_by(DomainDispatcherApplication(create_backend_app))
    application = calls.served_beside(cbor.understood_by(application))
    server = make_server("127.0.0.1", given.port, application, True, request_handler=Quiet)
    if not given.port:
        threading.Thread(target=end_with_parent, daemon=True).start()
    if given.seed:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        import seed

        seed.add(f"http://127.0.0.1:{server.server_port}", given.seed)
        print(server.server_port, flush=True)
        threading.Event().wait()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
