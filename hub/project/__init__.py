"""A merchant's folder: hub.yaml, flows and the SKU map, read together, checked together, published together."""
