"""One source being played: its pipeline, and the thread that makes its pictures ready. No Qt."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from motionapp import assembly
from motionapp.core.cover import Cover
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.frontends import registry
from motionapp.gui.play.canvas import Look, divided, shown
from motionapp.gui.play.listener import Listener, TellingSink
from motionapp.gui.play.look_back import LOOK_BACK_S
from motionapp.gui.play.recorder import Recorder
from motionapp.gui.play.wish import Loop, Wish
from motionapp.privacy import CoveredSource, covered_by
from motionapp.runtime import Pipeline, Road, Snapshot, View, Viewer
from motionapp.runtime.vectors import ask_vectors
from motionapp.settings import AnalysisSettings, analysis_digest

PATIENCE_S: Final = 0.5
"""So long it waits for an address that does not answer: its reads end by themselves, after seconds.
A camera is waited for, since who opens it again needs it free."""


class Playing:
    """Plays from `start` until the source ends or `end` is called.

    Parameters
    ----------
    wish : Wish
    source : Source
        Closed by `end`.
    models : Models
    others : Models or None
        Of the settings beside, where the wish has some.
    look : callable
        How pictures are made ready by now: the window changes it while it plays.
    listener : Listener
    on_held : callable
        Called on one of the threads when a picture is shown that stands.
    on_stood : callable
        Called on one of the threads when it was paused where it was to be.
    on_end : callable
        Called on one of the threads when the source has ended.
    """

    def __init__(
        self,
        wish: Wish,
        source: Source,
        models: Models,
        others: Models | None = None,
        *,
        look: Callable[[], Look],
        listener: Listener,
        on_held: Callable[[], None],
        on_stood: Callable[[], None],
        on_end: Callable[[], None],
    ) -> None:
        self._wish = wish
        # Whoever looks on, draws or records gets what comes out of it: covered.
        self._source, self._on_held = CoveredSource(source, wish.cover), on_held
        self._models = models
        self._digest: tuple[AnalysisSettings, Models, str] | None = None
        """The last one, and what it is of."""
        self._looked_back: tuple[float, AnalysisSettings] | None = None
        """Of the shown picture: its time, and by which settings it was looked back from."""
        self._look = look
        self._listener = listener
        self._viewer = Viewer()
        self._view_shown: View | None = None
        self._drawn: tuple[View, Moment | None, Moment | None, Look, Cover] | None = None
        """Of what the last picture was made."""
        chosen = [(wish.settings, models)]
        if wish.other is not None and others is not None:
            chosen.append((wish.other, others))
        self._analyses = [
            assembly.make_analysis(
                settings, known, source_name=source.info.name, clock=time.monotonic_ns
            )
            for settings, known in chosen
        ]
        self._tellings = [
            TellingSink(listener, road=road, began_s=wish.place.at_s) for road in range(len(chosen))
        ]
        self._recorder: Recorder | None = None
        if wish.plan is not None:
            self._recorder = Recorder(wish.plan, source.info.name, listener.recorded)
            self._recorder.record(wish.play.is_recorded)
        self._pipeline = Pipeline(
            self._source,
            [Road(a, [t]) for a, t in zip(self._analyses, self._tellings, strict=True)],
            [self._viewer, *([self._recorder] if self._recorder is not None else [])],
            place=wish.place,
            end_s=_end_s(wish.play.loop),
            hold_s=_hold_s(wish),
            on_hold=on_stood,
            rate=wish.play.rate,
            is_paused=wish.play.is_paused,
            patience_s=PATIENCE_S if "://" in wish.spec else None,
            on_end=on_end,
        )
        self._trouble: Exception | None = None
        """What ended the thread that makes pictures ready."""
        self._threads = ExitStack()
        self._view = threading.Thread(target=self._make_ready, name="view")

    def start(self) -> None:
        """Begin."""
        self._threads.enter_context(self._pipeline)
        self._view.start()

    def stop(self) -> None:
        """End early. Does not wait; safe to call twice, and before `start`."""
        self._pipeline.stop()

    def end(self) -> None:
        """Stop, wait for all threads, and raise what went wrong, if anything did."""
        self.stop()
        self._view.join()
        try:
            self._threads.close()
        finally:
            if self._recorder is not None:
                self._recorder.end()
        if self._trouble is not None:
            raise self._trouble

    def change(self, settings: AnalysisSettings, models: Models, *, road: int = 0) -> None:
        """Analyse otherwise from the next frame on; road 1 is what is analysed beside."""
        field = "other" if road else "settings"
        self._wish = replace(self._wish, **{field: settings})  # type: ignore[arg-type]  # by name
        if not road:
            self._models = models
        self._pipeline.change(settings, models, road=road)
        if self._source.cover != self._wish.cover:
            self._source.cover = self._wish.cover
            self.redraw()  # a picture that stands is covered at once

    def has_to_open_for(self, settings: AnalysisSettings | None) -> bool:
        """Whether a stream has to be opened anew for a front-end to see all that it looks at.

        Raises
        ------
        SourceError
            It will never see it, as the source has none of it.
        """
        if settings is None:
            return False
        ask_vectors(self._source.bare, settings)
        had = any(registry.needs_vectors(each.settings.frontend) for each in self._analyses)
        return self.is_live and registry.needs_vectors(settings.frontend) and not had

    def renumber(self, opening: int) -> None:
        """Count as this opening: another one that it was asked for could not be."""
        self._wish = replace(self._wish, opening=opening)

    def follow(self, wish: Wish) -> None:
        """Play on as a wish of the same opening says; a camera goes on behind a picture that is
        held. Told the same wish twice, it does it once."""
        before, after = self._wish.play, wish.play
        if self._recorder is not None and wish.plan is not None:
            if wish.plan != self._wish.plan:
                self._recorder.follow(wish.plan)
            if after.is_recorded != before.is_recorded:
                self._recorder.record(after.is_recorded)
        steps = wish.steps - self._wish.steps
        self._wish = replace(self._wish, play=after, steps=wish.steps, plan=wish.plan)
        if after.loop != before.loop:
            self._pipeline.end_at(_end_s(after.loop))
        if after.until_s != before.until_s:
            self._pipeline.hold_at(_hold_s(wish))
        if after.rate != before.rate:
            self._pipeline.set_rate(after.rate)
        if after.is_paused and not before.is_paused:
            self._pipeline.pause()
        for _ in range(steps):
            self._pipeline.step()
        if before.is_paused and not after.is_paused:
            self._pipeline.resume()

    def redraw(self) -> None:
        """Make the last picture anew, if it would look otherwise now; on any thread."""
        view = self._view_shown
        if view is None:
            return
        drawn = self._drawn
        moment = view.moment if drawn is None or drawn[0] is not view else drawn[1]
        newest = self._viewer.latest
        # What a held camera sees meanwhile belongs to pictures that nobody has seen.
        if newest is not None and self._pipeline.can_pause and self._looked_back is None:
            moment = newest
        is_same = (
            drawn is not None
            and drawn[:2] == (view, moment)
            and drawn[2] is self._beside
            and drawn[3] == self._look()
            and drawn[4] == self._wish.cover
        )
        if not is_same:
            # It is as old as when it was painted first.
            self._tell(view, moment, is_new=False)

    def to_look_back(self, settings: AnalysisSettings) -> float | None:
        """The time of a picture that stands, of which nobody knows what playing on to it by these
        settings would have found; None where that is known, or where nothing stands."""
        view = self._view_shown
        stands = self._pipeline.can_pause and (self._wish.play.is_paused or self.has_ended)
        if view is None or not stands:
            return None
        at_s, from_s = view.frame.pts_s, self._wish.place.at_s
        led_up = from_s <= 0 or at_s - from_s >= LOOK_BACK_S
        is_known = led_up and self.in_force == settings and self._looked_back is None
        return None if is_known or self._looked_back == (at_s, settings) else at_s

    def looked_back(self, at_s: float, settings: AnalysisSettings, moment: Moment | None) -> None:
        """Draw what looking back has found on the picture that it is about; None: nothing came of
        it, and it is not asked for again."""
        view = self._view_shown
        if view is None or view.frame.pts_s != at_s:
            return
        self._looked_back = at_s, settings
        if moment is not None:
            self._view_shown = View(view.frame, moment)
            self._tell(self._view_shown, moment, is_new=False)

    def snapshot(self) -> Snapshot:
        """What the pipeline's meters say."""
        return self._pipeline.snapshot()

    @property
    def wish(self) -> Wish:
        """What it fulfils."""
        return self._wish

    @property
    def in_force(self) -> AnalysisSettings:
        """What the last frame was analysed with."""
        return self._analyses[0].settings

    @property
    def digest(self) -> str:
        """Of what decides the events: settings and models, as results of batch name them."""
        wish, models = self._wish, self._models
        known = self._digest
        if known is None or known[0] is not wish.settings or known[1] is not models:
            digest = analysis_digest(wish.settings, models.digest)
            known = self._digest = wish.settings, models, digest
        return known[2]

    @property
    def has_ended(self) -> bool:
        """Whether the source has ended."""
        return self._pipeline.has_ended

    @property
    def newest_moment(self) -> Moment | None:
        """What was found last."""
        return self._viewer.latest

    @property
    def labels(self) -> tuple[str, ...]:
        """What the network that names knows, in the order of its probabilities."""
        recogniser = self._models.recogniser
        return () if recogniser is None else recogniser.contract.labels

    @property
    def compares(self) -> bool:
        """Whether the frames are analysed by two settings."""
        return len(self._analyses) > 1

    @property
    def _beside(self) -> Moment | None:
        """What the settings beside have found last."""
        return self._tellings[1].latest if self.compares else None

    @property
    def health(self) -> str:
        """What could not be read of the source so far, or what a camera gives that it was not asked
        for, in words; empty where all is well."""
        damage, info = self._source.damage, self._source.info
        return damage.sentence(info.name) if damage.is_partial else info.note

    @property
    def is_recording(self) -> bool:
        """Whether a file is being written."""
        return self._recorder is not None and self._recorder.is_recording

    @property
    def is_warm(self) -> bool:
        """Whether what is found is what a run from the start finds."""
        return all(telling.warmth.is_warm for telling in self._tellings)

    @property
    def lost(self) -> tuple[tuple[float, float], ...]:
        """Stretches `(from_s, to_s)` of the source that could not be read."""
        return self._source.damage.lost

    @property
    def is_live(self) -> bool:
        """Whether the source has its own clock, as a camera has."""
        return self._source.info.is_live

    @property
    def captured(self) -> int:
        """How many frames came."""
        return self._pipeline.snapshot().captured

    def _make_ready(self) -> None:
        try:
            self._show_all()
        except Exception as error:  # noqa: BLE001  the thread ends here; `end` raises it
            self._trouble = error
            self._pipeline.stop()

    def _show_all(self) -> None:
        for newest in self._viewer:
            if self._wish.play.is_paused and not self._pipeline.can_pause:
                continue
            view = self._followed(newest)
            if view is not None:
                self._view_shown, self._looked_back = view, None
                self._tell(view, view.moment, is_new=True)
                if self._wish.play.is_paused:
                    self._on_held()

    def _followed(self, newest: View) -> View | None:
        """What is to be seen now; None where that is seen already."""
        moment = newest.moment
        if self._look().follows == "smooth" or moment is None or moment.frame is None:
            return newest
        before = self._view_shown
        is_seen = before is not None and before.moment is moment
        return None if is_seen else View(moment.frame, moment)

    def _tell(self, view: View, moment: Moment | None, *, is_new: bool) -> None:
        look, beside, cover = self._look(), self._beside, self._wish.cover
        # It may have come before a privacy zone was drawn, or taken away.
        frame = covered_by(view.frame, cover)
        picture = shown(frame, _beneath(moment, cover), look)
        other = shown(frame, _beneath(beside, cover), look) if self.compares else None
        if self._view_shown is not view:  # meanwhile there is a newer one
            return
        self._drawn = view, moment, beside, look, cover
        if other is not None and look.compares == "divider":
            picture, other = divided(picture, other, look.divider), None
        self._listener.pictured(picture if is_new else replace(picture, captured_ns=None))
        if other is not None:
            self._listener.pictured(replace(other, captured_ns=None), road=1)


def _beneath(moment: Moment | None, cover: Cover) -> Moment | None:
    """What was found, unless it may have been where nobody is to look any more."""
    if moment is None or moment.frame is None or moment.frame.epoch.cover.includes(cover):
        return moment
    return None


def _end_s(loop: Loop | None) -> float:
    return math.inf if loop is None else loop.end_s


def _hold_s(wish: Wish) -> float:
    return math.inf if wish.play.until_s is None else wish.play.until_s
