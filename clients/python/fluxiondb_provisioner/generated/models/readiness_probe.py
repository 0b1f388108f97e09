from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ReadinessProbe")



@_attrs_define
class ReadinessProbe:
    """ 
        Attributes:
            enabled (bool):
            initial_delay_seconds (int): Seconds after the start at which the probing begins.
     """

    enabled: bool
    initial_delay_seconds: int





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        initial_delay_seconds = self.initial_delay_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "initialDelaySeconds": initial_delay_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        initial_delay_seconds = d.pop("initialDelaySeconds")

        readiness_probe = cls(
            enabled=enabled,
            initial_delay_seconds=initial_delay_seconds,
        )

        return readiness_probe

