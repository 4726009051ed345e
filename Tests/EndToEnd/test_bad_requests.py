"""What should not be sent: each the right status, and a message that names the field."""

import concurrent.futures
import http.client
import pathlib
import socket

import httpx
import pytest

from conftest import MODEL, ask, reply_to_large
from waiting import HANG, rounds

CHAT = "/v1/chat/completions"
HELLO = [{"role": "user", "content": "Hi"}]
# Of a request's body, in bytes.
LIMIT = 32 << 20


def post(server, body=None, **options):
    if body is not None:
        options["json"] = {"model": MODEL, "messages": HELLO} | body
    return server.http().post(CHAT, **options)


def begin(server, path, headers):
    """A connection over which the head of a request went out, and nothing of its body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=HANG)
    connection.putrequest("POST", path)
    for name, value in headers.items():
        connection.putheader(name, str(value))
    connection.endheaders()
    return connection


def reply_to_announced(server, path, length, content_type="application/json"):
    """The reply to a body that is announced with a length, and of which no byte is sent."""
    connection = begin(server, path, {"content-type": content_type, "content-length": length})
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return httpx.Response(reply.status, headers=reply.getheaders(), content=content)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", 5), ("model", None), ("messages", "Hi"), ("messages", []), ("messages", [1]), ("messages", None),
        ("messages", [{"role": "wizard", "content": "Hi"}]), ("messages", [{"content": "Hi"}]),
        ("messages", [{"role": "user", "content": 3}]), ("messages", [{"role": "user"}]),
        ("messages", [{"role": "user", "content": []}]), ("messages", [{"role": "user", "content": [{"type": "text"}]}]),
        ("temperature", "hot"), ("temperature", -0.1), ("temperature", 2.1), ("temperature", True),
        ("top_p", 1.5), ("top_p", -1), ("top_p", "x"), ("frequency_penalty", 2.5), ("frequency_penalty", []),
        ("presence_penalty", -3), ("max_tokens", 0), ("max_tokens", 1.5), ("max_tokens", "many"),
        ("max_completion_tokens", -1), ("n", 0), ("n", 9), ("n", "two"), ("seed", "x"), ("seed", 1.5),
        ("stop", ["a", "b", "c", "d", "e"]), ("stop", 3), ("stop", [1]), ("stream", "yes"), ("stream_options", {"include_usage": True}),
        ("logit_bias", {"x": 1}), ("logit_bias", {"1": 500}), ("logit_bias", {"99999999": 1}), ("logit_bias", []),
        ("logprobs", "yes"), ("top_logprobs", 21), ("top_logprobs", 5), ("user", 7), ("service_tier", "gold"),
        ("top_k", -1), ("min_p", 2), ("repeat_penalty", 0), ("response_format", "json"), ("tools", "none"),
    ],
)  # fmt: skip
def test_a_bad_field_is_400_and_named(server, field, value):
    reply = post(server, {field: value})
    error = reply.json()["error"]
    assert reply.status_code == 400, reply.text
    assert error["param"].split("[")[0].split(".")[0] == field and error["message"]


def test_all_faults_are_named_at_once(server):
    message = post(server, {"temperature": 5, "top_p": 7, "n": "two"}).json()["error"]["message"]
    assert all(field in message for field in ("temperature", "top_p", "n"))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"model": NaN}', b"null"])
def test_a_body_that_is_no_json_object_is_400(server, body):
    reply = post(server, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400 and reply.json()["error"]["message"]


def test_nested_deeply_is_refused_and_harms_nothing(server):
    reply = post(server, content=b"[" * 100_000, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert server.http().get("/health").status_code == 200


def test_another_content_type_is_415(server):
    assert post(server, content=b"model=x", headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 415


def test_a_prompt_longer_than_the_context_gives_both_lengths(server):
    reply = post(server, {"messages": [{"role": "user", "content": "word " * 20_000}]})
    error = reply.json()["error"]
    assert reply.status_code == 400 and error["code"] == "context_length_exceeded"
    assert "8192" in error["message"] and error["param"] == "messages"


def test_ten_thousand_messages_are_counted_not_choked_on(server):
    # Each takes some six tokens; fewer of them are no other case, but are counted sooner.
    messages = [{"role": ("user", "assistant")[index % 2], "content": "Hi"} for index in range(rounds(2_501, 10_001))]
    reply = post(server, {"messages": messages})
    assert reply.status_code == 400 and reply.json()["error"]["code"] == "context_length_exceeded"


def test_a_100_mb_body_is_413_and_says_the_limit(server):
    reply = reply_to_announced(server, CHAT, 100_000_000)
    assert reply.status_code == 413 and str(LIMIT) in reply.text.replace(",", "").replace("_", "")


def test_a_body_without_a_length_is_limited_while_it_arrives(server):
    """All that is allowed arrives, and one byte more: nothing is left on its way that could hold up the reply."""
    connection = begin(server, CHAT, {"content-type": "application/json", "transfer-encoding": "chunked"})
    for size in [1 << 20] * (LIMIT >> 20) + [1]:
        connection.send(b"%x\r\n" % size + b" " * size + b"\r\n")
    assert connection.getresponse().status == 413
    connection.close()
    assert server.http().get("/health").status_code == 200


def test_a_client_that_still_sends_reads_why_it_is_refused(own_server):
    """A megabyte, of which the server reads on for two seconds: time enough on any machine."""
    server = own_server(DPAIS_SERVER_BODY_LIMIT=1024)
    body = {"content": b" " * (1 << 20), "headers": {"content-type": "application/json"}}
    reply = reply_to_large(lambda: post(server, **body))
    assert reply.status_code == 413 and "1024" in reply.text.replace(",", "").replace("_", "")


def test_unknown_fields_are_ignored(server):
    assert post(server, {"wizard": True, "max_tokens": 1}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", CHAT, 405), ("DELETE", "/v1/models", 405), ("GET", "/v1/nothing", 404), ("POST", "/nothing", 404),
     ("GET", "/v1/models/no-such", 404), ("GET", "/v1/openai/models/no-such", 400), ("GET", "/v1/models/..%2f..%2fetc", 404)],
)  # fmt: skip
def test_wrong_paths_and_methods(server, method, path, status):
    reply = server.http().request(method, path)
    assert reply.status_code == status and reply.json()["error"]["message"]


def test_the_contract_dialect_answers_errors_in_all_three_shapes(server):
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    reply = server.http().post(
        "/v1/openai/chat/completions", json={"model": MODEL, "messages": HELLO, "temperature": 9}, headers={"traceparent": trace}
    )
    body = reply.json()
    assert reply.status_code == 400 and body["status"] == 400 and body["title"]
    assert body["error"]["param"] == body["param"] == "temperature"
    assert body["message"] == body["error"]["message"] and body["type"] == body["error"]["type"]
    assert "a" * 32 in body["traceId"] and "a" * 32 in reply.headers["x-request-id"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8553", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_403(server, host):
    assert server.http().get("/v1/models", headers={"host": host}).status_code in ((403,) if host else (400, 403))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_a_foreign_origin_is_403(server, origin):
    assert server.http().get("/v1/models", headers={"origin": origin}).status_code == 403


def test_the_own_page_may_call(server):
    origin = server.url
    reply = server.http().get("/v1/models", headers={"origin": origin})
    assert reply.status_code == 200


def listening(port):
    """The addresses at which somebody listens to a port, as Linux writes them; `None` where it does not tell."""
    tables = [file for name in ("tcp", "tcp6") if (file := pathlib.Path("/proc/net") / name).exists()]
    rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    # Address and port in hexadecimal, and the state: 0A is TCP_LISTEN.
    ends = [row[1].split(":") for row in rows if row[3] == "0A"]
    return {address for address, number in ends if int(number, 16) == port} if tables else None


# Each four bytes are a number of the machine's own order: 127.0.0.1, the same in IPv6, and ::1.
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def other_addresses():
    """Those that the machine's name leads to, beside loopback; none where nobody knows the name."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except socket.gaierror:
        return set()
    return {info[4][0] for info in found if not info[4][0].startswith("127.")}


def test_listens_on_loopback_only(server):
    told, others = listening(server.port), other_addresses()
    if told is None and not others:
        pytest.skip("nothing here tells on which addresses a server listens")
    if told is not None:
        assert told and told <= LOOPBACK
    for address in others:
        with socket.socket() as other:
            other.settimeout(HANG)
            assert other.connect_ex((address, server.port)) != 0


def test_a_body_that_never_ends_is_408(own_server):
    server = own_server(DPAIS_SERVER_READ_TIMEOUT=1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=HANG) as slow, slow.makefile("rb") as reply:
        slow.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        assert b" 408 " in reply.readline()


def test_garbage_and_half_requests_do_no_harm(server):
    def throw(data):
        with socket.create_connection(("127.0.0.1", server.port), timeout=HANG) as connection:
            connection.sendall(data)

    junk = [b"\x00" * 5000, b"GET / HTTP/9.9\r\n\r\n", b"POST", b"GET /" + b"a" * 200_000, b"\x16\x03\x01\x02\x00\x01"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: _quietly(throw, data), junk * 10))
    assert ask(server.client(), "Hi", max_tokens=1).choices


def _quietly(function, *arguments):
    try:
        function(*arguments)
    except OSError:
        pass  # the server closed first, as it may
