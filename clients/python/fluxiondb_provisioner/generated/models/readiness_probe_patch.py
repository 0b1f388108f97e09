from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ReadinessProbePatch")



@_attrs_define
class ReadinessProbePatch:
    """ 
        Attributes:
            enabled (bool | None | Unset):
            initial_delay_seconds (int | None | Unset): Seconds after the start at which the probing begins.
     """

    enabled: bool | None | Unset = UNSET
    initial_delay_seconds: int | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        initial_delay_seconds: int | None | Unset
        if isinstance(self.initial_delay_seconds, Unset):
            initial_delay_seconds = UNSET
        else:
            initial_delay_seconds = self.initial_delay_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if initial_delay_seconds is not UNSET:
            field_dict["initialDelaySeconds"] = initial_delay_seconds

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))


        def _parse_initial_delay_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        initial_delay_seconds = _parse_initial_delay_seconds(d.pop("initialDelaySeconds", UNSET))


        readiness_probe_patch = cls(
            enabled=enabled,
            initial_delay_seconds=initial_delay_seconds,
        )

        return readiness_probe_patch

