"""The keys of a container's and of a machine's role as AWS hands them out, on a free port of this machine.

Usage: metadata_server.py SECONDS      the keys end after so many seconds
It prints {"port": …} and ends with its input. The keys are numbered: ASIA1, ASIA2, …
"""

import datetime
import http.server
import json
import sys
import threading

seconds = int(sys.argv[1])
given = 0


def keys():
    global given
    given += 1
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return json.dumps({"AccessKeyId": f"ASIA{given}", "SecretAccessKey": f"secret{given}", "Token": f"token{given}",
                       "Expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ")})


class Metadata(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        asked = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(200 if self.path == "/latest/api/token" and asked else 403, "session")

    def do_GET(self):
        roles = "/latest/meta-data/iam/security-credentials/"
        if self.path == "/container":
            known = self.headers.get("Authorization") == "Bearer of keys"
            return self.answer(200, keys()) if known else self.answer(401, "")
        if self.headers.get("X-aws-ec2-metadata-token") != "session":
            return self.answer(401, "")
        if self.path == roles:
            return self.answer(200, "gym-role")
        return self.answer(200, keys()) if self.path == roles + "gym-role" else self.answer(404, "")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
sys.stdin.read()
server.shutdown()
