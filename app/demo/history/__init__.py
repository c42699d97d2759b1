"""The history of the demonstration county, in the dataset's days."""
