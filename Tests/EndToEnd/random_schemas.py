"""JSON Schemas drawn at random, small enough that a small model fills them in soon."""

import random

NAMES = ["id", "name", "kind", "size", "tags", "at", "ok", "note", "unit", "x-y", "größe", "a b"]
WORDS = ["red", "green", "blue", "small", "large", "ä/ö", 'say "hi"', ""]
PATTERNS = ["^[a-z]{2,6}$", "^[A-Z][a-z]+$", "^[0-9]{3}-[0-9]{2}$", "^(yes|no|maybe)$", "^x[a-f0-9]{1,4}$"]
FORMATS = ["date", "time", "date-time", "uuid"]


class Drawer:
    """Draws schemas; the same seed draws the same."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.definitions = {}

    def schema(self):
        """An object at the top, as OpenAI's API asks for; others below."""
        self.definitions = {}
        schema = self.object(depth=2)
        if self.definitions:
            schema["$defs"] = self.definitions
        return schema

    def value(self, depth):
        simple = [self.string, self.string, self.pattern, self.format, self.integer, self.number, self.boolean, self.enum, self.const,
                  self.null, self.types]  # fmt: skip
        nested = [self.object, self.array, self.array, self.any_of, self.reference] if depth > 0 else []
        draw = self.random.choice(simple + nested * 2)
        return draw(depth - 1) if draw in nested else draw()

    def object(self, depth):
        names = self.random.sample(NAMES, self.random.randint(1, 3))
        schema = {"type": "object", "properties": {name: self.value(depth) for name in names}}
        # Without any demanded property the shortest answer is {}.
        schema["required"] = [name for name in names if self.random.random() < 0.7]
        if self.random.random() < 0.7:
            schema["additionalProperties"] = False
        return schema

    def array(self, depth):
        least = self.random.randint(0, 2)
        return {"type": "array", "items": self.value(depth), "minItems": least, "maxItems": least + self.random.randint(0, 2)}

    def any_of(self, depth):
        return {"anyOf": [self.value(depth), self.value(0), self.null()]}

    def reference(self, depth):
        name = f"d{len(self.definitions)}"
        self.definitions[name] = True  # taken
        self.definitions[name] = self.value(min(depth, 0))
        return {"$ref": f"#/$defs/{name}"}

    def string(self):
        schema = {"type": "string", "maxLength": self.random.randint(2, 10)}
        if self.random.random() < 0.4:
            schema["minLength"] = self.random.randint(0, schema["maxLength"])
        return schema

    def pattern(self):
        return {"type": "string", "pattern": self.random.choice(PATTERNS)}

    def format(self):
        return {"type": "string", "format": self.random.choice(FORMATS)}

    def integer(self):
        least = self.random.randint(-1_000, 1_000)
        schema = {"type": "integer", "minimum": least, "maximum": least + self.random.randint(0, 5_000)}
        if self.random.random() < 0.3:
            del schema[self.random.choice(["minimum", "maximum"])]
        return schema

    def number(self):
        return {"type": "number"}

    def boolean(self):
        return {"type": "boolean"}

    def null(self):
        return {"type": "null"}

    def types(self):
        return {"type": self.random.sample(["boolean", "integer", "null"], 2)}

    def enum(self):
        values = [self.random.choice([word, self.random.randint(-9, 9), None, True]) for word in self.random.sample(WORDS, 3)]
        return {"enum": list({repr(value): value for value in values}.values())}

    def const(self):
        return {"const": self.random.choice([*WORDS, 0, -3, 2.5, False, None])}
