"""``python -m sklearn_lenet`` is ``sklearn-lenet``."""

import sys

from .cli import main

sys.exit(main())
