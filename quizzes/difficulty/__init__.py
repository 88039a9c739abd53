"""How hard questions are: as their authors say, and as it was measured."""
