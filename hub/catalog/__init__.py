"""What is installed: plugins, lookup by name, the doors to connector code."""
