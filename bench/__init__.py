"""make bench: what each promise of speed is measured by. It may import whatever it measures; nothing imports it."""

import os

# Promises are made for one processor; and threads of numpy that wait for each other would count as work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
