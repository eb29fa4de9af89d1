"""Small matrix products are slower on many threads, and the tests share their cores."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
