"""What is in the docks, and what each is called."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

from motionapp.gui.action_set import ActionSet
from motionapp.gui.compare_panel import ComparePanel
from motionapp.gui.controls import Controls
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.instruments import InstrumentsPanel
from motionapp.gui.offers import Offers
from motionapp.gui.teaching.panel import TeachPanel
from motionapp.gui.tuning.panel import SettingsPanel
from motionapp.gui.why_panel import WhyPanel
from motionapp.gui.words import tr
from motionapp.gui.zoning.panel import ZonesPanel


class Panels:
    """One of each.

    Parameters
    ----------
    actions : ActionSet
    offers : Offers
    """

    def __init__(self, actions: ActionSet, offers: Offers) -> None:
        self.controls = Controls(actions, offers)
        self.events, self.settings, self.zones = EventsPanel(), SettingsPanel(), ZonesPanel()
        self.why, self.instruments = WhyPanel(), InstrumentsPanel()
        self.teach = TeachPanel()
        self.compare = ComparePanel(offers)

    def stacks(self) -> tuple[tuple[tuple[str, str, QWidget], ...], ...]:
        """Each with its name and title: above what is chosen, below what came of it. All names of a
        stack shall have room on its tabs."""
        return (
            (
                ("setup", tr("Source"), self.controls),
                ("settings", tr("Settings"), self.settings),
                ("zones", tr("Zones"), self.zones),
                ("teach", tr("Teach"), self.teach),
            ),
            (
                ("events", tr("Events"), self.events),
                ("why", tr("Why?"), self.why),
                ("compare", tr("A and B"), self.compare),
                ("instruments", tr("Instruments"), self.instruments),
            ),
        )
