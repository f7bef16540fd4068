"""How a merchant wants its messages: which are off, at which hours none are sent, and which come as a digest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """No mail is sent from one local hour until another. `from_hour` may be the later one: 21 until 8 is the night."""

    from_hour: int
    until_hour: int

    def has(self, hour: int) -> bool:
        if self.from_hour < self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The seller's messages about these events come once a day, in one message at a local hour."""

    hour: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSettings:
    """`off` has the event and the audience of each message that is not made. `time_zone` is an IANA name."""

    time_zone: str = "UTC"
    off: tuple[tuple[str, str], ...] = ()
    quiet_hours: QuietHours | None = None
    digest: Digest | None = None


NO_SETTINGS = MessageSettings()
