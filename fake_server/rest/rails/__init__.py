"""The ways of services that are built with Rails: a dialect chooses them as `RAILS`.

Names of parameters nest by brackets, `;` separates those of a query as `&` does, and query and body
are one; JSON has `&`, `<` and `>` as escapes; ETags are weak; paths have several spellings.
`tracing` adds the headers by which Rails lets a request be traced.
"""

from fake_server.rest.conventions import Conventions
from fake_server.rest.rails.json_and_etag import etag_of, to_json
from fake_server.rest.rails.rack_query import form_values, nested, query_values

RAILS = Conventions(
    to_json=to_json,
    etag=etag_of,
    read_query=query_values,
    separators="&;",
    read_form=form_values,
    read_pairs=nested,
    accepts_spellings=True,
)
"""The ways of services that are built with Rails."""
