"""What the figures mean: each with its unit, its denominator, and what is said where nothing was measured."""
