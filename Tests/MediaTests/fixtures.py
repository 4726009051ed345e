#!/usr/bin/env python3
"""Makes the files of Fixtures/ anew: pictures of every kind, and what an independent reader sees in them.

Needs Pillow 12 and numpy from PyPI; made with Pillow 12.3.0 and numpy 2.4.6. Up to version 12 Pillow resizes rows
first, then columns, as the picture models we run were trained with; version 13 turns that round for some tall pictures,
which moves a few pixels by the rounding between the two. A file `NAME.pixels` holds what `NAME` has to
decode to: width, height and channels as 32-bit little-endian numbers, then the pixels. For lossy files these are
Pillow's pixels; for PNG they follow from the samples that were written, and are compared with Pillow's wherever it
reads that kind of file to 8 bits.
"""

import io
import pathlib
import struct
import zlib

import numpy
import PIL
from PIL import Image, ImageOps

assert PIL.__version__.startswith("12."), "other versions resize in another order"

folder = pathlib.Path(__file__).parent / "Fixtures"
WIDTH, HEIGHT = 29, 17


def write(name, content, pixels=None):
    (folder / name).write_bytes(content)
    if pixels is not None:
        height, width, channels = pixels.shape
        head = struct.pack("<3I", width, height, channels)
        (folder / f"{name}.pixels").write_bytes(head + pixels.astype(numpy.uint8).tobytes())


def pattern(width, height, channels=3):
    """A picture that a test can make by itself: no file holds it, both sides compute it."""
    y, x, c = numpy.mgrid[0:height, 0:width, 0:channels].astype(numpy.int64)
    return ((x * x * 7 + y * x * 13 + c * 85 + ((x * y) ^ (x + 3 * y)) * 5) & 255).astype(numpy.uint8)


def scene():
    """Something like a photograph: slow changes, edges, a little noise; no symmetry."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    noise = numpy.random.default_rng(8553).integers(-6, 7, (HEIGHT, WIDTH, 3))
    planes = [x * 8 + 10, y * 14 + 8, 240 - x * 3 - y * 6]
    picture = numpy.stack(planes, axis=2) + noise
    picture[3:9, 4:12] = (230, 40, 30)
    picture[10:15, 15:27, 2] = 250
    return picture.clip(0, 255).astype(numpy.uint8)


def encoded(picture, format, **options):
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def as_seen(content):
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    transparent = picture.mode in ("RGBA", "LA") or "transparency" in picture.info
    return numpy.asarray(picture.convert("RGBA" if transparent else "RGB"))


def exif(orientation, endian):
    block = Image.Exif()
    block.endian = endian
    block[0x010F] = "maker"
    block[0x0112] = orientation
    return block.tobytes()


# JPEG


def jpegs():
    picture = Image.fromarray(scene())
    kinds = {
        "plain.jpg": dict(quality=90),
        "full-colour.jpg": dict(quality=90, subsampling=0),
        "half-colour.jpg": dict(quality=90, subsampling=1),
        "progressive.jpg": dict(quality=85, progressive=True),
        "restarts.jpg": dict(quality=85, restart_marker_rows=1),
    }
    for name, options in kinds.items():
        content = encoded(picture, "JPEG", **options)
        write(name, content, as_seen(content))
    content = encoded(picture.convert("L"), "JPEG", quality=90)
    write("grey.jpg", content, as_seen(content))
    for orientation in range(1, 9):
        block = exif(orientation, "<" if orientation % 2 else ">")
        content = encoded(picture, "JPEG", quality=90, subsampling=0, exif=block)
        write(f"orientation-{orientation}.jpg", content, as_seen(content))
    inks = encoded(picture.convert("CMYK"), "JPEG", quality=80)
    write("cmyk.jpg", inks)
    # The last byte of Adobe's segment says how the four components are coded: 0 is CMYK, 2 is YCCK.
    adobe = inks.index(b"Adobe")
    write("ycck.jpg", inks[: adobe + 11] + b"\x02" + inks[adobe + 12 :])
    write("scans.jpg", jpeg_of_many_scans(2048, 2048))


def jpeg_of_many_scans(width, height):
    """A progressive JPEG as the standard allows it, that sends each bit of each frequency, all of them 0, by itself."""

    def segment(marker, content):
        return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content

    def table(kind, symbol):
        # One code, of one bit.
        return segment(0xC4, bytes([kind, 1] + [0] * 15 + [symbol]))

    def scan(first, last, high, low, data):
        return segment(0xDA, bytes([1, 1, 0, first, last, high << 4 | low])) + data

    blocks = (width // 8) * (height // 8)
    head = segment(0xDB, bytes([0] + [1] * 64))
    head += segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0]))
    head += table(0x00, 0) + table(0x10, 0xE0)
    # Symbol 0xE0, then 14 bits: 16,384 blocks and as many more as the bits say hold nothing.
    assert blocks % 16384 == 0
    bits = ("0" + "0" * 14) * (blocks // 16384)
    bits += "1" * (-len(bits) % 8)
    nothing = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    scans = [scan(0, 0, 0, 0, bytes(blocks // 8))]
    for low in range(13, -1, -1):
        for frequency in range(1, 64):
            scans.append(scan(frequency, frequency, low + 1 if low < 13 else 0, low, nothing))
    return b"\xff\xd8" + head + b"".join(scans) + b"\xff\xd9"


# PNG


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def rows_of(samples, depth):
    """The rows of samples packed to bits, each with the byte that says it is not filtered."""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            packed = row.astype(">u2").tobytes()
        elif depth == 8:
            packed = row.astype(numpy.uint8).tobytes()
        else:
            bits = "".join(format(value, f"0{depth}b") for value in row)
            bits += "0" * (-len(bits) % 8)
            packed = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        yield b"\0" + packed


def png(samples, depth, colour, before=b"", interlaced=False, width=None, height=None, behind=b""):
    """A PNG file of samples as they are, `height × width × channels`, with chunks before and behind the data."""
    sides = (width or samples.shape[1], height or samples.shape[0])
    header = struct.pack(">IIBBBBB", *sides, depth, colour, 0, 0, interlaced)
    # The seven passes of Adam7: first column and row, step across and down.
    adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for column, row, across, down in adam7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[row::down, column::across]
        if part.size:
            data += b"".join(rows_of(part, depth))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(data, 9))
        + behind
        + chunk(b"IEND", b"")
    )


def to_8_bits(samples, depth):
    """Rounded to nearest."""
    top = (1 << depth) - 1
    return (samples.astype(numpy.int64) * 255 * 2 + top) // (2 * top)


def rgb(grey):
    return numpy.repeat(grey, 3, axis=2)


def with_alpha(colours, alpha):
    return numpy.concatenate([colours, alpha], axis=-1)


def pngs():
    generator = numpy.random.default_rng(8554)
    picture = scene()
    alpha = ((numpy.mgrid[0:HEIGHT, 0:WIDTH][1] * 9)[:, :, None] % 256).astype(numpy.uint8)
    deep = generator.integers(0, 65536, (HEIGHT, WIDTH, 4))
    files = {}

    files["plain.png"] = (png(picture, 8, 2), picture)
    files["alpha.png"] = (png(with_alpha(picture, alpha), 8, 6), with_alpha(picture, alpha))
    for depth in (1, 2, 4, 8):
        grey = generator.integers(0, 1 << depth, (HEIGHT, WIDTH, 1))
        files[f"grey-{depth}.png"] = (png(grey, depth, 0), rgb(to_8_bits(grey, depth)))
        palette = generator.integers(0, 256, (1 << depth, 3)).astype(numpy.uint8)
        plte = chunk(b"PLTE", palette.tobytes())
        files[f"palette-{depth}.png"] = (png(grey, depth, 3, plte), palette[grey[:, :, 0]])
        # The last entry is not named, and so is opaque.
        opacity = generator.integers(0, 256, (1 << depth, 1)).astype(numpy.uint8)
        opacity[-1] = 255
        trns = chunk(b"tRNS", opacity[:-1].tobytes())
        seen = with_alpha(palette, opacity)[grey[:, :, 0]]
        files[f"palette-transparent-{depth}.png"] = (png(grey, depth, 3, plte + trns), seen)

    grey, clear = deep[:, :, :1], deep[:, :, 1:2]
    files["grey-16.png"] = (png(grey, 16, 0), rgb(to_8_bits(grey, 16)))
    files["colour-16.png"] = (png(deep[:, :, :3], 16, 2), to_8_bits(deep[:, :, :3], 16))
    files["alpha-16.png"] = (png(deep, 16, 6), to_8_bits(deep, 16))
    files["grey-alpha-8.png"] = (png(deep[:, :, :2] >> 8, 8, 4), with_alpha(rgb(grey >> 8), clear >> 8))
    files["grey-alpha-16.png"] = (
        png(deep[:, :, :2], 16, 4),
        with_alpha(rgb(to_8_bits(grey, 16)), to_8_bits(clear, 16)),
    )

    # One colour that is transparent; of 16 bits all have to be equal.
    levels = generator.integers(0, 4, (HEIGHT, WIDTH, 1))
    seen = with_alpha(rgb(levels * 85), numpy.where(levels == 2, 0, 255))
    files["grey-transparent.png"] = (png(levels, 2, 0, chunk(b"tRNS", struct.pack(">H", 2))), seen)
    red = (picture == (230, 40, 30)).all(axis=2, keepdims=True)
    trns = chunk(b"tRNS", struct.pack(">3H", 230, 40, 30))
    files["colour-transparent.png"] = (png(picture, 8, 2, trns), with_alpha(picture, numpy.where(red, 0, 255)))
    near = numpy.stack([picture[:, :, 0]] * 3, axis=2).astype(numpy.int64) * 257
    near[0, 0] = near[0, 1] = 1000
    near[0, 1, 2] = 1001
    clear = numpy.full((HEIGHT, WIDTH, 1), 255)
    clear[0, 0] = 0
    trns = chunk(b"tRNS", struct.pack(">3H", 1000, 1000, 1000))
    files["colour-transparent-16.png"] = (png(near, 16, 2, trns), with_alpha(to_8_bits(near, 16), clear))

    files["interlaced.png"] = (png(picture, 8, 2, interlaced=True), picture)
    levels = generator.integers(0, 16, (HEIGHT, WIDTH, 1))
    files["interlaced-grey-4.png"] = (png(levels, 4, 0, interlaced=True), rgb(levels * 17))
    files["interlaced-alpha-16.png"] = (png(deep, 16, 6, interlaced=True), to_8_bits(deep, 16))
    files["interlaced-1x1.png"] = (png(picture[:1, :1], 8, 2, interlaced=True), picture[:1, :1])

    for place, options in {"before": "before", "behind": "behind"}.items():
        block = chunk(b"eXIf", exif(6, "<").removeprefix(b"Exif\0\0"))
        files[f"orientation-{place}.png"] = (png(picture, 8, 2, **{options: block}), numpy.rot90(picture, -1))

    # Filters of every kind, as an encoder chooses them.
    files["filtered.png"] = (encoded(Image.fromarray(picture), "PNG"), picture)

    # What unpacks to 20 MB each: texts and a profile, of no use to the pixels.
    much = zlib.compress(bytes(20 << 20), 9)
    bombs = chunk(b"iCCP", b"profile\0\0" + much) + chunk(b"zTXt", b"Comment\0\0" + much)
    bombs += chunk(b"iTXt", b"Comment\0\1\0\0\0" + much)
    files["texts.png"] = (png(picture, 8, 2, bombs), picture)

    # Pillow keeps 16 bits, or cuts them off; scales levels before it looks for the transparent one; refuses long texts.
    other_in_pillow = [name for name in files if "16" in name] + ["grey-transparent.png", "texts.png"]
    # Data that ends before the picture, in order otherwise.
    for name, rows in {"short.png": 9, "short-interlaced.png": 9}.items():
        whole = png(picture, 8, 2, interlaced="interlaced" in name)
        data = zlib.compress(b"".join(rows_of(picture[:rows], 8)), 9)
        at = whole.index(b"IDAT") - 4
        write(name, whole[:at] + chunk(b"IDAT", data) + chunk(b"IEND", b""))

    for name, (content, pixels) in files.items():
        write(name, content, pixels)
        if name not in other_in_pillow:
            assert (as_seen(content) == pixels).all(), name

    # 60,000 × 60,000 pixels and data for a few rows; the whole takes 2 kB.
    few = picture[:1, :1]
    rows = zlib.compress(bytes(1 << 20), 9)[:2000]
    huge = png(few, 8, 2, width=60000, height=60000)
    at = huge.index(b"IDAT") - 4
    write("huge.png", huge[:at] + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    # One pixel, and 1 MB more behind it in the compressed data.
    stream = zlib.compress(b"\0" + bytes(few.tobytes()) + bytes(1 << 20), 9)
    small = png(few, 8, 2)
    at = small.index(b"IDAT") - 4
    write("stuffed.png", small[:at] + chunk(b"IDAT", stream) + chunk(b"IEND", b""), few)


# WebP


def webps():
    picture = Image.fromarray(scene())
    alpha = Image.fromarray((numpy.mgrid[0:HEIGHT, 0:WIDTH][1] * 9 % 256).astype(numpy.uint8))
    see_through = picture.copy()
    see_through.putalpha(alpha)
    files = {
        "lossy.webp": encoded(picture, "WEBP", quality=85),
        "lossless.webp": encoded(picture, "WEBP", lossless=True),
        "lossy-alpha.webp": encoded(see_through, "WEBP", quality=85),
        "lossless-alpha.webp": encoded(see_through, "WEBP", lossless=True, exact=True),
        "orientation.webp": encoded(picture, "WEBP", lossless=True, exif=exif(8, ">")),
    }
    for name, content in files.items():
        write(name, content, as_seen(content))
    frames = [picture, ImageOps.mirror(picture)]
    write("animated.webp", encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100))
    write("animated.gif", encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100))


# Resizing and alpha


def resized():
    # Width and height of the pattern, and of the result.
    sizes = [
        (61, 37, 97, 83),
        (61, 37, 20, 50),
        (61, 37, 13, 7),
        (61, 37, 61, 80),
        (61, 37, 122, 37),
        (61, 37, 61, 37),
        (61, 37, 1, 1),
        (3, 90, 40, 4),
        (1, 1, 5, 3),
        (2, 2, 64, 64),
    ]
    # Of larger ones a digest has to do.
    large = [(640, 480, 224, 224), (1000, 701, 333, 999), (227, 1031, 224, 1017), (4000, 3000, 298, 224)]
    digests = []
    for width, height, new_width, new_height in sizes + large:
        result = Image.fromarray(pattern(width, height)).resize((new_width, new_height), Image.BICUBIC)
        name = f"resized-{width}x{height}-{new_width}x{new_height}"
        if (width, height, new_width, new_height) in sizes:
            head = struct.pack("<3I", new_width, new_height, 3)
            (folder / f"{name}.pixels").write_bytes(head + result.tobytes())
        digests.append(f"{width} {height} {new_width} {new_height} {fnv(result.tobytes()):016x}\n")
    (folder / "resized.txt").write_text("".join(digests))

    grey = Image.fromarray(pattern(61, 37, 1)[:, :, 0]).resize((29, 53), Image.BICUBIC)
    (folder / "resized-grey.pixels").write_bytes(struct.pack("<3I", 29, 53, 1) + grey.tobytes())

    see_through = Image.fromarray(pattern(64, 64, 4))
    paper = Image.new("RGB", (64, 64), "white")
    paper.paste(see_through, mask=see_through)
    (folder / "on-white.pixels").write_bytes(struct.pack("<3I", 64, 64, 3) + paper.tobytes())


def fnv(content):
    """FNV-1a of 64 bits."""
    digest = 0xCBF29CE484222325
    for byte in content:
        digest = ((digest ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return digest


if __name__ == "__main__":
    for old in folder.iterdir():
        old.unlink()
    jpegs()
    pngs()
    webps()
    resized()
