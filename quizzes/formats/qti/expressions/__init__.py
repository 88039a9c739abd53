"""Expressions of response and template processing (QTI 2.2, section 15), evaluated.

NULL goes through: what is reckoned with nothing is nothing. What is not interpreted raises CannotTell with its name.
"""

from quizzes.formats.qti.expressions.asking import OF_VARIABLES, mapped
from quizzes.formats.qti.expressions.evaluator import Evaluator
from quizzes.formats.qti.expressions.lazy import LAZY
from quizzes.formats.qti.expressions.strict import STRICT

__all__ = ["LAZY", "OF_VARIABLES", "STRICT", "Evaluator", "mapped"]
