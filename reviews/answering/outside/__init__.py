"""Raters who are not in the course: asked by mail, answering at a secret address without an account."""
