"""SQL of the figures: what became of the orders of a span of time, counted and never opened."""
