"""What in a mask is nobody: soft shadow, scatter, overlaid text, dynamic background."""

from motionapp.suppression.chain import RULES, Settled, SuppressionChain
from motionapp.suppression.rule import Evidence, Removed, SuppressionRule

__all__ = ["RULES", "Evidence", "Removed", "Settled", "SuppressionChain", "SuppressionRule"]
