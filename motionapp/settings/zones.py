"""Zones: polygons in shares of the picture, drawn once and good for any size."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from motionapp.settings.base import SettingsModel

Share = Annotated[float, Field(ge=0, le=1)]
Corner = tuple[Share, Share]


class ZoneSettings(SettingsModel):
    """A part of the picture that is watched by itself, or left out."""

    name: str = Field(
        pattern=r"^[\w.+-]+( [\w.+-]+)*$",
        max_length=64,
        description="Stands in every event of the zone: letters, digits, single spaces, _ . + -.",
    )
    kind: Literal["include", "exclude"] = Field(
        "include", description="Watched by itself, or left out everywhere."
    )
    polygon: tuple[Corner, ...] = Field(
        min_length=3,
        max_length=64,
        description="Corners [x, y] in shares of the picture: [0, 0] is the upper left.",
    )
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="A factor on the front-end's own, within this zone."
    )

    @model_validator(mode="after")
    def _covers_something(self) -> "ZoneSettings":
        corners = self.polygon
        pairs = zip(corners, corners[1:] + corners[:1], strict=True)
        if abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) < 2e-5:
            raise ValueError(f"the polygon of zone {self.name} covers nothing")
        return self
