"""Files in: bytes become rows, or problems with a line number."""
