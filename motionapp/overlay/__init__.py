"""Draws what is known at a frame on its picture. Pure functions on arrays."""

from motionapp.overlay.banner import OpenEvents
from motionapp.overlay.draw import draw_moment
from motionapp.overlay.flow import flow_picture, flow_wheel
from motionapp.overlay.masks import tint_mask
from motionapp.overlay.palette import label_colour
from motionapp.overlay.part import part_of
from motionapp.overlay.poses import draw_pose
from motionapp.overlay.style import Style

__all__ = [
    "OpenEvents",
    "Style",
    "draw_moment",
    "draw_pose",
    "flow_picture",
    "flow_wheel",
    "label_colour",
    "part_of",
    "tint_mask",
]
