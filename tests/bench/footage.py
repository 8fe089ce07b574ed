"""The clip on which benchmarks measure: a square from above, 4-8 people walking, 768 x 576, 10 fps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
VTEST = ROOT / ".cache" / "footage" / "vtest.avi"
TRUTH = ROOT.parent / "shared" / "footage" / "opencv_vtest.gt.txt"
NO_CLIP = "no .cache/footage/vtest.avi here: run `python3 -m launch setup` once"
NO_TRUTH = "no ../shared/footage/opencv_vtest.gt.txt here: precision and recall are not measured"
H264 = ROOT / ".cache" / "footage" / "vtest_h264.mp4"


def pictures() -> Iterator[NDArray[np.uint8]]:
    """Every picture, BGR [576, 768, 3]."""
    with av.open(str(VTEST)) as clip:
        for frame in clip.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def h264() -> Path:
    """The clip as a camera would send it, at x264's own defaults; made once and kept."""
    if not H264.is_file():
        part = H264.with_suffix(".part.mp4")
        with av.open(str(VTEST)) as clip, av.open(str(part), "w") as made:
            source = clip.streams.video[0]
            stream = made.add_stream("libx264", rate=source.average_rate, options={"crf": "23"})
            stream.width, stream.height, stream.pix_fmt = source.width, source.height, "yuv420p"
            for frame in clip.decode(source):
                made.mux(stream.encode(frame.reformat(format="yuv420p")))
            made.mux(stream.encode())
        part.replace(H264)
    return H264
