"""The tables in Docs/api.md have a row for every field there is, and a test behind every row that works."""

import re
import types
import typing

import openai.types.audio as audio
import openai.types.audio.transcription_create_params as transcription_params
import openai.types.audio.translation_create_params as translation_params
import openai.types.chat as chat
import openai.types.completion as completion
import openai.types.completion_create_params as completion_params
import openai.types.create_embedding_response as embedding
import openai.types.embedding_create_params as embedding_params
import openai.types.image_create_variation_params as variation_params
import openai.types.images_response as images
import openai.types.responses as responses
import openai.types.responses.response_create_params as response_params
import pydantic
import pytest
import typing_extensions
from openai.types.chat import completion_create_params as chat_params

from conftest import ROOT
from descriptions import CONTRACT, OURS, Description, read

TABLES = ROOT / "Docs" / "api.md"
STATES = ("works", "refused", "no effect", "never there")

contract = Description(read(CONTRACT))


def tables():
    """Rows by heading: the field, its state, and the tests named."""
    found, heading = {}, None
    for line in TABLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            state = next((state for state in STATES if cells[1].startswith(state)), None)
            for field in re.findall(r"`([^`]+)`", cells[0]):
                assert field not in found.setdefault(heading, {}), f"{heading}: two rows for {field}"
                found[heading][field] = (state, re.findall(r"`([^`]+)`", cells[2]))
    return found


def of_schema(schema, path="", seen=()):
    """The paths of all fields of a schema of the contract."""
    schema = contract.resolve(schema)
    if id(schema) in seen:
        return
    seen += (id(schema),)
    for word in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(word, []):
            yield from of_schema(one, path, seen)
    for name, one in schema.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        yield inner
        yield from of_schema(one, inner, seen)
    if isinstance(schema.get("items"), dict):
        yield from of_schema(schema["items"], path + "[]", seen)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from of_schema(schema["additionalProperties"], path + ".*", seen)


def of_type(annotation, path="", seen=()):
    """The paths of all fields of one of the client's types."""
    origin = typing.get_origin(annotation)
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        yield from of_type(annotation.__value__, path, seen)
    elif origin in (typing.Annotated, typing_extensions.Required, typing_extensions.NotRequired, typing.Required, typing.NotRequired):
        yield from of_type(typing.get_args(annotation)[0], path, seen)
    elif origin in (typing.Union, types.UnionType):
        for one in typing.get_args(annotation):
            yield from of_type(one, path, seen)
    elif origin is dict:
        yield from of_type(typing.get_args(annotation)[1], path + ".*", seen)
    elif origin is not None and origin is not typing.Literal:
        for one in typing.get_args(annotation):
            yield from of_type(one, path + "[]", seen)
    elif annotation in seen:
        return
    elif isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        for name, field in annotation.model_fields.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from of_type(field.annotation, inner, (*seen, annotation))
    elif typing_extensions.is_typeddict(annotation):
        for name, one in typing_extensions.get_type_hints(annotation, include_extras=True).items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from of_type(one, inner, (*seen, annotation))


def schema(name):
    return list(of_schema({"$ref": f"#/components/schemas/{name}"}))


def meant(**fields):
    """Schemas that the contract refers to nowhere, at the fields where they were meant to be."""
    return [name for field, one in fields.items() for name in [field, *of_schema({"$ref": f"#/components/schemas/{one}"}, field)]]


def several(*annotations):
    return [name for one in annotations for name in of_type(one)]


def top(*annotations):
    return [name for name in several(*annotations) if "." not in name]


CHAT = "Chat completions: the request"
REPLY = "Chat completions: the reply"
CHUNK = "Chat completions: a chunk of a stream"
STACK = "LlamaStack: the request"
STACK_REPLY = "LlamaStack: the reply"
STACK_EVENT = "LlamaStack: an event of a stream"
STACK_VECTORS = "LlamaStack: embeddings"
VECTORS, VECTORS_REPLY = "Embeddings: the request", "Embeddings: the reply"
SPEECH, SPEECH_REPLY = "Transcriptions: the request", "Transcriptions: the reply"
SPEECH_EVENT, TRANSLATION = "Transcriptions: an event of a stream", "Translations"
PICTURE, PICTURE_REPLY = "Image variations: the request", "Image variations: the reply"

FIELDS = [
    (CHAT, schema("CreateChatCompletionRequest")),
    (CHAT, meant(prediction="PredictionContent", response_format="ResponseFormatJsonSchema", modalities="ChatCompletionModalities",
                 function_call="ChatCompletionFunctionCallOption")),
    (CHAT, [name.replace("tools", "tools[]", 1) for name in meant(tools="ChatCompletionTool")[1:]]),
    (CHAT, [name.replace("functions", "functions[]", 1) for name in meant(functions="ChatCompletionFunctions")[1:]]),
    (CHAT, several(chat_params.CompletionCreateParamsNonStreaming, chat_params.CompletionCreateParamsStreaming)),
    (CHAT, ["top_k", "min_p", "repeat_penalty", "grammar", "messages[].reasoning_content"]),
    (REPLY, schema("CreateChatCompletionResponse")),
    (REPLY, several(chat.ChatCompletion)),
    (CHUNK, schema("CreateChatCompletionStreamResponse")),
    (CHUNK, several(chat.ChatCompletionChunk)),
    (STACK, schema("ChatCompletionRequest")),
    (STACK, [name.replace("tools", "tools[]", 1) for name in meant(tools="ToolDefinition")[1:]]),
    (STACK, [name.replace("messages", "messages[]", 1) for name in meant(messages="ToolResponseMessage")[1:]]),
    (STACK, ["tools", "tool_choice", "tool_prompt_format", "X-LlamaStack-ProviderData"]),
    (STACK_REPLY, schema("ChatCompletionResponse")),
    (STACK_EVENT, schema("ChatCompletionResponseStreamChunk")),
    (VECTORS, schema("CreateEmbeddingRequest")),
    (VECTORS, several(embedding_params.EmbeddingCreateParams)),
    (VECTORS_REPLY, schema("CreateEmbeddingResponse")),
    (VECTORS_REPLY, several(embedding.CreateEmbeddingResponse)),
    (PICTURE, schema("CreateImageVariationRequest")),
    (PICTURE, several(variation_params.ImageCreateVariationParams)),
    (PICTURE_REPLY, schema("ImagesResponse")),
    (PICTURE_REPLY, several(images.ImagesResponse)),
    (SPEECH, schema("CreateTranscriptionRequest")),
    (SPEECH, several(transcription_params.TranscriptionCreateParamsNonStreaming, transcription_params.TranscriptionCreateParamsStreaming)),
    (SPEECH, ["beam_size"]),
    (SPEECH_REPLY, schema("CreateTranscriptionResponseJson")),
    (SPEECH_REPLY, schema("CreateTranscriptionResponseVerboseJson")),
    (SPEECH_REPLY, several(audio.Transcription, audio.TranscriptionVerbose)),
    (SPEECH_EVENT, several(audio.TranscriptionTextDeltaEvent, audio.TranscriptionTextDoneEvent)),
    (TRANSLATION, schema("CreateTranslationRequest")),
    (TRANSLATION, schema("CreateTranslationResponseJson")),
    (TRANSLATION, schema("CreateTranslationResponseVerboseJson")),
    (TRANSLATION, several(translation_params.TranslationCreateParams, audio.Translation, audio.TranslationVerbose)),
    (TRANSLATION, ["beam_size"]),
    (STACK_VECTORS, schema("EmbeddingsRequest")),
    (STACK_VECTORS, schema("EmbeddingsResponse")),
    (STACK_VECTORS, ["task_type", "text_truncation", "output_dimension", "contents[].type", "contents[].text",
                     "contents[].image.data", "contents[].image.url"]),
    ("Completions: the request", several(completion_params.CompletionCreateParamsNonStreaming, completion_params.CompletionCreateParamsStreaming)),
    ("Completions: the reply", several(completion.Completion)),
    ("Responses: the request", top(response_params.ResponseCreateParamsNonStreaming, response_params.ResponseCreateParamsStreaming)),
    ("Responses: the reply", top(responses.Response)),
    ("Performance: the request", schema("PerformanceRequest")),
    ("Performance: the reply", schema("PerformanceResponse")),
    ("Models", schema("Model")),
    ("Models in memory", ["keep_alive", "was_loaded", *Description(read(OURS)).document["components"]["schemas"]["LoadedModel"]["properties"]]),
    ("Errors", schema("errorResponse")),
]  # fmt: skip


def ancestors(field):
    """The field, and all that it is part of."""
    while field:
        yield field
        if field.endswith("[]"):
            yield field[:-2]
        field = field.rpartition(".")[0]


@pytest.mark.parametrize(("heading", "fields"), FIELDS, ids=[f"{heading} {index}" for index, (heading, _) in enumerate(FIELDS)])
def test_every_field_has_a_row(heading, fields):
    rows = tables()[heading]
    lacking = []
    for field in dict.fromkeys(fields):
        states = [rows[one][0] for one in ancestors(field) if one in rows]
        # What is refused, or is never there, need not be taken apart.
        if field not in rows and not any(state in ("refused", "no effect", "never there") for state in states):
            lacking.append(field)
    assert lacking == []


def test_every_row_says_what_happens():
    for heading, rows in tables().items():
        for field, (state, _) in rows.items():
            assert state, f"{heading}: {field}"


def test_every_row_is_of_a_field():
    fields = {}
    for heading, names in FIELDS:
        fields.setdefault(heading, set()).update(names)
    for heading, rows in tables().items():
        assert set(rows) <= fields[heading], heading


def test_every_row_that_works_has_a_test_that_exists():
    here = {
        f"{file.name}::{name}"
        for file in (ROOT / "Tests" / "EndToEnd").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    swift = {
        f"{file.name}: {name}"
        for file in (ROOT / "Tests").rglob("*.swift")
        for name in re.findall(r'@Test\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    }
    for heading, rows in tables().items():
        for field, (state, tests) in rows.items():
            assert tests or state not in ("works", "refused"), f"{heading}: {field} has no test"
            for test in tests:
                assert test in here | swift, f"{heading}: {field}: there is no test {test}"
