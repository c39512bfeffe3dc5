"""The database, and the only room that knows it: one file per noun, one writer for runs (`unit.py`)."""
