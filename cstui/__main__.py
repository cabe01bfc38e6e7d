"""`python -m cstui`, and the `cstui` command."""

from __future__ import annotations

import sys

from cstui.cli import main

if __name__ == "__main__":
    sys.exit(main())
