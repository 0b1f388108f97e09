from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.liveness_probe_type import LivenessProbeType






T = TypeVar("T", bound="LivenessProbe")



@_attrs_define
class LivenessProbe:
    """ 
        Attributes:
            enabled (bool):
            initial_delay_seconds (int): Seconds after the start at which the probing begins.
            type_ (LivenessProbeType): `exec`: the database must answer; `tcp`: it must accept connections.
     """

    enabled: bool
    initial_delay_seconds: int
    type_: LivenessProbeType





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        initial_delay_seconds = self.initial_delay_seconds

        type_ = self.type_.value


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "initialDelaySeconds": initial_delay_seconds,
            "type": type_,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        initial_delay_seconds = d.pop("initialDelaySeconds")

        type_ = LivenessProbeType(d.pop("type"))




        liveness_probe = cls(
            enabled=enabled,
            initial_delay_seconds=initial_delay_seconds,
            type_=type_,
        )

        return liveness_probe

