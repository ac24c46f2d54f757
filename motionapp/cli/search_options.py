"""The options of a training that let its choices be searched for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import SettingsError

if TYPE_CHECKING:
    from motionapp.training.search.order import SearchOrder

MOST_TRIALS = 10_000
MOST_JOBS = 256
STUDY_ENDING = ".study.db"


def add_search(group: argparse._ArgumentGroup, *, about: str, usual: str) -> None:
    """How many trials, in how many processes, and where they are kept.

    Parameters
    ----------
    group : argument group
    about : str
        What a search does here.
    usual : str
        Where trials are kept, as people are told.
    """
    group.add_argument(
        "--search",
        type=int,
        metavar="N",
        help="try N recipes before: optimiser, learning rate, width, dropout, clip length and lag, "
        f"but for what is chosen on this line; {about}. Made trials are kept, and the same command "
        "goes on where it was stopped (needs the extra search)",
    )
    group.add_argument(
        "--search-jobs",
        type=int,
        metavar="P",
        help="processes that make trials; they come to the same with any number (default: one a "
        "core)",
    )
    group.add_argument(
        "--study",
        metavar="FILE.db",
        help=f"where trials are kept, by Optuna (default: {usual})",
    )


def search_wanted(
    arguments: argparse.Namespace, usual: Path, *, is_alone: bool = False
) -> SearchOrder | None:
    """The search that was asked for; None where there is none.

    Parameters
    ----------
    arguments : argparse.Namespace
    usual : Path
        Where trials are kept, unless another place is named.
    is_alone : bool
        Whether rendered figures are all that there is.

    Raises
    ------
    SettingsError
        A number is out of range, or an option clashes with a search.
    """
    trials, jobs = arguments.search, arguments.search_jobs
    if trials is None:
        for option, value in (("--search-jobs", jobs), ("--study", arguments.study)):
            if value is not None:
                raise SettingsError(f"{option} is about a search: say --search N, too")
        return None
    _check_clashes(arguments, is_alone=is_alone)
    for option, value, most in (("search", trials, MOST_TRIALS), ("search-jobs", jobs, MOST_JOBS)):
        if value is not None and not 1 <= value <= most:
            raise SettingsError(f"--{option} is {value}: 1 to {most}")
    from motionapp.runtime.threads import usable_cores
    from motionapp.training.extra import need_optuna

    need_optuna()
    from motionapp.training.search.order import SearchOrder

    return SearchOrder(
        trials=trials,
        jobs=jobs or min(trials, usable_cores()),
        study=usual if arguments.study is None else Path(arguments.study),
        fixed=_fixed(arguments),
        anew=arguments.anew,
    )


def _check_clashes(arguments: argparse.Namespace, *, is_alone: bool) -> None:
    if is_alone or arguments.protocol == "none":
        raise SettingsError(
            "--search judges recipes by what they have not seen: it needs recordings, and a "
            "--protocol that holds some out"
        )
    if arguments.beginning is not None:
        raise SettingsError(
            "--search tries widths and clips that weights of --from do not fit: leave one out"
        )
    if arguments.no_cache:
        raise SettingsError(
            "--search shows the same recordings again and again: leave out --no-cache"
        )
    if arguments.weight_decay is not None and arguments.optimiser is None:
        raise SettingsError(
            "--weight-decay is adamw's own, and --search chooses the optimiser: leave one out, or "
            "say --optimiser adamw"
        )


def _fixed(arguments: argparse.Namespace) -> frozenset[str]:
    """What was chosen, and so is not searched for."""
    from motionapp.training.search.space import DROPOUT, LAG, OPTIMISER, RATE, STEPS, WIDTH

    chosen = {
        RATE: arguments.learning_rate, WIDTH: arguments.width, DROPOUT: arguments.dropout,
        STEPS: arguments.clip_s, LAG: arguments.lag_s,
        OPTIMISER: arguments.optimiser,
    }  # fmt: skip
    return frozenset(name for name, value in chosen.items() if value is not None)
