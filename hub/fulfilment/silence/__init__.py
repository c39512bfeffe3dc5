"""What should have been heard of by now and was not. Each watcher looks at facts and says what is silent, and why."""
