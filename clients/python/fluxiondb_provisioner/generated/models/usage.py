from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.container_end import ContainerEnd
  from ..models.cpu_usage import CpuUsage
  from ..models.memory_usage import MemoryUsage
  from ..models.unknown_usage import UnknownUsage
  from ..models.volume_usage import VolumeUsage





T = TypeVar("T", bound="Usage")



@_attrs_define
class Usage:
    """ What a database uses of what it has.

        Attributes:
            memory (MemoryUsage):
            cpu (CpuUsage):
            volume (VolumeUsage):
            restarts (int): Restarts of the running pod's container.
            last_end (ContainerEnd | None): How the container before this one ended; null: there was none in this pod.
            measured_at (datetime.datetime | None):
            unknown (list[UnknownUsage]): What is not known, and why.
     """

    memory: MemoryUsage
    cpu: CpuUsage
    volume: VolumeUsage
    restarts: int
    last_end: ContainerEnd | None
    measured_at: datetime.datetime | None
    unknown: list[UnknownUsage]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.container_end import ContainerEnd
        from ..models.cpu_usage import CpuUsage
        from ..models.memory_usage import MemoryUsage
        from ..models.unknown_usage import UnknownUsage
        from ..models.volume_usage import VolumeUsage
        memory = self.memory.to_dict()

        cpu = self.cpu.to_dict()

        volume = self.volume.to_dict()

        restarts = self.restarts

        last_end: dict[str, Any] | None
        if isinstance(self.last_end, ContainerEnd):
            last_end = self.last_end.to_dict()
        else:
            last_end = self.last_end

        measured_at: None | str
        if isinstance(self.measured_at, datetime.datetime):
            measured_at = self.measured_at.isoformat()
        else:
            measured_at = self.measured_at

        unknown = []
        for unknown_item_data in self.unknown:
            unknown_item = unknown_item_data.to_dict()
            unknown.append(unknown_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "memory": memory,
            "cpu": cpu,
            "volume": volume,
            "restarts": restarts,
            "lastEnd": last_end,
            "measuredAt": measured_at,
            "unknown": unknown,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.container_end import ContainerEnd
        from ..models.cpu_usage import CpuUsage
        from ..models.memory_usage import MemoryUsage
        from ..models.unknown_usage import UnknownUsage
        from ..models.volume_usage import VolumeUsage
        d = dict(src_dict)
        memory = MemoryUsage.from_dict(d.pop("memory"))




        cpu = CpuUsage.from_dict(d.pop("cpu"))




        volume = VolumeUsage.from_dict(d.pop("volume"))




        restarts = d.pop("restarts")

        def _parse_last_end(data: object) -> ContainerEnd | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_end_type_0 = ContainerEnd.from_dict(data)



                return last_end_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ContainerEnd | None, data)

        last_end = _parse_last_end(d.pop("lastEnd"))


        def _parse_measured_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                measured_at_type_0 = datetime.datetime.fromisoformat(data)



                return measured_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        measured_at = _parse_measured_at(d.pop("measuredAt"))


        unknown = []
        _unknown = d.pop("unknown")
        for unknown_item_data in (_unknown):
            unknown_item = UnknownUsage.from_dict(unknown_item_data)



            unknown.append(unknown_item)


        usage = cls(
            memory=memory,
            cpu=cpu,
            volume=volume,
            restarts=restarts,
            last_end=last_end,
            measured_at=measured_at,
            unknown=unknown,
        )


        usage.additional_properties = d
        return usage

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
