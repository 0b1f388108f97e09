from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="ClusterHealth")



@_attrs_define
class ClusterHealth:
    """ 
        Attributes:
            reachable (bool):
            version (None | str):
            last_contact_seconds (float | None): How long ago the API server answered last.
            reason (None | str): Why the last call failed.
     """

    reachable: bool
    version: None | str
    last_contact_seconds: float | None
    reason: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        reachable = self.reachable

        version: None | str
        version = self.version

        last_contact_seconds: float | None
        last_contact_seconds = self.last_contact_seconds

        reason: None | str
        reason = self.reason


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reachable": reachable,
            "version": version,
            "lastContactSeconds": last_contact_seconds,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reachable = d.pop("reachable")

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))


        def _parse_last_contact_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last_contact_seconds = _parse_last_contact_seconds(d.pop("lastContactSeconds"))


        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        cluster_health = cls(
            reachable=reachable,
            version=version,
            last_contact_seconds=last_contact_seconds,
            reason=reason,
        )


        cluster_health.additional_properties = d
        return cluster_health

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
