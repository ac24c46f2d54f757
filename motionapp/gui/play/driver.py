"""Makes what is wished for happen: opens sources, loads models, plays. No Qt.

One thread of its own does all that may take time; the window only states what it wants, as often
as it likes: the newest wish counts. What happens is told to a `Listener`, on whatever thread it
happens.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any, Self

from motionapp import assembly
from motionapp.core.errors import MotionAppError, SourceError
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.gui.play.ahead import show_ahead, within
from motionapp.gui.play.canvas import Look
from motionapp.gui.play.listener import Listener
from motionapp.gui.play.loaded import Loaded
from motionapp.gui.play.look_back import look_back
from motionapp.gui.play.lost import Later, Lost, in_a_while
from motionapp.gui.play.playing import Playing
from motionapp.gui.play.wish import Wish
from motionapp.runtime import BEGINNING, Mailbox, Place, Snapshot, apply_threads, plan_threads
from motionapp.runtime.vectors import offer_vectors, with_vectors
from motionapp.settings import NO_CLASSIFIER, AnalysisSettings
from motionapp.sources import list_cameras

log = logging.getLogger(__name__)


class Driver:
    """Fulfils wishes until it is closed. Use it in a `with` block.

    Parameters
    ----------
    listener : Listener
    threads : int or None
        The budget for decoding, OpenCV and networks; None takes the cores there are.
    later : callable
        Calls something in so many seconds.
    """

    def __init__(
        self, listener: Listener, *, threads: int | None = None, later: Later = in_a_while
    ) -> None:
        self._look = Look()
        self._listener, self._later = listener, later
        self._lost: Lost | None = None
        self._plan = plan_threads(threads)
        self._bell: Mailbox[None] = Mailbox()
        """Rung when there may be something to do; what, the attributes below say."""
        self._wish: Wish | None = None
        self._wants_cameras = self._wants_redraw = False
        self._seen: Wish | None = None
        """The newest wish that was looked at, fulfilled or refused."""
        self._playing: Playing | None = None
        self._ended: Playing | None = None
        """What played until its end: its last picture is still shown."""
        self._looking: Source | None = None
        """What leads up to a held picture is being read from this."""
        self._is_over = False
        """What played has come to its end: it begins again only when asked."""
        self._following = threading.Lock()
        """Held while what plays is told the newest wish: two threads tell it."""
        self._loaded = Loaded(self._plan.network)
        self._thread = threading.Thread(target=self._work, name="driver")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin; `close` must follow."""
        apply_threads(self._plan)
        self._thread.start()

    def close(self) -> None:
        """Stop playing and end all threads; safe to call twice, and before `start`."""
        self._wish = None
        self._bell.close()
        for waited_for in (self._playing, self._looking):
            if waited_for is not None:  # wakes the driver's thread
                waited_for.stop()
        if self._thread.is_alive():
            self._thread.join()

    def want(self, wish: Wish) -> None:
        """Ask for this from now on. Returns at once; pausing, stepping, speed and loop of what
        plays wait for nothing."""
        with self._following:
            before, self._wish = self._wish, wish
        looking = self._looking  # asked after that: who begins to look asks the other way round
        if looking is not None and wish != before:
            looking.stop()
        self._follow()
        self._ring()

    def find_cameras(self) -> None:
        """Ask which cameras there are. Returns at once; what is wished for goes before."""
        self._wants_cameras = True
        self._ring()

    def camera_came(self) -> None:
        """One was plugged in, or pulled out: list them anew, and look for a lost one now."""
        lost = self._lost
        if lost is not None:
            lost.hurry()
        self.find_cameras()

    @property
    def look(self) -> Look:
        """How pictures are made ready."""
        return self._look

    def look_otherwise(self, **changes: Any) -> None:
        """Make pictures ready otherwise, the one that is shown too; fields of `Look` by name.
        Returns at once."""
        look = replace(self._look, **changes)
        if look != self._look:
            self._look = look
            self.redraw()

    def redraw(self) -> None:
        """Ask for the shown picture anew: more is known. Returns at once."""
        self._wants_redraw = True
        self._ring()

    def snapshot(self) -> Snapshot:
        """What the meters say; all zero while nothing plays."""
        playing = self._playing
        return Snapshot() if playing is None else playing.snapshot()

    @property
    def labels(self) -> tuple[str, ...]:
        """What the network that names knows, in the order of its probabilities."""
        playing = self._playing
        return () if playing is None else playing.labels

    @property
    def health(self) -> str:
        """What could not be read so far of what plays or has ended, or that it is lost; empty where
        all is well."""
        if self._lost is not None:
            return f"{self._lost.sentence}; it is looked for again"
        playing = self._playing or self._ended
        return "" if playing is None else playing.health

    @property
    def is_recording(self) -> bool:
        """Whether a file is being written."""
        playing = self._playing
        return playing is not None and playing.is_recording

    @property
    def is_over(self) -> bool:
        """Whether what played has ended, by itself or by an error, and is not looked for again."""
        return self._is_over and self._lost is None

    @property
    def is_live(self) -> bool:
        """Whether what plays has its own clock, as a camera has."""
        playing = self._playing
        return playing is not None and playing.is_live

    @property
    def is_warm(self) -> bool:
        """Whether what is found is what a run from the start finds."""
        playing = self._playing
        return playing is None or playing.is_warm

    @property
    def lost(self) -> tuple[tuple[float, float], ...]:
        """Stretches `(from_s, to_s)` of what plays or has ended that could not be read."""
        playing = self._playing or self._ended
        return () if playing is None else playing.lost

    @property
    def newest_moment(self) -> Moment | None:
        """What was found last in what is playing."""
        playing = self._playing
        return None if playing is None else playing.newest_moment

    @property
    def in_force(self) -> AnalysisSettings | None:
        """What the last frame of what is playing was analysed with."""
        playing = self._playing
        return None if playing is None else playing.in_force

    @property
    def digest(self) -> str:
        """Of what decides the events of what plays or has ended; empty where nothing does."""
        playing = self._playing or self._ended
        return "" if playing is None else playing.digest

    # -- on the driver's thread -------------------------------------------------------------

    def _ring(self) -> None:
        self._bell.put(None)

    def _work(self) -> None:
        for _ in self._bell:
            for do in (self._look_round, self._list_cameras):
                try:
                    do()
                except MotionAppError as error:
                    self._listener.failed(str(error))
                except Exception as error:
                    log.exception("the window could not do what was asked")
                    self._listener.failed(_internal(error))
        self._give_up()

    def _list_cameras(self) -> None:
        if self._wants_cameras:
            self._wants_cameras = False
            self._listener.cameras_found(tuple(list_cameras()))

    def _look_round(self) -> None:
        """Do what the difference between what is wished for and what is calls for."""
        if self._wants_redraw:
            self._wants_redraw = False
            last = self._playing or self._ended
            if last is not None:
                last.redraw()
        if self._playing is not None and self._playing.has_ended:
            self._come_to_the_end(self._playing)
        wish = self._wish
        if wish is not None:
            self._fulfil(wish)
            self._look_for_lost(wish)
            self._look_back(wish)

    def _fulfil(self, wish: Wish) -> None:
        before, self._seen = self._seen, wish
        if wish == before:
            return
        is_new = before is None or wish.opening != before.opening
        last = self._playing or self._ended
        try:
            if is_new or (self._playing is None and not self._is_over):
                self._open(replace(wish, steps=0))  # those are taken once it plays
            elif last is not None:  # also what has ended, whose last picture is shown
                self._change(last, wish)
        except Exception:
            if last is not None:
                self._refuse(wish, last)
            raise

    def _refuse(self, wish: Wish, last: Playing) -> None:
        """What plays or has ended stays in force. From now on it counts as the opening that could
        not be, so that whoever wishes on from there reaches it."""
        with self._following:
            last.renumber(wish.opening)
            stays = last.wish
            if self._wish is wish:
                self._wish = self._seen = stays
        self._listener.refused(stays)

    def _change(self, playing: Playing, wish: Wish) -> None:
        """Analyse what plays otherwise, by one of two settings or by both."""
        if any(playing.has_to_open_for(asked) for asked in (wish.settings, wish.other)):
            self._open(replace(wish, steps=0))
            return
        if wish.settings != playing.wish.settings:
            models = self._models_for(wish.settings)
            with self._following:
                playing.change(wish.settings, models)
        if wish.other is not None and wish.other != playing.wish.other:
            models = self._models_for(wish.other, is_beside=True)
            with self._following:
                playing.change(wish.other, models, road=1)

    def _look_for_lost(self, wish: Wish) -> None:
        """Open a lost camera again, now and then, as long as nothing else is wished for."""
        lost = self._lost
        if lost is None or not lost.take_due():
            return
        try:
            self._open(replace(wish, place=BEGINNING, steps=0))
        except MotionAppError as error:
            lost.missed(str(error))

    def _follow(self) -> None:
        """Let what plays be played as was wished for last, if that is about this opening."""
        with self._following:
            wish, playing = self._wish, self._playing
            if wish is not None and playing is not None and wish.opening == playing.wish.opening:
                playing.follow(wish)

    def _look_back(self, wish: Wish) -> None:
        """Find out what belongs to a picture that stands, until something else is wished for."""
        playing = self._playing or self._ended
        at_s = None if playing is None else playing.to_look_back(wish.settings)
        if playing is None or at_s is None:
            return
        try:
            moment = look_back(
                wish.spec, at_s, wish.settings, self._models_for(wish.settings),
                decode_threads=self._plan.decode, begins=self._begin_looking,
                is_wanted=lambda: self._wish is wish,
            )  # fmt: skip
        except MotionAppError as error:  # what plays shows the picture all the same
            log.debug("nothing is known of the picture at %.3f s: %s", at_s, error)
            moment = None
        finally:
            self._looking = None
        if self._wish is wish:
            playing.looked_back(at_s, wish.settings, moment)

    def _begin_looking(self, source: Source) -> None:
        self._looking = source
        if self._wish != self._seen:  # it came before anybody knew what to stop
            source.stop()

    def _open(self, wish: Wish) -> None:
        """Play a source; if it cannot be opened, what plays goes on. One whose model cannot be
        loaded plays without names where nothing plays yet."""
        is_first = self._playing is None and self._ended is None and not self._loaded
        told = None
        if is_first and not assembly.is_address(wish.spec):
            told = show_ahead(wish, self._listener, self._look, decode_threads=self._plan.decode)
        try:
            models = self._models_for(wish.settings)
        except MotionAppError as error:
            if self._playing is not None or wish.settings.recognition.classifier == NO_CLASSIFIER:
                raise
            self._listener.failed(str(error))
            wish = wish.with_classifier(NO_CLASSIFIER)
            models = self._models_for(wish.settings)
        others = None if wish.other is None else self._models_for(wish.other, is_beside=True)
        source = assembly.open_source(wish.spec, decode_threads=self._plan.decode)
        offer_vectors(source)
        for chosen in filter(None, (wish.settings, wish.other)):
            with_vectors(source, chosen)
        self._give_up()
        wish = replace(wish, place=within(wish.place, source.info))
        self._is_over, self._ended, self._lost = False, None, None
        playing = Playing(
            wish, source, models, others, look=lambda: self._look, listener=self._listener,
            on_held=self._ring, on_stood=self._listener.stood, on_end=self._ring,
        )  # fmt: skip
        if (wish, source.info) != told:
            self._listener.opened(wish, source.info)
        playing.start()
        self._playing = playing
        self._follow()  # it may have been paused while it was opened

    def _come_to_the_end(self, playing: Playing) -> None:
        """Begin again, or say that it is over; raises what ended it, if that was an error."""
        self._playing, self._ended = None, playing
        self._is_over = True
        try:
            playing.end()
        except SourceError as error:
            if not playing.is_live:
                raise
            self._lost = Lost(str(error), later=self._later, ring=self._ring)
            return
        wish, place = playing.wish, playing.wish.place
        if not playing.captured and place.at_s > 0 and not place.is_before:
            self._open(replace(wish, place=Place(place.at_s, is_before=True)))
        elif wish.play.loop is not None and playing.captured:
            self._open(replace(wish, place=Place(wish.play.loop.start_s)))
        else:
            playing.redraw()  # the last picture came before what is known of it
            self._listener.ended()

    def _give_up(self) -> None:
        """Stop what plays; what went wrong with it no longer matters to anybody."""
        playing, self._playing = self._playing, None
        if playing is None:
            return
        try:
            playing.end()
        except Exception as error:  # noqa: BLE001  the person has asked for something else
            log.debug("given up: %s", error)

    def _models_for(self, settings: AnalysisSettings, *, is_beside: bool = False) -> Models:
        models = self._loaded.of(settings)
        if not is_beside:
            self._listener.noted(models.note)
        return models


def _internal(error: Exception) -> str:
    return f"an error of the program itself: {type(error).__name__}: {error}; please report it"
