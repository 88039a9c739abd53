"""Many questions at once, from plain text: read, looked at, and kept all together."""
