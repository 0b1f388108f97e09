from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.asked_liveness_probe_type import AskedLivenessProbeType
from ..types import UNSET, Unset






T = TypeVar("T", bound="AskedLivenessProbe")



@_attrs_define
class AskedLivenessProbe:
    """ 
        Attributes:
            enabled (bool | Unset):
            initial_delay_seconds (int | Unset): Seconds after the start at which the probing begins.
            type_ (AskedLivenessProbeType | Unset): `exec`: the database must answer; `tcp`: it must accept connections.
     """

    enabled: bool | Unset = UNSET
    initial_delay_seconds: int | Unset = UNSET
    type_: AskedLivenessProbeType | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        initial_delay_seconds = self.initial_delay_seconds

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if initial_delay_seconds is not UNSET:
            field_dict["initialDelaySeconds"] = initial_delay_seconds
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled", UNSET)

        initial_delay_seconds = d.pop("initialDelaySeconds", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: AskedLivenessProbeType | Unset
        if isinstance(_type_,  Unset):
            type_ = UNSET
        else:
            type_ = AskedLivenessProbeType(_type_)




        asked_liveness_probe = cls(
            enabled=enabled,
            initial_delay_seconds=initial_delay_seconds,
            type_=type_,
        )

        return asked_liveness_probe

