"""What is said of a file of ours whose number is not one that this version knows."""

from motionapp.core.version import __version__


def unknown_schema(what: object, schema: object, known: int) -> str:
    """The sentence that refuses a file by name.

    Parameters
    ----------
    what : object
        The file.
    schema : object
        The number in it, or whatever stands there.
    known : int
        The highest that this version reads.
    """
    newer = type(schema) is int and schema > known
    do = "use a newer motionapp" if newer else "it is none of motionapp's"
    return f"{what} has schema {schema!r}, motionapp {__version__} knows up to {known}: {do}"
