"""The standard dialect: lists, records and writes of APIs that have no dialect of their own.

The document decides what an operation accepts and answers: parameters, schemas and headers.
`operation_reading.py` reads that, `list_query.py` and `pages.py` act on it, the other modules
answer.
"""
