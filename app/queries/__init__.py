"""The read side: frozen dataclasses, the viewer first, never a commit."""
