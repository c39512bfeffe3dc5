"""Flow files: read, checked against the connectors, compiled to graphs; and the expressions they hold."""
