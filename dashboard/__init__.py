"""What people see of the hub. It speaks HTTP to the hub and imports none of it."""
