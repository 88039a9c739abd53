"""Everything meets here: the features are handed to the ground floor."""

# ruff: noqa: E402 -- Nothing is collected while hundreds of modules are read: a fifth of the time a start takes.
from lti_tool.running import garbage

garbage.take_over()

import sys

import mentoring
import quizzes
import reviews
import xapi
from lti_tool.app import create_app
from lti_tool.config import Config, ConfigError

FEATURES = (mentoring, quizzes, reviews, xapi)

try:
    app = create_app(Config.from_env(), FEATURES)
except ConfigError as problem:
    sys.exit(str(problem))
