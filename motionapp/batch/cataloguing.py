"""What a batch does for the catalogue: whose recording an input is, and what the network is asked.

Only where one is asked for; `motionapp.catalogue` knows how it is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.assembly import is_address
from motionapp.batch.inputs import Input
from motionapp.batch.part_result import PartResult
from motionapp.batch.record import Record
from motionapp.batch.tree import lies_in
from motionapp.core.addresses import shown
from motionapp.core.errors import SettingsError
from motionapp.core.models import Models
from motionapp.settings.tree import RunSettings, Settings
from motionapp.sinks.origin import Origin

if TYPE_CHECKING:
    from motionapp.batch.job import Job
    from motionapp.catalogue.rows import Recorded


def catalogued(
    job: Job, settings: Settings, models: Models, origin: Origin
) -> tuple[Recorded | None, Models]:
    """What the catalogue is told of an input, and models that tell by what its events are alike;
    None and the models as they are where no catalogue is asked for.

    Parameters
    ----------
    job : Job
    settings : Settings
    models : Models
    origin : Origin
    """
    if settings.run.catalog is None:
        return None, models
    from motionapp.catalogue.rows import Recorded, camera_of

    # Neither a copy that is read nor a folder that is emptied is there when somebody asks.
    named = job.recordings
    parts = named if job.parts else ()
    recogniser = models.recogniser
    contract = None if recogniser is None else recogniser.contract
    recorded = Recorded(
        spec=named[0],
        identity=Input(named[0], job.out_name, parts=parts).identity,
        camera=camera_of(named[0], settings.run.camera),
        origin=origin,
        parts=parts,
        out_dir=job.out_place,
        frontend=settings.analysis.frontend,
        model=None if contract is None else f"{contract.name}-{contract.architecture}",
        model_digest=getattr(recogniser, "digest", None),
        covers=settings.analysis.zones,
        time_zone=settings.run.time_zone,
    )
    return recorded, asked_by(settings, models)


def asked_by(settings: Settings, models: Models) -> Models:
    """Models that tell all that settings ask for: for a catalogue, also what makes events alike."""
    if settings.run.catalog is None:
        return models
    from motionapp.catalogue.features import with_features

    return with_features(models)


def features_of(found: Sequence[PartResult]) -> dict[str, bytes]:
    """What the network saw of events of parts that were analysed apart, by their ids."""
    return {name: bytes.fromhex(known) for part in found for name, known in part.features}


def check_catalogue(run: RunSettings, out_dir: Path) -> None:
    """See that the catalogue can be written to, before hours of work.

    Parameters
    ----------
    run : RunSettings
    out_dir : Path
        The batch's folder.

    Raises
    ------
    SettingsError, OutputError
        It is another version's, or somebody else's folder, or cannot be written.
    """
    if run.catalog is not None:
        from motionapp.catalogue.form import check_place

        if is_address(run.catalog):
            raise SettingsError(
                f"run.catalog is {shown(run.catalog)}, but a catalogue is a folder on a disk or "
                "on a share: name that"
            )
        results, catalogue = os.path.realpath(out_dir), os.path.realpath(run.catalog)
        if lies_in(results, catalogue):
            raise SettingsError(
                f"the results ({out_dir}) would lie in the catalogue ({run.catalog}), which holds "
                "tables only: name another folder for one of them"
            )
        # Not made yet: where it has gone, what was done is done again.
        check_place(Path(run.catalog))


def finish_tables(
    out_dir: Path,
    run: RunSettings,
    records: Sequence[Record],
    *,
    say: Callable[[str], object] = lambda sentence: None,
) -> None:
    """The table over all inputs; and the catalogue's small files become few.

    Parameters
    ----------
    out_dir : Path
    run : RunSettings
    records : sequence of Record
    say : callable
        Told of what in the catalogue is damaged.

    Raises
    ------
    OutputError
        Something cannot be written.
    """
    from motionapp.catalogue.table import write_table

    write_table(out_dir, [record.document for record in records])
    if run.catalog is not None:
        from motionapp.catalogue.form import make_catalogue
        from motionapp.catalogue.packing import pack

        pack(make_catalogue(Path(run.catalog)), say)
