from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.plan_expected_disruption import PlanExpectedDisruption
from ..models.plan_strategy import PlanStrategy
from ..models.plan_worst_disruption import PlanWorstDisruption
from typing import cast

if TYPE_CHECKING:
  from ..models.planned_change import PlannedChange
  from ..models.reason import Reason





T = TypeVar("T", bound="Plan")



@_attrs_define
class Plan:
    """ What a change will do.

        Attributes:
            feasible (bool): Whether the change would be accepted.
            strategy (PlanStrategy):
            expected_disruption (PlanExpectedDisruption):
            worst_disruption (PlanWorstDisruption):
            loss_window_seconds (int | None): Seconds of acknowledged inserts that a restart can lose; null: all data.
            changes (list[PlannedChange]):
            steps (list[str]): In the order in which they come.
            reasons (list[Reason]):
            expected_seconds (int):
     """

    feasible: bool
    strategy: PlanStrategy
    expected_disruption: PlanExpectedDisruption
    worst_disruption: PlanWorstDisruption
    loss_window_seconds: int | None
    changes: list[PlannedChange]
    steps: list[str]
    reasons: list[Reason]
    expected_seconds: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.planned_change import PlannedChange
        from ..models.reason import Reason
        feasible = self.feasible

        strategy = self.strategy.value

        expected_disruption = self.expected_disruption.value

        worst_disruption = self.worst_disruption.value

        loss_window_seconds: int | None
        loss_window_seconds = self.loss_window_seconds

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)



        steps = self.steps



        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item = reasons_item_data.to_dict()
            reasons.append(reasons_item)



        expected_seconds = self.expected_seconds


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "feasible": feasible,
            "strategy": strategy,
            "expectedDisruption": expected_disruption,
            "worstDisruption": worst_disruption,
            "lossWindowSeconds": loss_window_seconds,
            "changes": changes,
            "steps": steps,
            "reasons": reasons,
            "expectedSeconds": expected_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.planned_change import PlannedChange
        from ..models.reason import Reason
        d = dict(src_dict)
        feasible = d.pop("feasible")

        strategy = PlanStrategy(d.pop("strategy"))




        expected_disruption = PlanExpectedDisruption(d.pop("expectedDisruption"))




        worst_disruption = PlanWorstDisruption(d.pop("worstDisruption"))




        def _parse_loss_window_seconds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        loss_window_seconds = _parse_loss_window_seconds(d.pop("lossWindowSeconds"))


        changes = []
        _changes = d.pop("changes")
        for changes_item_data in (_changes):
            changes_item = PlannedChange.from_dict(changes_item_data)



            changes.append(changes_item)


        steps = cast(list[str], d.pop("steps"))


        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in (_reasons):
            reasons_item = Reason.from_dict(reasons_item_data)



            reasons.append(reasons_item)


        expected_seconds = d.pop("expectedSeconds")

        plan = cls(
            feasible=feasible,
            strategy=strategy,
            expected_disruption=expected_disruption,
            worst_disruption=worst_disruption,
            loss_window_seconds=loss_window_seconds,
            changes=changes,
            steps=steps,
            reasons=reasons,
            expected_seconds=expected_seconds,
        )


        plan.additional_properties = d
        return plan

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
