"""Where frames come from: files, folders of images, cameras and streams."""

from motionapp.sources.camera import CameraInfo, CameraSource, find_camera, list_cameras
from motionapp.sources.extensions import IMAGE_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.file import FileSource
from motionapp.sources.images import ImagesSource
from motionapp.sources.joined import JoinedSource
from motionapp.sources.picture import AvPicture, BgrPicture
from motionapp.sources.stream import STREAM_SCHEMES, StreamSource
from motionapp.sources.timeline import Shape, Stamp, Timeline

__all__ = [
    "FileSource",
    "JoinedSource",
    "ImagesSource",
    "CameraSource",
    "StreamSource",
    "CameraInfo",
    "list_cameras",
    "find_camera",
    "BgrPicture",
    "AvPicture",
    "Timeline",
    "Shape",
    "Stamp",
    "VIDEO_EXTENSIONS",
    "IMAGE_EXTENSIONS",
    "STREAM_SCHEMES",
]
