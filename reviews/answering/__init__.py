"""Answers on their way: drafts with whoever writes them, and, once handed in, what was said without who said it."""
