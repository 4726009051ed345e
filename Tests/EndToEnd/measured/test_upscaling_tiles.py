"""An enlarged picture of several tiles of the size that the model comes with, against ncnn, which computes it whole."""

from conftest import UPSCALER
from test_upscaling_quality import SMALLEST_PSNR, assert_no_seams, drawing, enlarge, ncnn_enlarges, psnr, published  # noqa: F401


def test_tiles_leave_no_seams(server, published):  # noqa: F811
    # Two by two tiles of 378 pixels.
    side = 720
    image = drawing(side)
    enlarge(server, UPSCALER, drawing(16))
    before = server.stats(UPSCALER)["steps"]
    large = enlarge(server, UPSCALER, image)
    assert server.stats(UPSCALER)["steps"] == before + 4
    expected = ncnn_enlarges(published, UPSCALER, image)
    assert psnr(large, expected) >= SMALLEST_PSNR
    assert_no_seams(large, expected, [side // 2])
