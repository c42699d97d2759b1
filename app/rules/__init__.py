"""The pure room: what the county's rules say, worked out from values, without database or clock."""
