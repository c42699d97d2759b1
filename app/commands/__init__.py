"""The write side: one file per noun, each command one transaction."""
