"""Concerns, which anybody who takes part may raise with somebody outside; and blocking a person, at once.

Nothing of a concern is announced: there is no event of it, so neither a learning record store nor a report can ever
name who raised one, with whom, or about whom.
"""
