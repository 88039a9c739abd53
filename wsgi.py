"""Everything meets here: the features are handed to the ground floor."""

import sys

import mentoring
import quizzes
import xapi
from lti_tool.app import create_app
from lti_tool.config import Config, ConfigError

FEATURES = (mentoring, quizzes, xapi)

try:
    app = create_app(Config.from_env(), FEATURES)
except ConfigError as problem:
    sys.exit(str(problem))
