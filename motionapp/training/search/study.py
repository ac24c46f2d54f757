"""Trials that were made, in a file of SQLite as Optuna has it, which its other tools can read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from motionapp.core.errors import SettingsError
from motionapp.files.atomic import make_folder
from motionapp.training.search.sampling import frozen_trial
from motionapp.training.search.space import Space
from motionapp.training.search.trial import Made


def check_study(path: Path) -> None:
    """Open a file as a study, before hours of work begin.

    Raises
    ------
    SettingsError
        It is none, or cannot be read or written.
    """
    make_folder(path.parent)
    with _told(path):
        storage = _storage(path)
        storage.remove_session()
        storage.engine.dispose()


class Study:
    """The trials of one search in a file, which may hold others' as well.

    Parameters
    ----------
    path : Path
        Of the file; made where there is none.
    name : str
        What tells the search from others: a digest of all that decides its trials.
    space : Space

    Raises
    ------
    SettingsError
        The file is no study, or cannot be read or written.
    """

    def __init__(self, path: Path, name: str, space: Space) -> None:
        self.path, self._name, self._space = path, name, space
        make_folder(path.parent)
        with _told(path):
            self._storage = _storage(path)
            self._study = self._opened()

    def made(self) -> list[Made]:
        """The trials that were made, in their order, up to the first that is not whole."""
        found: list[Made] = []
        with _told(self.path):
            for trial in self._study.get_trials(deepcopy=False):
                one = _made(trial)
                if one is None or one.number != len(found):
                    break
                found.append(one)
        return found

    def add(self, one: Made) -> None:
        """Keep a trial: in one transaction, so that there is none in part."""
        with _told(self.path):
            self._study.add_trial(frozen_trial(self._space, one))

    def clear(self) -> None:
        """Forget the trials of this search."""
        with _told(self.path):
            optuna.delete_study(study_name=self._name, storage=self._storage)
            self._study = self._opened()

    def close(self) -> None:
        """Let go of the file."""
        self._storage.remove_session()
        self._storage.engine.dispose()

    def _opened(self) -> optuna.Study:
        return optuna.create_study(
            study_name=self._name,
            storage=self._storage,
            direction="maximize",
            load_if_exists=True,
        )


def _storage(path: Path) -> optuna.storages.RDBStorage:
    url = URL.create("sqlite", database=str(path))
    return optuna.storages.RDBStorage(url.render_as_string())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn whatever is wrong with a study's file into a sentence."""
    try:
        yield
    except (
        SQLAlchemyError,
        sqlite3.Error,
        optuna.exceptions.StorageInternalError,
        OSError,
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SettingsError(
            f"the study {path} cannot be used: {reason}: name another with --study"
        ) from error


def _made(trial: FrozenTrial) -> Made | None:
    """What a kept trial came to; None where it is none of ours."""
    if trial.state not in (TrialState.COMPLETE, TrialState.PRUNED):
        return None
    folds, trouble = trial.user_attrs.get("folds"), trial.user_attrs.get("trouble", "")
    took_s = trial.user_attrs.get("took_s", 0.0)
    if not isinstance(folds, list) or not isinstance(trouble, str):
        return None
    return Made(
        number=trial.number,
        parameters=dict(trial.params),
        folds=tuple(float(one) for one in folds),
        is_pruned=trial.state == TrialState.PRUNED,
        trouble=trouble,
        took_s=float(took_s) if isinstance(took_s, int | float) else 0.0,
    )
