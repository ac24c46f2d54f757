"""The catalogue: what many runs have found, kept so that it can be asked for again.

`tables` knows which files there are and which of them is the newest word on a recording, `arrow`
how rows stand in them; `store` writes, `packing` makes few of many, `search` asks. Asking needs
neither NumPy nor pictures: an answer has to be there before one has waited for it. Of duckdb,
pyarrow and OpenTimelineIO, only pyarrow is also imported elsewhere (`sinks`).
"""
