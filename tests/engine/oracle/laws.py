"""Every law, the presets that it stands behind, and the places of its orders."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.engine.oracle.america import America, Australia
from tests.engine.oracle.brazil import Brazil
from tests.engine.oracle.britain import Britain
from tests.engine.oracle.china import China, Taiwan
from tests.engine.oracle.europe import Union
from tests.engine.oracle.japan import Japan
from tests.engine.oracle.judge import Law
from tests.engine.oracle.korea import Korea
from tests.engine.oracle.states import France, Germany, Italy, Spain

Place = tuple[str, str, str | None]
"""A country, a time zone, and a part of the country with holidays of its own."""


@dataclass(frozen=True)
class Jurisdiction:
    """A law and the preset that an order of these places names."""

    law: Law
    preset: str
    places: tuple[Place, ...]


LAWS: Mapping[str, Jurisdiction] = {
    "kr": Jurisdiction(Korea(), "kr", (("KR", "Asia/Seoul", None),)),
    "jp": Jurisdiction(Japan(), "jp", (("JP", "Asia/Tokyo", None),)),
    "tw": Jurisdiction(Taiwan(), "tw", (("TW", "Asia/Taipei", None),)),
    "cn": Jurisdiction(China(), "cn", (("CN", "Asia/Shanghai", None),)),
    "eu": Jurisdiction(
        Union(),
        "eu",
        (
            ("NL", "Europe/Amsterdam", None),
            ("AT", "Europe/Vienna", "9"),
            ("PL", "Europe/Warsaw", None),
            ("SE", "Europe/Stockholm", None),
            ("PT", "Atlantic/Azores", None),
        ),
    ),
    "de": Jurisdiction(
        Germany(),
        "eu",
        (("DE", "Europe/Berlin", None), ("DE", "Europe/Berlin", "BY"), ("DE", "Europe/Berlin", "SN")),
    ),
    "fr": Jurisdiction(
        France(),
        "eu",
        (("FR", "Europe/Paris", None), ("FR", "Europe/Paris", "57"), ("FR", "Indian/Reunion", None)),
    ),
    "es": Jurisdiction(
        Spain(),
        "eu",
        (("ES", "Europe/Madrid", "MD"), ("ES", "Europe/Madrid", "CT"), ("ES", "Atlantic/Canary", "CN")),
    ),
    "it": Jurisdiction(Italy(), "eu", (("IT", "Europe/Rome", None), ("IT", "Europe/Rome", "BZ"))),
    "uk": Jurisdiction(Britain(), "uk", (("GB", "Europe/London", None),)),
    "us": Jurisdiction(
        America(),
        "us",
        (("US", "America/New_York", "NY"), ("US", "America/Los_Angeles", "CA"), ("US", "Pacific/Honolulu", "HI")),
    ),
    "br": Jurisdiction(
        Brazil(),
        "br",
        (("BR", "America/Sao_Paulo", None), ("BR", "America/Sao_Paulo", "SP"), ("BR", "America/Manaus", "AM")),
    ),
    "au": Jurisdiction(Australia(), "au", (("AU", "Australia/Sydney", "NSW"), ("AU", "Australia/Perth", "WA"))),
}
