"""The server's description of itself, against what it really does, both ways."""

import base64
import io
import re
import wave

import openapi_spec_validator
import pytest
import yaml

from conftest import EMBEDDER, INTERPRETER, LISTENER, MODEL, ROOT, UPSCALER, dpais
from descriptions import OURS, Description, closed, read
from speech import recording
from test_bad_requests import LIMIT, reply_to_announced

ours = Description(read(OURS))
# Replies have no field that is not described.
exact = Description(closed(ours.document))

HELLO = [{"role": "user", "content": "Hi"}]
# 4 × 4 pixels, grey.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAAAAACMmsGiAAAADklEQVR42mNoAAIGVAIAUBQIAW1N4EkAAAAASUVORK5CYII=")
LIVELY = {"model": MODEL, "messages": HELLO, "max_tokens": 4, "temperature": 0}
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Rome", "Oslo"]}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
ANSWER = {"name": "answer", "schema": WEATHER}
STACK = {"model_id": MODEL, "messages": HELLO, "sampling_params": {"strategy": "greedy", "max_tokens": 4}}
STACK_TOOLS = [{"tool_name": "weather", "parameters": {"city": {"param_type": "string"}}}]


def variants(body, *changes):
    """The body with each of the changes, and each of these as a stream as well."""
    for change in ({}, *changes):
        yield body | change
        yield body | change | {"stream": True}


CHATS = list(
    variants(
        LIVELY,
        {"n": 2, "service_tier": "auto"},
        {"logprobs": True, "top_logprobs": 2},
        {"tools": TOOLS, "tool_choice": "required", "max_tokens": 60},
        {"functions": [TOOLS[0]["function"]], "function_call": {"name": "weather"}, "max_tokens": 60},
        {"response_format": {"type": "json_schema", "json_schema": ANSWER}, "max_tokens": 60},
        {"prediction": {"type": "content", "content": "Hello! How can I help you today?"}},
        {"temperature": 7},
        {"messages": []},
        {"model": "no-such"},
    )
) + [LIVELY | {"stream": True, "stream_options": {"include_usage": True}}]

COMPLETIONS = list(
    variants(
        {"model": MODEL, "prompt": "Once upon a time", "max_tokens": 4, "temperature": 0},
        {"prompt": ["One", "Two"], "n": 2},
        {"logprobs": 2, "echo": True},
        {"prompt": [1, 2, 3]},
        {"suffix": "the end"},
        {"model": "no-such"},
    )
)

RESPONSES = list(
    variants(
        {"model": MODEL, "input": "Hi", "max_output_tokens": 4, "temperature": 0},
        {"include": ["message.output_text.logprobs"], "top_logprobs": 2},
        {"tools": [{"type": "function"} | TOOLS[0]["function"]], "tool_choice": "required", "max_output_tokens": 60},
        {"text": {"format": {"type": "json_schema"} | ANSWER}, "max_output_tokens": 60},
        {"instructions": "Be brief.", "service_tier": "default", "metadata": {"a": "b"}, "user": "me"},
        {"previous_response_id": "resp_1"},
        {"model": "no-such"},
    )
)

STACK_CHATS = list(
    variants(
        STACK,
        {"logprobs": {"top_k": 2}},
        {"tools": STACK_TOOLS, "tool_choice": "required", "sampling_params": {"strategy": "greedy", "max_tokens": 60}},
        {"response_format": {"type": "json_schema", "json_schema": WEATHER}},
        {"response_format": {"type": "grammar", "bnf": {"root": '"yes" | "no"'}}},
        {"wizard": True},
        {"model_id": "no-such"},
    )
)

EMBEDDINGS = [
    {"model": EMBEDDER} | change
    for change in (
        {"input": "Hi"}, {"input": ["Hi", "there"], "encoding_format": "base64"}, {"input": [7592, 2088], "user": "me"},
        {"input": [[7592], [2088]], "images": None, "dimensions": None}, {"input": ["a", ""]}, {}, {"images": []},
        {"input": None, "images": ["R0lGODlh"]}, {"input": "Hi", "dimensions": 2}, {"input": "Hi", "wizard": True},
        {"model": MODEL, "input": "Hi"}, {"model": "no-such", "input": "Hi"},
    )
]  # fmt: skip

STACK_EMBEDDINGS = [
    {"model_id": EMBEDDER, "contents": ["Hi"]} | change
    for change in (
        {}, {"contents": [["Hi", "there"], {"type": "text", "text": "Hi"}], "text_truncation": "end", "task_type": "query"},
        {"contents": [{"image": "data:image/png;base64,AAAA"}]}, {"contents": []}, {"output_dimension": 2},
        {"model_id": MODEL}, {"model_id": "no-such"}, {"wizard": True},
    )
]  # fmt: skip

MEASUREMENTS = [
    {"model": EMBEDDER, "trials": 1}, {"model": EMBEDDER, "trials": 0}, {"model": EMBEDDER, "trials": "1"}, {"trials": 1},
    {"model": "no-such", "trials": None}, {"model": "no-such", "wizard": True},
]  # fmt: skip

def beginning(sound, seconds):
    """The first seconds of a WAV file."""
    file = io.BytesIO()
    with wave.open(io.BytesIO(sound)) as whole, wave.open(file, "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(seconds * whole.getframerate()))
    return file.getvalue()


SPEECH = beginning(recording(), seconds=2)
STACK_PATHS = [path for path in ours.document["paths"] if re.search("llamastack.*chat.completion$", path)]

POSTS = (
    [(path, body) for path in ("/v1/chat/completions", "/v1/openai/chat/completions") for body in CHATS]
    + [("/v1/completions", body) for body in COMPLETIONS]
    + [("/v1/responses", body) for body in RESPONSES]
    + [(path, body) for path in STACK_PATHS for body in STACK_CHATS]
    + [(path, body) for path in ("/v1/embeddings", "/v1/openai/embeddings") for body in EMBEDDINGS]
    + [("/v1/performance", body) for body in MEASUREMENTS]
    + [(path, body) for path in ours.document["paths"] if re.search("llamastack.*/embeddings$", path) for body in STACK_EMBEDDINGS]
)  # fmt: skip

FORMS = {
    "images/variations": [
        ({}, {"model": UPSCALER}), ({"image": b""}, {}), ({"image": b"GIF89a"}, {"n": "2", "response_format": "url"}),
        ({"image": PNG}, {"model": UPSCALER, "size": "16x16", "n": "1"}), ({"image": PNG}, {"model": "no-such"}),
        ({"image": PNG}, {"model": MODEL}), ({"image": PNG}, {"model": UPSCALER, "wizard": "1"}),
    ],
    "audio/transcriptions": [
        ({}, {"model": LISTENER}), ({"file": SPEECH}, {}), ({"file": SPEECH}, {"model": LISTENER}),
        *(({"file": SPEECH}, {"model": LISTENER, "response_format": kind}) for kind in ("json", "text", "srt", "vtt")),
        ({"file": SPEECH}, {"model": LISTENER, "response_format": "verbose_json", "timestamp_granularities[]": "word"}),
        ({"file": SPEECH}, {"model": LISTENER, "stream": "true"}), ({"file": b"text"}, {"model": LISTENER}),
        ({"file": SPEECH}, {"model": LISTENER, "language": "klingon", "temperature": "2"}),
        ({"file": SPEECH}, {"model": LISTENER, "include[]": "logprobs"}), ({"file": SPEECH}, {"model": MODEL}),
        ({"file": SPEECH}, {"model": LISTENER, "wizard": "1"}), ({"file": SPEECH}, {"model": "no-such"}),
    ],
    "audio/translations": [
        ({}, {"model": LISTENER}), ({"file": SPEECH}, {"model": LISTENER}),
        *(({"file": SPEECH}, {"model": INTERPRETER, "response_format": kind}) for kind in ("json", "text", "srt", "vtt", "verbose_json")),
        ({"file": b"text"}, {"model": INTERPRETER}), ({"file": SPEECH}, {"model": "no-such"}),
    ],
}  # fmt: skip

# Those that take a form.
FORM_PATHS = [path for method, path, _ in ours.operations() if method == "POST" and "application/json" not in ours.media_types(method, path)]
JSON_PATHS = [path for method, path, _ in ours.operations() if method == "POST" and path not in FORM_PATHS]


def example(path):
    """The path with its parameters filled in, and those of its query."""
    names = [ours.resolve(one) for one in ours.document["paths"][path].get("get", {}).get("parameters", [])]
    query = "&".join(f"{one['name']}={MODEL}" for one in names if one["in"] == "query" and one.get("required"))
    return path.replace("{model}", MODEL) + ("?" + query if query else "")


def test_it_is_valid():
    openapi_spec_validator.OpenAPIV31SpecValidator(ours.document).validate()


@pytest.mark.parametrize("path", ["/openapi.yaml", "/v1/openapi.yaml"])
def test_it_is_served(server, path):
    reply = server.http().get(path)
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(reply.text) == ours.document


def test_it_tells_the_version(home):
    assert dpais(home, "--version").stdout.split()[-1] == ours.document["info"]["version"]


def test_it_gives_every_schema_a_place():
    text = OURS.read_text(encoding="utf-8")
    unused = [name for name in ours.document["components"]["schemas"] if f"#/components/schemas/{name}'" not in text]
    assert unused == []


def test_its_examples_fit_their_schemas():
    for method, path, operation in ours.operations():
        if "requestBody" not in operation:
            continue
        for content in ours.resolve(operation["requestBody"])["content"].values():
            examples = [content["example"]] if "example" in content else []
            examples += [one["value"] for one in content.get("examples", {}).values()]
            for value in examples:
                assert ours.faults(content["schema"], value) == [], (path, value)


@pytest.mark.parametrize("path", ours.document["paths"])
def test_each_path_answers_to_its_methods_and_no_others(server, path):
    described = {method.upper() for method in ours.document["paths"][path] if method != "parameters"}
    answering = described | ({"HEAD"} if "GET" in described else set())
    http = server.http()
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        body = {"files": {"a": b""}} if path in FORM_PATHS else {"json": {}}
        reply = http.request(method, example(path), **(body if method in described - {"GET"} else {}))
        if method in answering:
            assert reply.status_code in (200, 400), (method, reply.text)
        else:
            assert reply.status_code == 405, (method, reply.text)
            assert set(reply.headers["allow"].split(", ")) == answering


def test_each_endpoint_of_the_code_is_described():
    """What the sources register, by the ends of paths: their bases are added elsewhere."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "Sources" / "Server").rglob("*.swift"))
    registered = set(re.findall(r'Endpoint\(\s*\.(\w+), "([^"]+)"', source))
    registered |= {
        ("post", path) for path in re.findall(r'"([^"]+)"', "".join(re.findall(r"\[([^\]]*)\]\.map \{ path in", source)))
    }
    assert len(registered) > 10
    for method, path in registered:
        end = "/" + path.replace("/**", "/{model}")
        assert any(one.endswith(end) and method in item for one, item in ours.document["paths"].items()), (method, path)


def test_each_route_that_llamastack_lists_is_described(server):
    listed = server.http().get("/v1/llamastack/routes/list").json()
    routes = {(one["method"].lower(), one["route"]) for routes in listed.values() for one in routes}
    described = {(method.lower(), path) for method, path, _ in ours.operations() if "/llamastack/" in path}
    assert routes == described


@pytest.mark.parametrize("path", [path for path, item in ours.document["paths"].items() if "get" in item])
def test_replies_are_as_described(server, path):
    assert exact.reply_faults("GET", path, server.http().get(example(path))) == []


@pytest.mark.parametrize("path", [path for path in ours.document["paths"] if path.endswith(("{model}", "models/get"))])
def test_replies_about_an_unknown_model_are_as_described(server, path):
    assert exact.reply_faults("GET", path, server.http().get(example(path).replace(MODEL, "no-such"))) == []


@pytest.mark.parametrize(("path", "body"), POSTS)
def test_replies_to_bodies_are_as_described(server, path, body):
    reply = server.http().post(path, json=body)
    assert exact.reply_faults("POST", path, reply) == [], reply.text[:2000]
    # What the description calls valid is not refused for its form, and the other way round.
    if faults := ours.faults(ours.request_schema("POST", path), body):
        assert reply.status_code == 400, faults


def typed(name, text):
    """What the text of a form's field stands for, by the description."""
    match name:
        case "n": return int(text)
        case "temperature": return float(text)
        case "stream": return text == "true"
        case _: return [text] if name.endswith("[]") else text


@pytest.mark.parametrize(
    ("path", "files", "data"), [(path, *form) for path in FORM_PATHS for end, forms in FORMS.items() if path.endswith(end) for form in forms]
)
def test_replies_to_forms_are_as_described(server, path, files, data):
    reply = server.http().post(path, files={name: (name, value) for name, value in files.items()} or {"": b""}, data=data)
    assert exact.reply_faults("POST", path, reply) == [], reply.text[:2000]
    form = {name: typed(name, value) for name, value in data.items()} | {name: value.decode("latin-1") for name, value in files.items()}
    if faults := ours.faults(ours.request_schema("POST", path, "multipart/form-data"), form):
        assert reply.status_code == 400, faults


# The limit of sounds is tried where it is low, in test_transcriptions.py.
@pytest.mark.parametrize("path", [path for path in FORM_PATHS if "images" in path])
def test_errors_about_large_forms_are_as_described(server, path):
    # Of a form that is small enough, the picture is too large.
    test_errors_are_as_described(server, path, {"files": {"image": bytes(26_000_000)}}, 413)
    announced = reply_to_announced(server, path, LIMIT + 1, "multipart/form-data; boundary=b")
    assert announced.status_code == 413 and exact.reply_faults("POST", path, announced) == []


@pytest.mark.parametrize("path", FORM_PATHS)
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400),
        ({"json": {}}, 415),
        ({"files": {"image": b""}, "headers": {"host": "evil.example"}}, 403),
    ],
    ids=["no form", "JSON", "foreign host"],
)
def test_errors_about_forms_are_as_described(server, path, request_, status):
    test_errors_are_as_described(server, path, request_, status)


@pytest.mark.parametrize("path", JSON_PATHS)
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"a=b", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
        ({"json": {}, "headers": {"host": "evil.example"}}, 403),
    ],
    ids=["not JSON", "wrong type", "foreign host"],
)
def test_errors_are_as_described(server, path, request_, status):
    reply = server.http().post(path, **request_)
    assert reply.status_code == status
    assert exact.reply_faults("POST", path, reply) == []


@pytest.mark.parametrize("path", JSON_PATHS)
def test_errors_about_large_bodies_are_as_described(server, path):
    reply = reply_to_announced(server, path, LIMIT + 1)
    assert reply.status_code == 413
    assert exact.reply_faults("POST", path, reply) == []
