"""`python -m simpul` is the `simpul` command."""

import sys

from simpul.cli.main import main

sys.exit(main())
