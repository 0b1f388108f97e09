from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="AskedReadinessProbe")



@_attrs_define
class AskedReadinessProbe:
    """ 
        Attributes:
            enabled (bool | Unset):
            initial_delay_seconds (int | Unset): Seconds after the start at which the probing begins.
     """

    enabled: bool | Unset = UNSET
    initial_delay_seconds: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

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
        enabled = d.pop("enabled", UNSET)

        initial_delay_seconds = d.pop("initialDelaySeconds", UNSET)

        asked_readiness_probe = cls(
            enabled=enabled,
            initial_delay_seconds=initial_delay_seconds,
        )

        return asked_readiness_probe

