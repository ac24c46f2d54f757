"""Asks a catalogue, through DuckDB, which reads of the tables what a question needs and no more."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from motionapp.catalogue.damage import whole_ones
from motionapp.catalogue.form import NoCatalogue, open_catalogue
from motionapp.catalogue.hit import Hit
from motionapp.catalogue.question import Condition, Question, names_in, where
from motionapp.catalogue.tables import TableFile, files_of
from motionapp.core.errors import MissingExtraError, SettingsError

ATTEMPTS: Final = 3
"""A file may go while it is read, because somebody packs: then it stands in another one."""
MOST_THREADS: Final = 4
MOST_TOLD: Final = 20
"""Names that are told where an unknown one was asked for."""
LOOSE: Final = 2000
"""Files from which on a question takes more than a second for their number alone."""

_OURS: Final = {
    # Nothing phones home, and nothing is written anywhere.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
}
_SEVERAL: Final = """
    CREATE TEMP TABLE newest AS
    SELECT recording_key, max(rank) AS rank FROM (
        SELECT recording_key, rank FROM rows
        UNION ALL SELECT key, rank FROM files WHERE key IS NOT NULL
    ) GROUP BY recording_key HAVING min(rank) < max(rank)
"""
"""Recordings that several files speak of, and whose word counts: mostly there are none."""
_EVENTS: Final = "SELECT rows.*, files.camera FROM rows JOIN files USING (rank)"
_EVENTS_THAT_COUNT: Final = f"""
    {_EVENTS} LEFT JOIN newest USING (recording_key)
    WHERE newest.rank IS NULL OR newest.rank = rows.rank
"""
_BY_TIME: Final = "start_utc NULLS LAST, recording_path, start_s, zone, event"

_COLUMNS: Final = tuple(
    "epoch_ms(start_utc)" if field.name == "start_ms" else field.name
    for field in fields(Hit)
    if field.name != "distance"
)


class NothingFound(SettingsError):
    """No event meets all that is asked for; with what would widen the question."""

    exit_code = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found."""

    hits: tuple[Hit, ...]
    total: int
    """How many there are, of which `limit` may have left some out."""
    notes: tuple[str, ...] = ()
    """What was left out for want of what was asked, in sentences."""
    problems: tuple[str, ...] = ()
    """Which tables could not be read, in sentences."""


def ask(folder: Path, question: Question) -> Answer:
    """Find what a question asks for, by time, or the most alike first.

    Parameters
    ----------
    folder : Path
        A catalogue.
    question : Question

    Raises
    ------
    NoCatalogue
        It is none, or none of the tables in it can be read.
    NothingFound
        Nothing is; with what would widen the question.
    SettingsError
        A label, camera or zone is not there, or the event that others are to be like is not, or has
        no features.
    MissingExtraError
        DuckDB is not installed.
    """
    open_catalogue(folder)
    return _trying(folder, lambda tables: tables.answer(question))


def _trying(folder: Path, work: Callable[[_Tables], Answer]) -> Answer:
    """Work with a catalogue's tables; once more where somebody has packed them meanwhile, or
    without those that are damaged."""
    duckdb = _duckdb()
    has_damage = False
    problems: tuple[str, ...] = ()
    for attempt in range(ATTEMPTS):
        files: Sequence[TableFile] = files_of(folder)
        if has_damage:
            files, problems = whole_ones(folder, files)
        try:
            with _tables(duckdb, folder, files) as tables:
                return replace(work(tables), problems=problems)
        except NothingFound as error:
            raise NothingFound("; ".join([str(error), *problems])) from error
        except duckdb.Error as error:
            is_gone = any(not one.path.exists() for one in files)
            if attempt + 1 == ATTEMPTS or (has_damage and not is_gone):
                said = str(error).splitlines()[0]
                raise NoCatalogue(f"the catalogue {folder} cannot be read: {said}") from error
            has_damage = has_damage or not is_gone
    raise AssertionError("the last attempt returns or raises")


def _duckdb() -> Any:
    """DuckDB, whose types are not looked at."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("motionapp find", "find") from error
    return duckdb


@contextlib.contextmanager
def _tables(duckdb: Any, folder: Path, files: Sequence[TableFile]) -> Iterator[_Tables]:
    if not files:
        raise NothingFound(
            f"the catalogue {folder} is empty: motionapp batch ... --catalog {folder} fills it"
        )
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    connection = duckdb.connect(":memory:", config={**_OURS, "threads": str(threads)})
    try:
        # The same files are read several times, their heads once.
        connection.execute("SET parquet_metadata_cache = true")
        # A file's place in the list is its rank: `files` stand in the order of theirs.
        connection.execute(
            f"CREATE TEMP VIEW rows AS SELECT *, file_index::INTEGER AS rank FROM {_parquet(files)}"
        )
        connection.execute(
            "CREATE TEMP TABLE files AS SELECT unnest(?::INTEGER[]) AS rank, "
            "unnest(?::VARCHAR[]) AS camera, unnest(?::VARCHAR[]) AS key",
            [list(range(len(files))), [one.camera for one in files], [one.key for one in files]],
        )
        connection.execute(_SEVERAL)
        (several,) = connection.execute("SELECT count(*) FROM newest").fetchone()
        events = _EVENTS_THAT_COUNT if several else _EVENTS
        connection.execute(f"CREATE TEMP VIEW events AS {events}")
        yield _Tables(connection, folder, files)
    finally:
        connection.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """A catalogue's tables, open."""

    connection: Any  # DuckDB's
    folder: Path
    files: Sequence[TableFile]

    def answer(self, question: Question) -> Answer:
        """What a question asks for."""
        question = replace(
            question,
            labels=self._names("label", question.labels, "unnest(labels)"),
            cameras=self._names("camera", question.cameras, "camera"),
            zones=self._names("zone", question.zones, "zone"),
        )
        conditions, notes = question.conditions(), list(self._left_out(question.conditions()))
        if question.similar:
            asked = self._like(question.similar)
            conditions = (*conditions, asked.condition)
            found = self._nearest(conditions, asked, question.limit)
            notes += self._other_models(asked)
        else:
            found = self._by_time(conditions, question.limit)
        if not found:
            raise NothingFound(self._why_nothing(conditions))
        total = len(found)
        # Counted apart: a count beside the rows would read all columns of all events for it.
        if total == question.limit:
            (total,) = self._counts(conditions)
        if len(self.files) > LOOSE:
            notes.append(
                f"the catalogue has {len(self.files):,} loose files: with --pack it answers sooner"
            )
        return Answer(tuple(found), total, tuple(notes))

    def _by_time(self, conditions: Sequence[Condition], limit: int | None) -> list[Hit]:
        """Those that meet all, the earliest first."""
        sql, values = where(conditions)
        rows = self.connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM events WHERE {sql} "
            f"ORDER BY {_BY_TIME} {_limited(limit)}",
            values,
        ).fetchall()
        return [Hit(*row) for row in rows]

    def _nearest(
        self, conditions: Sequence[Condition], asked: _Like, limit: int | None
    ) -> list[Hit]:
        """Those that meet all, the most alike first: which they are, then what is known of them."""
        sql, values = where(conditions)
        # As arrays, not as lists: DuckDB's distance of lists stumbles over events without features
        # that stand beside the others, whether they are asked for or not.
        kind = f"FLOAT[{asked.numbers}]"
        chosen = self.connection.execute(
            f"SELECT event, rank, array_cosine_distance(TRY_CAST(features AS {kind}), "
            f"{asked.vector}::{kind}) AS distance FROM events WHERE {sql} "
            f"ORDER BY distance, event {_limited(limit)}",
            values,
        ).fetchall()
        hits = self._told_of([(event, rank) for event, rank, _ in chosen])
        return [replace(hits[event], distance=max(0.0, far)) for event, _, far in chosen]

    def _told_of(self, chosen: Sequence[tuple[str, int]]) -> dict[str, Hit]:
        """All that is known of some events, by their keys: of their files alone, a tenth of the
        time that all of them take."""
        ranks = sorted({rank for _, rank in chosen})
        places = {rank: place for place, rank in enumerate(ranks)}
        cameras = [self.files[rank].camera for rank in ranks]
        if not ranks:
            return {}
        rows = self.connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM (SELECT *, file_index AS place, "
            f"list_extract(?::VARCHAR[], (file_index + 1)::INTEGER) AS camera "
            f"FROM {_parquet([self.files[rank] for rank in ranks])}) "
            "WHERE list_contains(?::VARCHAR[], event || '@' || place)",
            [cameras, [f"{event}@{places[rank]}" for event, rank in chosen]],
        ).fetchall()
        return {row[0]: Hit(*row) for row in rows}

    def _counts(self, *conditions: Sequence[Condition]) -> list[int]:
        """How many events meet each of some lists of conditions, in one reading."""
        sqls, values = zip(*(where(each) for each in conditions), strict=True)
        parts = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in sqls)
        counted = self.connection.execute(
            f"SELECT {parts} FROM events", [value for each in values for value in each]
        ).fetchone()
        return [int(count) for count in counted]

    def _names(self, what: str, asked: Sequence[str], sql: str) -> tuple[str, ...]:
        """What is asked for, name by name; one that no event has is refused, and others told."""
        if not asked:
            return ()
        rows = self.connection.execute(
            f"SELECT name, count(*) AS n FROM (SELECT {sql} AS name FROM events) "
            "GROUP BY name ORDER BY n DESC, name"
        ).fetchall()
        there = {str(name): int(count) for name, count in rows}
        names = names_in(asked, there)
        for name in names:
            if name not in there:
                told = ", ".join(f"{one} ({n:,})" for one, n in list(there.items())[:MOST_TOLD])
                more = f" and {len(there) - MOST_TOLD} more" if len(there) > MOST_TOLD else ""
                raise SettingsError(
                    f"--{what} {name}: no event has this {what}; there are {told or 'none'}{more}"
                )
        return names

    def _left_out(self, conditions: Sequence[Condition]) -> Iterator[str]:
        """What is not known of some events, and was asked for."""
        needed = {one.needs for one in conditions if one.needs == "start_utc"}
        if not needed:
            return
        others = [one for one in conditions if one.needs != "start_utc"]
        lacking = Condition("", "start_utc IS NULL")
        (count,) = self._counts([*others, lacking])
        if count:
            yield (
                f"{_events(count)} left out: nobody knows when their recordings were taken "
                "(motionapp batch --start-time says it)"
            )

    def _why_nothing(self, conditions: Sequence[Condition]) -> str:
        """That there is nothing, and how much there would be without each condition."""
        asked = [one for one in conditions if one.option]
        total, *without = self._counts(
            [], *([other for other in conditions if other is not one] for one in asked)
        )
        if not total:
            return (
                f"the catalogue {self.folder} has no events: in what was analysed, nothing was "
                "found"
            )
        told = [
            f"without {one.option} {_there_are(count)}"
            for one, count in sorted(zip(asked, without, strict=True), key=lambda pair: -pair[1])
            if count
        ]
        widened = "; ".join(told) or "each of these alone leaves nothing: ask for less"
        return f"nothing is found among {_events(total)} of {self.folder}; {widened}"

    def _like(self, key: str) -> _Like:
        """The event that others are to be like."""
        found = self.connection.execute(
            "SELECT event, label, model, model_digest, features, recording FROM events "
            "WHERE starts_with(event, ?) ORDER BY event LIMIT 3",
            [key.lower()],
        ).fetchall()
        if not found:
            raise SettingsError(
                f"--similar {key}: no event of the catalogue has this key; motionapp find prints "
                "them in its first column"
            )
        if len(found) > 1:
            raise SettingsError(
                f"--similar {key}: several events begin so ({', '.join(row[0] for row in found)}): "
                "give more of the key"
            )
        event, label, model, digest, features, recording = found[0]
        if features is None:
            raise SettingsError(
                f"--similar {key}: {self._why_no_features(model, digest)} (it is "
                f"{label} in {recording})"
            )
        return _Like(event, str(digest), tuple(float(number) for number in features))

    def _why_no_features(self, model: str | None, digest: str | None) -> str:
        if model is None:
            return "no network looked at this event, so that nothing can be told to be like it"
        (others,) = self._counts(
            [Condition("", "features IS NOT NULL AND model_digest = ?", (digest,))]
        )
        if others:
            return f"the model {model} has seen nothing of this event that could be compared"
        return (
            f"the model {model} gives no features, by which events are alike: one that motionapp "
            "train makes does"
        )

    def _other_models(self, asked: _Like) -> Iterator[str]:
        other = "model_digest <> ?"  # whether they have features takes as long as all else
        (count,) = self._counts([Condition("", other, (asked.digest,))])
        if count:
            yield f"{_events(count)} of other models left out: only those of one can be compared"


@dataclass(frozen=True, slots=True)
class _Like:
    """An event that others are compared with."""

    event: str
    digest: str
    """Of the model that saw it."""
    features: tuple[float, ...]

    @property
    def numbers(self) -> int:
        """How many features it has."""
        return len(self.features)

    @property
    def vector(self) -> str:
        """Its features as a list of SQL."""
        return f"[{', '.join(map(repr, self.features))}]"

    @property
    def condition(self) -> Condition:
        """What can be compared with it."""
        sql = "features IS NOT NULL AND model_digest = ? AND event <> ?"
        return Condition("", sql, (self.digest, self.event))


def _limited(limit: int | None) -> str:
    return "" if limit is None else f"LIMIT {int(limit)}"


def _parquet(files: Sequence[TableFile]) -> str:
    """Files as a table of SQL."""
    paths = ", ".join(_quoted(str(one.path)) for one in files)
    return f"read_parquet([{paths}], hive_partitioning = false)"


def _quoted(text: str) -> str:
    """A text within SQL."""
    return "'" + text.replace("'", "''") + "'"


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _there_are(count: int) -> str:
    return f"there {'is 1' if count == 1 else f'are {count:,}'}"
