"""Marks that people give, and marking anew: what was given before stays written down."""
