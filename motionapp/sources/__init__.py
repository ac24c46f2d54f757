"""Where frames come from: files, folders of images, cameras and streams."""

from motionapp.sources.address import STREAM_SCHEMES
from motionapp.sources.camera import (
    CameraInfo,
    CameraSource,
    camera_nodes,
    find_camera,
    list_cameras,
    spec_of,
)
from motionapp.sources.camera_modes import offered
from motionapp.sources.camera_spec import CameraSpec, camera_spec
from motionapp.sources.capture import CameraMode
from motionapp.sources.extensions import IMAGE_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.file import FileSource
from motionapp.sources.images import ImagesSource
from motionapp.sources.joined import JoinedSource
from motionapp.sources.packet_reader import PacketReader
from motionapp.sources.packets import Tap
from motionapp.sources.picture import AvPicture, BgrPicture
from motionapp.sources.reconnecting import ReconnectingSource
from motionapp.sources.stream import StreamSource
from motionapp.sources.timeline import Shape, Stamp, Timeline

__all__ = [
    "FileSource",
    "JoinedSource",
    "ImagesSource",
    "CameraSource",
    "StreamSource",
    "ReconnectingSource",
    "PacketReader",
    "Tap",
    "CameraInfo",
    "CameraMode",
    "CameraSpec",
    "camera_nodes",
    "camera_spec",
    "list_cameras",
    "find_camera",
    "offered",
    "spec_of",
    "BgrPicture",
    "AvPicture",
    "Timeline",
    "Shape",
    "Stamp",
    "VIDEO_EXTENSIONS",
    "IMAGE_EXTENSIONS",
    "STREAM_SCHEMES",
]
