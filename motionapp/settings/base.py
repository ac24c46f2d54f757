"""How every settings class behaves: frozen, and an unknown key is an error."""

from pydantic import BaseModel, ConfigDict


class SettingsModel(BaseModel):
    """Base of the tree. A typo must not change a scan, so unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
