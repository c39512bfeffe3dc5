"""What makes runs move: intake, the walk, the driver, the effect ledger, the sweep."""
