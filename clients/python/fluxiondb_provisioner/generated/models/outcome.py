from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.outcome_disruption import OutcomeDisruption
from typing import cast

if TYPE_CHECKING:
  from ..models.database_run import DatabaseRun
  from ..models.limits_in_force import LimitsInForce





T = TypeVar("T", bound="Outcome")



@_attrs_define
class Outcome:
    """ What a change truly did.

        Attributes:
            disruption (OutcomeDisruption):
            before (DatabaseRun | None):
            after (DatabaseRun | None):
            limits (LimitsInForce):
            last_termination (None | str): Why the container ended last, such as OOMKilled.
            seconds_to_effect (float):
            seconds_not_ready (float | None): How long no pod was ready; null if not watched all the time.
            as_planned (bool | None): Whether the disruption is the one that the plan expected.
     """

    disruption: OutcomeDisruption
    before: DatabaseRun | None
    after: DatabaseRun | None
    limits: LimitsInForce
    last_termination: None | str
    seconds_to_effect: float
    seconds_not_ready: float | None
    as_planned: bool | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.database_run import DatabaseRun
        from ..models.limits_in_force import LimitsInForce
        disruption = self.disruption.value

        before: dict[str, Any] | None
        if isinstance(self.before, DatabaseRun):
            before = self.before.to_dict()
        else:
            before = self.before

        after: dict[str, Any] | None
        if isinstance(self.after, DatabaseRun):
            after = self.after.to_dict()
        else:
            after = self.after

        limits = self.limits.to_dict()

        last_termination: None | str
        last_termination = self.last_termination

        seconds_to_effect = self.seconds_to_effect

        seconds_not_ready: float | None
        seconds_not_ready = self.seconds_not_ready

        as_planned: bool | None
        as_planned = self.as_planned


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "disruption": disruption,
            "before": before,
            "after": after,
            "limits": limits,
            "lastTermination": last_termination,
            "secondsToEffect": seconds_to_effect,
            "secondsNotReady": seconds_not_ready,
            "asPlanned": as_planned,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.database_run import DatabaseRun
        from ..models.limits_in_force import LimitsInForce
        d = dict(src_dict)
        disruption = OutcomeDisruption(d.pop("disruption"))




        def _parse_before(data: object) -> DatabaseRun | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = DatabaseRun.from_dict(data)



                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatabaseRun | None, data)

        before = _parse_before(d.pop("before"))


        def _parse_after(data: object) -> DatabaseRun | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                after_type_0 = DatabaseRun.from_dict(data)



                return after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatabaseRun | None, data)

        after = _parse_after(d.pop("after"))


        limits = LimitsInForce.from_dict(d.pop("limits"))




        def _parse_last_termination(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        last_termination = _parse_last_termination(d.pop("lastTermination"))


        seconds_to_effect = d.pop("secondsToEffect")

        def _parse_seconds_not_ready(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        seconds_not_ready = _parse_seconds_not_ready(d.pop("secondsNotReady"))


        def _parse_as_planned(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        as_planned = _parse_as_planned(d.pop("asPlanned"))


        outcome = cls(
            disruption=disruption,
            before=before,
            after=after,
            limits=limits,
            last_termination=last_termination,
            seconds_to_effect=seconds_to_effect,
            seconds_not_ready=seconds_not_ready,
            as_planned=as_planned,
        )


        outcome.additional_properties = d
        return outcome

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
