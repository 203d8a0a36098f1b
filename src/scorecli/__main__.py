"""Runs the command line: ``python -m scorecli``."""

import sys

from scorecli.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
