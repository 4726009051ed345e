"""Nothing that the contract promises is missing from the server's own description.

Whether the server does what its description says is for the other tests.
"""

import pytest

from conftest import ROOT
from contract.extract import extract, interface
from descriptions import CONTRACT, OURS, Description, read

# What is promised and not built yet. Each line goes when its endpoint comes.
NOT_BUILT = {}

# What the description leaves out on purpose, and why.
LEFT_OUT = {
    "messages[].tool_calls[]: demands ['function']": "a call without its function is no call; the contract forgot to require it",
    "response_format.bnf.*: type ['array', 'boolean', 'null', 'number', 'object']": "rules of a grammar are texts",
    "response_format.bnf.*[]: nothing": "rules of a grammar are texts",
    "modalities[]: values ['audio']": "no model here speaks: refused by name",
    "tool_prompt_format: values ['function_tag', 'python_list']": "models are told of tools as they were trained: refused by name",
    """input: default ["''"]""": "an empty text is refused, and so cannot be what is meant where there is none",
    """input[]: default ["''"]""": "likewise",
    "model: type ['null']": "a form has no null",
    "response_format: type ['null']": "a form has no null",
    """contents[].image: pattern ["'^(https?://|file://|data:)'"]""": "of pictures by address only those within it are read",
    """contents[][].image: pattern ["'^(https?://|file://|data:)'"]""": "likewise",
    "200.data[].revised_prompt: nothing": "nothing is prompted, so that nothing is revised",
}

LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems",
          "pattern", "format", "default")  # fmt: skip

contract = Description(read(CONTRACT))
ours = Description(read(OURS))


def branches(description, schemas):
    """The schemas themselves, without references and alternatives."""
    flat, waiting = [], list(schemas)
    while waiting:
        schema = description.resolve(waiting.pop(0))
        if not isinstance(schema, dict):
            continue
        alternatives = [one for word in ("oneOf", "anyOf", "allOf") for one in schema.get(word, [])]
        waiting += alternatives
        flat.append(schema)
    return flat


def values(schemas):
    return {value for schema in schemas for value in schema.get("enum", []) + [schema[w] for w in ("const",) if w in schema]}


def types(schemas):
    found = set()
    for schema in schemas:
        named = schema.get("type", [])
        found |= {named} if isinstance(named, str) else set(named)
        if schema.get("nullable"):
            found.add("null")
    return found


def kind(description, schema):
    """The value that tells an alternative from its neighbours: of `role`, or of `type`."""
    properties = schema.get("properties", {})
    for name in ("role", "type"):
        told = values(branches(description, [properties[name]])) if name in properties else set()
        if len(told) >= 1:
            return told
    return None


def matching(theirs, candidates):
    """Of our alternatives those that speak of the same thing as one of theirs."""
    told = kind(contract, theirs)
    if told is not None:
        return [one for one in candidates if (kind(ours, one) or told) & told]
    # Those that have most fields in common.
    fields = set(theirs.get("properties", {}))
    shared = [len(fields & set(one.get("properties", {}))) for one in candidates]
    return [one for one, count in zip(candidates, shared) if count == max(shared)]


def says_nothing(schema):
    """Whether every value fits."""
    return not set(schema) - {"description", "examples", "default", "deprecated"}


def missing(theirs, mine, path, is_request, seen=frozenset()):
    """What their schemas promise of a value and ours do not, each with the path of the value."""
    theirs, mine = branches(contract, theirs), branches(ours, mine)
    key = (tuple(map(id, theirs)), tuple(map(id, mine)))
    if key in seen:
        return
    seen |= {key}
    if not mine:
        yield f"{path}: nothing"
    if not mine or any(says_nothing(schema) for schema in mine):
        return

    lacking = types(theirs) - types(mine)
    if "number" in types(mine):
        lacking -= {"integer"}
    if lacking and types(mine):
        yield f"{path}: type {sorted(lacking)}"
    told = values(mine)
    if told and (lacking := values(theirs) - told):
        yield f"{path}: values {sorted(map(str, lacking))}"
    for word in LIMITS:
        promised = {repr(schema[word]) for schema in theirs if word in schema}
        kept = {repr(schema[word]) for schema in mine if word in schema}
        # JSON knows one kind of number.
        kept |= {repr(float(schema[word])) for schema in mine if isinstance(schema.get(word), (int, float))}
        kept |= {repr(int(schema[word])) for schema in mine if isinstance(schema.get(word), float) and schema[word] == int(schema[word])}
        if lacking := promised - kept:
            yield f"{path}: {word} {sorted(lacking)}"

    for schema in theirs:
        counterparts = matching(schema, mine)
        for name, promised in schema.get("properties", {}).items():
            kept = [one["properties"][name] for one in counterparts if name in one.get("properties", {})]
            if not kept:
                yield f"{path}.{name}: nothing"
            else:
                yield from missing([promised], kept, f"{path}.{name}", is_request, seen)
        if isinstance(schema.get("items"), dict):
            kept = [one["items"] for one in mine if isinstance(one.get("items"), dict)]
            yield from missing([schema["items"]], kept, f"{path}[]", is_request, seen)
        if isinstance(schema.get("additionalProperties"), dict):
            kept = [one["additionalProperties"] for one in mine if isinstance(one.get("additionalProperties"), dict)]
            if kept or not any(one.get("additionalProperties") is True for one in mine):
                yield from missing([schema["additionalProperties"]], kept, f"{path}.*", is_request, seen)
        objects = [one for one in counterparts if "properties" in one]
        if "properties" in schema and objects:
            if is_request:
                demanded = set.intersection(*(set(one.get("required", [])) for one in objects))
                if more := demanded - set(schema.get("required", [])):
                    yield f"{path}: demands {sorted(more)}"
            else:
                always = set.intersection(*(set(one.get("required", [])) for one in objects))
                if fewer := set(schema.get("required", [])) - always:
                    yield f"{path}: {sorted(fewer)} may be absent"


def unexpected(found):
    return [one for one in found if one.lstrip(".") not in LEFT_OUT]


def built():
    return [(method, path) for method, path, _ in contract.operations() if path not in NOT_BUILT]


def test_the_extract_is_of_the_contract():
    extracted = read(CONTRACT)
    assert interface(extracted, names=False)["paths"].keys() == extracted["paths"].keys()
    assert len(extracted["paths"]) == 9 and len(extracted["components"]["schemas"]) > 80
    # Where the contract itself is at hand, beside the checkout.
    for original in (ROOT.parent / "shared" / "contract").glob("dpais.openapi.yaml"):
        assert extract(read(original)) == extracted


def test_what_is_not_built_is_known():
    assert set(NOT_BUILT) <= set(contract.document["paths"])
    assert not {"/v1" + path for path in NOT_BUILT} & set(ours.document["paths"])


@pytest.mark.parametrize(("method", "path"), built())
def test_each_promised_endpoint_is_described(method, path):
    assert method.lower() in ours.document["paths"]["/v1" + path]
    theirs = contract.operation(method, path)
    assert set(theirs["responses"]) <= set(ours.operation(method, "/v1" + path)["responses"])
    described = ours.document["paths"]["/v1" + path]
    parameters = [ours.resolve(one) for one in described.get("parameters", []) + described[method.lower()].get("parameters", [])]
    for promised in theirs.get("parameters", []):
        assert any((one["name"], one["in"]) == (promised["name"], promised["in"]) for one in parameters)


@pytest.mark.parametrize(("method", "path"), [pair for pair in built() if pair[0] == "POST"])
def test_each_promised_field_of_a_request_is_described(method, path):
    for media_type in contract.media_types(method, path):
        promised = contract.request_schema(method, path, media_type)
        described = ours.request_schema(method, "/v1" + path, media_type)
        assert unexpected(missing([promised], [described], "", True)) == []


@pytest.mark.parametrize(("method", "path"), built())
def test_each_promised_field_of_a_reply_is_described(method, path):
    for status in contract.operation(method, path)["responses"]:
        for content in contract.reply(method, path, status).get("content", {}).values():
            kept = [one["schema"] for one in ours.reply(method, "/v1" + path, status)["content"].values()]
            assert unexpected(missing([content["schema"]], kept, status, False)) == []


def test_each_promised_field_of_a_streamed_chat_is_described():
    promised = contract.document["components"]["schemas"]["CreateChatCompletionStreamResponse"]
    reply = ours.reply("POST", "/v1/openai/chat/completions", 200)
    assert unexpected(missing([promised], [reply["content"]["text/event-stream"]["schema"]], "", False)) == []


# What the schemas around a request show was meant to be in it.
@pytest.mark.parametrize(
    ("schema", "path", "field"),
    [
        ("ChatCompletionTool", "/v1/openai/chat/completions", "tools"),
        ("ChatCompletionFunctions", "/v1/openai/chat/completions", "functions"),
        ("ChatCompletionFunctionCallOption", "/v1/openai/chat/completions", "function_call"),
        ("ChatCompletionModalities", "/v1/openai/chat/completions", "modalities"),
        ("PredictionContent", "/v1/openai/chat/completions", "prediction"),
        ("ResponseFormatText", "/v1/openai/chat/completions", "response_format"),
        ("ResponseFormatJsonObject", "/v1/openai/chat/completions", "response_format"),
        ("ResponseFormatJsonSchema", "/v1/openai/chat/completions", "response_format"),
        ("ToolResponseMessage", "/v1/llamastack/inference/chat-completion", "messages"),
        ("ToolDefinition", "/v1/llamastack/inference/chat-completion", "tools"),
        ("ToolChoice", "/v1/llamastack/inference/chat-completion", "tool_choice"),
        ("ToolPromptFormat", "/v1/llamastack/inference/chat-completion", "tool_prompt_format"),
    ],
)
def test_each_schema_that_no_path_uses_is_described_where_it_was_meant(schema, path, field):
    promised = contract.document["components"]["schemas"][schema]
    kept = [one["properties"][field] for one in branches(ours, [ours.request_schema("POST", path)]) if field in one.get("properties", {})]
    if promised.get("type") == "object":
        kept = [one.get("items", one) for one in branches(ours, kept)]
    assert unexpected(missing([promised], kept, field, True)) == []


# LlamaStack's other routes are described by schemas that no path of the contract uses.
@pytest.mark.parametrize(("schema", "is_request"), [("EmbeddingsRequest", True), ("EmbeddingsResponse", False)])
def test_llamastacks_embeddings_are_described(schema, is_request):
    path = "/v1/llamastack/inference/embeddings"
    promised = contract.document["components"]["schemas"][schema]
    described = (
        ours.request_schema("POST", path) if is_request
        else ours.reply("POST", path, 200)["content"]["application/json"]["schema"]
    )  # fmt: skip
    assert unexpected(missing([promised], [described], "", is_request)) == []
