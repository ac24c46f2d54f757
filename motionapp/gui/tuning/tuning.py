"""Changes of settings, from wherever they are asked for: checked, made, undone and done again."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from motionapp.core.errors import SettingsError
from motionapp.gui.changes import Changes
from motionapp.gui.controls import Controls
from motionapp.gui.desk import Desk
from motionapp.gui.play.wish import Wish
from motionapp.gui.tuning.fields import with_values
from motionapp.gui.tuning.panel import SettingsPanel
from motionapp.gui.words import tr
from motionapp.settings import PRESETS, AnalysisSettings

BELOW = "analysis."


class Tuning(QObject):
    """Turns what controls and panel ask for into wishes, and remembers them.

    Parameters
    ----------
    changes : Changes
    controls : Controls
    panel : SettingsPanel
    desk : Desk
    parent : QObject
    """

    def __init__(
        self,
        changes: Changes,
        controls: Controls,
        panel: SettingsPanel,
        desk: Desk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._changes, self._panel = changes, panel
        self._wish, self._want, self._failed = desk.wish, desk.want, desk.failed
        changes.of("settings", self._put)
        controls.frontend_asked.connect(self.choose_frontend)
        controls.classifier_asked.connect(self.choose_classifier)
        controls.sensitivity_asked.connect(self.choose_sensitivity)
        panel.changed.connect(lambda path, value: self.try_values(path, {path: value}, merges=path))
        panel.preset_asked.connect(self.choose_preset)
        panel.reset_asked.connect(self.reset)

    def show(self, wish: Wish) -> None:
        """Show what is in force."""
        self._panel.show_settings(wish.settings)

    def choose_frontend(self, frontend: str) -> None:
        """See otherwise: by a front-end or a preset of one."""
        self.change(self._wish().with_frontend(frontend).settings, frontend)

    def choose_classifier(self, classifier: str) -> None:
        """Let another network name; empty: the dialogue was left, and nothing changes."""
        if classifier:
            self.change(self._wish().with_classifier(classifier).settings, classifier)
        else:
            self._want(self._wish())

    def choose_sensitivity(self, sensitivity: float) -> None:
        """See weaker motion, or only stronger."""
        settings = self._wish().with_sensitivity(sensitivity).settings
        self.change(settings, tr("sensitivity"), merges="sensitivity")

    def choose_preset(self, name: str) -> None:
        """Take over the values of a preset."""
        values = {path.removeprefix(BELOW): value for path, value in PRESETS[name].items()}
        self.try_values(name, values)

    def reset(self) -> None:
        """All as the program would have it, but what has a place of its own."""
        usual, now = AnalysisSettings(), self._wish().settings
        recognition = usual.recognition.model_copy(
            update={"classifier": now.recognition.classifier}
        )
        kept = {"frontend": now.frontend, "zones": now.zones, "recognition": recognition}
        self.change(usual.model_copy(update=kept), tr("all settings"))

    def change(self, settings: AnalysisSettings, words: str, *, merges: str = "") -> None:
        """Analyse by these settings, in a way that can be undone."""
        before = self._wish().settings
        self._changes.note("settings", before, settings, words, merges=merges)
        self._put(settings)

    def try_values(self, words: str, values: dict[str, object], *, merges: str = "") -> None:
        """Change settings by their paths below `analysis`, or say why that cannot be."""
        try:
            settings = with_values(self._wish().settings, values)
        except SettingsError as error:
            self._failed(str(error))
            self.show(self._wish())  # what was typed is not in force
            return
        self.change(settings, words, merges=merges)

    def _put(self, settings: AnalysisSettings) -> None:
        self._want(self._wish().by(settings))
        self.show(self._wish())
