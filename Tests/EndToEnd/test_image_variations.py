"""Pictures enlarged, by the official client on both bases, and what is not taken for a picture."""

import base64
import io
import struct
import zlib

import numpy
import openai
import pytest
from PIL import Image

from conftest import LARGE_UPSCALER, MODEL, UPSCALER, Server, reply_to_large


def picture(side=24, mode="RGB", height=None):
    """A picture of soft colours, which enlarging should leave as they are."""
    rows, columns = numpy.mgrid[0 : height or side, 0:side] / side
    channels = [columns * 200 + 20, rows * 180 + 40, 255 - columns * rows * 150, rows * 100 + 155]
    pixels = numpy.stack(channels[: {"L": 1, "RGB": 3, "RGBA": 4}[mode]], axis=-1).astype(numpy.uint8)
    return Image.fromarray(pixels.squeeze() if mode == "L" else pixels, mode)


def file(image, kind="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 95} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}))
    return buffer.getvalue()


def vary(client, data, name="picture.png", **options):
    """The picture that comes back."""
    reply = client.images.create_variation(image=(name, data), **({"model": UPSCALER} | options))
    (one,) = reply.data
    assert one.url is None and reply.created > 1_700_000_000
    image = Image.open(io.BytesIO(base64.b64decode(one.b64_json, validate=True)))
    assert image.format == "PNG"
    return image


def alike(large, small):
    """Whether one is the other enlarged: bicubic enlarging, by Pillow, differs by less than 26 dB of noise.

    The least of those compared here was 28.0 dB, of 32 bits and of bf16 within 0.1 dB of each other.
    """
    expected = small.convert("RGB").resize(large.size, Image.Resampling.BICUBIC)
    error = numpy.asarray(large.convert("RGB"), float) - numpy.asarray(expected, float)
    return 10 * numpy.log10(255**2 / numpy.mean(error**2)) > 26


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_back_four_times_as_long(server, base, kind):
    small = picture()
    # By its content, not by its name.
    large = vary(server.client(base), file(small, kind), name="picture.txt")
    assert large.size == (96, 96) and alike(large, small)


def test_the_model_where_none_is_named(server, base):
    small = picture(16)
    reply = server.http().post(f"{base}/images/variations", files={"image": file(small)})
    assert reply.status_code == 200, reply.text
    large = Image.open(io.BytesIO(base64.b64decode(reply.json()["data"][0]["b64_json"])))
    assert large.size == (64, 64) and alike(large, small)
    assert LARGE_UPSCALER in [one["model"] for one in server.http().get("/v1/stats").json()["runners"]]


def test_transparency_is_kept(server):
    small = picture(mode="RGBA")
    large = vary(server.client(), file(small))
    assert large.mode == "RGBA"
    alpha = numpy.asarray(small.getchannel("A").resize(large.size, Image.Resampling.BICUBIC), float)
    assert numpy.abs(numpy.asarray(large.getchannel("A"), float) - alpha).max() < 12


def test_grey_and_16_bit_pictures_are_read(server):
    grey = picture(mode="L")
    assert alike(vary(server.client(), file(grey)), grey)
    deep = Image.fromarray(numpy.asarray(grey).astype(numpy.uint16) * 257)
    assert alike(vary(server.client(), file(deep)), grey)


def test_other_fields_may_come_with_the_picture(server, base):
    large = vary(server.client(base), file(picture(16)), n=1, response_format="b64_json", size="64x64", user="me")
    assert large.size == (64, 64)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"n": 2}, "n"), ({"n": 0}, "n"), ({"response_format": "url"}, "response_format"),
        ({"response_format": "png"}, "response_format"), ({"size": "1024x1024"}, "size"), ({"size": "big"}, "size"),
        ({"model": ""}, "model"), ({"user": "u" * 5_000}, "user"), ({"model": MODEL}, "model"),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(server, base, options, param):
    with pytest.raises(openai.BadRequestError) as refused:
        vary(server.client(base), file(picture(16)), **options)
    assert refused.value.param == param


def test_a_picture_is_needed_and_needed_once(server, base):
    http = server.http()
    (image, text) = (("image", ("a.png", file(picture(16)))), ("model", (None, UPSCALER)))
    for parts in ([text], [text, image, image]):
        reply = http.post(f"{base}/images/variations", files=parts)
        assert (reply.status_code, reply.json()["error"]["param"]) == (400, "image")


def png(width, height):
    """A picture of zeros, its rows compressed; whole only where it is small."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    data = zlib.compress(bytes(min(height * (1 + width * 3), 1_500_000)), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BAD = [
    ("not square", file(picture(16, height=17)), 400, ["16 × 17"]),
    ("a GIF", file(picture(16), "GIF"), 400, ["GIF", "JPEG, PNG or WebP"]),
    ("a truncated JPEG", file(picture(64), "JPEG")[:-200], 400, ["cut short"]),
    ("a truncated PNG", file(picture(64))[:-30], 400, ["cut short"]),
    ("a truncated WebP", file(picture(64), "WEBP")[:-30], 400, ["cut short"]),
    ("a PNG of 60,000 × 60,000", png(60_000, 60_000), 413, ["60000 × 60000", "16777216"]),
    ("a JPEG of 5,000 × 5,000", file(Image.new("RGB", (5_000, 5_000)), "JPEG"), 413, ["5000 × 5000", "16777216"]),
    ("an empty file", b"", 400, ["empty"]),
    ("text", b"I am a picture, really.", 400, ["JPEG, PNG or WebP"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def cold(home, tmp_path_factory):
    """A server none of whose models runs."""
    server = Server(home, tmp_path_factory.mktemp("cold") / "log")
    yield server
    server.stop()


def post(server, base, data):
    return server.http().post(f"{base}/images/variations", files={"image": ("picture.png", data, "image/png")})


def assert_refused(reply, status, words):
    error = reply.json()["error"]
    assert reply.status_code == status and error["param"] == "image", error
    assert all(word in error["message"] for word in words), error["message"]


@pytest.mark.parametrize(("data", "status", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_file_that_is_not_a_picture_is_refused_without_a_model(cold, base, data, status, words):
    assert_refused(post(cold, base, data), status, words)
    assert cold.runners() == []


# Of 25,000,000 bytes, which a file may have, and of one more.
LARGEST_FILE = b"I am a picture, really.".ljust(25_000_000, b"\0")
TOO_LARGE_FILE = file(picture(16)).ljust(25_000_001, b"\0")


def test_a_file_over_25_mb_is_refused_for_its_size(cold, base):
    assert_refused(post(cold, base, LARGEST_FILE), 400, ["JPEG, PNG or WebP"])
    assert_refused(reply_to_large(lambda: post(cold, base, TOO_LARGE_FILE)), 413, ["25000000"])
    assert cold.runners() == []


def test_the_huge_png_is_a_small_file():
    assert len(png(60_000, 60_000)) < 2_048


@pytest.mark.parametrize(
    ("model", "status", "code"), [("no-such", None, "model_not_found"), (MODEL, 400, "invalid_value")]
)
def test_a_wrong_model_is_refused_without_a_model(cold, base, model, status, code):
    form = {"files": {"image": file(picture(16))}, "data": {"model": model}}
    reply = cold.http().post(f"{base}/images/variations", **form)
    assert reply.status_code == (status or (404 if base == "/v1" else 400))
    assert (reply.json()["error"]["param"], reply.json()["error"]["code"]) == ("model", code)
    assert cold.runners() == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415), (b"image=x", "application/x-www-form-urlencoded", 415),
        (b"--b\r\n", "multipart/form-data", 400), (b"", "multipart/form-data; boundary=b", 400),
        (b"--b\r\nContent-Disposition: form-data; name=image\r\n\r\nabc", "multipart/form-data; boundary=b", 400),
        (b"--b\r\nContent-Disposition: form-data; name=image\r\n\r\nabc\r\n--b--", "multipart/form-data; boundary=c", 400),
    ],
    ids=["JSON", "a URL's form", "no boundary", "nothing", "no closing boundary", "another boundary"],
)
def test_a_body_that_is_not_a_form_is_refused(server, base, content, kind, status):
    reply = server.http().post(f"{base}/images/variations", content=content, headers={"content-type": kind})
    assert reply.status_code == status and reply.json()["error"]["message"]


def test_a_picture_that_only_its_decoder_can_refuse(server, base):
    data = bytearray(file(picture(64)))
    middle = data.index(b"IDAT") + 40
    data[middle : middle + 40] = bytes(40)
    reply = server.http().post(f"{base}/images/variations", files={"image": bytes(data)}, data={"model": UPSCALER})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "image"), reply.text


def test_leaving_ends_the_work(server):
    """Of the picture's 20 tiles, each of which takes a while, not all are computed."""
    vary(server.client(), file(picture(16)))
    before = server.stats(UPSCALER)
    with server.send("/v1/images/variations", files={"image": file(picture(2_048))}, data={"model": UPSCALER}):
        server.until(lambda stats: stats["running"] == 1, model=UPSCALER)
    ended = server.until(lambda stats: stats["running"] == 0, model=UPSCALER)
    assert ended["cancelledRequests"] == before["cancelledRequests"] + 1
    assert ended["steps"] - before["steps"] < 20
