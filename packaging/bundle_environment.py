"""Runs first in a bundle: gives back the search path of libraries that the bundle was started with.

PyInstaller's loader puts the bundle's folder into LD_LIBRARY_PATH. This process has been linked by
then; a browser that it opens a report with must not meet our libraries.
"""

import os

before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
