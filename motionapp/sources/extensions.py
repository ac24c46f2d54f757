"""What a file's name tells of it, which saves opening it.

A file with an extension that is not listed here is opened to see (`probing`), and one that is
named outright is tried in any case.
"""

# fmt: off  (tables: one line an extension would be pages)
VIDEO_EXTENSIONS = frozenset(
    [
        ".264",
        ".265",
        ".360",
        ".3g2",
        ".3gp",
        ".3gpp",
        ".amv",
        ".asf",
        ".av1",
        ".avi",
        ".cmfv",
        ".dav",
        ".dhav",
        ".divx",
        ".dv",
        ".f4v",
        ".flv",
        ".gif",
        ".h263",
        ".h264",
        ".h265",
        ".h26x",
        ".hevc",
        ".insv",
        ".ismv",
        ".ivf",
        ".lrf",
        ".lrv",
        ".m1v",
        ".m2p",
        ".m2t",
        ".m2ts",
        ".m2v",
        ".m4s",
        ".m4v",
        ".mj2",
        ".mjpeg",
        ".mjpg",
        ".mk3d",
        ".mkv",
        ".mov",
        ".mp4",
        ".mp4v",
        ".mpe",
        ".mpeg",
        ".mpg",
        ".mpv",
        ".mts",
        ".mxf",
        ".nut",
        ".ogm",
        ".ogv",
        ".rm",
        ".rmvb",
        ".tod",
        ".tp",
        ".trp",
        ".ts",
        ".vob",
        ".webm",
        ".wmv",
        ".wtv",
        ".xvid",
        ".y4m",
    ]
)
"""Taken for recordings unseen, so that a damaged one is named. With the dot, in small letters."""

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
"""Of pictures that make a sequence. With the dot, in small letters."""

OTHER_EXTENSIONS = frozenset(
    (  # noqa: SIM905  a line a kind can be read, a hundred lines cannot
        # pictures that are no frames of a sequence, and sound alone
        ".arw .avif .cr2 .cr3 .dng .gpr .heic .heif .ico .insp .jpe .jxl .nef .psd .svg .thm "
        ".aac .aif .aiff .ape .flac .m3u .m3u8 .m4a .mid .mp3 .oga .opus .pls .wav .wma "
        # what cameras and recorders write beside their recordings
        ".ass .bnp .cpi .edl .gpx .idx .mpd .nfo .sav .smi .srt .sub .vtt .xmp "
        # documents, tables, settings, programs
        ".bat .bib .c .cfg .cmd .conf .cpp .css .csv .db .doc .docx .exe .dll .h .htm .html "
        ".ini .ipynb .jar .js .json .jsonl .lnk .lock .log .md .md5 .npy .npz .ods .odt .onnx "
        ".parquet .pdf .php .plist .pptx .py .pyc .rst .rtf .sfv .sh .sha1 .sha256 .so .sock .sql "
        ".sqlite .tex .toml .tsv .txt .url .xls .xlsx .xml .yaml .yml "
        # archives, and what is not whole yet
        ".7z .bz2 .crdownload .gz .iso .par2 .part .rar .tar .tgz .tmp .torrent .xz .zip .zst"
    ).split()
)
"""Never opened to see whether they hold a recording. With the dot, in small letters."""
# fmt: on
