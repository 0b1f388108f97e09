from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.resize_strategy import ResizeStrategy
from ..types import UNSET, Unset






T = TypeVar("T", bound="Resize")



@_attrs_define
class Resize:
    """ 
        Attributes:
            ram_size (str): A number with an optional unit Ki, Mi, Gi, Ti, k, M, G or T that comes to whole bytes.
            strategy (ResizeStrategy | Unset): `auto` (default): in place, and by a restart only where that cannot be;
                `inPlace`: never by a restart; `restart`.
     """

    ram_size: str
    strategy: ResizeStrategy | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        ram_size = self.ram_size

        strategy: str | Unset = UNSET
        if not isinstance(self.strategy, Unset):
            strategy = self.strategy.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "ramSize": ram_size,
        })
        if strategy is not UNSET:
            field_dict["strategy"] = strategy

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ram_size = d.pop("ramSize")

        _strategy = d.pop("strategy", UNSET)
        strategy: ResizeStrategy | Unset
        if isinstance(_strategy,  Unset):
            strategy = UNSET
        else:
            strategy = ResizeStrategy(_strategy)




        resize = cls(
            ram_size=ram_size,
            strategy=strategy,
        )

        return resize

