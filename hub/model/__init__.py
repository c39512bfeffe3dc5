"""What the hub remembers, as frozen values: no I/O, no clock."""
