"""A record of what a buyer has agreed to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the buyer has agreed to: the text that was shown, its version, the option that was chosen, and when."""

    text: str
    agreed_at: datetime
    version: str | None = None
    option: str | None = None
