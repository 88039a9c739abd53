"""Which questions an attempt asks, in which order, with their options in which order.

Everything follows from a seed of sixteen bytes, so an attempt can be derived again from its seed, the algorithm's name
and what it was drawn from, on any machine and in any version of Python. An algorithm that has been used never changes;
what is better gets another name and a module of its own:

- `from_pool`, `hmac-sha256-fy/1`: so many questions from one pool. Its names can be had from here;
- `by_outline`, `hmac-sha256-fy/2`: sections, fixed questions, several rules, enemies.
"""

from quizzes.drawing.from_pool import ALGORITHM, Candidate, Drawn, draw
from quizzes.drawing.stream import SEED_BYTES, Stream

__all__ = ["ALGORITHM", "SEED_BYTES", "Candidate", "Drawn", "Stream", "draw"]
