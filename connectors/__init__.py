"""The connectors that come with the hub; each is a plugin like any other."""
