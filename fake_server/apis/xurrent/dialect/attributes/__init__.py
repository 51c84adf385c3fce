"""The attributes that a request writes: their kinds, checks and messages."""
