"""What is looked at before a definition may run or be published."""
