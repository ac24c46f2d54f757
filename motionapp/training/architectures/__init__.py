"""The networks to choose between, by the names people know; layers as torchvision calls them."""

from motionapp.training.architectures.layouts import build, bytes_of, empty, paper_shape
from motionapp.training.architectures.network import ClipNetwork, FamilyHead
from motionapp.training.architectures.shape import Shape

__all__ = ["ClipNetwork", "FamilyHead", "Shape", "build", "bytes_of", "empty", "paper_shape"]
