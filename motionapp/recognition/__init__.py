"""Cuts motion clips, asks a network what they show, and smooths its answers.

Knows onnxruntime; leaves the front-ends' maps to the front-ends and training to `training`.
"""

from motionapp.recognition.catalogue import find_model
from motionapp.recognition.clips import ClipBuilder
from motionapp.recognition.dataset import DataSet, Sample, read_data_set
from motionapp.recognition.onnx import OnnxRecogniser
from motionapp.recognition.smoothing import Smoother

__all__ = [
    "ClipBuilder",
    "DataSet",
    "OnnxRecogniser",
    "Sample",
    "Smoother",
    "find_model",
    "read_data_set",
]
