"""Which files of a folder are taken for recordings or pictures. A file named outright is tried
whatever it is called."""

# fmt: off  (a table: one line an extension would be a page)
VIDEO_EXTENSIONS = frozenset(
    [
        ".3g2",
        ".3gp",
        ".asf",
        ".avi",
        ".divx",
        ".dv",
        ".flv",
        ".gif",
        ".h264",
        ".h265",
        ".264",
        ".265",
        ".hevc",
        ".ivf",
        ".m1v",
        ".m2ts",
        ".m2v",
        ".m4v",
        ".mjpeg",
        ".mjpg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpe",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".ogv",
        ".ts",
        ".vob",
        ".webm",
        ".wmv",
        ".y4m",
    ]
)
"""With the dot, in small letters."""

IMAGE_EXTENSIONS = frozenset(
    [
        ".bmp",
        ".jpeg",
        ".jpg",
        ".pgm",
        ".png",
        ".ppm",
        ".tif",
        ".tiff",
        ".webp",
    ]
)
"""With the dot, in small letters."""
# fmt: on
