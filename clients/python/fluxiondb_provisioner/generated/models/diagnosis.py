from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.diagnosis_not_seen_item import DiagnosisNotSeenItem
from typing import cast

if TYPE_CHECKING:
  from ..models.finding import Finding





T = TypeVar("T", bound="Diagnosis")



@_attrs_define
class Diagnosis:
    """ 
        Attributes:
            state (str): That of the tenant.
            healthy (bool): Nothing is found to be wrong.
            findings (list[Finding]): What matters most first.
            not_seen (list[DiagnosisNotSeenItem]): What could not be looked at.
     """

    state: str
    healthy: bool
    findings: list[Finding]
    not_seen: list[DiagnosisNotSeenItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.finding import Finding
        state = self.state

        healthy = self.healthy

        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)



        not_seen = []
        for not_seen_item_data in self.not_seen:
            not_seen_item = not_seen_item_data.value
            not_seen.append(not_seen_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "state": state,
            "healthy": healthy,
            "findings": findings,
            "notSeen": not_seen,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.finding import Finding
        d = dict(src_dict)
        state = d.pop("state")

        healthy = d.pop("healthy")

        findings = []
        _findings = d.pop("findings")
        for findings_item_data in (_findings):
            findings_item = Finding.from_dict(findings_item_data)



            findings.append(findings_item)


        not_seen = []
        _not_seen = d.pop("notSeen")
        for not_seen_item_data in (_not_seen):
            not_seen_item = DiagnosisNotSeenItem(not_seen_item_data)



            not_seen.append(not_seen_item)


        diagnosis = cls(
            state=state,
            healthy=healthy,
            findings=findings,
            not_seen=not_seen,
        )


        diagnosis.additional_properties = d
        return diagnosis

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
