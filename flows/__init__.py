"""The flows that come with the hub; each folder below is a pack that a project may take."""
