from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.adopted_sizes import AdoptedSizes
  from ..models.plan import Plan
  from ..models.tenant_options import TenantOptions





T = TypeVar("T", bound="Adoption")



@_attrs_define
class Adoption:
    """ What taking over a Helm release would make of it, and what stands in the way.

        Attributes:
            user_id (str):
            namespace (str):
            release (None | str): The Helm release, as the Deployment says.
            desired (AdoptedSizes | None):
            options (None | TenantOptions):
            plan (Plan): What a change will do.
     """

    user_id: str
    namespace: str
    release: None | str
    desired: AdoptedSizes | None
    options: None | TenantOptions
    plan: Plan
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.adopted_sizes import AdoptedSizes
        from ..models.plan import Plan
        from ..models.tenant_options import TenantOptions
        user_id = self.user_id

        namespace = self.namespace

        release: None | str
        release = self.release

        desired: dict[str, Any] | None
        if isinstance(self.desired, AdoptedSizes):
            desired = self.desired.to_dict()
        else:
            desired = self.desired

        options: dict[str, Any] | None
        if isinstance(self.options, TenantOptions):
            options = self.options.to_dict()
        else:
            options = self.options

        plan = self.plan.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "userId": user_id,
            "namespace": namespace,
            "release": release,
            "desired": desired,
            "options": options,
            "plan": plan,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.adopted_sizes import AdoptedSizes
        from ..models.plan import Plan
        from ..models.tenant_options import TenantOptions
        d = dict(src_dict)
        user_id = d.pop("userId")

        namespace = d.pop("namespace")

        def _parse_release(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        release = _parse_release(d.pop("release"))


        def _parse_desired(data: object) -> AdoptedSizes | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                desired_type_0 = AdoptedSizes.from_dict(data)



                return desired_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AdoptedSizes | None, data)

        desired = _parse_desired(d.pop("desired"))


        def _parse_options(data: object) -> None | TenantOptions:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                options_type_0 = TenantOptions.from_dict(data)



                return options_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TenantOptions, data)

        options = _parse_options(d.pop("options"))


        plan = Plan.from_dict(d.pop("plan"))




        adoption = cls(
            user_id=user_id,
            namespace=namespace,
            release=release,
            desired=desired,
            options=options,
            plan=plan,
        )


        adoption.additional_properties = d
        return adoption

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
