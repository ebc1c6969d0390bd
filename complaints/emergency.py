"""Whom to call in an emergency, country by country: `Services.of("GB-ENG")`.

`grading_words` names a service by its number in China; everybody is told the number of where they are. The numbers are those
that each country's regulator publishes, gathered under ITU-T E.129 (national numbering plans). Where none is known 112 is said,
which GSM 02.30 has every mobile phone put through to the emergency service of wherever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FIRE, POLICE, AMBULANCE = "119", "110", "120"


@dataclass(frozen=True, slots=True)
class Services:
    """The numbers to call. Several may be one."""

    fire: str
    police: str
    ambulance: str

    @classmethod
    def of(cls, country: str) -> Services:
        """Return those of a country, by its ISO 3166 code, with a region or without: "GB-ENG"."""
        return _SERVICES.get(country.partition("-")[0].upper(), _ANYWHERE)

    def numbers(self, services: Iterable[str]) -> tuple[str, ...]:
        """Return the numbers of services that are named as in China, in that order, each once."""
        ours = {FIRE: self.fire, POLICE: self.police, AMBULANCE: self.ambulance}
        return tuple(dict.fromkeys(ours[each] for each in services))

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, each once."""
        return self.numbers((POLICE, FIRE, AMBULANCE))


_ANYWHERE: Final = Services("112", "112", "112")


def _one(number: str) -> Services:
    return Services(number, number, number)


_SERVICES: Final[Mapping[str, Services]] = MappingProxyType(
    {
        "CN": Services(FIRE, POLICE, AMBULANCE),
        "TW": Services("119", "110", "119"),
        "JP": Services("119", "110", "119"),
        "KR": Services("119", "112", "119"),
        "SG": Services("995", "999", "995"),
        "TH": Services("199", "191", "1669"),
        "VN": Services("114", "113", "115"),
        "AE": Services("997", "999", "998"),
        "BR": Services("193", "190", "192"),
        **dict.fromkeys(("HK", "MO", "GB", "MY", "KE", "BD"), _one("999")),
        **dict.fromkeys(("US", "CA", "MX", "PH", "AR"), _one("911")),
        "AU": _one("000"),
        "NZ": _one("111"),
    }
)
