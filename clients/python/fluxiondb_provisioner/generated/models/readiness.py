from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.readiness_status import ReadinessStatus
from typing import cast

if TYPE_CHECKING:
  from ..models.cluster_health import ClusterHealth





T = TypeVar("T", bound="Readiness")



@_attrs_define
class Readiness:
    """ 
        Attributes:
            status (ReadinessStatus):
            cluster (ClusterHealth):
            watch_age_seconds (float | None): How long ago the API server last said something of the watched resource that
                it has been silent about longest; it does so every minute or so. null: not everything has been read yet.
     """

    status: ReadinessStatus
    cluster: ClusterHealth
    watch_age_seconds: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.cluster_health import ClusterHealth
        status = self.status.value

        cluster = self.cluster.to_dict()

        watch_age_seconds: float | None
        watch_age_seconds = self.watch_age_seconds


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "status": status,
            "cluster": cluster,
            "watchAgeSeconds": watch_age_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_health import ClusterHealth
        d = dict(src_dict)
        status = ReadinessStatus(d.pop("status"))




        cluster = ClusterHealth.from_dict(d.pop("cluster"))




        def _parse_watch_age_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        watch_age_seconds = _parse_watch_age_seconds(d.pop("watchAgeSeconds"))


        readiness = cls(
            status=status,
            cluster=cluster,
            watch_age_seconds=watch_age_seconds,
        )


        readiness.additional_properties = d
        return readiness

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
