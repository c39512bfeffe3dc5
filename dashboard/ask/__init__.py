"""What is asked of the hub, one file for each noun: the shapes of its answers, and the questions."""
