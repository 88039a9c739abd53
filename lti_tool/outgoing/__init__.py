"""Calls that leave the building: public addresses only, bounded in time and size; access tokens."""
