"""The state of one world: records, clock, profile, limits. No HTTP and no API's name."""
