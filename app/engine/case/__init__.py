"""A running case: its acts, and its state between them."""
