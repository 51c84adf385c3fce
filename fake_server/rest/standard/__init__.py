"""The plain way to list, show and write records, for APIs without one of their own.

A list takes `page` and `per_page`, `sort=a,-b`, and filters by equality, `<field>_before` and
`<field>_after`. Its answer is a JSON array with the headers `X-Total-Count` and `Link`.
"""
