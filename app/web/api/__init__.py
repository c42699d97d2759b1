"""The same acts for programs: JSON in and out, behind the doors people come through."""
