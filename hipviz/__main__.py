"""`python -m hipviz` is the same as `hipviz`."""

import sys

from hipviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
