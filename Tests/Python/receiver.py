"""A server for tests, on a free port of 127.0.0.1: HTTP(S), or SMTP with the mode that is asked for.

Its first line on standard output says the port, each further one what was received, as JSON.
It ends when its standard input does.

Usage: receiver.py http|https FOLDER | smtp|smtps|smtp-starttls MODE FOLDER

HTTP paths: /status/N; /flaky/K/N (K times status N, then 200); /hang; /cut; /half; /big/BYTES;
/echo (the body comes back); all others answer 200.
SMTP modes: ok, auth (user and password are needed), norcpt (550), greylist (450 once), hang, cut.
"""

import http.server
import json
import os
import socketserver
import ssl
import subprocess
import sys
import threading
import time

seen = {}
lock = threading.Lock()


def tell(**facts):
    with lock:
        print(json.dumps(facts), flush=True)


def count(key):
    with lock:
        seen[key] = seen.get(key, 0) + 1
        return seen[key]


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, data=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Two", "a")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def handle_any(self):
        data = self.body()
        tell(method=self.command, path=self.path, headers=dict(self.headers), bytes=len(data),
             body=data[:200_000].decode("utf-8", "replace"), peer=self.client_address[1])
        parts = self.path.split("?")[0].split("/")[1:]
        if parts[0] == "status":
            self.answer(int(parts[1]), b"the answer's text")
        elif parts[0] == "flaky":
            failing = count(self.path) <= int(parts[1])
            self.answer(int(parts[2]) if failing else 200, b"", Retry_After="0")
        elif parts[0] == "hang":
            time.sleep(30)
        elif parts[0] == "cut":
            self.close_connection = True
            self.connection.close()
        elif parts[0] == "half":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif parts[0] == "big":
            self.answer(200, b"x" * int(parts[1]))
        elif parts[0] == "echo":
            self.answer(200, data)
        else:
            self.answer(200, b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

    def log_message(self, *_):
        pass


class Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        facts = {"to": [], "tls": isinstance(self.connection, ssl.SSLSocket), "user": None}
        if mode == "hang":
            tell(event="connected")
            time.sleep(30)
            return
        self.say("220 here")
        while line := self.rfile.readline().decode("utf-8", "replace").strip("\r\n"):
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                offers = ["250-here"]
                if kind == "smtp-starttls" and not facts["tls"]:
                    offers.append("250-STARTTLS")
                if mode == "auth" and (facts["tls"] or kind != "smtp-starttls"):
                    offers.append("250-AUTH PLAIN")
                self.wfile.write("\r\n".join(offers + ["250 8BITMIME", ""]).encode())
            elif word == "STARTTLS":
                self.say("220 go")
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)
                facts["tls"] = True
            elif word == "AUTH":
                token = line.split(" ")[2] if len(line.split(" ")) > 2 else None
                if token is None:
                    self.say("334 ")
                    token = self.rfile.readline().decode().strip()
                import base64
                user, password = base64.b64decode(token).decode().split("\0")[1:]
                facts["user"] = user
                self.say("235 welcome" if password == "right" else "535 no")
            elif word == "MAIL":
                facts["from"] = line
                self.say("250 ok" if mode != "auth" or facts["user"] else "530 who are you")
            elif word == "RCPT":
                if mode == "norcpt":
                    self.say("550 nobody here")
                elif mode == "greylist" and count("greylist") == 1:
                    self.say("450 later")
                else:
                    facts["to"].append(line)
                    self.say("250 ok")
            elif word == "DATA":
                if mode == "cut":
                    tell(event="cut")
                    return
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(part[1:] if part.startswith(b"..") else part)
                import email
                import email.policy
                message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                tell(**facts, headers={k: str(v) for k, v in message.items()},
                     text=message.get_content().replace("\r\n", "\n"), raw=b"".join(lines).decode("ascii"))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


kind = sys.argv[1]
mode = sys.argv[2] if kind.startswith("smtp") else None
folder = sys.argv[-1]
context = None
if kind in ("https", "smtps", "smtp-starttls"):
    certificate, key = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
         certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1,DNS:localhost"], check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
server = Server(("127.0.0.1", 0), Mail if kind.startswith("smtp") else Web)
if kind in ("https", "smtps"):
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
tell(port=server.server_address[1])
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
