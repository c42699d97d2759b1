"""The demonstration: a county as data, its history played through the commands, and the story."""
