"""What reads a page as strictly as no browser does."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

VOID = frozenset({"meta", "link", "br", "img", "input"})
BARE = frozenset({"script", "style"})


class Page(HTMLParser):
    """The tags of a page, each closed in its turn, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} says something twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in BARE:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every `tag`."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def addresses(self) -> list[str]:
        """All that a browser might fetch or follow."""
        names = ("src", "href", "srcset", "action", "poster", "data", "xlink:href", "formaction")
        return [str(attrs[name]) for _, attrs in self.tags for name in names if name in attrs]


PageReader = Callable[[str], Page]


@pytest.fixture
def read_page() -> PageReader:
    """Parse a page, and fail where a tag is not closed in its turn."""
    return Page
