"""What builds, checks and runs the project around the application itself."""
