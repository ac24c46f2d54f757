"""Tokens: made once, kept as hashes, recognised; what is none is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from motionapp.edge.web import access
from motionapp.edge.web.access import Access, TooManyWait, make_token, read_tokens
from tests.edge.web.fixtures import Tokens


def test_a_token_is_recognised_by_the_line_that_was_made_with_it(tokens: Tokens) -> None:
    found = Access(read_tokens(tokens.path))

    viewer = asyncio.run(found.recognised(tokens.viewer))
    admin = asyncio.run(found.recognised(tokens.admin))

    assert viewer is not None
    assert admin is not None
    assert (viewer.role, admin.role) == ("viewer", "admin")
    assert tokens.viewer not in tokens.path.read_text()


def test_a_token_made_with_all_rounds_is_recognised(tmp_path: Path) -> None:
    text, line = make_token("admin")
    path = tmp_path / "tokens"
    path.write_text(line)

    token = read_tokens(path)[0]

    assert line.startswith("admin scrypt:16384:8:1:")
    assert token.line() == line
    assert token.fits(text)
    assert not token.fits(text[:-1])


@pytest.mark.parametrize("shown", ["", "x", "é" * 20, "\ud800", "0" * 201, "viewer"])
def test_what_is_no_token_is_not_recognised(tokens: Tokens, shown: str) -> None:
    found = Access(read_tokens(tokens.path))

    assert asyncio.run(found.recognised(shown)) is None


def test_a_token_with_one_letter_changed_is_another(tokens: Tokens) -> None:
    found = Access(read_tokens(tokens.path))
    other = ("A" if tokens.admin[0] != "A" else "B") + tokens.admin[1:]

    assert asyncio.run(found.recognised(other)) is None


def test_no_token_and_no_hash_is_in_what_is_printed(tokens: Tokens) -> None:
    one = read_tokens(tokens.path)[0]

    line = next(line for line in tokens.path.read_text().splitlines() if line.startswith("viewer"))
    assert not any(part in repr(one) for part in line.split(":")[4:])


def test_what_was_right_once_is_known_without_another_hash(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Access(read_tokens(tokens.path))
    asyncio.run(found.recognised(tokens.viewer))
    monkeypatch.setattr(access, "_which", None)

    assert asyncio.run(found.recognised(tokens.viewer)) is found.known(tokens.viewer) is not None


def test_tokens_that_are_replaced_are_known_no_longer(tokens: Tokens) -> None:
    found = Access(read_tokens(tokens.path))
    asyncio.run(found.recognised(tokens.viewer))

    found.replace(read_tokens(tokens.path)[1:])

    assert found.known(tokens.viewer) is None


def test_who_comes_when_many_wait_is_sent_away(tokens: Tokens) -> None:
    async def ask_often() -> list[object]:
        found = Access(read_tokens(tokens.path))
        asked = (found.recognised(f"wrong {number}") for number in range(access.MOST_WAITING + 3))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    said = asyncio.run(ask_often())

    assert [type(one) for one in said].count(TooManyWait) == 3
    assert said.count(None) == access.MOST_WAITING


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has 0 tokens"),
        ("# nobody\n", "has 0 tokens"),
        ("owner scrypt:16384:8:1:AAAA:BBBB", "line 1, is no token"),
        ("viewer plain-password", "line 1, is no token"),
        ("admin scrypt:16385:8:1:{salt}:{digest}", "line 1, is no token"),
        ("admin scrypt:262144:8:1:{salt}:{digest}", "line 1, is no token"),
        ("admin scrypt:16384:99:1:{salt}:{digest}", "line 1, is no token"),
        ("\n\nadmin scrypt:16384:8:0:{salt}:{digest}", "line 3, is no token"),
        ("admin scrypt:16384:8:1:{salt}:{digest}\n" * 17, "has 17 tokens"),
    ],
)
def test_a_file_without_tokens_is_refused_and_not_shown(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "tokens"
    path.write_text(text.format(salt="s" * 22, digest="d" * 43))

    with pytest.raises(SettingsError) as caught:
        read_tokens(path)

    assert complaint in str(caught.value)
    assert "motionapp edge token" in str(caught.value)
    assert "plain-password" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_tokens(tmp_path / "nothing")


def test_there_is_no_third_role() -> None:
    with pytest.raises(SettingsError, match="viewer or admin"):
        make_token("owner")  # type: ignore[arg-type]
