"""Somebody arrives: login, launch, and who is visiting from then on."""
