"""`python -m motionapp`."""

import sys

from motionapp.cli import main

sys.exit(main())
