"""Pairing: who gets which mentor."""
