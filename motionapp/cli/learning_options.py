"""The options of a training that say how a network learns, and what it begins with."""

from __future__ import annotations

import argparse

from motionapp.core.errors import SettingsError
from motionapp.training.choices import (
    CLASS_WEIGHTS,
    INITIALISERS,
    NORMALISED,
    OPTIMISERS,
    SCHEDULES,
    WITH_MOMENTUM,
)

DEFAULT_OPTIMISER = OPTIMISERS[OPTIMISERS.index("adamw")]


def add_learning(group: argparse._ArgumentGroup) -> None:
    """How weights are drawn, follow their gradients, and are kept small; and what is looked at."""
    _add_gradients(group)
    _add_restraint(group)
    _add_looks(group)


def _add_gradients(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--optimiser",
        choices=OPTIMISERS,
        help="how weights follow their gradients (default: adamw)",
    )
    group.add_argument(
        "--learning-rate",
        type=float,
        metavar="X",
        help="the highest of the training (default: the optimiser's own, 0.003 for adamw)",
    )
    group.add_argument(
        "--momentum", type=float, metavar="X",
        help="of the optimisers momentum and nesterov (default: 0.9)",
    )  # fmt: skip
    group.add_argument(
        "--schedule",
        choices=SCHEDULES,
        default=SCHEDULES[0],
        help="how the rate changes on the way (default: one-cycle: up for a quarter, then down)",
    )
    group.add_argument("--batch", type=int, metavar="N", help="windows a step (default: 64)")


def _add_restraint(group: argparse._ArgumentGroup) -> None:
    """What keeps a network from learning its recordings by heart."""
    group.add_argument(
        "--weight-decay", type=float, metavar="X",
        help="adamw's own, apart from gradients (default: 0.02)",
    )  # fmt: skip
    group.add_argument(
        "--l1", type=float, default=0.0, metavar="X", help="penalty on weights (default: 0)"
    )
    group.add_argument(
        "--l2", type=float, default=0.0, metavar="X",
        help="penalty on half their squares (default: 0); both together are an elastic net",
    )  # fmt: skip
    group.add_argument(
        "--dropout",
        type=float,
        metavar="SHARE",
        help="of numbers before dense layers (default: 0.3)",
    )
    group.add_argument(
        "--norm", choices=("batch", "none"), default="batch",
        help="what follows each convolution, where the layout leaves the choice (default: batch)",
    )  # fmt: skip
    group.add_argument(
        "--init", choices=INITIALISERS, default=INITIALISERS[0],
        help="from what weights are drawn (default: small, a third of he-uniform)",
    )  # fmt: skip
    group.add_argument(
        "--label-smoothing", type=float, metavar="X",
        help="how sure it is kept from being, 0 to below 1 (default: 0.1)",
    )  # fmt: skip


def _add_looks(group: argparse._ArgumentGroup) -> None:
    """What is looked at, how it is changed, and when it is enough."""
    group.add_argument(
        "--class-weights", choices=CLASS_WEIGHTS, default="root",
        help="how rare labels are made up for: not, by the root of how rare they are, or in full "
        "(default: root)",
    )  # fmt: skip
    group.add_argument(
        "--augment",
        type=float,
        default=1.0,
        metavar="X",
        help="how far windows are changed before each look: 0 not at all, 2 twice as far (default: "
        "1)",
    )
    group.add_argument(
        "--rates",
        metavar="HZ,HZ|none",
        help="so many pictures a second are left when recordings are looked at slower and quicker, "
        "so that slower cameras are named, too (default: 12.5,7.5)",
    )
    group.add_argument(
        "--drop-outs", type=float, metavar="SHARE",
        help="of windows in which pictures were lost, as bad connections lose them (default: 0)",
    )  # fmt: skip
    group.add_argument(
        "--patience", type=int, default=0, metavar="N",
        help="end early after N looks at held-out groups without a better one, of the 40 that a "
        "training takes, and keep the best (default: 0, never)",
    )  # fmt: skip
    group.add_argument(
        "--held-share", type=float, metavar="SHARE",
        help="of the groups that --patience holds out (default: 0.2)",
    )  # fmt: skip


def add_transfer(group: argparse._ArgumentGroup) -> None:
    """What a training begins with."""
    group.add_argument(
        "--from",
        dest="beginning",
        metavar="MODEL|FILE.pth|imagenet",
        help="begin with the weights of a model of ours (a shipped one's name, or its file), of a "
        "state file of torchvision's, or of a MobileNetV2 that knows ImageNet (the extra imagenet)",
    )
    group.add_argument(
        "--freeze", type=int, metavar="N", help="its first N convolutions learn nothing ..."
    )
    group.add_argument(
        "--thaw", type=float, metavar="SHARE",
        help="... until this share of the steps is done (default: 1, never)",
    )  # fmt: skip


def rates_of(arguments: argparse.Namespace, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The rates that were asked for, in pictures a second.

    Raises
    ------
    SettingsError
        They are no numbers, too many, or out of range.
    """
    said = arguments.rates
    if said is None or said == "none":
        return usual if said is None else ()
    try:
        rates = tuple(float(word) for word in said.split(","))
    except ValueError as error:
        raise SettingsError(f"--rates {said}: numbers with commas between them, or none") from error
    if len(rates) > len(usual):
        raise SettingsError(f"--rates {said}: at most {len(usual)}, one for each tempo")
    for rate in rates:
        check_within("rates", rate, 5.0, 60.0)
    return rates


def optimiser_of(arguments: argparse.Namespace) -> str:
    """The optimiser that was chosen, or else the usual one; whoever chose the usual one did choose:
    a search leaves that alone."""
    return DEFAULT_OPTIMISER if arguments.optimiser is None else str(arguments.optimiser)


def check_clashes(arguments: argparse.Namespace) -> None:
    """Refuse what would silently do nothing."""
    optimiser = optimiser_of(arguments)
    if arguments.momentum is not None and optimiser not in WITH_MOMENTUM:
        raise SettingsError(
            f"--momentum is of the optimisers {' and '.join(sorted(WITH_MOMENTUM))}, and "
            f"--optimiser is {optimiser}"
        )
    if arguments.weight_decay is not None and optimiser != "adamw":
        raise SettingsError(
            f"--weight-decay is adamw's own, and --optimiser is {optimiser}: --l2 does what is "
            "meant there"
        )
    if arguments.held_share is not None and not arguments.patience:
        raise SettingsError("--held-share says how much --patience holds out: say how many looks")
    if arguments.freeze is not None and arguments.beginning is None:
        raise SettingsError("--freeze keeps weights as they were, and there are none: say --from")
    if arguments.thaw is not None and arguments.freeze is None:
        raise SettingsError("--thaw lets learn what --freeze keeps: say how many convolutions")


def check_norm(arguments: argparse.Namespace, architecture: str) -> None:
    """Refuse to leave out what a layout is nothing without."""
    if arguments.norm == "none" and architecture in NORMALISED:
        raise SettingsError(
            f"--norm none: {architecture} is made of normalised layers, and learns nothing without"
        )


def check_within(option: str, value: float, low: float, high: float) -> None:
    """Raise where an option's number is not from `low` to `high`."""
    if not low <= value <= high:
        raise SettingsError(f"--{option} is {value:g}: {low:g} to {high:g}")
