"""The surface for whoever brings an API: what its package may import, and nothing else.

- `fake_server.api.declare`: the API, its resources and their document.
- `fake_server.api.serve`: the request of a view, and its answer.
- `fake_server.api.records`: rows, and records of datasets.
- `fake_server.api.invent`: random values and times for invented records.

Each module is imported by itself, and each of its names only at its first use. This is surface 1;
`surface: 1` in an `api.yaml` says that an API is written for it. A name of surface 1 is neither
removed nor given another meaning: that takes another surface, with another number.
"""
