"""What a bundle runs: motionapp's command line. With nothing after its name it opens the window."""

import multiprocessing
import sys

from motionapp.cli import main

if __name__ == "__main__":
    # A process that was spawned is this executable once more, and goes on in here.
    multiprocessing.freeze_support()
    # Whoever clicks on an icon gives no verb, and reads no help.
    sys.exit(main(sys.argv[1:] or ["gui"]))
