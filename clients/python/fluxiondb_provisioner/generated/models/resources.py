from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.cpu_amount import CpuAmount





T = TypeVar("T", bound="Resources")



@_attrs_define
class Resources:
    """ 
        Attributes:
            requests (CpuAmount):
            limits (CpuAmount):
     """

    requests: CpuAmount
    limits: CpuAmount





    def to_dict(self) -> dict[str, Any]:
        from ..models.cpu_amount import CpuAmount
        requests = self.requests.to_dict()

        limits = self.limits.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "requests": requests,
            "limits": limits,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cpu_amount import CpuAmount
        d = dict(src_dict)
        requests = CpuAmount.from_dict(d.pop("requests"))




        limits = CpuAmount.from_dict(d.pop("limits"))




        resources = cls(
            requests=requests,
            limits=limits,
        )

        return resources

