"""A model hub on this machine, which behaves as badly as a test wants, and remembers each byte that it sent."""

import contextlib
import email.utils
import functools
import hashlib
import http.server
import json
import re
import threading
import time
import urllib.parse


@functools.lru_cache(64)
def sha256(content):
    """The digest of a file, computed once: it is asked for with every part."""
    return hashlib.sha256(content).hexdigest()


class RetryAfter:
    """When a refused client may ask again, in one of the two forms of the header (RFC 9110, 10.2.3).

    The only place where tests of downloads look at a clock. It tells whether a request came too early, never how late it
    came: a slow machine changes nothing.
    """

    # Timers may round.
    SLACK = 0.05

    def __init__(self, form):
        self.form = form
        self.clock = time.monotonic if form == "seconds" else time.time
        self.earliest = None

    def header(self):
        """The header's value. The client's wait begins when it has read it, which is not before now."""
        if self.form == "seconds":
            self.earliest = self.clock() + 1
            return "1"
        # A date has whole seconds; this one is more than a second away.
        self.earliest = int(self.clock()) + 2
        return email.utils.formatdate(self.earliest, usegmt=True)

    def has_passed(self):
        return self.clock() >= self.earliest - self.SLACK


class Sent:
    """A part of a file that went out over one connection."""

    def __init__(self, start):
        self.start = self.end = start
        self.is_open = True

    @property
    def count(self):
        return self.end - self.start


class Hub:
    """Repositories of files. Large files are pointed on to at another host, `localhost`, as hubs do."""

    def __init__(self):
        self.files = {}
        # What was asked: (method, path, headers).
        self.requests = []
        # The parts of each file that went out, by the file's path.
        self.sent = {}
        self.lock = threading.Lock()
        # Connections that send at the same time, and the most there were.
        self.sending = self.most_sending = 0
        # How many bytes may go out before every connection is cut; `None` is all.
        self.budget = None
        # Called with (handler, method, path); says whether it has answered.
        self.misbehave = lambda handler, method, path: False
        # Called when the budget is used up, before a connection is cut.
        self.at_the_cut = lambda: None
        # Called before the first byte of each answer with a range of a file, after its headers.
        self.before_sending = lambda: None
        # Called with the part before each chunk of a file, and how many bytes a chunk has.
        self.before_chunk = lambda part: None
        self.chunk = 1 << 16
        self.knows_ranges = True
        self.knows_lists = True
        self.announced_digest = None
        self.announced_length = lambda length: length
        self.port = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def add(self, repository, path, content):
        self.files[f"{repository}/{path}"] = content

    def parts(self, path):
        """The parts of a file that went out, in their order in the file."""
        return sorted((part for part in self.sent.get(path, []) if part.count), key=lambda part: part.start)

    def assert_sent_once(self, path):
        """Each byte of the file has gone out, and none twice."""
        end = 0
        for part in self.parts(path):
            assert part.start == end, f"{path}: {[(part.start, part.end) for part in self.parts(path)]}"
            end = part.end
        assert end == len(self.files[path])

    def begin(self, path, part):
        with self.lock:
            self.sent.setdefault(path, []).append(part)
            self.sending += 1
            self.most_sending = max(self.most_sending, self.sending)

    def end(self, part):
        with self.lock:
            if part.is_open:
                part.is_open = False
                self.sending -= 1

    def asked(self, method, beginning):
        return [path for its, path, _ in self.requests if its == method and path.startswith(beginning)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self):
        return self.server.hub

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        hub = self.hub
        path = urllib.parse.unquote(self.path.partition("?")[0])
        with hub.lock:
            hub.requests.append((method, self.path, dict(self.headers)))
        if hub.misbehave(self, method, path):
            return
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)", path):
            self.tree(found[1])
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.resolve(method, f"{found[1]}/{found[3]}")
        elif path.startswith("/cdn/"):
            self.send_file(path.removeprefix("/cdn/"))
        else:
            self.reply(404)

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def tree(self, repository):
        paths = [path for path in self.hub.files if path.startswith(repository + "/")]
        if not paths or not self.hub.knows_lists:
            return self.reply(404)
        entries = []
        for path in paths:
            content = self.hub.files[path]
            entry = {"type": "file", "path": path.removeprefix(repository + "/"), "size": len(content)}
            if path.endswith((".json", ".txt", ".md")):
                entry["oid"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            else:
                digest = self.hub.announced_digest or sha256(content)
                entry["lfs"] = {"oid": digest, "size": len(content)}
            entries.append(entry)
        self.reply(200, json.dumps(entries).encode(), content_type="application/json")

    def resolve(self, method, path):
        content = self.hub.files.get(path)
        if content is None:
            return self.reply(404)
        digest = self.hub.announced_digest or sha256(content)
        self.reply(
            302,
            location=f"http://localhost:{self.hub.port}/cdn/{urllib.parse.quote(path)}",
            x_linked_etag=f'"{digest}"',
            x_linked_size=str(len(content)),
        )

    def send_file(self, path):
        hub, content = self.hub, self.hub.files[path]
        start, end, status = 0, len(content), 200
        if hub.knows_ranges and (found := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))):
            start, end, status = int(found[1]), min(end, int(found[2] or end) + 1 if found[2] else end), 206
            if start >= len(content):
                return self.reply(416)
        # A client that waits for all that was announced would wait for long.
        self.close_connection = hub.announced_length(end - start) != end - start
        # Counted before the headers go out: they make a client ask for more.
        part = Sent(start)
        hub.begin(path, part)
        try:
            self.send_response(status)
            if status == 206:
                self.send_header("content-range", f"bytes {start}-{end - 1}/{len(content)}")
            self.send_header("etag", '"' + sha256(content)[:16] + '"')
            self.send_header("content-length", str(hub.announced_length(end - start)))
            self.end_headers()
            hub.before_sending()
            self.send_part(content[start:end], part)
        except OSError:
            # The client has gone: what it has not read does not count.
            self.close_connection = True
        finally:
            hub.end(part)

    def send_part(self, content, part):
        hub, place = self.hub, 0
        while place < len(content):
            hub.before_chunk(part)
            with hub.lock:
                count = min(hub.chunk, len(content) - place)
                if hub.budget is not None:
                    count = min(count, hub.budget)
                    hub.budget -= count
            if count == 0:
                self.wfile.flush()
                hub.at_the_cut()
                self.close_connection = True
                return
            # Counted before it goes out: a client that has all of it may ask again, or end, before this thread runs on.
            part.end += count
            place += count
            if place == len(content):
                hub.end(part)
            try:
                self.wfile.write(content[place - count : place])
            except OSError:
                part.end -= count
                raise

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


@contextlib.contextmanager
def serving(server):
    """Answers requests in the background until the block ends."""
    # `shutdown` takes effect at the next poll.
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()


@contextlib.contextmanager
def stand_in_hub():
    hub = Hub()
    with Server(("127.0.0.1", 0), Handler) as server:
        server.hub, hub.port = hub, server.server_port
        with serving(server):
            yield hub
