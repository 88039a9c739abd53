"""What a file that somebody gives is called, and whether it is what it says: bytes in, no database, no web."""
