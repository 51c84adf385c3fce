"""The query of a list: parameters, filters, order, fields and page."""
