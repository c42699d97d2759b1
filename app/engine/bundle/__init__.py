"""Files made into something the engine runs."""
