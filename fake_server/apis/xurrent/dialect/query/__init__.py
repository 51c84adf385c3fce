"""What a request asks of a list: parameters, filters, order, fields and page."""
