from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.options_patch import OptionsPatch





T = TypeVar("T", bound="PatchTenant")



@_attrs_define
class PatchTenant:
    """ 
        Attributes:
            ram_size (str | Unset): A number with an optional unit Ki, Mi, Gi, Ti, k, M, G or T that comes to whole bytes.
            plan (None | str | Unset): A size plan of `GET /plans`, in place of `ramSize`.
            options (OptionsPatch | Unset):
     """

    ram_size: str | Unset = UNSET
    plan: None | str | Unset = UNSET
    options: OptionsPatch | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.options_patch import OptionsPatch
        ram_size = self.ram_size

        plan: None | str | Unset
        if isinstance(self.plan, Unset):
            plan = UNSET
        else:
            plan = self.plan

        options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if ram_size is not UNSET:
            field_dict["ramSize"] = ram_size
        if plan is not UNSET:
            field_dict["plan"] = plan
        if options is not UNSET:
            field_dict["options"] = options

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.options_patch import OptionsPatch
        d = dict(src_dict)
        ram_size = d.pop("ramSize", UNSET)

        def _parse_plan(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        plan = _parse_plan(d.pop("plan", UNSET))


        _options = d.pop("options", UNSET)
        options: OptionsPatch | Unset
        if isinstance(_options,  Unset):
            options = UNSET
        else:
            options = OptionsPatch.from_dict(_options)




        patch_tenant = cls(
            ram_size=ram_size,
            plan=plan,
            options=options,
        )

        return patch_tenant

