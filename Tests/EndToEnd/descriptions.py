"""Descriptions of HTTP interfaces (OpenAPI 3.1), and what they say of requests and replies."""

import json
import pathlib

import jsonschema
import referencing
import referencing.jsonschema
import yaml

from conftest import ROOT

OURS = ROOT / "Sources" / "Server" / "Description" / "openapi.yaml"
CONTRACT = pathlib.Path(__file__).parent / "contract" / "dpais.openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")


def read(path):
    return yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))


def events(text):
    """The data of a stream of server-sent events, in order: objects, and `[DONE]` as it is."""
    # Not `splitlines`, which splits in more places than the standard's line ends.
    lines = [line.removeprefix("data: ") for line in text.split("\n") if line.startswith("data: ")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def closed(node, names=False):
    """The same, but objects have no properties beside those that are named; `names` says that keys are names."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: closed(value, not names and key in ("properties", "schemas")) for key, value in node.items()}
    if not names and isinstance(node.get("properties"), dict):
        result.setdefault("additionalProperties", False)
    return result


class Description:
    """One description; references in it are followed."""

    def __init__(self, document):
        self.document = document
        resource = referencing.Resource(document, referencing.jsonschema.DRAFT202012)
        self.registry = referencing.Registry().with_resource("urn:description", resource)

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            found = self.document
            for name in node["$ref"].removeprefix("#/").split("/"):
                found = found[name.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def operations(self):
        """Triples of method, path and operation."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method]

    def operation(self, method, path):
        return self.document["paths"][path][method.lower()]

    def media_types(self, method, path):
        """What a request's body may be."""
        return list(self.resolve(self.operation(method, path)["requestBody"])["content"])

    def request_schema(self, method, path, media_type="application/json"):
        body = self.resolve(self.operation(method, path)["requestBody"])
        return body["content"][media_type]["schema"]

    def reply(self, method, path, status):
        return self.resolve(self.operation(method, path)["responses"][str(status)])

    def validator(self, schema):
        """Of values, with references into the description."""
        rooted = json.loads(json.dumps(schema).replace('"#/', '"urn:description#/'))
        return jsonschema.Draft202012Validator(rooted, registry=self.registry)

    def faults(self, schema, value):
        """What is wrong with a value, in words; nothing where it fits."""
        return [
            f"{error.json_path}: {error.message[:300]}"
            for error in sorted(self.validator(schema).iter_errors(value), key=lambda error: error.json_path)
        ]

    def reply_faults(self, method, path, reply):
        """What is wrong with a reply (of `httpx` or `requests`), its status and head included."""
        responses = self.operation(method, path)["responses"]
        if str(reply.status_code) not in responses:
            return [f"status {reply.status_code} is not described"]
        described = self.reply(method, path, reply.status_code)
        found = [f"header {name} is missing" for name, header in described.get("headers", {}).items()
                 if self.resolve(header).get("required") and name not in reply.headers]  # fmt: skip
        media_type = reply.headers.get("content-type", "").split(";")[0]
        content = described.get("content", {})
        if media_type not in content:
            return found + [f"content type {media_type} is not described"] if content else found
        schema = content[media_type]["schema"]
        match media_type:
            case "application/json":
                return found + self.faults(schema, reply.json())
            case "text/event-stream":
                return found + self.stream_faults(schema, reply.text)
            case "application/yaml":
                return found + self.faults(schema, yaml.safe_load(reply.text))
            case _:
                return found + self.faults(schema, reply.text)

    def stream_faults(self, schema, text):
        """What is wrong with the events of a stream; the last may be an error."""
        data = events(text)
        if not data:
            return ["a stream without events"]
        faults = []
        for index, event in enumerate(data):
            if event == "[DONE]":
                faults += [] if index == len(data) - 1 else ["[DONE] is not the last event"]
            elif isinstance(event, dict) and "error" in event and "choices" not in event:
                faults += [] if index == len(data) - 1 else ["an error is not the last event"]
            else:
                faults += [f"event {index}: {fault}" for fault in self.faults(schema, event)]
        return faults
