"""S3 as moto stands in for it, on a free port of this machine, with faults on demand.

Usage: s3_server.py BUCKET …
It prints {"port": …} and ends with its input. A line of its input sets the faults from then on:
{"every": 7, "kind": "500", "methods": ["PUT"], "path": "_delta_log"}; each 7th request that fits fails, {} ends them.
It answers with {"requests": …, "failed": …} of the time before, and with {"log": ["GET /lake/…", …]} where that was
asked for by {"log": true}. Kinds: a status such as 500, 503 or 412 without any work;
silent, an answer that never comes; cut, an answer of which half comes; lost, work done without an answer;
denied, work done that is answered 412; expired, keys that are no good any more; plain, a server that does not know
conditional writes.
"""

import json
import sys
import threading
import time

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

# The service asks that of its users; there is one account.
CODES = {"500": "InternalError", "503": "SlowDown", "412": "PreconditionFailed", "429": "SlowDown",
         "expired": "ExpiredToken"}


class Faulty:
    """Stands in front of moto and fails as it is told."""

    def __init__(self, app):
        self.app = app
        # Moto looks and writes in two steps.
        self.writes = threading.Lock()
        self.state = threading.Lock()
        self.faults, self.seen, self.requests, self.failed, self.log = {}, 0, 0, 0, []
        self.refused = set()

    def set(self, faults):
        with self.state:
            told = {"requests": self.requests, "failed": self.failed}
            if self.faults.get("log"):
                told["log"] = self.log
            self.faults, self.seen, self.requests, self.failed, self.log = faults, 0, 0, 0, []
        return told

    def fault(self, environ):
        with self.state:
            self.requests += 1
            faults = self.faults
            if faults.get("log"):
                query = environ["QUERY_STRING"]
                payer = " paid by requester" if environ.get("HTTP_X_AMZ_REQUEST_PAYER") == "requester" else ""
                self.log.append(
                    f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{'?' if query else ''}{query}{payer}")
            if faults.get("kind") in (None, "plain"):
                return None
            if environ["REQUEST_METHOD"] not in faults.get("methods", [environ["REQUEST_METHOD"]]):
                return None
            if faults.get("path", "") not in environ["PATH_INFO"]:
                return None
            self.seen += 1
            if self.seen % faults["every"]:
                return None
            self.failed += 1
            return faults["kind"]

    def whole(self, environ):
        """Moto's answer: status, headers and body."""
        answer = {}

        def start(status, headers, _=None):
            answer["status"], answer["headers"] = status, headers

        if environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE"):
            with self.writes:
                body = b"".join(self.app(environ, start))
        else:
            body = b"".join(self.app(environ, start))
        return answer["status"], answer["headers"], body

    def control(self, environ):
        """PUT /_refuse/bucket/key has writes of that object refused from then on; DELETE ends it."""
        path = environ["PATH_INFO"].removeprefix("/_refuse")
        with self.state:
            (self.refused.add if environ["REQUEST_METHOD"] == "PUT" else self.refused.discard)(path)

    def __call__(self, environ, start):
        if environ["PATH_INFO"].startswith("/_refuse/"):
            self.control(environ)
            start("200 OK", [("Content-Length", "0")])
            return [b""]
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"] in self.refused:
            body = b"<Error><Code>AccessDenied</Code><Message>planted</Message></Error>"
            start("403 planted", [("Content-Length", str(len(body)))])
            return [body]
        if self.faults.get("kind") == "plain":
            environ.pop("HTTP_IF_NONE_MATCH", None)
        kind = self.fault(environ)
        if kind in CODES:
            body = f"<Error><Code>{CODES[kind]}</Code><Message>planted</Message></Error>".encode()
            start(f"{400 if kind == 'expired' else kind} planted", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        if kind == "silent":
            time.sleep(5)
            raise ConnectionAbortedError
        status, headers, body = self.whole(environ)
        if kind == "lost":
            raise ConnectionAbortedError
        if kind == "denied":
            body = b"<Error><Code>PreconditionFailed</Code><Message>planted</Message></Error>"
            start("412 planted", [("Content-Length", str(len(body)))])
            return [body]
        start(status, headers)
        if kind == "cut":
            return self.half(body)
        return [body]

    def half(self, body):
        yield body[: len(body) // 2]
        raise ConnectionAbortedError


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass

    def connection_dropped(self, error, environ=None):
        self.close_connection = True


def main():
    app = Faulty(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    import boto3

    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{server.port}", region_name="us-east-1",
                          aws_access_key_id="test", aws_secret_access_key="test")
    for bucket in sys.argv[1:]:
        client.create_bucket(Bucket=bucket)
    print(json.dumps({"port": server.port}), flush=True)
    for line in sys.stdin:
        print(json.dumps(app.set(json.loads(line))), flush=True)
    server.shutdown()


main()
