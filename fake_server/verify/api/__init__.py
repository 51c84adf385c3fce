"""What the files of an API say about it: ledger, `target.yaml`, operations of the document."""
