"""`fake-server verify` and `fake-server drift`: their options, their runs and their workers."""
