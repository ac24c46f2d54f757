"""What cv2 leaves in the environment."""

from __future__ import annotations

from motionapp.runtime.environment import clean_environment


def test_a_child_inherits_nothing_of_cv2() -> None:
    environment = {
        "PATH": "/bin",
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/venv/site-packages/cv2/qt/plugins",
        "QT_QPA_FONTDIR": "/usr/share/fonts",
        "LD_LIBRARY_PATH": "/venv/site-packages/cv2/../../lib64:/opt/lib:",
    }

    assert clean_environment(environment) == {
        "PATH": "/bin",
        "QT_QPA_FONTDIR": "/usr/share/fonts",
        "LD_LIBRARY_PATH": "/opt/lib",
    }
