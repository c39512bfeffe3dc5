"""The trade: filtering, assigning and buying, as the hub's own actions. Changes only the hub's tables."""
