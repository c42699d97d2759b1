"""Chapters both stories share: how they begin, and what the auditor sees in the end."""
