#!/usr/bin/env python3
"""Writes CanonicalDecompositions+Data.swift from the Unicode Character Database as Python's unicodedata has it.

Decompositions never change once a character has them (Unicode's stability policy); the characters that got theirs after
Unicode 9 are left out when the table is read, by their age.
"""

import pathlib
import sys
import unicodedata

entries = []
for code in range(sys.maxunicode + 1):
    if 0xAC00 <= code <= 0xD7A3:
        continue  # Hangul syllables decompose by arithmetic.
    mapping = unicodedata.decomposition(chr(code))
    if mapping and not mapping.startswith("<"):
        entries.append(f"{code:X}=" + "+".join(f"{int(part, 16):X}" for part in mapping.split()))

lines, line = [], ""
for entry in entries:
    if len(line) + len(entry) > 112:
        lines.append(line.rstrip())
        line = ""
    line += entry + " "
lines.append(line.rstrip())

swift = f'''// Written by Scripts/unicode/decompositions.py from Unicode {unicodedata.unidata_version}; not to be edited.

extension CanonicalDecompositions {{
    /// Every character that has a canonical decomposition, and that decomposition's one step, in hexadecimal.
    static let data = """
''' + "".join(f"        {line}\n" for line in lines) + '''        """
}
'''
root = pathlib.Path(__file__).resolve().parents[2]
target = root / "Sources/OpenVINOEngine/Tokenizers/Unicode/CanonicalDecompositions+Data.swift"
target.write_text(swift)
