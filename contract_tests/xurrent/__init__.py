"""Contract tests of the 4me / Xurrent API."""
