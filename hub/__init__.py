"""Faros Hub: every paid order through Filter, Assign, Route, Observe and Solve."""
