"""Settings of the front-ends: one class each. What looks like pixels is a share of the picture."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, field_validator

from motionapp.core.errors import SettingsError
from motionapp.settings.base import SettingsModel

# Annotations and no base class: the fields of a base come first wherever settings are listed.
MinArea = Annotated[
    float, Field(ge=0, le=1, description="Smallest region, as a share of the picture's area.")
]
MergeGap = Annotated[
    float, Field(ge=0, le=0.5, description="Regions nearer than this share of the height are one.")
]
LightShare = Annotated[
    float, Field(gt=0, le=1, description="If more of the picture changes, light is looked at.")
]


class AbsdiffSettings(SettingsModel):
    """Frame difference: the cheap front-end, and the gate before all others."""

    lag_s: float = Field(0.08, gt=0, le=1, description="Seconds between the compared pictures.")
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="Above 1 sees weaker motion, below 1 only stronger."
    )
    floor_levels: float = Field(
        9.0, ge=1, le=128, description="A pixel must differ by at least so many grey levels."
    )
    noise_factor: float = Field(
        4.5, ge=1, le=20, description="... and by so many times the measured noise."
    )
    min_area: MinArea = 0.0004
    merge_gap: MergeGap = 0.03
    light_share: LightShare = 0.35
    ignore_stirring: bool = Field(True, description="Leave out rain, and leaves that stir.")
    ignore_clocks: bool = Field(True, description="Leave out burned-in clocks and counters.")


FlowPreset = Literal["fast", "best", "ultrafast"]
FLOW_PRESETS: Final[tuple[FlowPreset, ...]] = get_args(FlowPreset)
FORMER_PRESETS: Final = {"medium": "fast"}
"""Names that there were, and what is nearest to them now."""


def flow_preset(name: str) -> FlowPreset:
    """The preset of that name.

    Raises
    ------
    SettingsError
        There is none; with the new name of one that there was.
    """
    for preset in FLOW_PRESETS:
        if name == preset:
            return preset
    choice = f"choose from {', '.join(FLOW_PRESETS)}"
    if name in FORMER_PRESETS:
        now = FORMER_PRESETS[name]
        raise SettingsError(f"the flow preset {name} is now called {now}: {choice}")
    raise SettingsError(f"there is no flow preset {name!r}: {choice}")


class FlowSettings(SettingsModel):
    """Dense optical flow (DIS)."""

    lag_s: float = Field(0.08, gt=0, le=1, description="Seconds between the compared pictures.")
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="Above 1 sees slower motion, below 1 only faster."
    )
    preset: FlowPreset = Field(
        "fast", description="Quality of the flow against time: fast, best or ultrafast."
    )
    width: int = Field(
        480,
        ge=64,
        le=8192,
        description="Pictures are halved until they are at most so wide; twice the width sees "
        "smaller things and costs four times as much.",
    )
    metre_px: float | None = Field(
        None,
        gt=0,
        le=65536,
        description="So many full-size pixels are a metre where things move: with it, speeds are "
        "told in metres per second, too.",
    )
    min_speed: float = Field(
        0.02, gt=0, le=10, description="Slowest motion, in picture heights per second."
    )
    min_area: MinArea = 0.0008
    merge_gap: MergeGap = 0.03

    @field_validator("preset", mode="before")
    @classmethod
    def _a_former_name_is_told_the_new_one(cls, preset: object) -> object:
        if not isinstance(preset, str):
            return preset
        try:
            return flow_preset(preset)
        except SettingsError as error:
            raise ValueError(f"analysis.flow.preset: {error}") from error


class PoseSettings(SettingsModel):
    """Body points of the people in the picture (MoveNet, or a network of one's own)."""

    lag_s: float = Field(0.08, gt=0, le=1, description="Seconds between the compared poses.")
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="Above 1 sees slower limbs, below 1 only faster."
    )
    max_persons: int = Field(12, ge=1, le=32, description="At most so many people are followed.")
    min_speed: float = Field(
        0.12, gt=0, le=10, description="Slowest limb that is motion, in body lengths per second."
    )
    model: str = Field(
        "",
        description="An ONNX file of a YOLO-pose, RTMO or RTMPose network to use in place of the "
        "shipped ones.",
    )


class CodecSettings(SettingsModel):
    """The vectors of the encoder of H.264 or MPEG-4, as a flow."""

    lag_s: float = Field(0.08, gt=0, le=1, description="Vectors are averaged over so many seconds.")
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="Above 1 sees slower motion, below 1 only faster."
    )
    metre_px: float | None = Field(
        None,
        gt=0,
        le=65536,
        description="So many full-size pixels are a metre where things move: with it, speeds are "
        "told in metres per second, too.",
    )
    min_speed: float = Field(
        0.02, gt=0, le=10, description="Slowest motion, in picture heights per second."
    )
    min_area: MinArea = 0.0008
    merge_gap: MergeGap = 0.03


class BackgroundSettings(SettingsModel):
    """What is not there when nobody is: a model of the empty picture."""

    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="Above 1 sees fainter bodies, below 1 only stronger."
    )
    floor_levels: float = Field(
        12.0, ge=1, le=128, description="A pixel must differ by so many levels of a colour."
    )
    memory_s: float = Field(
        8.0, ge=1, le=600, description="The empty picture is that of about so many seconds."
    )
    stays_s: float = Field(
        25.0,
        ge=2,
        le=86400,
        description="What stands still for so long and is no person belongs to the background.",
    )
    min_area: MinArea = 0.0004
    merge_gap: MergeGap = 0.03
    light_share: LightShare = 0.35
    ignore_shadows: bool = Field(True, description="Leave out soft shadows.")
