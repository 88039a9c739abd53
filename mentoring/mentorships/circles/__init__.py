"""Circles: mentorships of peers, in which nobody stands above the others."""
