"""HTTP semantics that the APIs share. No API's name."""
