"""The report of a measurement: one page that needs nothing but itself, and the figures as JSON."""

from motionapp.training.report.strips import check_strips, write_strips
from motionapp.training.report.write import FIGURES_JSON, REPORT_HTML, check_place, write_report

__all__ = [
    "FIGURES_JSON", "REPORT_HTML", "check_place", "check_strips", "write_report", "write_strips",
]  # fmt: skip
