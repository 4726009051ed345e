"""Requests that nobody thought of, made out of the contract and of the server's own description.

Each is answered with a status, a content type, a head and a body that the description promises; what it calls valid is
accepted, what it calls invalid is refused. `make test` sends some thousand of them, the same ones each time, and `make
soak` all that there are. How long they take is measured in measured/test_generated_request_times.py.
"""

import collections
import concurrent.futures
import copy
import itertools
import logging
import random
import re
import threading

import hypothesis
import hypothesis.errors
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from conftest import EMBEDDER, INTERPRETER, LISTENER, MODEL, UPSCALER
from descriptions import CONTRACT, OURS, Description, read
from speech import say
from test_contract import NOT_BUILT
from test_description import PNG
from waiting import HANG, rounds

# Those that take a form.
FORMS = ("/images/variations", "/audio/transcriptions", "/audio/translations")
HELLO = say("Hello.")

SEED = 20_251_122
# One in so many is sent: of an operation's edge cases, and of its random requests.
CASES_PER_REQUEST, RANDOM_PER_REQUEST = rounds(7, 1), rounds(10, 1)

# Valid by a schema and yet refused: what schemas cannot say. By the field, and the code.
BEYOND_SCHEMAS = [
    (r"model|model_id|identifier", "model_not_found", "the model is not installed"),
    (r"model", "invalid_value", "the older name of `model_id`, and not beside it"),
    (r"logit_bias.*", "invalid_value|out_of_range", "the model has no such token"),
    (r"top_logprobs", "invalid_value", "only where `logprobs` is wanted"),
    (r"stream_options", "invalid_value", "only where `stream` is true"),
    (r"tool_choice|function_call|functions", "invalid_value", "names what is not there, or mixes the older and newer form"),
    (r"(tools|functions)\[\d+\].*name", "invalid_value", "two functions of one name"),
    (r".*(parameters|schema|json_schema|bnf|grammar).*", ".*", "a schema or grammar that cannot be enforced, or is none"),
    (r"messages\[\d+\].*tool_call_id|input\[\d+\].*call_id", "invalid_value", "the result of no call"),
    (r"(messages|input)\[\d+\].*arguments", "invalid_value", "arguments that are no JSON"),
    (r"messages\[\d+\]\.content", "missing_required_parameter|invalid_value", "an assistant's message of nothing, or of mixed parts"),
    (r"(messages|contents)\[?.*(image|image_url|input_audio|file|content(\[\d+\])?).*", "unsupported_value|invalid_value", "no model here sees or hears"),
    (r"(messages|input).*", "context_length_exceeded", "longer than the context"),
    (r"prompt.*", "context_length_exceeded|invalid_value", "longer than the context, or not of this model's tokens"),
    (r"max_tokens", "out_of_range", "0 only where `echo` is true"),
    (r"best_of", "out_of_range|invalid_value", "at least `n`, and not more in a stream"),
    (r"messages\[\d+\]\.audio", "unsupported_parameter", "no model here speaks"),
    (r".*param_type", "invalid_value", "a type that nobody has heard of"),
    (r"input|input\[\d+\]", "invalid_value", "not of this model's tokens"),
    (r"images.*", "invalid_value|out_of_range", "no picture, no model that sees, or too many inputs in all"),
    (r"image", "invalid_value|picture_too_large", "no picture"),
    (r"file", "invalid_value", "no sound"),
    (r"language", "invalid_value", "a language that nobody knows, or that the model does not"),
    (r"timestamp_granularities", "unsupported_value", "only verbose_json has room for them"),
    (r"response_format", "unsupported_value", "a stream is of json or text"),
    (r"dimensions|output_dimension", "invalid_value|out_of_range", "the model was not trained for it"),
    (r"size", "invalid_value", "not the size that the picture will have"),
    (r"contents\[\d+\].*", "invalid_value|unsupported_value", "no model here sees, or texts and images in one list"),
    (r"contents\[\d+\].*", "context_length_exceeded", "longer than the model reads"),
    (r"input\[\d+\]\.encrypted_content", "unsupported_parameter", "nobody here can read it"),
]  # fmt: skip

# Where the server, by its own description, asks for more than the contract does.
STRICTER_THAN_THE_CONTRACT = [
    (r"max_tokens|max_completion_tokens|sampling_params\..*", "out_of_range|invalid_type", "limits where the contract has none; integers of 64 bits"),
    (r"logit_bias.*", "invalid_value|out_of_range|invalid_type", "keys are token ids, values -100 to 100"),
    (r"stop.*", "invalid_value|out_of_range", "an empty text stops nothing"),
    (r"model|model_id", "invalid_value", "an empty name"),
    (r"trials", "out_of_range", "1 to 100, where the contract has no limits"),
    (r"messages|messages\[\d+\].*", "out_of_range|invalid_value|missing_required_parameter", "names of 1 to 64 characters, calls that are whole"),
    (r"(tool_choice|function_call)\..*", "invalid_value|out_of_range", "names of 1 to 64 characters"),
    (r"logprobs\..*", "out_of_range|invalid_type", "0 to 20, and integers of 64 bits"),
    (r"input|input\[\d+\](\[\d+\])?", "invalid_value|out_of_range", "an empty text; tokens from 0 to 2147483647"),
    (r"response_format.*", "invalid_type|missing_required_parameter|invalid_value|unsupported_value", "rules of a grammar are texts"),
]  # fmt: skip

# Beyond what an interface lists, these are statuses of HTTP itself.
OF_HTTP = ("408", "413", "415", "429", "503")


def amended(contract):
    """The contract as it has to be read."""
    document = copy.deepcopy(contract)
    for path in NOT_BUILT:
        del document["paths"][path]
    schemas = document["components"]["schemas"]
    error = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/errorResponse"}}}}
    for item in document["paths"].values():
        for operation in item.values():
            for status in OF_HTTP:
                operation["responses"].setdefault(status, error)
    # Of measurements only the two ends are listed.
    document["paths"]["/performance"]["post"]["responses"] |= {status: error for status in ("400", "403")}
    # What is "not currently supported" is, by models of many languages.
    audio = document["paths"]["/openai/audio/transcriptions"]["post"]["responses"]
    document["paths"]["/openai/audio/translations"]["post"]["responses"] |= {code: audio[code] for code in ("200", "400", "403")}
    # A whole answer is JSON, though only the stream's media type is listed.
    stack = document["paths"]["/llamastack/inference/chat-completion"]["post"]["responses"]["200"]["content"]
    whole, chunk = stack["text/event-stream"]["schema"]["oneOf"]
    stack.update({"application/json": {"schema": whole}, "text/event-stream": {"schema": chunk}})
    # The chunks of a stream are described, and not referred to.
    chat = document["paths"]["/openai/chat/completions"]["post"]["responses"]["200"]["content"]
    chat["text/event-stream"] = {"schema": {"$ref": "#/components/schemas/CreateChatCompletionStreamResponse"}}
    # A tool's name is any string: of `oneOf` the names of known tools would fit twice.
    for name in ("ToolCall", "ToolDefinition", "ToolResponseMessage"):
        schemas[name]["properties"]["tool_name"] = {"type": "string"}
    # Likewise an integer is a number.
    schemas["ToolCall"]["properties"]["arguments"]["additionalProperties"] = {}
    return nullable(document)


def without_streams(node):
    """The description without the schemas of events, which are checked here: schemathesis reads them another way."""
    if isinstance(node, list):
        return [without_streams(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: {} if key == "text/event-stream" else without_streams(value) for key, value in node.items()}


def nullable(node):
    """OpenAPI 3.0's `nullable`, which 3.1 does not know, in 3.1's words."""
    if isinstance(node, list):
        return [nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: nullable(value) for key, value in node.items()}
    if node.pop("nullable", False) is True:
        if "$ref" in node or "oneOf" in node or "anyOf" in node:
            return {"anyOf": [node, {"type": "null"}]}
        node["type"] = [node["type"], "null"]
        if "enum" in node:
            node["enum"] = [*node["enum"], None]
    return node


class Tamer:
    """Makes generated bodies short to answer, and lets some of them reach a model."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def tame(self, case):
        if case.path_parameters and "model" in case.path_parameters and self.random.random() < 0.3:
            case.path_parameters = {**case.path_parameters, "model": MODEL}
        if isinstance(case.query, dict) and isinstance(case.query.get("identifier"), str) and self.random.random() < 0.5:
            case.query = {**case.query, "identifier": MODEL}
        if not isinstance(case.body, dict):
            return
        body = dict(case.body)
        if case.path.endswith("/performance"):
            case.body = self.brief(body)
            return
        if case.path.endswith(("/embeddings", *FORMS)):
            case.body = self.tamed(body, case)
            return
        positive = case.meta is None or case.meta.generation.mode.is_positive
        if positive and self.random.random() < 0.9:
            self.please(body)
        for name in ("model", "model_id"):
            if isinstance(body.get(name), str) and body[name] and (not positive or self.random.random() < 0.85):
                body[name] = MODEL
        if "responses" in case.path:
            self.limit(body, "max_output_tokens")
        elif "sampling_params" in body or "model_id" in body:
            if body.get("sampling_params") is None:
                body["sampling_params"] = {"strategy": "greedy"}
            if isinstance(body["sampling_params"], dict):
                body["sampling_params"] = dict(body["sampling_params"])
                self.limit(body["sampling_params"], "max_tokens", least=0)
        elif "max_completion_tokens" in body:
            self.limit(body, "max_completion_tokens")
            self.limit(body, "max_tokens")
        else:
            self.limit(body, "max_tokens", least=0 if case.path.endswith("/completions") and "prompt" in body else 1)
        for name in ("n", "best_of"):
            if type(body.get(name)) in (int, float) and body[name] in range(3, 9):
                body[name] = 2
        if isinstance(body.get("prompt"), list):
            body["prompt"] = body["prompt"][:4]
        case.body = body

    def brief(self, body):
        """A measurement of one trial, and mostly of no model: each loads one anew."""
        if isinstance(body.get("model"), str) and body["model"]:
            if self.random.random() < 0.1:
                body["model"] = EMBEDDER
            elif body["model"] == MODEL:
                body["model"] = "no-such"
        # 5 trials where nobody says how many.
        if "trials" not in body or body["trials"] is None or type(body["trials"]) in (int, float) and body["trials"] in range(1, 101):
            body["trials"] = 1
        return body

    def tamed(self, body, case):
        """A request for vectors, pictures or transcripts, mostly for a model that can make them, and mostly of what it reads."""
        positive = case.meta is None or case.meta.generation.mode.is_positive
        if case.path.endswith("/images/variations"):
            if positive and self.random.random() < 0.7:
                body["image"] = PNG
            if positive and self.random.random() < 0.8:
                body.pop("size", None)
            if isinstance(body.get("model"), str) and body["model"] and self.random.random() < 0.85 or "model" not in body:
                body["model"] = UPSCALER
            return body
        if "/audio/" in case.path:
            if positive and self.random.random() < 0.7:
                body["file"] = HELLO
            if positive and self.random.random() < 0.8:
                body.pop("language", None)
            if isinstance(body.get("model"), str) and body["model"]:
                # One of English alone would answer with 501, rightly.
                if case.path.endswith("translations"):
                    body["model"] = INTERPRETER
                elif self.random.random() < 0.85:
                    body["model"] = LISTENER
            return body
        for name in ("model", "model_id"):
            if isinstance(body.get(name), str) and body[name] and (not positive or self.random.random() < 0.85):
                body[name] = EMBEDDER
        if positive and self.random.random() < 0.9:
            for name in ("dimensions", "output_dimension"):
                body.pop(name, None)
            if isinstance(body.get("input"), (str, list)):
                body.pop("images", None)
                body["input"] = self.known(body["input"])
        for name in ("input", "contents"):
            if positive and isinstance(body.get(name), list):
                body[name] = body[name][:8]
        return body

    def known(self, value):
        """The same with tokens that the model has."""
        if isinstance(value, list):
            return [self.known(one) for one in value]
        return int(value) % 30_000 if type(value) in (int, float) else value

    def please(self, body):
        """Takes out of a valid body what is refused for reasons beyond its schema, so that it is answered."""
        if isinstance(body.get("messages"), list):
            plain = [one for one in body["messages"] if isinstance(one, dict) and self.is_plain(one)]
            body["messages"] = plain or [{"role": "user", "content": "Hi"}]
        if isinstance(body.get("logit_bias"), dict):
            body["logit_bias"] = {str(self.random.randrange(49_152)): value for value in body["logit_bias"].values()
                                  if isinstance(value, (int, float)) and -100 <= value <= 100}  # fmt: skip
        if "stop" in body and (body["stop"] == "" or isinstance(body["stop"], list) and "" in body["stop"]):
            body["stop"] = "."
        if body.get("top_logprobs") is not None and "messages" in body:
            body["logprobs"] = True
        if body.get("stream_options") is not None:
            body["stream"] = True
        for name, needed in (("tool_choice", "tools"), ("function_call", "functions"), ("functions", "")):
            if not body.get(needed):
                body.pop(name, None)

    @staticmethod
    def is_plain(message):
        """Whether a message is of text alone, and needs none before it."""
        content, name = message.get("content"), message.get("name")
        parts = content if isinstance(content, list) else [content]
        texts = all(isinstance(one, str) or isinstance(one, dict) and one.get("type") == "text" for one in parts)
        named = name is None or 1 <= len(name) <= 64
        calls = any(message.get(one) for one in ("tool_calls", "function_call", "audio", "context"))
        return bool(parts) and texts and named and not calls and message.get("role") not in ("tool", "function", "ipython")

    def limit(self, body, name, least=1):
        """A limit that is absent or valid becomes a small one; what is wrong stays wrong."""
        value = body.get(name)
        # 5.0 is an integer in JSON.
        if value is None or (type(value) in (int, float) and value == int(value) and value >= least):
            body[name] = self.random.randint(1, 3)


class Run:
    """Requests made out of one description."""

    def __init__(self, description, base_url, refusals, oracle=None):
        self.description = description
        self.schema = schemathesis.openapi.from_dict(without_streams(description.document))
        self.schema.config.output.sanitization.update(enabled=False)
        self.base_url = base_url
        self.refusals = [(re.compile(field), re.compile(code)) for field, code, _ in refusals]
        # Says whether a body is valid where it is not the description that does.
        self.oracle = oracle
        self.counts = collections.Counter()
        self.statuses = collections.Counter()
        self.failures = {}
        self.pool = concurrent.futures.ThreadPoolExecutor(6)
        self.local = threading.local()
        self.waiting = collections.deque()
        load_all_checks()

    def operation(self, method, path, examples):
        """Sends edge cases of one operation, then random requests: all of both, and `examples` in all, in `make soak`."""
        operation = self.schema[path][method]
        tamer = Tamer(f"{SEED} {method} {path}")

        def send(case):
            tamer.tame(case)
            self.waiting.append((case, self.pool.submit(self.call, case)))
            # Never far ahead of the server.
            while len(self.waiting) > 64:
                self.check(*self.waiting.popleft())

        coverage = self.schema.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode), generation_config=self.schema.config.generation
        )
        for case in itertools.islice(coverage, 0, None, CASES_PER_REQUEST):
            send(case)
        for mode in GenerationMode:
            count = (examples * 2 if mode.is_positive else examples) // 3 // RANDOM_PER_REQUEST
            quiet = hypothesis.settings(
                max_examples=max(1, count), deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
            )
            try:
                hypothesis.seed(SEED)(quiet(hypothesis.given(operation.as_strategy(generation_mode=mode))(send)))()
            except hypothesis.errors.Unsatisfiable:
                pass  # nothing is invalid where every text is allowed
        while self.waiting:
            self.check(*self.waiting.popleft())

    def call(self, case):
        """The reply, or `None` where none came. Runs beside the generation, which is not made for threads."""
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        try:
            return case.call(base_url=self.base_url, session=self.local.session, timeout=HANG)
        except requests.Timeout:
            return None

    def check(self, case, future):
        label = f"{case.method} {case.path}"
        reply = future.result()
        if reply is None:
            return self.fail(label, "a request that was not answered", case, "")
        self.counts[label] += 1
        self.statuses[reply.status_code] += 1
        if reply.status_code >= 500:
            self.fail(label, f"status {reply.status_code}", case, reply.text)
        try:
            case.validate_response(reply)
        except (Failure, FailureGroup) as failure:
            for one in getattr(failure, "exceptions", [failure]):
                if not self.is_known(one, case, reply):
                    self.fail(label, self.words(one, reply), case, reply.text)
        if reply.headers.get("content-type") == ["text/event-stream; charset=utf-8"]:
            content = self.description.reply(case.operation.method, case.path, reply.status_code)["content"]
            for fault in self.description.stream_faults(content["text/event-stream"]["schema"], reply.text):
                self.fail(label, fault, case, reply.text)

    @staticmethod
    def words(failure, reply):
        words = f"{type(failure).__name__}: " + " ".join(str(failure).split())
        if reply.status_code in (400, 404):
            error = reply.json().get("error", {})
            words = f"{type(failure).__name__}: {error.get('code')} of {error.get('param')}: {words}"
        return words

    def is_known(self, failure, case, reply):
        match type(failure).__name__:
            case "RejectedPositiveData":
                error = reply.json()["error"] if reply.status_code in (400, 404) else {}
                field, code = error.get("param") or "", error.get("code") or ""
                return any(one.fullmatch(field) and two.fullmatch(code) for one, two in self.refusals)
            case "AcceptedNegativeData":
                return self.oracle is not None and self.oracle(case)
        return False

    def fail(self, label, what, case, text):
        key = (label, re.sub(r"[\d]+", "0", what)[:160])
        if key not in self.failures:
            self.failures[key] = f"{label}: {what}\n    {case.as_curl_command()[:1500]}\n    → {text[:600]}"

    def conclude(self, least):
        self.pool.shutdown()
        total = sum(self.counts.values())
        print(f"{total} requests, by status {dict(sorted(self.statuses.items()))}")
        for label, count in sorted(self.counts.items()):
            print(f"  {count:5} {label}")
        assert not self.failures, f"{len(self.failures)} kinds of failures\n" + "\n".join(list(self.failures.values())[:12])
        assert total >= least


def fits_a_form(case):
    """All values of a form are texts, so that one of a wrong type may be what was meant: `"1"` for `1`."""
    return case.path.endswith(FORMS) and isinstance(case.body, dict)


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("urllib3").setLevel(logging.ERROR)


@pytest.fixture(autouse=True)
def the_same_requests(monkeypatch):
    """Without this hypothesis also draws constants out of the code of all modules that happen to be loaded."""
    nothing = Constants()
    monkeypatch.setattr(providers, "_get_local_constants", lambda: nothing)


def made_out_of_the_contract(server, kind=Run):
    ours, contract = Description(read(OURS)), Description(amended(read(CONTRACT)))

    def is_valid_by_our_description(case):
        """Null for what is absent, and fields that are passed over, are more than the contract allows."""
        return fits_a_form(case) or not ours.faults(ours.request_schema(case.operation.method, "/v1" + case.path), case.body)

    run = kind(contract, server.url + "/v1", BEYOND_SCHEMAS + STRICTER_THAN_THE_CONTRACT, is_valid_by_our_description)
    run.operation("GET", "/openai/models", 10)
    run.operation("GET", "/openai/models/{model}", 400)
    run.operation("POST", "/openai/chat/completions", 500)
    run.operation("POST", "/llamastack/inference/chat-completion", 500)
    run.operation("POST", "/openai/embeddings", 300)
    run.operation("POST", "/openai/images/variations", 100)
    run.operation("POST", "/openai/audio/transcriptions", 100)
    run.operation("POST", "/openai/audio/translations", 60)
    run.operation("POST", "/performance", 60)
    return run


def made_out_of_our_own_description(server, kind=Run):
    ours = Description(read(OURS))
    run = kind(ours, server.url, BEYOND_SCHEMAS, fits_a_form)
    # Of paths that are the same by another name, one each; the contract's chat has been tried by its own letter.
    again = ("/alpha/", "chat_completion", "/openai/")
    paths = [(method, path) for method, path, _ in ours.operations() if not any(one in path for one in again)]
    for method, path in paths:
        run.operation(method, path, 45 if method == "POST" else 15)
    return run


def test_requests_made_out_of_the_contract(server):
    made_out_of_the_contract(server).conclude(least=rounds(300, 2_000))


def test_requests_made_out_of_our_own_description(server):
    made_out_of_our_own_description(server).conclude(least=rounds(500, 4_000))
