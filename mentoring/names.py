"""People's names inside sentences and in lists: the ground floor's way with them."""

from lti_tool.names import alphabetically, answers_to, in_sentence, plainly

__all__ = ["alphabetically", "answers_to", "in_sentence", "plainly"]
