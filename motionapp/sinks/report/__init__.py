"""The report: one page for a recording, one for a batch, that need nothing but themselves."""

from motionapp.sinks.report.batch import BatchLine, BatchPage, batch_page
from motionapp.sinks.report.page import FilePage, Refused, file_page
from motionapp.sinks.report.reading import write_batch_report
from motionapp.sinks.report.sink import REPORT_HTML, Heat, ReportSink, Why

__all__ = [
    "REPORT_HTML",
    "BatchLine",
    "BatchPage",
    "FilePage",
    "Heat",
    "Refused",
    "ReportSink",
    "Why",
    "batch_page",
    "file_page",
    "write_batch_report",
]
