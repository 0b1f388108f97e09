from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_options import AskedOptions





T = TypeVar("T", bound="PutTenant")



@_attrs_define
class PutTenant:
    """ 
        Attributes:
            ram_size (str | Unset): A number with an optional unit Ki, Mi, Gi, Ti, k, M, G or T that comes to whole bytes.
            plan (str | Unset): A size plan of `GET /plans`, in place of `ramSize`.
            api_key (str | Unset): The database's key: letters, digits and `.`, `_`, `~`, `-`.
            options (AskedOptions | Unset):
     """

    ram_size: str | Unset = UNSET
    plan: str | Unset = UNSET
    api_key: str | Unset = UNSET
    options: AskedOptions | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_options import AskedOptions
        ram_size = self.ram_size

        plan = self.plan

        api_key = self.api_key

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
        if api_key is not UNSET:
            field_dict["apiKey"] = api_key
        if options is not UNSET:
            field_dict["options"] = options

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_options import AskedOptions
        d = dict(src_dict)
        ram_size = d.pop("ramSize", UNSET)

        plan = d.pop("plan", UNSET)

        api_key = d.pop("apiKey", UNSET)

        _options = d.pop("options", UNSET)
        options: AskedOptions | Unset
        if isinstance(_options,  Unset):
            options = UNSET
        else:
            options = AskedOptions.from_dict(_options)




        put_tenant = cls(
            ram_size=ram_size,
            plan=plan,
            api_key=api_key,
            options=options,
        )

        return put_tenant

